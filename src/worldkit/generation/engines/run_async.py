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

    What it calls the function with that ``work`` gets, ``on_event`` is called with here, in the caller's thread. An
    interrupt here, or in ``on_event``, cancels it.
    """
    events: queue.SimpleQueue[tuple[object, ...] | None] = queue.SimpleQueue()
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)  # the factory keeps it from being the caller's loop
    loop = runner.get_loop()
    task = loop.create_task(work(lambda *event: events.put(event)))
    task.add_done_callback(lambda _: events.put(None))

    def serve() -> None:
        with runner:
            loop.run_until_complete(asyncio.wait([task]))

    worker = threading.Thread(target=serve, name="worldkit-chat", daemon=True)
    worker.start()
    try:
        while (event := events.get()) is not None:
            on_event(*event)
    except BaseException:
        with contextlib.suppress(RuntimeError):  # it may have ended, and its loop with it
            loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        worker.join()
    return task.result()
