"""What changed between two worlds that share structure, as splices a browser can apply.

An edited world shares every untouched body with the one before, so two entries are the same when they
are one object. That makes a patch cheap (no bodies are compared) and small (only new bodies travel).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from worldkit.comparison.hunks import common_ends
from worldkit.comparison.pairing import longest_increasing
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json, json_equal
from worldkit.core.shared_parts import are_keyed_alike, hunks
from worldkit.editing import field_names

T = TypeVar("T")
Splice = list[Any]


def patch(before: Json, after: Json) -> Json:
    """Return what turns one raw world into another.

    Args:
        before: The JSON of a world; bodies shared with ``after`` are the same objects.

    Returns:
        ``states``: splices ``[at, remove, [[id, body], ...]]`` of the list of entries; ``events``: splices
        ``[at, remove, [body, ...]]``; ``world``: ``set`` and ``remove`` of the other fields, named as
        ``put_world`` names them (``scene.<key>`` is a field of the scene). Splices stand from last to
        first, so that each ``at`` is valid when they are applied in order.
    """
    if before is after:
        return {"states": [], "events": [], "world": {"set": {}, "remove": []}}
    old, new = before["scene"], after["scene"]
    states, events = _state_splices(old["states"], new["states"]), _event_splices(old["events"], new["events"])
    return {"states": states, "events": events, "world": _fields(before, after)}


def _event_splices(old: list[Json], new: list[Json]) -> list[Splice]:
    differences = hunks(old, new)
    if differences is None:
        return splices(old, new, id)
    return [[start, end - start, new[first:last]] for start, end, first, last in reversed(differences)]


def _state_splices(old: Json, new: Json) -> list[Splice]:
    old_ids, new_ids, old_bodies, new_bodies = list(old), list(new), list(old.values()), list(new.values())
    differences = hunks(old_bodies, new_bodies)
    if differences is None or not are_keyed_alike(old_ids, new_ids, differences):
        before, after = (list(map(list, bodies.items())) for bodies in (old, new))
        return splices(before, after, lambda entry: (entry[0], id(entry[1])))
    return [
        [start, end - start, [[id, new[id]] for id in new_ids[first:last]]]
        for start, end, first, last in reversed(differences)
    ]


def findings(before: Diagnostics, after: Diagnostics) -> list[Splice]:
    """Return the splices that turn one list of findings into another; none when they are the same.

    Most edits settle or raise a finding or two, so what travels does not grow with the world.
    """
    if before is after:
        return []
    list_splices = splices(tuple(before), tuple(after), lambda finding: finding)
    return [[start, remove, [finding.to_dict() for finding in insert]] for start, remove, insert in list_splices]


def splices(before: Sequence[T], after: Sequence[T], key: Callable[[T], Hashable]) -> list[Splice]:
    """Return the splices that turn one list into another, from last to first.

    Args:
        key: What makes two entries the same one.
    """
    old, new = [key(entry) for entry in before], [key(entry) for entry in after]
    common = [*_common_entries(old, new), (len(old), len(new))]
    result: list[Splice] = []
    old_start = new_start = 0
    for old_index, new_index in common:
        if old_index > old_start or new_index > new_start:
            result.append([old_start, old_index - old_start, list(after[new_start:new_index])])
        old_start, new_start = old_index + 1, new_index + 1
    return result[::-1]


def _common_entries(old: list[Hashable], new: list[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of indices of entries that stay, both rising; the most there can be when keys are unique."""
    head, tail = common_ends(old, new)
    new_positions = {entry: index for index, entry in enumerate(new[head : len(new) - tail], head)}
    old_positions: dict[int, int] = {}
    for index in range(head, len(old) - tail):
        if old[index] in new_positions:
            old_positions.setdefault(new_positions[old[index]], index)
    unmoved_positions = longest_increasing(list(old_positions))
    pairs = [(index, index) for index in range(head)]
    pairs += sorted((old_positions[position], position) for position in unmoved_positions)
    pairs += [(len(old) - offset, len(new) - offset) for offset in range(tail, 0, -1)]
    return pairs


def _fields(before: Json, after: Json) -> Json:
    old, new = _named_fields(before), _named_fields(after)
    new_values = {name: value for name, value in new.items() if name not in old or not json_equal(old[name], value)}
    return {"set": new_values, "remove": [name for name in old if name not in new]}


def _named_fields(raw: Json) -> Json:
    fields = {field_names.world_name(key): value for key, value in raw.items() if key != "scene"}
    scene = raw["scene"].items()
    return fields | {field_names.scene_name(key): value for key, value in scene if key not in ("states", "events")}
