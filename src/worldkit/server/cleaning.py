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

BATCH = 2_000
"""Rows of a table that one transaction forgets at the most."""
PARAMETERS = 500
"""Roots in one statement; old versions of SQLite allow 999 parameters."""
ROUND = 50_000
"""Sizes of documents that are looked for at once, each 32 bytes."""
ANSWERED_WITHIN_S = 60.0
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
        days, answered_s = self.settings.keep_answers_days, self.settings.wait_s + ANSWERED_WITHIN_S
        steps: list[Callable[[Connection], int]] = [
            partial(idempotency.forget_old, days=days, limit=BATCH),
            partial(self.jobs.forget_old, days=days, limit=BATCH),
            partial(self.jobs.forget_answers, seconds=answered_s, limit=BATCH),
            partial(self.tokens.forget_old, limit=BATCH),
            partial(self.sessions.forget_old, limit=BATCH),
        ]
        for step in steps:
            while not is_stopped():
                with self.database.writing() as connection:
                    removed_count = step(connection)
                if removed_count < BATCH:
                    break
        self._forget_sizes(is_stopped)

    def _forget_sizes(self, is_stopped: Callable[[], bool]) -> None:
        """Forget the sizes of documents that are gone. They are looked for outside of what writes: it takes a while."""
        while not is_stopped():
            with self.database.reading() as connection:
                roots = storage.unused_sizes(connection, ROUND)
            for start in range(0, len(roots), PARAMETERS):
                if is_stopped():
                    return
                with self.database.writing() as connection:
                    storage.forget_sizes(connection, roots[start : start + PARAMETERS])
            if len(roots) < ROUND:
                return
