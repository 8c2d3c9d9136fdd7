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

from worldkit.core.process_lock import ProcessLock

T = TypeVar("T")

_lock = ProcessLock()
_loops: list[asyncio.AbstractEventLoop] = []
"""The loop, once there is one."""


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
        if not _loops:
            loop = asyncio.new_event_loop()
            threading.Thread(target=_run, args=[loop], name="worldkit-requests", daemon=True).start()
            _loops.append(loop)  # not before: nothing would run on it where no thread can be started
        return _loops[0]


def _begin_anew() -> None:
    """Forget the parent's loop: a child has none of its threads, so nobody runs it."""
    _loops.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        with contextlib.suppress(BaseException):  # an interrupt that a coroutine raises comes out here, too
            loop.run_forever()
