"""Serve the computed picture with ``reactor-runtime``: ``python serve.py HOST PORT``.

The runtime's own command asks a public STUN server for an address and waits seconds for it. On one computer none is
needed. It stops when its standard input ends: with the process that started it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from reactor_runtime import log
from reactor_runtime.manifest import load_config
from reactor_runtime.serve import serve
from reactor_runtime.transport.webrtc.config import WebRtcConfig

FOLDER = Path(__file__).parent


def stop_with_parent() -> None:
    """Ask this process to stop once nobody can write to it any more."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    log.configure()
    threading.Thread(target=stop_with_parent, daemon=True).start()
    sys.path.insert(0, str(FOLDER))
    config = replace(load_config(FOLDER / "reactor.yaml"), host=sys.argv[1], port=int(sys.argv[2]), orphan_timeout=5.0)
    raise SystemExit(asyncio.run(serve(config, WebRtcConfig(ice_servers=()))))
