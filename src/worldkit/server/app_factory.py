"""``serve``: runs a server in one or several processes until it is stopped."""

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
from worldkit.server.connections import connection_class
from worldkit.server.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from fastapi import FastAPI
    from uvicorn import Config

log = logging.getLogger("worldkit.server")

GRACE_S = 10
RESTART_DELAY_S = 1.0
BACKLOG = 2048
SWITCH_INTERVAL_S = 0.001
"""Thread switch interval of the interpreter: short, so that busy threads do not delay the event loop."""


@dataclass(frozen=True, slots=True)
class AppFactory:
    """Creates the application in the process that runs it; it can be pickled for another process."""

    settings: Settings
    verbose: bool = True

    def __call__(self) -> FastAPI:
        """Create the application, and configure the logging of this process."""
        if self.verbose:
            configure_logging()
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
        port: The port; 0 chooses a free one.
        processes: Number of server processes.
        ready: Called with the address, once the server is able to start.

    Raises:
        MissingExtra: The required packages are not installed.
        StoreError: The database cannot be opened.
        WorldError: The server cannot listen at the address.
    """
    need()
    configure_logging()
    create_app(
        settings
    ).state.services.store.close()  # what is wrong with the database is said here, and tables are made
    listener = listening_socket(host, port)
    address = f"http://{_bracketed(host)}:{listener.getsockname()[1]}"
    if ready is not None:
        ready(address)
    if processes == 1:
        _run_process(settings, listener)
    else:
        _supervise(settings, listener, processes)


def _run_process(settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    uvicorn.Server(config(settings)).run(sockets=[listener])


def _supervise(settings: Settings, listener: socket.socket, processes: int) -> None:
    """Run several processes on one socket until stopped, and restart those that end."""
    context = multiprocessing.get_context("spawn")
    stop_event = threading.Event()
    old_handlers = {name: signal.signal(name, lambda *_: stop_event.set()) for name in (signal.SIGINT, signal.SIGTERM)}

    def start() -> SpawnProcess:
        process = context.Process(target=_run_process, args=(settings, listener), name="worldkit-serve")
        process.start()
        return process

    workers = [start() for _ in range(processes)]
    try:
        while not stop_event.wait(RESTART_DELAY_S):
            for index, process in enumerate(workers):
                if not process.is_alive():
                    log.error("a server process ended with %s; starting another", process.exitcode)
                    workers[index] = start()
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.join(GRACE_S + 5)
        for name, handler in old_handlers.items():
            signal.signal(name, handler)


def config(settings: Settings, *, verbose: bool = True) -> Config:
    """Return the uvicorn configuration; its access log is off, since it would log queries, which may hold a token."""
    import uvicorn

    return uvicorn.Config(
        AppFactory(settings, verbose),
        factory=True,
        http=connection_class(settings),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # longer than clients usually keep a connection idle: closing it just as a request arrives is an error to them
        timeout_keep_alive=math.ceil(settings.idle_s),
        timeout_graceful_shutdown=GRACE_S,
    )


def configure_logging() -> None:
    """Write the server's log to standard error; it never contains a key, a token or text of a world."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name, level in (("worldkit.server", logging.INFO), ("uvicorn", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address and can be shared by processes.

    Raises:
        WorldError: The address is in use, or does not belong to this machine, or is none.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches TCP_NODELAY on only where the protocol is named; without it every answer on a kept connection
    # waits some 40 ms for the client's delayed acknowledgement
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)  # from here on a request waits until the processes are ready, and is not refused
    except (OSError, OverflowError, ValueError) as error:  # a port out of range, a name that no host has
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise WorldError(f"{host}:{port} cannot be listened at: {reason}; choose another --port") from None
    listener.set_inheritable(True)
    return listener


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
