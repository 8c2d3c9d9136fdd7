"""Two worlds on one map: what both have stands in one place, and each thing says which world it is of.

The map is a world itself, so that whatever draws a world can draw it. Its states are those of the second world and
the removed ones of the first. Its events are pieces of the events of both: all ways of a piece have one mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worldkit.comparison import Changes, Diff
from worldkit.comparison.pairing import unique_labels
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.versions import is_later_minor, parse_version
from worldkit.editing import refs
from worldkit.layout.placement import Position, layout
from worldkit.widgets.protocol.comparison_messages import MapMark, MapSide
from worldkit.world import World

Transition = tuple[str, str | None]
"""The state it leaves and the one it lands in, None where that does not exist or the event stays where it is."""

_SHOWN_FIELDS = ("hidden", "oneShot", "autoAfterMs", "requires")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some ways of an event, all with one mark.

    Attributes:
        label: What the event is called in the difference.
        mark: How these ways changed.
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
class OverlayGraph:
    """Two worlds on one map.

    Attributes:
        world: The map.
        positions: Where the states stand.
        marks: What became of the states that are not the same, by id.
        pieces: What the events of the map are, in order.
        old_ids: Old ids of renamed states by new id.
    """

    world: World
    positions: Mapping[str, Position]
    marks: Mapping[str, MapMark]
    pieces: Sequence[Piece]
    old_ids: Mapping[str, str] = field(default_factory=dict)


def build_overlay_graph(
    a: World, b: World, difference: Diff, positions: Mapping[str, Sequence[float]] | None = None
) -> OverlayGraph:
    """Return two worlds on one map.

    Args:
        positions: Where states stand, by their ids in either world; the others are laid out.
    """
    new_ids = difference.states.renamed
    removed_states = {id: json_of(a)["scene"]["states"][id] for id in difference.states.removed}
    states = {**json_of(b)["scene"]["states"], **removed_states}
    pieces = list(_edge_pieces(a, b, difference))
    cutscenes = [*(json_of(b).get("cutscenes") or ()), *_cutscenes(a, b, states, new_ids)]
    map_world = World.from_dict(
        {
            **{key: json_of(b)[key] for key in ("name", "id", "entrance") if key in json_of(b)},
            **_later_version(a, b),
            **({"cutscenes": cutscenes} if cutscenes else {}),
            "scene": {"states": states, "events": [piece.body for piece in pieces]},
        },
        source="the two worlds",
    )
    known_positions: dict[str, Sequence[float]] = {
        new_ids.get(id, id): place for id, place in layout(a, positions).items()
    }
    known_positions |= {id: place for id, place in (positions or {}).items() if id in states and id not in new_ids}
    return OverlayGraph(
        map_world,
        layout(map_world, keep=known_positions),
        _marks(difference.states),
        pieces,
        {new: old for old, new in new_ids.items()},
    )


def _later_version(a: World, b: World) -> Json:
    """Return the later of two versions, since a word of it is read only in a document that names it."""
    tags = [json_of(world).get("schemaVersion") for world in (a, b)]
    later_tags = [tag for tag in tags if is_later_minor(tag)]
    return {"schemaVersion": max(later_tags, key=lambda tag: parse_version(tag) or (0, 0))} if later_tags else {}


def _marks(item_changes: Changes) -> dict[str, MapMark]:
    # the mark that says most is set last
    marks: dict[str, MapMark] = dict.fromkeys(item_changes.moved, "moved")
    marks.update(dict.fromkeys(item_changes.changed, "changed"))
    marks.update(dict.fromkeys(item_changes.renamed.values(), "renamed"))
    marks.update(dict.fromkeys(item_changes.removed, "removed"))
    marks.update(dict.fromkeys(item_changes.added, "added"))
    return marks


def _cutscenes(a: World, b: World, states: Json, new_ids: Mapping[str, str]) -> list[Json]:
    """Return the cutscenes only the first world has, but those whose ids mean something else in the second."""
    used_ids = states.keys() | refs.cutscene_ids(json_of(b))
    return [
        {
            **cutscene,
            "from": new_ids.get(cutscene["from"], cutscene["from"]),
            "to": new_ids.get(cutscene["to"], cutscene["to"]),
        }
        for cutscene in json_of(a).get("cutscenes") or ()
        if cutscene["id"] not in used_ids
    ]


def _edge_pieces(a: World, b: World, difference: Diff) -> Iterable[Piece]:
    old_events, new_events = json_of(a)["scene"]["events"], json_of(b)["scene"]["events"]
    old_labels, new_labels = unique_labels(old_events), unique_labels(new_events)
    old_by_label = dict(zip(old_labels, old_events, strict=True))
    names = {new: old for old, new in difference.events.renamed.items()}
    added_labels, removed_labels = set(difference.events.added), set(difference.events.removed)
    marks = _marks(replace(difference.events, removed=()))  # those are called by their names in the first world
    # which of several events with one name was which is known of those that changed only
    ambiguous = {
        event["name"]
        for event_labels, events in ((old_labels, old_events), (new_labels, new_events))
        for label, event in zip(event_labels, events, strict=True)
        if label != event["name"]
    }
    for label, event in zip(new_labels, new_events, strict=True):
        new_transitions = _transitions(b, event)
        if label in added_labels:
            yield from _edge_piece(event, label, "added", "after", new_transitions, b)
            continue
        mark = marks.get(label, "same")
        before_label = names.get(label, label)
        old = None if before_label in removed_labels else old_by_label.get(before_label)
        is_unsure = old is None or (mark == "same" and event["name"] in ambiguous)
        old_transitions = (
            new_transitions if old is None or is_unsure else _transitions(a, old, difference.states.renamed)
        )
        before, after = set(old_transitions), set(new_transitions)
        new_mark: MapMark = "changed" if mark == "same" else mark
        yield from _edge_piece(
            event, label, mark, "both", [transition for transition in new_transitions if transition in before], b
        )
        yield from _edge_piece(
            event,
            label,
            new_mark,
            "after",
            [transition for transition in new_transitions if transition not in before],
            b,
        )
        if old is not None:
            yield from _edge_piece(
                old,
                label,
                "was",
                "before",
                [transition for transition in old_transitions if transition not in after],
                a,
            )
    for label in difference.events.removed:
        event = old_by_label[label]
        yield from _edge_piece(event, label, "removed", "before", _transitions(a, event, difference.states.renamed), a)


def _transitions(world: World, event: Json, new_ids: Mapping[str, str] | None = None) -> list[Transition]:
    names = new_ids or {}
    target = world.landing(event.get("to")) if event.get("kind", "transition") == "transition" else None
    landing = None if target is None else names.get(target, target)
    states = json_of(world)["scene"]["states"]
    return [(names.get(source, source), landing) for source in dict.fromkeys(refs.sources(event)) if source in states]


def _edge_piece(
    event: Json, label: str, mark: MapMark, side: MapSide, transitions: Sequence[Transition], world: World
) -> Iterable[Piece]:
    """Yield a piece of an event for those of its ways; none where there are none."""
    if not transitions:
        return
    body: Json = {key: event[key] for key in _SHOWN_FIELDS if key in event}
    body |= {
        "name": event["name"],
        "kind": event.get("kind", "transition"),
        "from": [source for source, _ in transitions],
    }
    target = transitions[0][1]
    if target is not None:
        cutscene = event["to"] if event["to"] in world.cutscenes_by_id else None
        body["to"] = cutscene if cutscene is not None and side != "before" else target
    yield Piece(label, mark, side, body, () if target is None else (target,))
