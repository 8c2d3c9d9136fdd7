"""The map of a world as JSON: where cards stand by state id, and the entries of each section (regions, notes, tags...).

A file of one is read with care, and changed without touching what else it holds.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import Json
from worldkit.layout.annotation_changes import patch_between, patched_json, with_renamed
from worldkit.layout.annotations import read_annotations
from worldkit.playing.renames import renames_of

T = TypeVar("T")

HEADER: Json = {"format": "worldkit/layout", "version": 1}
"""What a file of a map begins with."""


def parse(text: str) -> Json | None:
    """Return the map that the text of a file holds; None when that is none which this worldkit reads."""
    try:
        value = json_values.parse(text, "the map")
    except InvalidWorld:
        return None
    if not isinstance(value, dict) or any(value.get(key) != expected for key, expected in HEADER.items()):
        return None
    return value if all(isinstance(value.get(part, {}), dict) for part in ("positions", "annotations")) else None


def is_position(value: object, max_coordinate: float = sys.float_info.max) -> bool:
    """Say whether a JSON value is a position: two numbers, none of them beyond a bound.

    Args:
        max_coordinate: The bound; by default the largest float, which a whole number of JSON may exceed.
    """
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(
            isinstance(number, (int, float))
            and not isinstance(number, bool)
            and -max_coordinate <= number <= max_coordinate
            for number in value
        )
    )


def renamed_positions(positions: Mapping[str, T], ops: Sequence[Json]) -> dict[str, T]:
    """Return positions by state id after operations: a renamed state keeps its place.

    Args:
        ops: The operations, in canonical spelling.
    """
    after = dict(positions)
    for op in ops:
        if op["op"] == "rename_state" and op["from"] in after:
            after[op["to"]] = after.pop(op["from"])
    return after


def renamed_annotations(annotations: Mapping[str, Any], ops: Sequence[Json]) -> Json:
    """Return stored annotations after operations: a renamed state keeps its region, its notes and its tags.

    Args:
        annotations: An object by id for each section.
        ops: The operations, in canonical spelling.
    """
    new_ids = renames_of(ops).states
    if not new_ids:
        return dict(annotations)
    before = read_annotations(annotations)
    return patched_json(annotations, patch_between(before, with_renamed(before, new_ids)))


def text_of(document: Json) -> str:
    """Return a map as JSON with a line for each card and entry, so that version control shows what changed."""
    lines = []
    for key, value in document.items():
        text = json_values.dumps(value).replace("\n", "\n  ")
        if key == "positions":
            text = _rows(value, "  ")
        elif key == "annotations":
            sections = [
                f"    {json_values.dumps(section)}: {_rows(entries, '    ')}" for section, entries in value.items()
            ]
            text = "{\n" + ",\n".join(sections) + "\n  }" if sections else "{}"
        lines.append(f"  {json_values.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows(value: object, indent: str) -> str:
    """Return an object as JSON with a line for each of its entries."""
    if not isinstance(value, dict) or not value:
        return json_values.dumps(value, None)
    rows = [f"{indent}  {json_values.dumps(id)}: {json_values.dumps(entry, None)}" for id, entry in value.items()]
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
