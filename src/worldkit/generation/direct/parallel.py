"""Runs tasks side by side in threads, and tells their caller, in the caller's own thread, what they report."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

Report = Callable[..., None]
"""Called by a task with what it has to tell; raises ``KeyboardInterrupt`` in a task that is to end."""
Task = Callable[[Report], None]


def run_tasks(tasks: Sequence[Task], limit: int, on_report: Callable[..., None]) -> None:
    """Run tasks, so many at a time.

    Args:
        tasks: The tasks. Each reports often, because it is ended from inside its report when the caller is interrupted.
        limit: How many run at a time; 1 runs one after another in this thread.
        on_report: Called in this thread with what the tasks report.

    Raises:
        KeyboardInterrupt: The caller was interrupted, here or in ``on_report``. All tasks have ended by then.
        Exception: What the first task that failed raised; the others have ended by then.
    """
    if limit <= 1 or len(tasks) <= 1:
        for task in tasks:
            task(on_report)
        return
    events: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
    is_cancelled = threading.Event()

    def report(*event: Any) -> None:
        if is_cancelled.is_set():
            raise KeyboardInterrupt
        events.put(event)

    def run(task: Task) -> None:
        if not is_cancelled.is_set():
            task(report)

    def on_end(_: Future[None]) -> None:
        events.put(None)

    with ThreadPoolExecutor(min(limit, len(tasks)), thread_name_prefix="worldkit-place") as pool:
        futures = [pool.submit(run, task) for task in tasks]
        for future in futures:
            future.add_done_callback(on_end)
        running_count = len(futures)
        try:
            while running_count:
                event = events.get()
                if event is None:
                    running_count -= 1
                else:
                    on_report(*event)
        except BaseException:
            is_cancelled.set()
            raise
    while not events.empty():
        if (event := events.get()) is not None:
            on_report(*event)
    for future in futures:
        future.result()
