"""What changed between two worlds that share structure, as splices a browser can apply.

An edited world shares every untouched body with the one before, so two entries are the same when they
are one object. That makes a patch cheap (no bodies are compared) and small (only new bodies travel).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json, json_equal
from worldkit.editing import field_names

T = TypeVar("T")
Splice = list[Any]


def patch(before: Json, after: Json) -> Json:
    """Return what turns one raw world into another.

    Args:
        before: The JSON of a world; bodies shared with ``after`` are the same objects.
        after: The JSON of the world it became.

    Returns:
        ``states``: splices ``[at, remove, [[id, body], ...]]`` of the list of entries; ``events``: splices
        ``[at, remove, [body, ...]]``; ``world``: ``set`` and ``remove`` of the other fields, named as
        ``put_world`` names them (``scene.<key>`` is a field of the scene). Splices stand from last to
        first, so that each ``at`` is valid when they are applied in order.
    """
    if before is after:
        return {"states": [], "events": [], "world": {"set": {}, "remove": []}}
    old, new = before["scene"], after["scene"]
    states = splices(
        [[id, body] for id, body in old["states"].items()],
        [[id, body] for id, body in new["states"].items()],
        lambda entry: (entry[0], id(entry[1])),
    )
    return {"states": states, "events": splices(old["events"], new["events"], id), "world": _fields(before, after)}


def findings(before: Diagnostics, after: Diagnostics) -> list[Splice]:
    """Return the splices that turn one list of findings into another; none when they are the same.

    Most edits settle or raise a finding or two, so what travels does not grow with the world.
    """
    if before is after:
        return []
    made = splices(tuple(before), tuple(after), lambda found: found)
    return [[at, remove, [found.to_dict() for found in insert]] for at, remove, insert in made]


def is_empty(made: Json) -> bool:
    """Say whether a patch changes nothing."""
    return not (made["states"] or made["events"] or made["world"]["set"] or made["world"]["remove"])


def splices(before: Sequence[T], after: Sequence[T], key: Callable[[T], Hashable]) -> list[Splice]:
    """Return the splices that turn one list into another, from last to first.

    Args:
        before: The list to begin with.
        after: The list to end with.
        key: What makes two entries the same one.
    """
    old, new = [key(entry) for entry in before], [key(entry) for entry in after]
    kept = [*_kept(old, new), (len(old), len(new))]
    made: list[Splice] = []
    a = b = 0
    for at, to in kept:
        if at > a or to > b:
            made.append([a, at - a, list(after[b:to])])
        a, b = at + 1, to + 1
    return made[::-1]


def _kept(old: list[Hashable], new: list[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of indices of entries that stay, both rising; the most there can be when keys are unique."""
    head = 0
    least = min(len(old), len(new))
    while head < least and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < least - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    where = {entry: at for at, entry in enumerate(new[head : len(new) - tail], head)}
    common = [(at, where[old[at]]) for at in range(head, len(old) - tail) if old[at] in where]
    kept = [(at, at) for at in range(head)]
    kept += _rising(common)
    kept += [(len(old) - back, len(new) - back) for back in range(tail, 0, -1)]
    return kept


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a longest run of pairs whose second items strictly rise (patience sorting)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, to) in enumerate(pairs):
        pile = bisect_left(ends, to)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(to)
            last.append(number)
        else:
            ends[pile], last[pile] = to, number
    run: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _fields(before: Json, after: Json) -> Json:
    old, new = _named(before), _named(after)
    changed = {name: value for name, value in new.items() if name not in old or not json_equal(old[name], value)}
    return {"set": changed, "remove": [name for name in old if name not in new]}


def _named(raw: Json) -> Json:
    fields = {field_names.world_name(key): value for key, value in raw.items() if key != "scene"}
    scene = raw["scene"].items()
    return fields | {field_names.scene_name(key): value for key, value in scene if key not in ("states", "events")}
