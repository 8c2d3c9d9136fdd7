"""A difference as a list to step through: each item with its marks, its fields, and where on the map it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from worldkit.comparison import ABSENT, Changes, Diff, FieldChange
from worldkit.comparison.fields import field_changes
from worldkit.comparison.labels import unique_labels
from worldkit.comparison.words import Piece, items, words
from worldkit.core.document import json_of
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.widgets.overlay_graph import Union
from worldkit.widgets.protocol.comparison_messages import MapMark
from worldkit.world import World

Kind = Literal["world", "state", "event"]

LONGEST = 4_000
"""Characters of one text, and of one value, that are shown."""

CONTEXT = 160
"""Characters of what is the same that are shown on each side of a change."""

_MOST_ITEMS = 400
_KEY = re.compile(r"^(?:scene\.)?[^.\[]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        kind: What it is.
        id: The state's id, the event's label, the world's field; in the second world, if it is there.
        marks: What became of it, the mark that says most first.
        was: Its name in the first world, if it was renamed.
        fields: What differs in it; of what was added or removed, all it holds.
        nodes: The states it is at, by id.
        pieces: The pieces of the map it is, by number.
    """

    kind: Kind
    id: str
    marks: tuple[MapMark, ...]
    was: str | None
    fields: tuple[FieldChange, ...]
    nodes: tuple[str, ...] = ()
    pieces: tuple[int, ...] = ()


def changes(a: World, b: World, d: Diff, drawn: Union) -> list[Change]:
    """Return what differs, the world first, then the states, then the events.

    Args:
        a: The world before.
        b: The world after.
        d: Their difference.
        drawn: The two on one map.
    """
    states = json_of(drawn.world)["scene"]["states"]
    found = [*_of_world(d.world, states)]
    bodies = [json_of(world)["scene"]["states"] for world in (a, b)]
    for id, marks, was, fields in _items(d.states, bodies[0], bodies[1]):
        found.append(Change("state", id, marks, was, fields, (id,)))
    at: dict[str, list[int]] = {}
    for number, piece in enumerate(drawn.pieces):
        at.setdefault(piece.label if piece.side != "before" or piece.mark == "was" else f"-{piece.label}", []).append(
            number
        )
    bodies = [_labelled(world) for world in (a, b)]
    for id, marks, was, fields in _items(d.events, bodies[0], bodies[1]):
        pieces = at.get(f"-{id}" if marks[0] == "removed" else id, [])
        ends = [end for number in pieces for end in (*_sources(drawn, number), *drawn.pieces[number].to)]
        own = tuple(field for field in fields if field.path != "name")
        found.append(Change("event", id, marks, was, own, tuple(dict.fromkeys(ends)), tuple(pieces)))
    return found


def _labelled(world: World) -> dict[str, Json]:
    events = json_of(world)["scene"]["events"]
    return dict(zip(unique_labels(events), events, strict=True))


def _sources(drawn: Union, number: int) -> list[str]:
    made: list[str] = drawn.pieces[number].body["from"]
    return made


def _of_world(fields: Iterable[FieldChange], states: Mapping[str, Any]) -> Iterator[Change]:
    groups: dict[str, list[FieldChange]] = {}
    for change in fields:
        match = _KEY.match(change.path)
        groups.setdefault(match[0] if match else change.path, []).append(change)
    for key, group in groups.items():
        whole = len(group) == 1 and group[0].path == key
        mark: MapMark = "changed"
        if whole and group[0].before is ABSENT:
            mark = "added"
        elif whole and group[0].after is ABSENT:
            mark = "removed"
        nodes = [value for change in group for value in (change.after, change.before) if key == "entrance"]
        named = [node.get("state") if isinstance(node, dict) else node for node in nodes]
        at = tuple(dict.fromkeys(id for id in named if isinstance(id, str) and id in states))
        yield Change("world", key, (mark,), None, tuple(group), at)


Row = tuple[str, tuple[MapMark, ...], str | None, tuple[FieldChange, ...]]


def _items(found: Changes, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Row]:
    """Yield what differs in the order of the second world, then what was removed in the order of the first."""
    old = {new: name for name, new in found.renamed.items()}
    added, moved = set(found.added), set(found.moved)
    for id in after:
        if id in added:
            yield id, ("added",), None, tuple(field_changes({}, after[id]))
            continue
        checks: tuple[tuple[MapMark, bool], ...] = (
            ("renamed", id in old),
            ("changed", id in found.changed),
            ("moved", id in moved),
        )
        marks = tuple(mark for mark, holds in checks if holds)
        if marks:
            yield id, marks, old.get(id), found.changed.get(id, ())
    for id in found.removed:
        yield id, ("removed",), None, tuple(field_changes(before[id], {}))


# ---- said -------------------------------------------------------------------------------------------


def told(change: FieldChange) -> Json:
    """Return a field's change as JSON values: texts by words, lists of texts by items, all else whole.

    What is the same is left out but for what is around a change; a ``gap`` says how many characters were.

    Args:
        change: The change.
    """
    before, after = change.before, change.after
    texts = [side for side in (before, after) if side is not ABSENT]
    if all(isinstance(side, str) for side in texts):
        pieces = words("" if before is ABSENT else before, "" if after is ABSENT else after)
        return {"path": change.path, "words": [list(piece) for piece in _cut(pieces)]}
    if all(_plain(side) for side in texts):
        parts = items([] if before is ABSENT else before, [] if after is ABSENT else after)
        if len(parts) <= _MOST_ITEMS:
            return {"path": change.path, "items": [[tag, _short(text, 200)] for tag, text in parts]}
    sides = (("before", before), ("after", after))
    return {"path": change.path} | {side: _written(value) for side, value in sides if value is not ABSENT}


def sided(base: Any, value: Any) -> list[Json]:
    """Return what a side of a conflict made of the base, field by field where it is an item; nothing if it deleted it.

    Args:
        base: What both sides began with.
        value: What the side made of it.
    """
    if value is ABSENT:
        return []
    before: Any = {} if base is ABSENT else base
    if isinstance(value, dict) and isinstance(before, Mapping):
        return [told(change) for change in field_changes(dict(before), value)]
    return [told(FieldChange("", base, value))]


def _plain(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return _short(value, LONGEST)
    flat = json.dumps(value, ensure_ascii=False)
    return _short(flat if len(flat) <= 72 else json.dumps(value, ensure_ascii=False, indent=2), LONGEST)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _cut(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    last = len(pieces) - 1
    for at, (tag, text) in enumerate(pieces):
        if tag != "same" or len(text) <= 2 * CONTEXT:
            yield tag, _short(text, LONGEST)
            continue
        head, tail = (0 if at == 0 else CONTEXT), (0 if at == last else CONTEXT)
        if head:
            yield "same", text[:head]
        yield "gap", f"{len(text) - head - tail:,}"
        if tail:
            yield "same", text[-tail:]


def heading(d: Diff) -> str:
    """Return how many things differ, in words.

    Args:
        d: The difference.
    """
    n = len(d)
    return f"{n:,} difference{'s' * (n != 1)}" if n else "No difference"


def titled(world: World, other: str) -> str:
    """Return what to call a world: its name, else its id, else the word given."""
    return escape_unprintable((world.name or world.id or "").strip())[:120] or other
