"""What is on the map of a world follows its states to their new ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from worldkit.core.json_values import Json
from worldkit.layout.annotation_changes import patch_between, patched_json, with_renamed
from worldkit.layout.annotations import read_annotations
from worldkit.playing.renames import renames_of

T = TypeVar("T")


def renamed_positions(positions: Mapping[str, T], ops: Sequence[Json]) -> dict[str, T]:
    """Return positions by state id after operations: a renamed state keeps its place.

    Args:
        positions: The positions.
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
