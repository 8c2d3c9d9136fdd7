"""Forgetting what is old, some rows in each transaction: whoever writes meanwhile waits for one of them at the most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from worldkit.server import idempotency, storage
from worldkit.server.connected_sessions import ConnectedSessions
from worldkit.server.jobs import Jobs
from worldkit.server.settings import Settings
from worldkit.server.tokens import Tokens
from worldkit.stores.local.engine import Database

ROWS_PER_BATCH = 2_000
"""Rows of a table that one transaction forgets at the most."""
ROOTS_PER_STATEMENT = 500
"""Roots in one statement; old versions of SQLite allow 999 parameters."""
SIZES_PER_ROUND = 50_000
"""Sizes of documents that are looked for at once, each 32 bytes."""
ANSWER_MARGIN_S = 60.0
"""How long after a job's end a call that waits has certainly looked, beyond ``wait_s``."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a server forgets now and then.

    Attributes:
        database: The store's.
        jobs, tokens, sessions: What it holds.
        settings: The server's.
    """

    database: Database
    jobs: Jobs
    tokens: Tokens
    sessions: ConnectedSessions
    settings: Settings

    def run(self, is_stopped: Callable[[], bool] = lambda: False) -> None:
        """Forget all that is old.

        Args:
            is_stopped: Asked between two transactions, whether to leave the rest for another time.
        """
        days, answered_s = self.settings.keep_answers_days, self.settings.wait_s + ANSWER_MARGIN_S
        steps: list[Callable[[Connection], int]] = [
            partial(idempotency.forget_old, days=days, limit=ROWS_PER_BATCH),
            partial(self.jobs.forget_old, days=days, limit=ROWS_PER_BATCH),
            partial(self.jobs.forget_answers, seconds=answered_s, limit=ROWS_PER_BATCH),
            partial(self.tokens.forget_old, limit=ROWS_PER_BATCH),
            partial(self.sessions.forget_old, limit=ROWS_PER_BATCH),
        ]
        for step in steps:
            while not is_stopped():
                with self.database.writing() as connection:
                    removed_count = step(connection)
                if removed_count < ROWS_PER_BATCH:
                    break
        self._forget_sizes(is_stopped)

    def _forget_sizes(self, is_stopped: Callable[[], bool]) -> None:
        """Forget the sizes of documents that are gone. They are looked for outside of what writes: it takes a while."""
        while not is_stopped():
            with self.database.reading() as connection:
                roots = storage.unused_sizes(connection, SIZES_PER_ROUND)
            for start in range(0, len(roots), ROOTS_PER_STATEMENT):
                if is_stopped():
                    return
                with self.database.writing() as connection:
                    storage.forget_sizes(connection, roots[start : start + ROOTS_PER_STATEMENT])
            if len(roots) < SIZES_PER_ROUND:
                return
