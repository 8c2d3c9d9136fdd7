"""Values of columns: ids, times, texts, and the fields that mirror a document's own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from worldkit.world import World


def mirrored_columns(world: World) -> dict[str, Any]:
    """Return the columns that mirror a document's own fields."""
    return {
        "name": stored_text(world.name or "untitled"),
        "description": stored_text(world.description),
        "cover": stored_text(world.cover),
    }


def stored_text(text: str | None) -> Any:
    """Return a text as a column takes it; PostgreSQL's hold no NUL."""
    return text if text is None else text.replace("\0", "\ufffd")


def new_id() -> str:
    """Return an id that nobody has or guesses: a UUID."""
    return str(uuid.uuid4())


def now() -> str:
    """Return the time in UTC as text that sorts."""
    return time_text(datetime.now(UTC))


def time_before(*, days: float = 0, seconds: float = 0) -> str:
    """Return the time so long ago as text that sorts; longer ago than the first year, the text before all others.

    Args:
        days: So many days ago.
        seconds: And so many seconds, perhaps infinitely many.
    """
    try:
        return time_text(datetime.now(UTC) - timedelta(days=days, seconds=seconds))
    except OverflowError:
        return ""


def time_text(time: datetime) -> str:
    """Return a time as text in UTC that sorts."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def utc_time(text: str) -> datetime:
    """Return a time of a text; one that names no offset is in UTC.

    Raises:
        ValueError: It is no time.
        OverflowError: In UTC it is before the first year or after the last.
    """
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
