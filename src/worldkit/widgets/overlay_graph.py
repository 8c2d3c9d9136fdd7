"""Two worlds on one map: what both have stands in one place, and each thing says which world it is of.

The map is a world itself, so that whatever draws a world can draw it. Its states are those of the second world and
the removed ones of the first. Its events are pieces of the events of both: all ways of a piece have one mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worldkit.comparison import Changes, Diff
from worldkit.comparison.labels import unique_labels
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.editing import refs
from worldkit.layout.placement import Position, layout
from worldkit.widgets.protocol.comparison_messages import MapMark, MapSide
from worldkit.world import World

Way = tuple[str, str | None]
"""The state it leaves and the one it lands in, None where that does not exist or the event stays where it is."""

_DRAWN = ("hidden", "oneShot", "autoAfterMs", "requires")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some ways of an event, all with one mark.

    Attributes:
        label: What the event is called in the difference.
        mark: What became of these ways.
        side: The worlds they are of.
        body: The event as the map has it, with these sources only.
        to: The states it lands in.
    """

    label: str
    mark: MapMark
    side: MapSide
    body: Json
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """Two worlds on one map.

    Attributes:
        world: The map.
        places: Where the states stand.
        marks: What became of the states that are not the same, by id.
        pieces: What the events of the map are, in order.
        renamed: Old ids of renamed states by new id.
    """

    world: World
    places: Mapping[str, Position]
    marks: Mapping[str, MapMark]
    pieces: Sequence[Piece]
    renamed: Mapping[str, str] = field(default_factory=dict)


def union(a: World, b: World, d: Diff, places: Mapping[str, Sequence[float]] | None = None) -> Union:
    """Return two worlds on one map.

    Args:
        a: The world before.
        b: The world after.
        d: Their difference.
        places: Where states stand, by their ids in either world; the others are laid out.
    """
    renamed = d.states.renamed
    gone = {id: json_of(a)["scene"]["states"][id] for id in d.states.removed}
    states = {**json_of(b)["scene"]["states"], **gone}
    pieces = list(_pieces(a, b, d))
    cuts = [*(json_of(b).get("cutscenes") or ()), *_cutscenes(a, b, states, renamed)]
    made = World.from_dict(
        {
            **{key: json_of(b)[key] for key in ("name", "id", "entrance") if key in json_of(b)},
            **({"cutscenes": cuts} if cuts else {}),
            "scene": {"states": states, "events": [piece.body for piece in pieces]},
        },
        source="the two worlds",
    )
    kept: dict[str, Sequence[float]] = {renamed.get(id, id): place for id, place in layout(a, places).items()}
    kept |= {id: place for id, place in (places or {}).items() if id in states and id not in renamed}
    return Union(
        made,
        layout(made, keep=kept),
        _marks(d.states),
        pieces,
        {new: old for old, new in renamed.items()},
    )


def _marks(found: Changes) -> dict[str, MapMark]:
    # the mark that says most is set last
    made: dict[str, MapMark] = dict.fromkeys(found.moved, "moved")
    made.update(dict.fromkeys(found.changed, "changed"))
    made.update(dict.fromkeys(found.renamed.values(), "renamed"))
    made.update(dict.fromkeys(found.removed, "removed"))
    made.update(dict.fromkeys(found.added, "added"))
    return made


def _cutscenes(a: World, b: World, states: Json, renamed: Mapping[str, str]) -> list[Json]:
    """Return the cutscenes only the first world has, but those whose ids mean something else in the second."""
    taken = states.keys() | refs.cutscene_ids(json_of(b))
    return [
        {**cut, "from": renamed.get(cut["from"], cut["from"]), "to": renamed.get(cut["to"], cut["to"])}
        for cut in json_of(a).get("cutscenes") or ()
        if cut["id"] not in taken
    ]


def _pieces(a: World, b: World, d: Diff) -> Iterable[Piece]:
    olds, news = json_of(a)["scene"]["events"], json_of(b)["scene"]["events"]
    old_labels, new_labels = unique_labels(olds), unique_labels(news)
    old_of = dict(zip(old_labels, olds, strict=True))
    names = {new: old for old, new in d.events.renamed.items()}
    added, removed = set(d.events.added), set(d.events.removed)
    marks = _marks(replace(d.events, removed=()))  # those are called by their names in the first world
    # which of several events with one name was which is known of those that changed only
    doubtful = {
        event["name"]
        for found, events in ((old_labels, olds), (new_labels, news))
        for label, event in zip(found, events, strict=True)
        if label != event["name"]
    }
    for label, event in zip(new_labels, news, strict=True):
        now = _ways(b, event)
        if label in added:
            yield from _of(event, label, "added", "after", now, b)
            continue
        mark = marks.get(label, "same")
        before_label = names.get(label, label)
        old = None if before_label in removed else old_of.get(before_label)
        unsure = old is None or (mark == "same" and event["name"] in doubtful)
        was = now if old is None or unsure else _ways(a, old, d.states.renamed)
        before, after = set(was), set(now)
        fresh: MapMark = "changed" if mark == "same" else mark
        yield from _of(event, label, mark, "both", [way for way in now if way in before], b)
        yield from _of(event, label, fresh, "after", [way for way in now if way not in before], b)
        if old is not None:
            yield from _of(old, label, "was", "before", [way for way in was if way not in after], a)
    for label in d.events.removed:
        event = old_of[label]
        yield from _of(event, label, "removed", "before", _ways(a, event, d.states.renamed), a)


def _ways(world: World, event: Json, renamed: Mapping[str, str] | None = None) -> list[Way]:
    names = renamed or {}
    target = world.landing(event.get("to")) if event.get("kind", "transition") == "transition" else None
    to = None if target is None else names.get(target, target)
    states = json_of(world)["scene"]["states"]
    return [(names.get(source, source), to) for source in dict.fromkeys(refs.sources(event)) if source in states]


def _of(event: Json, label: str, mark: MapMark, side: MapSide, ways: Sequence[Way], world: World) -> Iterable[Piece]:
    """Yield a piece of an event for those of its ways; none where there are none."""
    if not ways:
        return
    body: Json = {key: event[key] for key in _DRAWN if key in event}
    body |= {"name": event["name"], "kind": event.get("kind", "transition"), "from": [source for source, _ in ways]}
    target = ways[0][1]
    if target is not None:
        cut = event["to"] if event["to"] in world.cutscenes_by_id else None
        body["to"] = cut if cut is not None and side != "before" else target
    yield Piece(label, mark, side, body, () if target is None else (target,))
