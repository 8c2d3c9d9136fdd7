"""``frames``: check a world model that draws, or serve a computed picture in its place."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import signal
import sys
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import asdict

from worldkit.cli.options import add_task, json_option, port_number, whole_number
from worldkit.cli.terminal import print_json, print_lines, print_text
from worldkit.core.errors import WorldError

KEY_VARIABLE = "WORLDKIT_PAINTER_KEY"
MAX_SIDE = 3840
PORTS = {"protocol-1": 8765, "mira": 8771, "reactor": 8080}
"""The port of each dialect, where none is given."""


def check(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit frames check``; 1 when a claim does not hold."""
    from worldkit.painting.checker import check as check_painter

    result = asyncio.run(check_painter(arguments.url, os.environ.get(KEY_VARIABLE) or None))
    if arguments.json:
        print_json({**asdict(result), "passed": result.passed})
    else:
        print_text(str(result))
    return 0 if result.passed else 1


def serve(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit frames serve``, until it is stopped."""
    port = PORTS[arguments.dialect] if arguments.port is None else arguments.port
    server = _server(arguments, port)

    async def run() -> None:
        async with AsyncExitStack() as stack:
            try:
                url = await stack.enter_async_context(server)
            except OSError as error:
                problem = f"port {port} cannot be used: {error.strerror}; choose one with --port"
                raise WorldError(problem) from None
            print_lines(f"a computed picture is served at {url}; stop it with Ctrl-C")
            sys.stdout.flush()
            await _asked_to_stop()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
    return 0


def _server(arguments: argparse.Namespace, port: int) -> AbstractAsyncContextManager[str]:
    """Return the server of a dialect, which yields its address."""
    width, height = _size(arguments.size)
    if arguments.dialect == "mira":
        from worldkit.painting.mira import server as mira

        return mira.serve(mira.MiraModel(fps=arguments.fps, width=width, height=height), arguments.host, port)
    if arguments.dialect == "reactor":
        from worldkit.painting.reactor import server as reactor

        picture = reactor.ReactorModel(fps=arguments.fps, width=width, height=height)
        return reactor.serve(picture, arguments.host, port, arguments.python)
    from worldkit.painting.websocket import server as websocket

    model = websocket.WebSocketModel(fps=arguments.fps, width=width, height=height, format=arguments.format)
    return websocket.serve(model, arguments.host, port)


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


def frames_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit frames``."""
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    task = add_task(tasks, "check", check, "check a world model, claim by claim")
    address = "ws:// or wss:// (protocol 1), mira:ws://, reactor:http:// or reactor:https://host/model"
    task.add_argument("url", help=f"{address}; a key comes from $WORLDKIT_PAINTER_KEY")
    json_option(task)
    task = add_task(tasks, "serve", serve, "serve a computed picture that follows prompts and controls")
    task.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    task.add_argument(
        "--dialect",
        choices=("protocol-1", "mira", "reactor"),
        default="protocol-1",
        help="the protocol of the server (protocol-1)",
    )
    task.add_argument(
        "--port", type=port_number, help="the port; 0 takes a free one (8765, for mira 8771, for reactor 8080)"
    )
    task.add_argument("--python", help="for reactor: a Python with reactor-runtime ($WORLDKIT_REACTOR_PYTHON)")
    task.add_argument("--fps", type=whole_number, default=30, help="pictures per second (30)")
    task.add_argument("--size", default="640x360", help="pixels across and down (640x360)")
    task.add_argument(
        "--format",
        choices=("JPEG", "PNG", "WEBP", "GIF", "rgba", "legacy"),
        default="JPEG",
        help="format of pictures in protocol 1 (JPEG)",
    )
