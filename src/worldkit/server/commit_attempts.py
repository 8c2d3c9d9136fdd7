"""Whether a request may have written: an error of the database before its first commit means that nothing was done."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

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
