"""The transition table of a world: the guards and effects of its events by state, compiled once for each world.

This is the only place that interprets the document's rules of play. The stepper reads the table, exhaustive play
and simulation are compiled from it. It holds no position, no clock and no record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from worldkit.core.document import derived, has_open_lists, json_of
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import Json
from worldkit.core.model import Cutscene, Ending, Event, State, Terminal
from worldkit.core.model import Sequence as SetPiece
from worldkit.core.problems import validate
from worldkit.playing.clock import playing_ms, timer_ms, travel_ms, whole_ms
from worldkit.playing.evidence_gates import EvidenceGate, zone_gate

if TYPE_CHECKING:
    from worldkit.world import World

Kind = Literal["transition", "override", "terminal", "sequence"]
SEQUENCE_PREFIX = "sequence:"


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
        is_hidden: No button.
        target: The state it lands in; None when it stays. Only a transition moves, and only to a state
            that exists: one that leads nowhere plays and stays.
        cutscenes: The cutscene on its way by the state it is fired in: the one that its ``to`` names, else the one
            that stands between the two states and has a video.
        opens_console: It opens a console, which changes nothing else.
    """

    world: World
    index: int
    name: str
    kind: Kind
    sources: tuple[str, ...]
    requires: frozenset[str]
    grants: tuple[str, ...]
    one_shot: bool
    is_hidden: bool
    target: str | None
    cutscenes: Mapping[str, Cutscene]
    opens_console: bool

    def __reduce__(self) -> tuple[Callable[[World, int], Action], tuple[World, int]]:
        """Pickle as the world's event, so that it is an action of the world's table where it is read."""
        return _action_of, (self.world, self.index)

    @cached_property
    def event(self) -> Event:
        """The event itself."""
        return self.world.events[self.index]

    def plays_cutscene(self, state: str, flags: Collection[str]) -> bool:
        """Return whether the clip of the cutscene on its way plays: there is one, and its flags are all held."""
        cutscene = self.cutscenes.get(state)
        return cutscene is not None and all(flag in flags for flag in cutscene.requires or ())

    @property
    def cutscene_flags(self) -> frozenset[str]:
        """The flags that its cutscenes require."""
        return frozenset(flag for cutscene in self.cutscenes.values() for flag in cutscene.requires or ())

    @cached_property
    def console(self) -> Terminal | None:
        """The console it opens."""
        return self.event.terminal if self.opens_console else None

    @cached_property
    def awaits_evidence(self) -> bool:
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
    def zone(self) -> EvidenceGate | None:
        """For a trigger zone, what the picture must show for it to fire by itself."""
        land_when = self.event.land_when
        return zone_gate(land_when) if land_when is not None and land_when.auto else None


@dataclass(frozen=True, slots=True)
class SequenceStop:
    """One stop of a sequence: its state, how long it dwells there, and whether the picture should settle."""

    state: str
    ms: int
    settles: bool


@dataclass(frozen=True, slots=True, eq=False)
class SequenceAction:
    """One sequence, ready to play: it ends at its first ``input`` beat.

    Attributes:
        name: ``sequence:<id>``.
        title: Its title.
        beats: The stops, the first one where the player already is.
    """

    name: str
    title: str
    beats: tuple[SequenceStop, ...]


