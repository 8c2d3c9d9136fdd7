"""A world compiled for play: what can be done in each state, as sets and landing states, made once a world.

The table is the only reading of the contract's rules of play. The stepper walks it; exhaustive play
is compiled from it. It holds no position, no clock and no record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from worldkit.jsonish import allocating
from worldkit.model import Cutscene, Ending, Event, State, Terminal
from worldkit.model import Sequence as SetPiece
from worldkit.play.clock import playing_ms, timer_ms, travel_ms, whole_ms
from worldkit.play.gates import Gate, zone
from worldkit.world import World

Kind = Literal["transition", "override", "terminal", "sequence"]
PREFIX = "sequence:"


@dataclass(slots=True, eq=False)  # not frozen: that would take a world of 5,000 events 10 ms more to compile
class Action:
    """One event, ready to step.

    Attributes:
        index: Its place in the world's event list: world order.
        name: Its name; what ``Position.used`` holds.
        kind: Its kind.
        event: The event itself.
        requires: Flags that must be held.
        grants: Flags added when it lands, in the event's order, each once.
        one_shot: Once a run.
        hidden: No button.
        target: The state it lands in; None when it stays. Only a transition moves, and only to a state
            that exists: one that leads nowhere plays and stays.
        cut: The cutscene on its way, whose clip is skipped while ``cut_requires`` are not all held.
        cut_requires: See ``cut``.
        console: The console it opens. Opening changes nothing else.
        gated: It waits for evidence of arrival: its own ``landWhen`` (a trigger zone's clauses are its
            trigger, not a gate), else its destination's ``arriveLabel``.
        playing_ms: How long it plays before it lands.
        timer_ms: How long after entering a state it fires by itself.
        travel_ms: How long forward must be held to reach its waypoint.
        zone: For a trigger zone, what the picture must show for it to fire by itself.
    """

    index: int
    name: str
    kind: Kind
    event: Event
    requires: frozenset[str]
    grants: tuple[str, ...]
    one_shot: bool
    hidden: bool
    target: str | None
    cut: Cutscene | None
    cut_requires: frozenset[str]
    console: Terminal | None
    gated: bool
    playing_ms: int
    timer_ms: int | None
    travel_ms: int | None
    zone: Gate | None


@dataclass(frozen=True, slots=True)
class Beat:
    """One stop of a walk: its state, how long it dwells there, and whether the picture should settle."""

    state: str
    ms: int
    settles: bool


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """One sequence, ready to walk: it ends at its first ``input`` beat.

    Attributes:
        name: ``sequence:<id>``.
        title: Its title.
        beats: The stops, the first one where the player already is.
    """

    name: str
    title: str
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A world, ready to step.

    Attributes:
        start: The state play starts in; None in a world without states.
        states: The states by id.
        actions: Every event, in world order.
        here: The events offered in each state, in world order; every state has an entry.
        zones: The trigger zones of each state; states without one have no entry.
        walks: The sequences that can start in each state; states without one have no entry.
        names: Every event by name, in world order.
        broken_walks: Sequences that cannot be walked, by name, and why.
        endings: The states that end the run.
    """

    start: str | None
    states: Mapping[str, State]
    actions: tuple[Action, ...]
    here: Mapping[str, tuple[Action, ...]]
    zones: Mapping[str, tuple[Action, ...]]
    walks: Mapping[str, tuple[Walk, ...]]
    names: Mapping[str, tuple[Action, ...]]
    broken_walks: Mapping[str, str]
    endings: Mapping[str, Ending]


def table(world: World) -> Table:
    """Return the world compiled for play; compiled once, and kept with the world."""
    made = world.__dict__.get("_play_table")
    if made is None:
        with allocating():
            made = world.__dict__["_play_table"] = _compile(world)
    assert isinstance(made, Table)
    return made


def _compile(world: World) -> Table:
    states = world.states
    here: dict[str, list[Action]] = {id: [] for id in states}
    names: dict[str, list[Action]] = {}
    zones: dict[str, list[Action]] = {}
    actions = tuple(_action(world, index, event) for index, event in enumerate(world.events))
    for action in actions:
        names.setdefault(action.name, []).append(action)
        for id in dict.fromkeys(action.event.from_):
            if id in here:
                here[id].append(action)
                if action.zone is not None:
                    zones.setdefault(id, []).append(action)
    walks: dict[str, list[Walk]] = {}
    broken: dict[str, str] = {}
    for piece in world.sequences or ():
        why = _unwalkable(piece, states)
        if why is None:
            walks.setdefault(piece.beats[0].state, []).append(_walk(piece))
        else:
            broken[PREFIX + piece.id] = why
    return Table(
        start=world.start,
        states=states,
        actions=actions,
        here={id: tuple(found) for id, found in here.items()},
        zones={id: tuple(found) for id, found in zones.items()},
        walks={id: tuple(found) for id, found in walks.items()},
        names={name: tuple(found) for name, found in names.items()},
        broken_walks=broken,
        endings={id: state.ending for id, state in states.items() if state.ending is not None},
    )


def _action(world: World, index: int, event: Event) -> Action:
    moves = event.kind == "transition"
    target = world.landing(event.to) if moves else None
    cut = world.cutscenes_by_id.get(event.to) if moves and event.to is not None else None
    if event.land_when is not None:
        gated = not event.land_when.auto
    else:
        gated = target is not None and bool(world.states[target].arrive_label)
    return Action(
        index=index,
        name=event.name,
        kind=event.kind,
        event=event,
        requires=frozenset(event.requires or ()),
        grants=tuple(dict.fromkeys(event.grants or ())),
        one_shot=bool(event.one_shot),
        hidden=bool(event.hidden),
        target=target,
        cut=cut,
        cut_requires=frozenset((cut and cut.requires) or ()),
        console=event.terminal if event.kind == "terminal" else None,
        gated=gated,
        playing_ms=playing_ms(event),
        timer_ms=timer_ms(event),
        travel_ms=travel_ms(event.waypoint),
        zone=zone(event.land_when) if event.land_when is not None and event.land_when.auto else None,
    )


def _unwalkable(piece: SetPiece, states: Mapping[str, State]) -> str | None:
    if not piece.beats:
        return "it has no beats; give it at least one"
    for number, beat in enumerate(piece.beats, 1):
        if beat.state not in states:
            return f"its beat {number} names no state: {beat.state!r}"
    return None


def _walk(piece: SetPiece) -> Walk:
    beats: list[Beat] = []
    for beat in piece.beats:
        dwell = beat.dwell
        if dwell == "input":
            beats.append(Beat(beat.state, 0, False))
            break
        settles = dwell is None or isinstance(dwell, str)
        beats.append(Beat(beat.state, 0 if dwell is None or isinstance(dwell, str) else whole_ms(dwell.ms), settles))
    return Walk(PREFIX + piece.id, piece.title, tuple(beats))
