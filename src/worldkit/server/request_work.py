"""The work of a request: on a thread, within its processor time; and whether it may have written.

An error of the database before the first commit of a request means that nothing was done.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import sqlalchemy as sa
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection, Engine

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


READ_ONLY_LEVEL = "REPEATABLE READ"
"""How a PostgreSQL transaction that only reads is isolated; one that writes is not."""


@dataclass(slots=True)
class CommitAttempts:
    """The commits of one request.

    Attributes:
        is_any: Whether a transaction that writes came as far as its commit.
    """

    is_any: bool = False


_of_request: ContextVar[CommitAttempts | None] = ContextVar("worldkit_commit_attempts", default=None)


def begin_request() -> None:
    """Count the commits of the request at hand, which is a task with its own context."""
    _of_request.set(CommitAttempts())


def watch(engine: Engine) -> None:
    """Note the commits of a database."""
    sa.event.listen(engine, "commit", _note)


def may_have_written() -> bool:
    """Say whether the request at hand may have written; True outside a request."""
    attempts = _of_request.get()
    return attempts is None or attempts.is_any


def _note(connection: Connection) -> None:
    attempts, options = _of_request.get(), connection.get_execution_options()
    is_postgres = connection.dialect.name == "postgresql"
    writes = options.get("isolation_level") != READ_ONLY_LEVEL if is_postgres else options.get("worldkit_writes")
    if attempts is not None and writes:
        attempts.is_any = True
