"""A difference as a list to step through: each item with its marks, its fields, and where on the map it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from worldkit.comparison import ABSENT, Changes, Diff, FieldChange
from worldkit.comparison.diff_context import DiffContext
from worldkit.comparison.fields import field_changes
from worldkit.comparison.pairing import unique_labels
from worldkit.comparison.words import Piece, Stretch, items, stretches
from worldkit.core.characters import shorten
from worldkit.core.document import json_of
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.quoting import format_count
from worldkit.core.unsent_prose import world_layers
from worldkit.illustration.picture import Picture, picture_of
from worldkit.widgets.overlay_graph import OverlayGraph
from worldkit.widgets.protocol.comparison_messages import MapMark
from worldkit.world import World

Kind = Literal["world", "state", "event"]

MAX_TEXT = 4_000
"""Characters of one text, and of one value, that are shown."""

MAX_ITEM = 400
"""Characters of an item of a list that are shown."""

CONTEXT_CHARACTERS = 160
"""Characters of unchanged sentences that are shown between changed ones, and in a very long sentence on each side of a
change."""

_MAX_ITEMS = 400
_KEY = re.compile(r"^(?:scene\.)?[^.\[]+")


@dataclass(frozen=True, slots=True)
class MapChange:
    """One thing that differs.

    Attributes:
        id: The state's id, the event's label, the world's field; in the second world, if it is there.
        marks: How it changed, the most telling mark first.
        old_name: Its name in the first world, if it was renamed.
        fields: What differs in it; of what was added or removed, all it holds.
        nodes: The states it is at, by id.
        pieces: The pieces of the map it is, by number.
    """

    kind: Kind
    id: str
    marks: tuple[MapMark, ...]
    old_name: str | None
    fields: tuple[FieldChange, ...]
    nodes: tuple[str, ...] = ()
    pieces: tuple[int, ...] = ()


def pictures_of_change(a: World, b: World, change: MapChange) -> tuple[Picture | None, Picture | None]:
    """Return how a state looks in the world before and in the world after; None where it is not there.

    Both are None for what is no state.
    """
    if change.kind != "state":
        return None, None
    ids = ((a, change.old_name or change.id), (b, change.id))
    before, after = (picture_of(world, id, detail="thumbnail") if id in world.states else None for world, id in ids)
    return before, after


def changes(a: World, b: World, difference: Diff, graph: OverlayGraph) -> list[MapChange]:
    """Return what differs, the world first, then the states, then the events."""
    states = json_of(graph.world)["scene"]["states"]
    result = [*_world_changes(difference.world, states)]
    bodies = [json_of(world)["scene"]["states"] for world in (a, b)]
    context = DiffContext((world_layers(json_of(a)), world_layers(json_of(b))))
    for id, marks, old_name, fields in _items(difference.states, bodies[0], bodies[1]):
        own = context.own_or_whole(fields)
        result.append(MapChange("state", id, marks, old_name, own, (id,)))
    pieces_by_label: dict[str, list[int]] = {}
    for number, piece in enumerate(graph.pieces):
        pieces_by_label.setdefault(
            piece.label if piece.side != "before" or piece.mark == "was" else f"-{piece.label}", []
        ).append(number)
    bodies = [_events_by_label(world) for world in (a, b)]
    for id, marks, old_name, fields in _items(difference.events, bodies[0], bodies[1]):
        pieces = pieces_by_label.get(f"-{id}" if marks[0] == "removed" else id, [])
        ends = [end for number in pieces for end in (*_sources(graph, number), *graph.pieces[number].to)]
        own = tuple(field for field in fields if field.path != "name")
        result.append(MapChange("event", id, marks, old_name, own, tuple(dict.fromkeys(ends)), tuple(pieces)))
    return result


def _events_by_label(world: World) -> dict[str, Json]:
    events = json_of(world)["scene"]["events"]
    return dict(zip(unique_labels(events), events, strict=True))


def _sources(graph: OverlayGraph, number: int) -> list[str]:
    sources: list[str] = graph.pieces[number].body["from"]
    return sources


def _world_changes(fields: Iterable[FieldChange], states: Mapping[str, Any]) -> Iterator[MapChange]:
    groups: dict[str, list[FieldChange]] = {}
    for change in fields:
        if change.path == "id" and ABSENT in (change.before, change.after):
            continue  # a fork has no id yet: nothing of the story differs
        match = _KEY.match(change.path)
        groups.setdefault(match[0] if match else change.path, []).append(change)
    for key, group in groups.items():
        is_whole_field = len(group) == 1 and group[0].path == key
        mark: MapMark = "changed"
        if is_whole_field and group[0].before is ABSENT:
            mark = "added"
        elif is_whole_field and group[0].after is ABSENT:
            mark = "removed"
        values = [value for change in group for value in (change.after, change.before) if key == "entrance"]
        state_ids = [node.get("state") if isinstance(node, dict) else node for node in values]
        node_ids = tuple(dict.fromkeys(id for id in state_ids if isinstance(id, str) and id in states))
        yield MapChange("world", key, (mark,), None, tuple(group), node_ids)


Row = tuple[str, tuple[MapMark, ...], str | None, tuple[FieldChange, ...]]


def _items(item_changes: Changes, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Row]:
    """Yield what differs in the order of the second world, then what was removed in the order of the first."""
    old_names = {new: name for name, new in item_changes.renamed.items()}
    added_ids, moved_ids = set(item_changes.added), set(item_changes.moved)
    for id in after:
        if id in added_ids:
            yield id, ("added",), None, tuple(field_changes({}, after[id]))
            continue
        checks: tuple[tuple[MapMark, bool], ...] = (
            ("renamed", id in old_names),
            ("changed", id in item_changes.changed),
            ("moved", id in moved_ids),
        )
        marks = tuple(mark for mark, holds in checks if holds)
        if marks:
            yield id, marks, old_names.get(id), item_changes.changed.get(id, ())
    for id in item_changes.removed:
        yield id, ("removed",), None, tuple(field_changes(before[id], {}))


# ---- said -------------------------------------------------------------------------------------------


def field_change_json(change: FieldChange) -> Json:
    """Return a field's change as JSON values: texts by words, lists of texts by items, all else whole.

    What is the same is left out but for what is around a change; a ``gap`` says how many characters were.
    """
    before, after = change.before, change.after
    texts = [side for side in (before, after) if side is not ABSENT]
    if all(isinstance(side, str) for side in texts):
        parts = _shorten(stretches("" if before is ABSENT else before, "" if after is ABSENT else after))
        return {"path": change.path, "words": [list(part) for part in parts]}
    if all(_is_text_list(side) for side in texts):
        list_parts = items([] if before is ABSENT else before, [] if after is ABSENT else after)
        if len(list_parts) <= _MAX_ITEMS:
            return {"path": change.path, "items": [[tag, shorten(text, MAX_ITEM)] for tag, text in list_parts]}
    sides = (("before", before), ("after", after))
    return {"path": change.path} | {side: _value_text(value) for side, value in sides if value is not ABSENT}


def side_json(base: Any, value: Any) -> list[Json]:
    """Return what a side of a conflict made of the base, field by field where it is an item; nothing if it deleted it.

    Args:
        base: What both sides began with.
    """
    if value is ABSENT:
        return []
    before: Any = {} if base is ABSENT else base
    if isinstance(value, dict) and isinstance(before, Mapping):
        return [field_change_json(change) for change in field_changes(dict(before), value)]
    return [field_change_json(FieldChange("", base, value))]


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return shorten(value, MAX_TEXT)
    flat = json.dumps(value, ensure_ascii=False)
    return shorten(flat if len(flat) <= 72 else json.dumps(value, ensure_ascii=False, indent=2), MAX_TEXT)


def _shorten(text_stretches: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a text; sentences that stayed are left out where they are long."""
    is_only_one = len(text_stretches) == 1
    for stretch in text_stretches:
        (tag, text), *others = stretch
        if tag == "same" and not others and len(text) > CONTEXT_CHARACTERS and not is_only_one:
            yield "gap", f"{len(text):,}"
        else:
            yield from _shorten_unchanged(stretch)


def _shorten_unchanged(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    last = len(pieces) - 1
    for index, (tag, text) in enumerate(pieces):
        if tag != "same" or len(text) <= 2 * CONTEXT_CHARACTERS:
            yield tag, shorten(text, MAX_TEXT)
            continue
        head, tail = (0 if index == 0 else CONTEXT_CHARACTERS), (0 if index == last else CONTEXT_CHARACTERS)
        if head:
            yield "same", text[:head]
        yield "gap", f"{len(text) - head - tail:,}"
        if tail:
            yield "same", text[-tail:]


def heading(difference: Diff) -> str:
    """Return how many things differ, in words."""
    count = len(difference)
    return format_count(count, "difference") if count else "No difference"


def world_title(world: World, default: str) -> str:
    """Return what to call a world: its name, else its id, else the word given."""
    return escape_unprintable((world.name or world.id or "").strip())[:120] or default
