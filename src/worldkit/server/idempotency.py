"""The answers to calls with an idempotency key, stored in the transaction of the call."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.server import storage
from worldkit.server.tables import answers, some_of
from worldkit.stores.local.column_values import now, stored_text, time_before
from worldkit.stores.local.statements import lock


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a call was answered.

    Attributes:
        body: JSON text.
        status: The HTTP status.
        world: Id of the world it speaks of; deleting the world forgets the answer.
        job: Id of the job whose outcome is the answer; ``body`` is empty until it is known.
    """

    body: str = ""
    status: int = 200
    world: str | None = None
    job: str | None = None


class KeyReused(WorldError):
    """An idempotency key came with a body before, and comes with another one now."""

    def __init__(self) -> None:
        super().__init__(
            "this Idempotency-Key came with another body before, and nothing was done; "
            "repeat the call as it was, or send a new key"
        )


@dataclass(frozen=True, slots=True)
class IdempotentCall:
    """A call that is to be done once.

    Attributes:
        call: Its method and path.
        key: The idempotency key.
        fingerprint: Digest of the body it came with.
        cap: How many bytes may be kept for the space.
    """

    space: str
    call: str
    key: str
    fingerprint: bytes
    cap: int

    @property
    def _call(self) -> str:
        return sha256(self.call.encode("utf-8", "surrogatepass")).hexdigest()

    def recall(self, connection: Connection) -> StoredAnswer | None:
        """Return the answer given before, None when there was none.

        Others with the same key wait until the transaction ends.

        Raises:
            KeyReused: The key came with another body before (draft-ietf-httpapi-idempotency-key-header, 2.7).
        """
        lock(connection, self.space, self.call, self.key)
        return self.look_up(connection)

    def look_up(self, connection: Connection) -> StoredAnswer | None:
        """Return the answer given before, None when there was none yet; nobody waits.

        Raises:
            KeyReused: As for ``recall``.
        """
        condition = (answers.c.space == self.space, answers.c.call == self._call, answers.c.key == self.key)
        row = connection.execute(sa.select(answers).where(*condition)).one_or_none()
        if row is None:
            return None
        if bytes(row.fingerprint) != self.fingerprint:
            raise KeyReused
        return StoredAnswer(zlib.decompress(bytes(row.body)).decode(), row.status, row.world, row.job)

    def remember(self, connection: Connection, answer: StoredAnswer) -> None:
        """Keep an answer.

        Raises:
            OverStorage: There is no room for it.
        """
        row: Json = {"space": self.space, "call": self._call, "key": self.key, "world": answer.world, "job": answer.job}
        row["fingerprint"] = self.fingerprint
        body = zlib.compress(answer.body.encode())
        connection.execute(sa.insert(answers).values(**row, status=answer.status, body=body, created_at=now()))
        storage.move(connection, self.space, len(body), self.cap)

    def forget(self, connection: Connection) -> None:
        """Forget the answer: what it speaks of is of no use any more."""
        _forget(connection, answers.c.space == self.space, answers.c.call == self._call, answers.c.key == self.key)


def forget_world(connection: Connection, space: str, world: str) -> None:
    """Forget what calls about a world were answered: it is gone, and a repeated create makes another."""
    _forget(connection, answers.c.space == space, answers.c.world == stored_text(world))


def forget_job(connection: Connection, job: str) -> None:
    """Forget the call that made a job: it had no result, so its key can be used again."""
    _forget(connection, answers.c.job == job)


def set_outcome(connection: Connection, job: str, world: str, body: str, cap: int) -> bool:
    """Record what a job came to, for the call that made it: its answer, and its world, with which the answer goes.

    Args:
        connection: The transaction.
        job: The job's id.
        world: Id of the world it made or changed.
        body: The answer, as JSON text.
        cap: How many bytes may be kept for the space.

    Returns:
        Whether the call had an idempotency key.

    Raises:
        OverStorage: There is no room for the answer.
    """
    row = connection.execute(sa.select(answers).where(answers.c.job == job).with_for_update()).one_or_none()
    if row is None:
        return False
    content = zlib.compress(body.encode())
    connection.execute(sa.update(answers).where(answers.c.job == job).values(world=world, body=content))
    storage.move(connection, row.space, len(content) - len(bytes(row.body)), cap)
    return True


def outcome(connection: Connection, job: str) -> str | None:
    """Return what ``set_outcome`` recorded of a job, None when there is nothing."""
    body = connection.execute(sa.select(answers.c.body).where(answers.c.job == job)).scalar()
    text = "" if body is None else zlib.decompress(bytes(body)).decode()
    return text or None


def forget_old(connection: Connection, days: int, limit: int) -> int:
    """Forget answers older than so many days.

    Args:
        connection: The transaction.
        days: How long they are kept.
        limit: The most that are forgotten now.

    Returns:
        How many were.
    """
    return _forget(connection, some_of(answers, answers.c.created_at < time_before(days=days), limit=limit))


def _forget(connection: Connection, *conditions: sa.ColumnElement[bool]) -> int:
    statement = sa.delete(answers).where(*conditions).returning(answers.c.space, sa.func.length(answers.c.body))
    freed_bytes: Counter[str] = Counter()
    rows = connection.execute(statement).all()
    for space, size in rows:
        freed_bytes[space] += size
    for space in sorted(freed_bytes):  # in one order everywhere: two that forget wait for each other, never in a circle
        storage.move(connection, space, -freed_bytes[space])
    return len(rows)