@dataclass(frozen=True, eq=False)
class TransitionTable:
    """A world, ready to step.

    Attributes:
        world: The world.
        start: The state play starts in; None in a world without states.
        state_ids: The states' ids, in world order.
        actions: Every event, in world order.
        sequences: The sequences that can start in each state; states without one have no entry.
        broken_sequences: Sequences that cannot be played, by name, and why.
        endings: The states that end the run.
    """

    world: World
    start: str | None
    state_ids: Collection[str]
    actions: tuple[Action, ...]
    sequences: Mapping[str, tuple[SequenceAction, ...]]
    broken_sequences: Mapping[str, str]
    endings: Mapping[str, Ending]

    def __reduce__(self) -> tuple[Callable[[World], TransitionTable], tuple[World]]:
        """Pickle as the world, which is compiled again where it is read."""
        return table_of, (self.world,)

    @property
    def states(self) -> Mapping[str, State]:
        """The states by id."""
        return self.world.states

    @cached_property
    def by_state(self) -> Mapping[str, tuple[Action, ...]]:
        """The events offered in each state, in world order; every state has an entry."""
        by_state: dict[str, list[Action]] = {id: [] for id in self.state_ids}
        for action in self.actions:
            for id in action.sources:
                if id in by_state:
                    by_state[id].append(action)
        return {id: tuple(actions) for id, actions in by_state.items()}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Action, ...]]:
        """Every event by name, in world order."""
        by_name: dict[str, list[Action]] = {}
        for action in self.actions:
            by_name.setdefault(action.name, []).append(action)
        return {name: tuple(actions) for name, actions in by_name.items()}

    @cached_property
    def event_names(self) -> frozenset[str]:
        """The names of the events and sequences."""
        return frozenset([*self.by_name, *(one.name for sequences in self.sequences.values() for one in sequences)])

    @cached_property
    def shared_names(self) -> Mapping[str, frozenset[str]]:
        """The names that several events or sequences of one state have; states without one have no entry."""
        names_by_state: dict[str, frozenset[str]] = {}
        if len({action.name for action in self.actions}) == len(self.actions) and not self.sequences:
            return names_by_state
        for id, actions in self.by_state.items():
            sequences = self.sequences.get(id, ())
            names = [action.name for action in actions] + [sequence.name for sequence in sequences]
            if len(set(names)) < len(names):
                names_by_state[id] = frozenset(name for name, count in Counter(names).items() if count > 1)
        return names_by_state

    @cached_property
    def self_firing_namesakes(self) -> frozenset[str]:
        """The names of events that can fire by themselves while an earlier one of their name can be pressed."""
        namesakes: set[str] = set()
        for id, names in self.shared_names.items():
            earlier: set[str] = set()
            for action in self.by_state[id]:
                if action.name in earlier and action.fires_itself:
                    namesakes.add(action.name)
                if action.name in names:
                    earlier.add(action.name)
        return frozenset(namesakes)

    @cached_property
    def zones(self) -> Mapping[str, tuple[Action, ...]]:
        """The trigger zones of each state; states without one have no entry."""
        zone_indexes = {
            action.index
            for action in self.actions
            if "landWhen" in json_of(self.world)["scene"]["events"][action.index]
        }
        zones_by_state = {
            id: tuple(a for a in actions if a.index in zone_indexes and a.zone is not None)
            for id, actions in self.by_state.items()
        }
        return {id: zones for id, zones in zones_by_state.items() if zones}


def check_has_states(world: World) -> None:
    """Refuse to play a world without states.

    Raises:
        InvalidWorld: It has none.
    """
    if not json_of(world)["scene"]["states"]:
        problem = Problem("scene.states", "expected at least one state, got none; add a state")
        raise InvalidWorld([problem], world.name or world.id or "the world", "cannot be played")


def table_of(world: World) -> TransitionTable:
    """Return the world compiled for play; compiled once, and kept with the world."""
    return derived(world, "_play_table", _compile_world)


def _action_of(world: World, index: int) -> Action:
    return table_of(world).actions[index]


