"""``serve``: runs a server in one process or several, until it is told to stop."""

from __future__ import annotations

import logging
import math
import multiprocessing
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.core.errors import WorldError
from worldkit.server import create_app, need
from worldkit.server.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from fastapi import FastAPI
    from uvicorn import Config

log = logging.getLogger("worldkit.server")

GRACE_S = 10
AGAIN_S = 1.0
BACKLOG = 2048
SWITCH_S = 0.001
"""How long a thread of this process may keep the others waiting: the event loop needs its turns while others work."""


@dataclass(frozen=True, slots=True)
class Made:
    """Makes the application in the process that runs it; it can be handed to another process."""

    settings: Settings
    verbose: bool = True

    def __call__(self) -> FastAPI:
        """Return the application, and turn this process's log on."""
        if self.verbose:
            logs()
        return create_app(self.settings)


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 8765,
    processes: int = 1,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve /v1 until interrupted.

    Args:
        settings: How the server runs.
        host: The address to listen at.
        port: The port; 0 takes a free one.
        processes: How many processes answer.
        ready: Called with the address, once nothing can come in the way any more.

    Raises:
        MissingExtra: The packages behind it are not installed.
        StoreError: The database cannot be opened.
        WorldError: The address cannot be listened at.
    """
    need()
    logs()
    create_app(settings).state.house.store.close()  # what is wrong with the database is said here, and tables are made
    door = bound(host, port)
    address = f"http://{_written(host)}:{door.getsockname()[1]}"
    if ready is not None:
        ready(address)
    if processes == 1:
        _run(settings, door)
    else:
        _supervise(settings, door, processes)


def _run(settings: Settings, door: socket.socket) -> None:
    import uvicorn

    sys.setswitchinterval(SWITCH_S)
    uvicorn.Server(config(settings)).run(sockets=[door])


def _supervise(settings: Settings, door: socket.socket, processes: int) -> None:
    """Keep so many processes answering at one socket until told to stop; one that died is started again."""
    context = multiprocessing.get_context("spawn")
    stopping = threading.Event()
    before = {name: signal.signal(name, lambda *_: stopping.set()) for name in (signal.SIGINT, signal.SIGTERM)}

    def start() -> SpawnProcess:
        one = context.Process(target=_run, args=(settings, door), name="worldkit-serve")
        one.start()
        return one

    running = [start() for _ in range(processes)]
    try:
        while not stopping.wait(AGAIN_S):
            for at, one in enumerate(running):
                if not one.is_alive():
                    log.error("a server process ended with %s; starting another", one.exitcode)
                    running[at] = start()
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.join(GRACE_S + 5)
        for name, handler in before.items():
            signal.signal(name, handler)


def config(settings: Settings, *, verbose: bool = True) -> Config:
    """Return how uvicorn runs a server: its own access log is off, as it writes queries, which may hold a token."""
    import uvicorn

    from worldkit.server.connections import guarded

    return uvicorn.Config(
        Made(settings, verbose),
        factory=True,
        http=guarded(settings),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # longer than a busy client rests: a connection closed just as it asks again is an error to it
        timeout_keep_alive=math.ceil(settings.idle_s),
        timeout_graceful_shutdown=GRACE_S,
    )


def logs() -> None:
    """Write the server's log to standard error; it holds no key, no token and nothing of a world."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name, level in (("worldkit.server", logging.INFO), ("uvicorn", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; processes may share it.

    Raises:
        WorldError: The address is taken, or none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(BACKLOG)  # from here on whoever asks waits for the processes to be ready, and is not turned away
    except OSError as error:
        made.close()
        raise WorldError(f"{host}:{port} cannot be listened at: {error.strerror}; choose another --port") from None
    made.set_inheritable(True)
    return made


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
