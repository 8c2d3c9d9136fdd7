"""Work for a request: on a thread, never on the event loop, and within the request's processor time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from fastapi.concurrency import run_in_threadpool

from worldkit.core.time_limit import TimeLimit

P = ParamSpec("P")
T = TypeVar("T")

given: ContextVar[TimeLimit | None] = ContextVar("worldkit_request_time", default=None)
"""The time of the request at hand."""


def counted(work: Callable[P, T]) -> Callable[P, T]:
    """Return a function that counts what it takes against the request's time, and stops when that is used up."""

    @functools.wraps(work)
    def within(*args: P.args, **kwargs: P.kwargs) -> T:
        limit = given.get()
        if limit is None:
            return work(*args, **kwargs)
        with limit.counting():
            return work(*args, **kwargs)

    return within


async def threaded(work: Callable[[], T]) -> T:
    """Do something on one of the bounded threads, within the request's time."""
    return await run_in_threadpool(counted(work))
