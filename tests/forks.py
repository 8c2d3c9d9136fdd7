"""Forks this process for a test."""

from __future__ import annotations

import gc
import os
import signal
import threading
from typing import Any

LIMIT_S = 300
"""Seconds after which a forked process is killed."""
_no_collection = threading.Event()
"""Set while no thread collects garbage."""
_no_collection.set()


def _note_collection(phase: str, _: dict[str, Any]) -> None:
    (_no_collection.clear if phase == "start" else _no_collection.set)()


gc.callbacks.append(_note_collection)


def fork() -> int:
    """Fork this process; returns 0 in the new one, its id in the other.

    A lock of SQLite that another thread holds at that moment stays held in the new process for ever. Such a thread
    need only collect garbage, and among it a connection; so nothing is collected while this process forks, nor ever in
    the new one, whose garbage is this one's.
    """
    gc.disable()
    pid = -1
    try:
        _no_collection.wait()
        pid = os.fork()
    finally:
        if pid != 0:
            gc.enable()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # a handler in Python would wait for the same lock
        signal.alarm(LIMIT_S)
    return pid
