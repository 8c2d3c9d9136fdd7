"""The file of positions beside a world's file: read with care, and changed without touching what else it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld, StoreError
from worldkit.core.json_values import Json, escape_unprintable

Places = Mapping[str, tuple[float, float] | None]

FORMAT = "worldkit/layout"
VERSION = 1
FARTHEST = 1e7
"""How far from the middle a card may stand."""


def layout_path(path: Path) -> Path:
    """Return where the positions of a world's file are kept: ``mine.world.json`` has ``mine.world.layout.json``."""
    return path.with_suffix(".layout.json")


def read_layout(path: Path) -> dict[str, tuple[float, float]]:
    """Return the positions in a file; none when there is no such file.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    found = _read(path).get("positions", {})
    return {id: (at[0], at[1]) for id, at in found.items() if _is_position(at)}


def changed_layout(path: Path, places: Places) -> bytes | None:
    """Return what a file of positions is to hold after cards were put somewhere; None when that changes nothing.

    Args:
        path: The file, as it is.
        places: The top-left corner by state id; None for a card that has no place of its own any more.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    document = _read(path)
    before = document.get("positions", {})
    after = {id: at for id, at in {**before, **{id: at and list(at) for id, at in places.items()}}.items() if at}
    if after == before:
        return None
    return _text({"format": FORMAT, "version": VERSION, **document, "positions": after}).encode()


def _read(path: Path) -> Json:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise _foreign(path) from None
    try:
        value = json_values.parse(text, path.name)
    except InvalidWorld:
        raise _foreign(path) from None
    known = isinstance(value, dict) and value.get("format") == FORMAT and value.get("version") == VERSION
    if not known or not isinstance(value.get("positions", {}), dict):
        raise _foreign(path)
    found: Json = value
    return found


def _foreign(path: Path) -> StoreError:
    return StoreError(f"{escape_unprintable(path.name)} is no file of positions that this worldkit reads; move it away")


def _is_position(at: object) -> bool:
    return (
        isinstance(at, list)
        and len(at) == 2
        and all(isinstance(v, (int, float)) and not isinstance(v, bool) and -FARTHEST <= v <= FARTHEST for v in at)
    )


def _text(document: Json) -> str:
    """Return the document as JSON with a line for each card, so that version control shows which card was moved."""
    lines = []
    for key, value in document.items():
        shown = json_values.dumps(value).replace("\n", "\n  ")
        if key == "positions":
            rows = [f"    {json_values.dumps(id)}: {json_values.dumps(at, None)}" for id, at in value.items()]
            shown = "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
        lines.append(f"  {json_values.dumps(key)}: {shown}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