def _compile_world(world: World) -> TransitionTable:
    # read from the document itself, as the typed events of a large world take longer to build than all of this
    states: Mapping[str, Json] = json_of(world)["scene"]["states"]
    cutscenes = world.cutscenes_by_id
    cutscenes_into: dict[str, dict[str, Cutscene]] = {}
    for cutscene in world.cutscenes or ():
        if cutscene.video.strip():
            cutscenes_into.setdefault(cutscene.to, {}).setdefault(cutscene.from_, cutscene)
    flag_sets: dict[tuple[str, ...], frozenset[str]] = {(): frozenset()}
    source_sets: dict[str, tuple[str, ...]] = {}
    actions = tuple(
        _compile_event(world, index, event, cutscenes, cutscenes_into, states, flag_sets, source_sets)
        for index, event in enumerate(json_of(world)["scene"]["events"])
    )
    sequences: dict[str, list[SequenceAction]] = {}
    broken_sequences: dict[str, str] = {}
    for sequence in world.sequences or ():
        problem = _sequence_problem(sequence, states)
        if problem is None:
            sequences.setdefault(sequence.beats[0].state, []).append(_compile_sequence(sequence))
        else:
            broken_sequences[SEQUENCE_PREFIX + sequence.id] = problem
    open_lists = has_open_lists(world)
    return TransitionTable(
        world=world,
        start=world.start,
        state_ids=states.keys(),
        actions=actions,
        sequences={id: tuple(entries) for id, entries in sequences.items()},
        broken_sequences=broken_sequences,
        endings={
            id: validate(Ending, state["ending"], open_lists=open_lists)
            for id, state in states.items()
            if "ending" in state
        },
    )


_NO_CUTSCENES: Mapping[str, Cutscene] = MappingProxyType({})


def _compile_event(
    world: World,
    index: int,
    event: Json,
    cutscenes: Mapping[str, Cutscene],
    cutscenes_into: Mapping[str, Mapping[str, Cutscene]],
    states: Mapping[str, object],
    flag_sets: dict[tuple[str, ...], frozenset[str]],
    source_sets: dict[str, tuple[str, ...]],
) -> Action:
    get = event.get
    kind: Kind = event["kind"]
    named_sources = event["from"]
    if type(named_sources) is str or len(named_sources) == 1:  # many events have the same: one tuple for all of them
        source = named_sources if type(named_sources) is str else named_sources[0]
        sources = source_sets.get(source) or source_sets.setdefault(source, (source,))
    else:
        sources = tuple(dict.fromkeys(named_sources))
    target = cutscene = None
    if kind == "transition" and (to := get("to")) is not None:
        cutscene = cutscenes.get(to)
        target = cutscene.to if cutscene else to
        if target not in states:
            target = None
    on_way = _NO_CUTSCENES if target is None and cutscene is None else cutscenes_into.get(target or "", _NO_CUTSCENES)
    required_flags, grants = tuple(get("requires") or ()), get("grants")
    requires = flag_sets.get(required_flags)
    if requires is None:  # many events require the same: one set for all of them
        requires = flag_sets[required_flags] = frozenset(required_flags)
    return Action(
        world,
        index,
        event["name"],
        kind,
        sources,
        requires,
        tuple(dict.fromkeys(grants)) if grants else (),
        get("oneShot", False),
        get("hidden", False),
        target,
        on_way if cutscene is None else dict.fromkeys(sources, cutscene),
        kind == "terminal" and "terminal" in event,
    )


def _sequence_problem(sequence: SetPiece, states: Mapping[str, object]) -> str | None:
    if not sequence.beats:
        return "it has no beats; give it at least one"
    for number, beat in enumerate(sequence.beats, 1):
        if beat.state not in states:
            return f"its beat {number} names no state: {beat.state!r}"
    return None


def _compile_sequence(sequence: SetPiece) -> SequenceAction:
    beats: list[SequenceStop] = []
    for beat in sequence.beats:
        dwell = beat.dwell
        if dwell == "input":
            beats.append(SequenceStop(beat.state, 0, False))
            break
        settles = dwell is None or isinstance(dwell, str)
        beats.append(
            SequenceStop(beat.state, 0 if dwell is None or isinstance(dwell, str) else whole_ms(dwell.ms), settles)
        )
    return SequenceAction(SEQUENCE_PREFIX + sequence.id, sequence.title, tuple(beats))
