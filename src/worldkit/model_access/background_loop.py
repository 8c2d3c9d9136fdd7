"""An event loop in a thread of its own, on which all other threads have their requests made.

httpx limits how long one read or one write takes, and so never ends while a server sends something now and then: a
header byte by byte, ``100 Continue`` again and again, a trailer after the body. On an event loop ``asyncio.timeout``
ends all of that. A thread that waits for a socket can only be told how long each wait may be.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
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


def run_telling(work: Callable[[Callable[..., None]], Coroutine[Any, Any, T]], on_event: Callable[..., None]) -> T:
    """Have a coroutine run that tells what happens, and return what it returns.

    ``work`` gets a function. Whatever it calls that function with is handed to ``on_event``, in the caller's thread.
    An interrupt here, or in ``on_event``, cancels the coroutine; what it had told by then is handed over even so.
    """
    events: queue.SimpleQueue[tuple[object, ...] | None] = queue.SimpleQueue()
    has_ended = threading.Event()
    tasks: list[asyncio.Task[T]] = []
    loop = _loop()

    def end(_: object) -> None:
        has_ended.set()
        events.put(None)

    async def begin() -> None:
        if not has_ended.is_set():  # else an interrupt came first
            tasks.append(loop.create_task(work(lambda *event: events.put(event))))
            tasks[0].add_done_callback(end)

    def cancel() -> None:
        if tasks:
            tasks[0].cancel()
        else:
            has_ended.set()

    try:
        run(begin)
        while (event := events.get()) is not None:
            on_event(*event)
    except BaseException:
        loop.call_soon_threadsafe(cancel)
        try:
            has_ended.wait()
        finally:  # also where a second interrupt comes meanwhile
            while not events.empty():
                with contextlib.suppress(BaseException):
                    if (event := events.get()) is not None:
                        on_event(*event)
        raise
    return tasks[0].result()


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
