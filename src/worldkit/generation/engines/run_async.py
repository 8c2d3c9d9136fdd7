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
    """Run a coroutine on a loop of its own, and call back here, in the caller's thread.

    Args:
        work: Makes the coroutine; it gets a function that it calls with what it has to tell.
        on_event: Called with the same.

    Returns:
        What the coroutine returned. What it raised is raised here. An interrupt here, or in ``on_event``, cancels it.
    """
    events: queue.SimpleQueue[tuple[object, ...] | None] = queue.SimpleQueue()
    results: list[T] = []
    errors: list[BaseException] = []
    loop_and_task: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = queue.SimpleQueue()

    async def through() -> None:
        task = asyncio.current_task()
        assert task is not None
        loop_and_task.put((asyncio.get_running_loop(), task))
        results.append(await work(lambda *event: events.put(event)))

    def thread() -> None:
        try:
            asyncio.run(through())
        except BaseException as error:
            errors.append(error)
        finally:
            events.put(None)

    worker = threading.Thread(target=thread, name="worldkit-chat", daemon=True)
    worker.start()
    loop, task = loop_and_task.get()
    try:
        while (event := events.get()) is not None:
            on_event(*event)
    except BaseException:
        with contextlib.suppress(RuntimeError):  # it may have ended, and its loop with it
            loop.call_soon_threadsafe(task.cancel)
        worker.join()
        raise
    worker.join()
    if errors:
        raise errors[0]
    return results[0]
