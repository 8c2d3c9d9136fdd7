"""An event loop in a thread of its own, on which all other threads have their requests made.

httpx limits how long one read or one write takes, and so never ends while a server sends something now and then: a
header byte by byte, ``100 Continue`` again and again, a trailer after the body. On an event loop ``asyncio.timeout``
ends all of that. A thread that waits for a socket can only be told how long each wait may be.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}
"""The loop of each process: one that is forked has none of its threads."""


def run(work: Callable[..., Coroutine[Any, Any, T]], *arguments: Any) -> T:
    """Have a coroutine run, and return what it returns; an interrupt cancels it."""
    loop = _loop()
    future = asyncio.run_coroutine_threadsafe(work(*arguments), loop)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        process = os.getpid()
        if process not in _loops:
            loop = asyncio.new_event_loop()
            threading.Thread(target=_run, args=[loop], name="worldkit-requests", daemon=True).start()
            _loops[process] = loop  # not before: nothing would run on it where no thread can be started
        return _loops[process]


def _run(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        with contextlib.suppress(BaseException):  # an interrupt that a coroutine raises comes out here, too
            loop.run_forever()
