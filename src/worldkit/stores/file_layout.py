"""The file of positions beside a world's file: read with care, and changed without touching what else it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld, StoreError
from worldkit.core.json_values import Json, escape_unprintable

Positions = Mapping[str, tuple[float, float] | None]

FORMAT = "worldkit/layout"
VERSION = 1
MAX_COORDINATE = 1e7
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
    positions = _read(path).get("positions", {})
    return {id: (position[0], position[1]) for id, position in positions.items() if _is_position(position)}


def changed_layout(path: Path, positions: Positions) -> bytes | None:
    """Return what a file of positions is to hold after cards were put somewhere; None when that changes nothing.

    Args:
        path: The file, as it is.
        positions: The top-left corner by state id; None for a card that has no place of its own any more.

    Raises:
        OSError: It cannot be read.
        StoreError: It is no file of positions.
    """
    document = _read(path)
    before = document.get("positions", {})
    after = {
        id: position
        for id, position in {
            **before,
            **{id: position and list(position) for id, position in positions.items()},
        }.items()
        if position
    }
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
    is_layout = isinstance(value, dict) and value.get("format") == FORMAT and value.get("version") == VERSION
    if not is_layout or not isinstance(value.get("positions", {}), dict):
        raise _foreign(path)
    document: Json = value
    return document


def _foreign(path: Path) -> StoreError:
    return StoreError(f"{escape_unprintable(path.name)} is no file of positions that this worldkit reads; move it away")


def _is_position(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(
            isinstance(number, (int, float))
            and not isinstance(number, bool)
            and -MAX_COORDINATE <= number <= MAX_COORDINATE
            for number in value
        )
    )


def _text(document: Json) -> str:
    """Return the document as JSON with a line for each card, so that version control shows which card was moved."""
    lines = []
    for key, value in document.items():
        text = json_values.dumps(value).replace("\n", "\n  ")
        if key == "positions":
            rows = [
                f"    {json_values.dumps(id)}: {json_values.dumps(position, None)}" for id, position in value.items()
            ]
            text = "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
        lines.append(f"  {json_values.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
