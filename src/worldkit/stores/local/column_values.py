"""Values of columns: ids, times, texts, the fields that mirror a document's own; and rows as what a store hands out."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from worldkit.core import json_values
from worldkit.core.document import from_json, json_of
from worldkit.core.json_values import Json
from worldkit.stores import map_document
from worldkit.stores.pages import WorldRef
from worldkit.stores.versions import Version
from worldkit.world import World

if TYPE_CHECKING:
    from sqlalchemy import Row


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


WORLD_FIELDS = ("name", "description", "cover")
"""Fields of a document that belong to the world and to none of its versions."""


def with_fields(world: World, fields: Mapping[str, Any], without: Collection[str] = ()) -> World:
    """Return a world with some of its own fields set and others removed."""
    json_values.check_json(dict(fields), "the world's own fields")
    document = json_of(world)
    if not document.keys() & without and all(
        key in document and document[key] == value for key, value in fields.items()
    ):
        return world
    return from_json(World, {**{key: value for key, value in document.items() if key not in without}, **fields})


def renamed_layout(layout: str, ops: Sequence[Json]) -> str:
    """Return positions as JSON after operations: a renamed state keeps its place."""
    return json.dumps(map_document.renamed_positions(json.loads(layout), ops)) if _rename(ops) else layout


def renamed_annotations(annotations: str, ops: Sequence[Json]) -> str:
    """Return what is on the map as JSON after operations: a renamed state keeps its region, its notes and its tags."""
    return json.dumps(map_document.renamed_annotations(json.loads(annotations), ops)) if _rename(ops) else annotations


def _rename(ops: Sequence[Json]) -> bool:
    return any(op["op"] == "rename_state" for op in ops)


def ref_of(row: Row[Any]) -> WorldRef:
    """Return a world's row as a line of a list."""
    return WorldRef(
        row.id,
        row.name,
        row.description,
        row.cover,
        row.visibility,
        updated_at=datetime.fromisoformat(row.updated_at),
        created_at=datetime.fromisoformat(row.created_at),
    )


def version_json(row: Row[Any]) -> Json:
    """Return a version's row as JSON values."""
    return {name: getattr(row, name) for name in ("id", "parent", "title", "source", "created_at", "rev")}


def version_of(record: Json) -> Version:
    """Return a version from its JSON values."""
    created_at = datetime.fromisoformat(record["created_at"])
    return Version(record["id"], record["parent"], record["title"], record["source"], created_at, str(record["rev"]))
