"""Runs the work of a request on a thread, never on the event loop, and within the request's processor time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from fastapi.concurrency import run_in_threadpool

from worldkit.core.time_limit import TimeLimit

P = ParamSpec("P")
T = TypeVar("T")

time_limit: ContextVar[TimeLimit | None] = ContextVar("worldkit_request_time", default=None)
"""The processor time limit of the current request."""


def within_time_limit(work: Callable[P, T]) -> Callable[P, T]:
    """Wrap a function so that it counts against the processor time of the request, and stops when it is used up."""

    @functools.wraps(work)
    def limited(*args: P.args, **kwargs: P.kwargs) -> T:
        limit = time_limit.get()
        if limit is None:
            return work(*args, **kwargs)
        with limit.counting():
            return work(*args, **kwargs)

    return limited


async def on_thread(work: Callable[[], T]) -> T:
    """Run a function on the thread pool, within the processor time of the request."""
    return await run_in_threadpool(within_time_limit(work))
