"""What an app may use a day: reserved before any work, given back when the work has no result. Days are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core.errors import WorldError
from worldkit.server.settings import BYTES, CAPS, MAX_CAP, USAGE_KINDS
from worldkit.server.tables import insert, usage
from worldkit.server.wire_times import wire_time


class OverQuota(WorldError):
    """An app used up what it may use of a kind today; nothing was charged.

    Attributes:
        kind: What was asked for.
        used: How much of it was used.
        cap: How much of it there is a day.
    """

    def __init__(self, kind: str, used: int, cap: int, day: str) -> None:
        self.kind, self.used, self.cap, self.day = kind, used, cap, day
        super().__init__(
            f"daily {kind} quota exceeded: {used} of {cap} of {day} (UTC) are used; nothing was charged, "
            "try again tomorrow"
        )


class OverStorage(WorldError):
    """An app would keep more than it may; nothing was done.

    Attributes:
        used: How many bytes are kept for it.
        cap: How many may be.
    """

    def __init__(self, used: int, cap: int) -> None:
        self.used, self.cap = used, cap
        super().__init__(
            f"{used:,} of {cap:,} bytes of storage are used, and this would be more; nothing was done, "
            "delete worlds or versions first"
        )


def today() -> str:
    """Return the day it is in UTC, such as ``"2026-11-24"``."""
    return datetime.now(UTC).date().isoformat()


def resets_at() -> str:
    """Return when the usage of today ends to count: the next midnight in UTC."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return wire_time(datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC))


def reserve(connection: Connection, app: str, mode: str, kind: str, cap: int, amount: int = 1) -> str:
    """Charge an amount of a kind, in the transaction that makes what it is charged for.

    Returns:
        The day charged, for ``release``.

    Raises:
        OverQuota: The cap is reached.
    """
    assert amount >= 0, "a charge below nothing would give back what was used"
    day = today()
    row = {"app": app, "mode": mode, "day": day, "kind": kind}
    if cap >= amount:
        statement = insert(connection, usage).values(**row, used=amount)
        statement = statement.on_conflict_do_update(
            index_elements=["app", "mode", "day", "kind"],
            set_={"used": usage.c.used + amount},
            where=usage.c.used + amount <= cap,
        )
        if connection.execute(statement.returning(usage.c.used)).scalar() is not None:
            return day
    raise OverQuota(kind, of_day(connection, app, mode, day)[kind], cap, day)


def release(connection: Connection, app: str, mode: str, kind: str, day: str, amount: int = 1) -> None:
    """Give an amount of a kind back, in the transaction that records that the work had no result."""
    condition = (usage.c.app == app, usage.c.mode == mode, usage.c.day == day, usage.c.kind == kind)
    remaining = sa.case((usage.c.used > amount, usage.c.used - amount), else_=0)
    connection.execute(sa.update(usage).where(*condition).values(used=remaining))


def of_day(connection: Connection, app: str, mode: str, day: str) -> dict[str, int]:
    """Return how much of every kind was used on a day."""
    query = sa.select(usage).where(usage.c.app == app, usage.c.mode == mode, usage.c.day == day)
    return dict.fromkeys(USAGE_KINDS, 0) | {row.kind: int(row.used) for row in connection.execute(query)}


def caps_of(general: Mapping[str, int], own: Mapping[str, int]) -> dict[str, int]:
    """Return an app's caps by kind: its own, else those for all."""
    # settings written before storage was metered name no bytes, and must not lock their apps out
    caps = {BYTES: CAPS[BYTES], **general, **own}
    # nor did they refuse a cap that no database can compare with
    return {kind: min(int(caps.get(kind, 0)), MAX_CAP) for kind in (*USAGE_KINDS, BYTES)}
