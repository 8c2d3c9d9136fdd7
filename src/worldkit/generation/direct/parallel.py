"""Runs tasks side by side in threads, and calls what they report in the thread of their caller."""

from __future__ import annotations

import operator
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Report = Callable[..., None]
"""Called by a task with a function and its arguments; raises ``KeyboardInterrupt`` in a task that is to end."""
Task = Callable[[Report], None]


def run_tasks(tasks: Sequence[Task], limit: int) -> None:
    """Run tasks, ``limit`` at a time; with 1, in this thread. An interrupt ends all; an error is raised at the end."""
    if limit <= 1 or len(tasks) <= 1:
        for task in tasks:
            task(operator.call)
        return
    events: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
    is_cancelled = threading.Event()

    def report(*event: Any) -> None:
        if is_cancelled.is_set():
            raise KeyboardInterrupt
        events.put(event)

    def run(task: Task) -> None:
        try:
            if not is_cancelled.is_set():
                task(report)
        finally:
            events.put(None)

    with ThreadPoolExecutor(min(limit, len(tasks)), thread_name_prefix="worldkit-place") as pool:
        try:
            futures = [pool.submit(run, task) for task in tasks]
            running_count = len(futures)
            while running_count:
                event = events.get()
                if event is None:
                    running_count -= 1
                else:
                    operator.call(*event)
        except BaseException:
            is_cancelled.set()
            raise
    for future in futures:
        future.result()
