"""Runs a coroutine beside the caller, who may be inside an event loop already, as every notebook cell is."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Callable[[Callable[..., None]], Coroutine[Any, Any, T]], on_event: Callable[..., None]) -> T:
    """Run a coroutine on a loop of its own, and return what it returns.

    ``work`` gets a function. Whatever it calls that function with is handed to ``on_event``, in the caller's thread.
    An interrupt here, or in ``on_event``, cancels the coroutine; what it had called by then is handed over even so.
    """
    events: queue.SimpleQueue[tuple[object, ...] | None] = queue.SimpleQueue()
    result: Future[T] = Future()
    loop_and_task: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []
    begun = threading.Event()

    async def through() -> T:
        task = asyncio.current_task()
        assert task is not None
        loop_and_task.append((asyncio.get_running_loop(), task))
        begun.set()
        return await work(lambda *event: events.put(event))

    def thread() -> None:
        coroutine = through()
        try:
            result.set_result(asyncio.run(coroutine))
        except BaseException as error:
            result.set_exception(error)
        finally:
            coroutine.close()
            begun.set()  # also where no loop could be made
            events.put(None)

    worker = threading.Thread(target=thread, name="worldkit-chat", daemon=True)
    worker.start()
    try:
        while (event := events.get()) is not None:
            on_event(*event)
    except BaseException:
        try:
            begun.wait()
            for loop, task in loop_and_task:
                with contextlib.suppress(RuntimeError):  # it may have ended, and its loop with it
                    loop.call_soon_threadsafe(task.cancel)
            worker.join()
        finally:  # also where a second interrupt comes meanwhile
            for event in iter(lambda: None if events.empty() else events.get(), None):
                with contextlib.suppress(BaseException):
                    on_event(*event)
        raise
    worker.join()
    return result.result()
