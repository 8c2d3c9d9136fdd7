"""A Reactor model on this computer: a computed picture, served by the real ``reactor-runtime``."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.util import find_spec

import httpx

from worldkit.core.errors import WorldError
from worldkit.painting.moving_picture import HEIGHT, WIDTH

PYTHON_VARIABLE = "WORLDKIT_REACTOR_PYTHON"
START_SECONDS = 60.0
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ReactorModel:
    """How the picture is computed.

    Attributes:
        fps: Pictures a second.
        width: Pixels across.
        height: Pixels down.
    """

    fps: float = 30.0
    width: int = WIDTH
    height: int = HEIGHT


def runtime_python(python: str | None = None) -> str:
    """Return a Python that has ``reactor-runtime``.

    Args:
        python: The one to use; else ``$WORLDKIT_REACTOR_PYTHON``, else this one where it has the package.

    Raises:
        WorldError: There is none.
    """
    if path := python or os.environ.get(PYTHON_VARIABLE):
        return path
    if find_spec("reactor_runtime") is not None:
        return sys.executable
    raise WorldError(
        "serving a Reactor model needs reactor-runtime, which wants Python 3.12 or newer: run "
        "'python3.12 -m venv reactor' and 'reactor/bin/pip install reactor-runtime', then name it with "
        f"--python reactor/bin/python or ${PYTHON_VARIABLE}"
    )


@asynccontextmanager
async def serve(
    model: ReactorModel | None = None, host: str = "127.0.0.1", port: int = 0, python: str | None = None
) -> AsyncIterator[str]:
    """Serve a computed picture in a process of its own, and yield its address.

    Args:
        model: How it is computed.
        host: Where to listen.
        port: The port; 0 takes a free one.
        python: A Python that has ``reactor-runtime``.

    Raises:
        WorldError: There is no such Python, or the runtime does not start.

    Source:
        docs/painters.md#reactor
    """
    path, picture, number = runtime_python(python), model or ReactorModel(), port or _free_port(host)
    size = {"PICTURE_SIZE": f"{picture.width}x{picture.height}", "PICTURE_FPS": str(picture.fps)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | size
    with as_file(files("worldkit") / "data" / "reactor") as folder:
        try:
            process = await asyncio.create_subprocess_exec(
                path,
                str(folder / "serve.py"),
                host,
                str(number),
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise WorldError(f"{path!r} cannot be run: {error.strerror}; expected a Python") from None
        reading = asyncio.create_task(_last_line(process))
        try:
            address = f"http://{f'[{host}]' if ':' in host else host}:{number}"
            await _wait_until_ready(address, process, reading)
            yield f"reactor:{address}"
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                process.kill()
            await reading


async def _wait_until_ready(address: str, process: asyncio.subprocess.Process, reading: asyncio.Task[str]) -> None:
    try:
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(START_SECONDS):
            while process.returncode is None:
                with suppress(httpx.HTTPError, ValueError, AttributeError):
                    if (await client.get(f"{address}/health")).json().get("state") == "available":
                        return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise WorldError(f"reactor-runtime did not start within {START_SECONDS:g} s") from None
    raise WorldError(f"reactor-runtime did not start: {await reading or f'it ended with {process.returncode}'}")


async def _last_line(process: asyncio.subprocess.Process) -> str:
    """Read what the runtime writes, so that it never waits for a reader, and return the last line."""
    last = b""
    assert process.stderr is not None
    while not process.stderr.at_eof():
        with suppress(ValueError):  # a line that is too long is skipped
            last = (await process.stderr.readline()).strip() or last
    return last.decode(errors="replace")[-300:]


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
