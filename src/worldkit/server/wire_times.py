"""Times as they stand on the wire, all in one form: ``2026-11-24T09:30:00.000000Z``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload

from worldkit.stores.local.column_values import now, utc_time


@overload
def wire_time(time: None) -> None: ...
@overload
def wire_time(time: datetime | str) -> str: ...
@overload
def wire_time(time: datetime | str | None) -> str | None: ...


def wire_time(time: datetime | str | None) -> str | None:
    """Return a time in UTC: with microseconds, and safe in a query, where a ``+`` would be a space.

    Args:
        time: The time, as a column may hold it; None where there is none.
    """
    if time is None:
        return None
    moment = utc_time(time) if isinstance(time, str) else time.astimezone(UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def wire_now() -> str:
    """Return the time now."""
    return wire_time(now())
