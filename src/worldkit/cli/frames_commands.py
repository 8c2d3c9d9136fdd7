"""``frames``: check a world model that draws, or serve a computed picture in its place."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import signal
import sys
from dataclasses import asdict

from worldkit.cli.terminal import print_json, print_lines
from worldkit.core.errors import WorldError

KEY = "WORLDKIT_PAINTER_KEY"
MAX_SIDE = 3840


def check(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit frames check``; 1 when a claim does not hold."""
    from worldkit.painting.websocket.checker import check as check_painter

    result = asyncio.run(check_painter(arguments.url, os.environ.get(KEY) or None))
    if arguments.json:
        print_json({**asdict(result), "passed": result.passed})
    else:
        print_lines(str(result))
    return 0 if result.passed else 1


def serve(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit frames serve``, until it is stopped."""
    from worldkit.painting.websocket.server import Model
    from worldkit.painting.websocket.server import serve as serve_model

    width, height = _size(arguments.size)
    model = Model(fps=arguments.fps, width=width, height=height, format=arguments.format)

    async def run() -> None:
        async with serve_model(model, arguments.host, arguments.port) as url:
            print_lines(f"a computed picture is served at {url}; stop it with Ctrl-C")
            sys.stdout.flush()
            await _asked_to_stop()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        raise WorldError(f"port {arguments.port} cannot be used: {error.strerror}; choose one with --port") from None
    return 0


async def _asked_to_stop() -> None:
    """Wait until the process is asked to stop; where signals cannot be waited for, Ctrl-C raises an error instead."""
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (16 <= width <= MAX_SIDE and 16 <= height <= MAX_SIDE):
        raise WorldError(f"--size {text!r}: expected pixels across and down, 16 to {MAX_SIDE}, such as 640x360")
    return width, height
