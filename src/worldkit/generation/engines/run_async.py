"""Runs a coroutine beside the caller, who may be inside an event loop already, as every notebook cell is."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Callable[[Callable[..., None]], Coroutine[Any, Any, T]], on_event: Callable[..., None]) -> T:
    """Run a coroutine on a loop of its own, and return what it returns.

    ``work`` gets a function. Whatever it calls that function with is handed to ``on_event``, in the caller's thread.
    An interrupt here, or in ``on_event``, cancels the coroutine; what it had called by then is handed over even so.
    """
    events: queue.SimpleQueue[tuple[object, ...] | None] = queue.SimpleQueue()
    loop = asyncio.new_event_loop()
    task = loop.create_task(work(lambda *event: events.put(event)))

    async def end_of_task() -> None:
        await asyncio.gather(task, return_exceptions=True)  # its error is raised below

    def thread() -> None:
        try:
            with contextlib.suppress(BaseException), asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(end_of_task())
        finally:
            events.put(None)

    worker = threading.Thread(target=thread, name="worldkit-chat", daemon=True)
    worker.start()
    try:
        while (event := events.get()) is not None:
            on_event(*event)
    except BaseException:
        try:
            with contextlib.suppress(RuntimeError):  # the loop may have ended
                loop.call_soon_threadsafe(task.cancel)
            worker.join()
        finally:  # also where a second interrupt comes meanwhile
            for event in iter(lambda: None if events.empty() else events.get(), None):
                with contextlib.suppress(BaseException):
                    on_event(*event)
        raise
    worker.join()
    return task.result()
