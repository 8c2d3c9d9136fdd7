"""A world compiled for play: what can be done in each state, as sets and landing states, made once a world.

The table is the only reading of the specification's rules of play. The stepper walks it; exhaustive play
is compiled from it. It holds no position, no clock and no record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.model import Cutscene, Ending, Event, State, Terminal
from worldkit.core.model import Sequence as SetPiece
from worldkit.playing.clock import playing_ms, timer_ms, travel_ms, whole_ms
from worldkit.playing.gates import Gate, zone

if TYPE_CHECKING:
    from worldkit.world import World

Kind = Literal["transition", "override", "terminal", "sequence"]
PREFIX = "sequence:"


@dataclass(eq=False)  # not frozen: that would take a world of 5,000 events 10 ms more to compile
class Action:
    """One event, ready to step. What only a stepper asks for is worked out when it is asked for.

    Attributes:
        world: The world.
        index: Its place in the world's event list: world order.
        name: Its name; what ``Position.used`` holds.
        kind: Its kind.
        sources: The states it names as its sources, each once, whether they exist or not.
        requires: Flags that must be held.
        grants: Flags added when it lands, in the event's order, each once.
        one_shot: Once a run.
        hidden: No button.
        target: The state it lands in; None when it stays. Only a transition moves, and only to a state
            that exists: one that leads nowhere plays and stays.
        cut: The cutscene on its way, whose clip is skipped while ``cut_requires`` are not all held.
        opens: It opens a console, which changes nothing else.
    """

    world: World
    index: int
    name: str
    kind: Kind
    sources: tuple[str, ...]
    requires: frozenset[str]
    grants: tuple[str, ...]
    one_shot: bool
    hidden: bool
    target: str | None
    cut: Cutscene | None
    opens: bool

    @cached_property
    def event(self) -> Event:
        """The event itself."""
        return self.world.events[self.index]

    @cached_property
    def cut_requires(self) -> frozenset[str]:
        """See ``cut``."""
        return frozenset((self.cut and self.cut.requires) or ())

    @cached_property
    def console(self) -> Terminal | None:
        """The console it opens."""
        return self.event.terminal if self.opens else None

    @cached_property
    def gated(self) -> bool:
        """Whether it waits for evidence of arrival.

        Its own ``landWhen`` is asked for (a trigger zone's clauses are its trigger, not a gate), else its
        destination's ``arriveLabel``.
        """
        if self.event.land_when is not None:
            return not self.event.land_when.auto
        return self.target is not None and bool(self.world.states[self.target].arrive_label)

    @cached_property
    def playing_ms(self) -> int:
        """How long it plays before it lands."""
        return playing_ms(self.event)

    @cached_property
    def timer_ms(self) -> int | None:
        """How long after entering a state it fires by itself."""
        return timer_ms(self.event)

    @cached_property
    def travel_ms(self) -> int | None:
        """How long forward must be held to reach its waypoint."""
        return travel_ms(self.event.waypoint)

    @property
    def fires_itself(self) -> bool:
        """Whether a timer, a waypoint or a zone can fire it."""
        return self.timer_ms is not None or self.travel_ms is not None or self.zone is not None

    @cached_property
    def zone(self) -> Gate | None:
        """For a trigger zone, what the picture must show for it to fire by itself."""
        found = self.event.land_when
        return zone(found) if found is not None and found.auto else None


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


@dataclass(frozen=True, eq=False)
class Table:
    """A world, ready to step.

    Attributes:
        world: The world.
        start: The state play starts in; None in a world without states.
        actions: Every event, in world order.
        here: The events offered in each state, in world order; every state has an entry.
        walks: The sequences that can start in each state; states without one have no entry.
        names: Every event by name, in world order.
        broken_walks: Sequences that cannot be walked, by name, and why.
        endings: The states that end the run.
    """

    world: World
    start: str | None
    actions: tuple[Action, ...]
    here: Mapping[str, tuple[Action, ...]]
    walks: Mapping[str, tuple[Walk, ...]]
    names: Mapping[str, tuple[Action, ...]]
    broken_walks: Mapping[str, str]
    endings: Mapping[str, Ending]

    @property
    def states(self) -> Mapping[str, State]:
        """The states by id."""
        return self.world.states

    @cached_property
    def shared_names(self) -> Mapping[str, frozenset[str]]:
        """The names that several events or sequences of one state have; states without one have no entry."""
        found: dict[str, frozenset[str]] = {}
        if len(self.names) == len(self.actions) and not self.walks:
            return found
        for id, here in self.here.items():
            walks = self.walks.get(id, ())
            names = [action.name for action in here] + [walk.name for walk in walks]
            if len(set(names)) < len(names):
                found[id] = frozenset(name for name, count in Counter(names).items() if count > 1)
        return found

    @cached_property
    def self_firing_namesakes(self) -> frozenset[str]:
        """The names of events that can fire by themselves while an earlier one of their name can be pressed."""
        found: set[str] = set()
        for id, names in self.shared_names.items():
            seen: set[str] = set()
            for action in self.here[id]:
                if action.name in seen and action.fires_itself:
                    found.add(action.name)
                if action.name in names:
                    seen.add(action.name)
        return frozenset(found)

    @cached_property
    def zones(self) -> Mapping[str, tuple[Action, ...]]:
        """The trigger zones of each state; states without one have no entry."""
        zoned = {
            action.index
            for action in self.actions
            if "landWhen" in json_of(self.world)["scene"]["events"][action.index]
        }
        found = {
            id: tuple(a for a in here if a.index in zoned and a.zone is not None) for id, here in self.here.items()
        }
        return {id: zones for id, zones in found.items() if zones}


def table(world: World) -> Table:
    """Return the world compiled for play; compiled once, and kept with the world."""
    made = world.__dict__.get("_play_table")
    if made is None:
        made = world.__dict__["_play_table"] = _compile(world)
    assert isinstance(made, Table)
    return made


def _compile(world: World) -> Table:
    # read from the document itself, as the typed events of a large world take longer to build than all of this
    states: Mapping[str, Json] = json_of(world)["scene"]["states"]
    here: dict[str, list[Action]] = {id: [] for id in states}
    names: dict[str, list[Action]] = {}
    cuts = world.cutscenes_by_id
    actions = tuple(
        _action(world, index, event, cuts, here) for index, event in enumerate(json_of(world)["scene"]["events"])
    )
    for action in actions:
        names.setdefault(action.name, []).append(action)
        for id in action.sources:
            if id in here:
                here[id].append(action)
    walks: dict[str, list[Walk]] = {}
    broken: dict[str, str] = {}
    for piece in world.sequences or ():
        why = _unwalkable(piece, states)
        if why is None:
            walks.setdefault(piece.beats[0].state, []).append(_walk(piece))
        else:
            broken[PREFIX + piece.id] = why
    return Table(
        world=world,
        start=world.start,
        actions=actions,
        here={id: tuple(found) for id, found in here.items()},
        walks={id: tuple(found) for id, found in walks.items()},
        names={name: tuple(found) for name, found in names.items()},
        broken_walks=broken,
        endings={id: Ending.model_validate(state["ending"]) for id, state in states.items() if "ending" in state},
    )


_NO_FLAGS: frozenset[str] = frozenset()


def _action(
    world: World, index: int, event: Json, cuts: Mapping[str, Cutscene], states: Mapping[str, object]
) -> Action:
    get = event.get
    kind: Kind = event["kind"]
    sources = event["from"]
    target = cut = None
    if kind == "transition" and (to := get("to")) is not None:
        cut = cuts.get(to)
        target = cut.to if cut else to
        if target not in states:
            target = None
    requires, grants = get("requires"), get("grants")
    return Action(
        world,
        index,
        event["name"],
        kind,
        (sources,) if type(sources) is str else tuple(dict.fromkeys(sources)),
        frozenset(requires) if requires else _NO_FLAGS,
        tuple(dict.fromkeys(grants)) if grants else (),
        get("oneShot", False),
        get("hidden", False),
        target,
        cut,
        kind == "terminal" and "terminal" in event,
    )


def _unwalkable(piece: SetPiece, states: Mapping[str, object]) -> str | None:
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
