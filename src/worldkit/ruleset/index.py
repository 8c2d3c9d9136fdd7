"""``Index``: facts about a world that several rules need, each computed once per lint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain

from worldkit.core.document import Document, event_index
from worldkit.core.model import Event, State
from worldkit.core.model import Sequence as SetPiece
from worldkit.core.profile import HOSTED, Profile
from worldkit.ruleset.passages import CandidateText, suspicious_in_events, suspicious_in_states
from worldkit.ruleset.reachability import ranks_from

STATIONARY_KINDS = frozenset({"override", "terminal"})
"""The kinds of events that never move; what a kind of a later version of the format does is not known."""


class Index:
    """A world with the lookup tables that rules share.

    It ignores flags: it sees the graph, while an exploration sees positions. A state that is unreachable
    here is unreachable in play too, but not the reverse.

    Args:
        profile: Whose rules look at it.

    Attributes:
        profile: Whose rules look at it.
        states: All states by id.
        checked_states: The states that are looked at; all, but in a ``Slice``.
        events: The events that are looked at; all, but in a ``Slice``.
    """

    def __init__(self, world: Document, profile: Profile = HOSTED) -> None:
        self.world: Document = world
        self.profile: Profile = profile
        self.states: Mapping[str, State] = world.states
        self.events: Sequence[Event] = world.events
        self.checked_states: Mapping[str, State] = world.states

    @cached_property
    def transitions(self) -> list[Event]:
        """The events that move, in order; nothing else ever does (docs/spec/runtime.md)."""
        return [event for event in self.events if event.kind == "transition"]

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The indices of the events of each name, in order."""
        indices: dict[str, list[int]] = {}
        for position, event in enumerate(self.events):
            indices.setdefault(event.name, []).append(position)
        return indices

    @property
    def has_unique_names(self) -> bool:
        """Whether no two events share a name."""
        return event_index(self.world).has_unique_names

    @property
    def mentions(self) -> Mapping[str, tuple[Event, ...]]:
        """The events of the world whose ``from`` or ``to`` names an id, by that id."""
        return event_index(self.world).by_id

    def named(self, name: str) -> Event:
        """Return the event of a name, in a world in which no two share one."""
        return event_index(self.world).by_name[name][0]

    @property
    def with_flag(self) -> Mapping[str, tuple[Event, ...]]:
        """The events of the world that grant or require a flag, by that flag."""
        return event_index(self.world).by_flag

    @cached_property
    def evidenced(self) -> list[Event]:
        """The events with ``landWhen``, in order."""
        return [event for event in self.events if event.land_when is not None]

    @cached_property
    def phased(self) -> list[Event]:
        """The events with phases, in order."""
        return [event for event in self.events if event.phases is not None]

    @cached_property
    def suspicious_in_states(self) -> list[CandidateText]:
        """The texts of states that may have a word that a prose rule refuses, in order."""
        return suspicious_in_states(self.checked_states)

    @cached_property
    def suspicious_in_events(self) -> list[CandidateText]:
        """The texts of events that may have a word that a prose rule refuses, in order."""
        return suspicious_in_events(self.events)

    @property
    def source_states(self) -> Iterable[str]:
        """The states that the events may be offered in."""
        return self.states

    @cached_property
    def granted(self) -> frozenset[str]:
        """Every flag that some event grants; opening a console grants nothing, whatever it lists."""
        granting_events = [event for event in self.events if event.grants]
        return frozenset(flag for event in granting_events if not is_console(event) for flag in event.grants or ())

    @cached_property
    def landings(self) -> list[str | None]:
        """The state in which each of ``transitions`` lands, as by ``World.landing``."""
        cutscene_targets = {id: cutscene.to for id, cutscene in self.world.cutscenes_by_id.items()}
        states = self.states
        targets = [event.to for event in self.transitions]
        if cutscene_targets:
            targets = [None if to is None else cutscene_targets.get(to, to) for to in targets]
        return [to if to in states else None for to in targets]

    @cached_property
    def exits(self) -> Mapping[str, list[str]]:
        """The states in which the transitions of each state land, in order; a state without any has no entry."""
        targets: dict[str, list[str]] = {}
        for event, target in zip(self.transitions, self.landings, strict=True):
            if target is not None:
                for source in event.from_:
                    targets.setdefault(source, []).append(target)
        return targets

    @cached_property
    def moves(self) -> Mapping[str, list[str]]:
        """The states one move away from each state, by a transition or a sequence that starts there.

        A state with an ending has none: play is over there.
        """
        targets_by_state = dict(self.exits)
        moves: dict[str, list[str]] = {}
        for sequence in self.world.sequences or ():
            states = sequence_states(sequence, self.states)
            if len(states) > 1:
                moves.setdefault(states[0], []).extend(states[1:])
        for id, targets in moves.items():
            targets_by_state[id] = [*targets_by_state.get(id, ()), *targets]
        for id in self.endings:
            targets_by_state.pop(id, None)
        return targets_by_state

    @cached_property
    def endings(self) -> list[str]:
        """The states that end the run, in order."""
        return [id for id, state in self.states.items() if state.ending is not None]

    @cached_property
    def ending_ids(self) -> frozenset[str]:
        """The states that end the run."""
        return frozenset(self.endings)

    @cached_property
    def losses(self) -> frozenset[str]:
        """The states that end the run with a loss."""
        endings = ((id, self.states[id].ending) for id in self.endings)
        return frozenset(id for id, ending in endings if ending is not None and ending.kind == "lose")

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The states that moves can reach from the start, each with a rank above that of a state that leads to it."""
        start = self.world.start
        return ranks_from(() if start is None else (start,), self.moves)

    @property
    def reachable(self) -> Set[str]:
        """The states that moves can reach from the start."""
        return self.ranks.keys()

    def sources_of(self, id: str) -> list[str]:
        """Return the states from which a transition moves to a state, in a world without sequences."""
        if id not in self.states:
            return []
        ends = [] if id in self.world.cutscenes_by_id else [id]
        ends.extend(self._cutscenes_by_target.get(id, ()))
        events = (event for end in ends for event in self.mentions.get(end, ()) if event.to == end)
        sources = chain.from_iterable(event.from_ for event in events if event.kind == "transition")
        return [source for source in sources if source in self.states and source not in self.ending_ids]

    @cached_property
    def _cutscenes_by_target(self) -> Mapping[str, list[str]]:
        """The ids of the cutscenes that land in a state, by that state."""
        ids: dict[str, list[str]] = {}
        for id, cutscene in self.world.cutscenes_by_id.items():
            if cutscene.to is not None:
                ids.setdefault(cutscene.to, []).append(id)
        return ids

    @cached_property
    def unreachable(self) -> list[str]:
        """The states that are not reachable, in order."""
        reachable = self.reachable
        return [] if len(reachable) == len(self.states) else [id for id in self.states if id not in reachable]


class Slice(Index):
    """Some states and events of a world, with the facts of all of it.

    Rules whose findings are about single items give for a slice what they give for those items in the whole world.

    Args:
        whole: The index of the world.
        states: The states to look at.
        events: The events to look at.
    """

    def __init__(self, whole: Index, states: Mapping[str, State], events: Sequence[Event]) -> None:
        super().__init__(whole.world, whole.profile)
        self._full_index = whole
        self.checked_states = states
        self.events = events

    @property
    def source_states(self) -> Iterable[str]:
        """The states that the events are offered in."""
        return {source for event in self.events for source in event.from_ if source in self.states}

    @cached_property
    def granted(self) -> frozenset[str]:
        """Every flag that some event of the world grants."""
        return self._full_index.granted

    @cached_property
    def endings(self) -> list[str]:
        """The states of the world that end the run."""
        return self._full_index.endings

    @cached_property
    def ending_ids(self) -> frozenset[str]:
        """The same as a set."""
        return self._full_index.ending_ids

    @cached_property
    def losses(self) -> frozenset[str]:
        """The states of the world that end the run with a loss."""
        return self._full_index.losses


def is_console(event: Event) -> bool:
    """Return whether firing an event opens a console, which changes nothing else."""
    return event.kind == "terminal" and event.terminal is not None


def sequence_states(sequence: SetPiece, states: Mapping[str, State]) -> list[str]:
    """Return the states a sequence goes through, its first included.

    It ends at its first ``input`` beat or ending; one with a beat that names no state is never offered.
    """
    result: list[str] = []
    if all(beat.state in states for beat in sequence.beats):
        for beat in sequence.beats:
            result.append(beat.state)
            if beat.dwell == "input" or states[beat.state].ending is not None:
                break
    return result


def repeated_indices(ids: Iterable[str]) -> list[int]:
    """Return the indices of ids that occur earlier in the list."""
    all_ids = list(ids)
    if len(set(all_ids)) == len(all_ids):
        return []
    known_ids: set[str] = set()
    return [position for position, id in enumerate(all_ids) if id in known_ids or known_ids.add(id)]  # type: ignore[func-returns-value]
