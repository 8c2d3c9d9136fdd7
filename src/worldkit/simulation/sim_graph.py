"""The simulation graph: what a player can do in each state, as bit masks and precomputed choices.

Everything is read off the stepper's own table (``playing.transition_table``). What can be done in a state depends
only on the few flags and uses its events ask for, so each state keeps the sets of choices it has already met.

What a player can do: press an available event that has a button, or a hidden one that is a trigger zone, which
stands for walking into it; start a sequence; wait for what fires by itself next; hold forward to the next waypoint.
A hidden event with none of those is left to code: no player fires it, a script can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from worldkit.core.spoken_names import button_label, readable_name
from worldkit.playing.machine import reached_beats
from worldkit.playing.position import Position
from worldkit.playing.trace import By
from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable, table_of
from worldkit.world import World

MAX_CACHED_CHOICES = 1_000_000
"""Most choices kept in sets at once (about 30 bytes each); what was counted is never lost."""


class Node(NamedTuple):
    """A state of the simulation graph.

    Attributes:
        relevant: The bits that decide what can be done here.
        choices_by_bits: The sets of choices met so far, by those bits; always empty in a state where something fires by
            itself, so that a walker has to ask.
        number: Its place among the world's states.
    """

    relevant: int
    choices_by_bits: dict[int, Choices]
    number: int


class Landing(NamedTuple):
    """What taking an edge does: the place it leads to, bits gained, ms until it lands, ms it has been there by then."""

    place: Node
    sets: int
    ms: int
    since: int


class Choices(NamedTuple):
    """What can be done at one point, in world order, what fires by itself last.

    Attributes:
        size: How many.
        counts: How often each was taken.
        landings: What each does.
        edges: The number of each edge.
    """

    size: int
    counts: list[int]
    landings: tuple[Landing, ...]
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SimEdge:
    """One event or sequence in one state, fired in one way.

    Attributes:
        state: The index of the state.
        what: The event or sequence.
        by: Who fires it.
        requires: Bits that must be held.
        forbids: Bits that must not be held.
        pressable: A player can press it: it has a button or is a trigger zone.
        through: The indices of the states it lands in or passes, in order.
    """

    state: int
    what: Action | SequenceAction
    by: By
    requires: int
    forbids: int
    pressable: bool
    through: tuple[int, ...]

    @property
    def moved(self) -> bool:
        """It lands in a state, perhaps the same one."""
        return bool(self.through)

    @property
    def name(self) -> str:
        """What to pass to ``Session.fire``."""
        return self.what.name

    @property
    def label(self) -> str:
        """What its button says."""
        if isinstance(self.what, SequenceAction):
            return self.what.title or readable_name(self.what.name)
        return button_label(self.what.event)

    @property
    def kind(self) -> str:
        """Its kind, ``sequence`` for a sequence."""
        return "sequence" if isinstance(self.what, SequenceAction) else self.what.kind


def is_pressable(action: Action) -> bool:
    """Say whether a player can press an event: it has a button, or is a trigger zone to walk into."""
    return not action.is_hidden or action.zone is not None


def self_firing_kinds(action: Action) -> list[By]:
    """Return what fires an event without a press."""
    kinds: list[By] = []
    if action.timer_ms is not None:
        kinds.append("timer")
    if action.travel_ms is not None:
        kinds.append("waypoint")
    return kinds


class NodeClock:
    """How a state is being stood in, where things fire by themselves: the clocks and what has fired since."""

    __slots__ = ("elapsed_ms", "self_fired", "travelled_ms")

    def __init__(self, since: int = 0) -> None:
        self.elapsed_ms: int = since
        self.travelled_ms: int = 0
        self.self_fired: frozenset[int] = frozenset()


class SimGraph:
    """A world compiled for simulation.

    Args:
        world: The world; it has at least one state.
        at: Where play begins.

    Attributes:
        table: The stepper's table.
        states: Every state's id; a state's index is its place here.
        edges: Everything that can be done, by state, in world order.
        pressed_edges: The numbers of the edges of each state that are pressed; ``timed_edges`` fire by themselves.
        timed_edges: The numbers of the edges that fire by themselves, for the states that have some.
        states_sharing_names: The indices of the states in which several events have one name.
        endings: The indices of the states that end the run.
        start: The place play begins in.
        mask: The bits held then.
    """

    def __init__(self, world: World, at: Position) -> None:
        self._make(table_of(world), at)

    def _make(self, table: TransitionTable, at: Position) -> None:
        self.table = table
        self.states: tuple[str, ...] = tuple(table.states)
        self.index: dict[str, int] = {id: i for i, id in enumerate(self.states)}
        self.endings: frozenset[int] = frozenset(self.index[id] for id in table.endings)
        grants = (flag for action in table.actions if not action.opens_console for flag in action.grants)
        self.flags: tuple[str, ...] = tuple(dict.fromkeys([*sorted(at.flags), *grants]))
        self._bits = {flag: 1 << i for i, flag in enumerate(self.flags)}
        self._bits_by_flags: dict[frozenset[str] | tuple[str, ...], int | None] = {}
        one_shots = (action.name for action in table.actions if action.one_shot and not action.opens_console)
        self.ones: tuple[str, ...] = tuple(dict.fromkeys([*sorted(at.used), *one_shots]))
        self._uses = {name: 1 << (len(self.flags) + j) for j, name in enumerate(self.ones)}
        self.mask: int = (1 << len(at.flags)) - 1 | sum(self._uses[name] for name in at.used)
        self.edges: list[SimEdge] = []
        self.pressed_edges: list[tuple[int, ...]] = []
        self.timed_edges: dict[int, tuple[int, ...]] = {}
        self.states_sharing_names: set[int] = set()
        self._timed_choices: dict[tuple[int, int, tuple[int, ...]], Choices] = {}
        self._cached_count = 0
        self.take_counts: list[int] = []
        self.offer_counts: list[int] = []
        relevant = [self._add_edges(i, id) for i, id in enumerate(self.states)]
        self.places: list[Node] = [Node(bits, {}, i) for i, bits in enumerate(relevant)]
        self.landings: list[Landing] = [self._landing(edge) for edge in self.edges]
        self.start: Node = self.places[self.index[at.state]]
        self.take_counts = [0] * len(self.edges)
        self.offer_counts = [0] * len(self.edges)

    def _add_edges(self, i: int, id: str) -> int:
        pressed_edges: list[int] = []
        timed_edges: list[int] = []
        relevant = 0
        if i not in self.endings:
            for action in self.table.by_state[id]:
                requires = self._bits_of(action.requires)
                if requires is None:
                    continue
                forbids = self._uses.get(action.name, 0) if action.one_shot else 0
                relevant |= requires | forbids
                through: tuple[int, ...] = () if action.target is None else (self.index[action.target],)
                pressed_edges.append(len(self.edges))
                self.edges.append(SimEdge(i, action, "player", requires, forbids, is_pressable(action), through))
                for by in self_firing_kinds(action):
                    timed_edges.append(len(self.edges))
                    self.edges.append(SimEdge(i, action, by, requires, forbids, False, through))
            for sequence in self.table.sequences.get(id, ()):
                through = tuple(self.index[beat.state] for beat in reached_beats(self.table, sequence)[1:])
                pressed_edges.append(len(self.edges))
                self.edges.append(SimEdge(i, sequence, "player", 0, 0, True, through))
        if len({self.edges[e].name for e in pressed_edges}) < len(pressed_edges):
            self.states_sharing_names.add(i)
        if timed_edges:
            self.timed_edges[i] = tuple(timed_edges)
        self.pressed_edges.append(tuple(pressed_edges))
        return relevant

    def _bits_of(self, flags: frozenset[str] | tuple[str, ...]) -> int | None:
        """Return the bits of flags; None where one of them is never held. One event may be in many states."""
        if flags not in self._bits_by_flags:
            is_known = all(flag in self._bits for flag in flags)
            self._bits_by_flags[flags] = sum(self._bits[flag] for flag in set(flags)) if is_known else None
        return self._bits_by_flags[flags]

    def _landing(self, edge: SimEdge) -> Landing:
        place = self.places[edge.through[-1] if edge.through else edge.state]
        what = edge.what
        if isinstance(what, SequenceAction):
            beats = reached_beats(self.table, what)
            return Landing(place, 0, sum(beat.ms for beat in beats), beats[-1].ms if edge.moved else 0)
        if what.opens_console:
            return Landing(place, 0, 0, 0)
        sets = self._uses[what.name] if what.one_shot else 0
        return Landing(place, sets | (self._bits_of(what.grants) or 0), what.playing_ms, 0)

    # ---- what can be done --------------------------------------------------------------------

    def choices(self, node: Node, mask: int) -> Choices:
        """Return what can be done in a place where nothing fires by itself."""
        key = mask & node.relevant
        choices = node.choices_by_bits.get(key)
        if choices is None:
            choices = self._new_choices(self.pressed(node.number, mask))
            node.choices_by_bits[key] = choices
        return choices

    def choices_in_time(self, node: Node, mask: int, stay: NodeClock) -> tuple[Choices, dict[int, tuple[int, bool]]]:
        """Return what can be done in a place where things fire by themselves.

        Returns:
            The choices; and for those that are waits, how many ms and whether with forward held, by edge.
        """
        waits: dict[int, tuple[int, bool]] = {}
        next_up = self._next_firing(node.number, mask, stay, False)
        if next_up is not None:
            waits[next_up[0]] = (next_up[1], False)
        next_firing = self._next_firing(node.number, mask, stay, True)
        if next_firing is not None and next_firing[0] not in waits:
            waits[next_firing[0]] = (next_firing[1], True)
        key = (node.number, mask & node.relevant, tuple(waits))
        choices = self._timed_choices.get(key)
        if choices is None:
            choices = self._timed_choices[key] = self._new_choices([*self.pressed(node.number, mask), *waits])
        return choices, waits

    def pressed(self, i: int, mask: int) -> list[int]:
        """Return the edges a player can press in a state: of several with one name, the one that would fire."""
        edges = self.edges
        enabled_edges = [
            e
            for e in self.pressed_edges[i]
            if mask & edges[e].requires == edges[e].requires and not mask & edges[e].forbids
        ]
        if i not in self.states_sharing_names:
            return [e for e in enabled_edges if edges[e].pressable]
        first_of_name: dict[str, int] = {}
        for e in enabled_edges:
            first_of_name.setdefault(edges[e].name, e)
        pressable_names = {edges[e].name for e in enabled_edges if edges[e].pressable}
        return [e for name, e in first_of_name.items() if name in pressable_names]

    def edges_of(self, i: int) -> list[int]:
        """Return all edges of a state, by player, timer or zone, in world order."""
        return sorted((*self.pressed_edges[i], *self.timed_edges.get(i, ())))

    def fired_by_code(self, i: int, mask: int, name: str) -> int | None:
        """Return the edge ``Session.fire`` would take for a name, hidden or not; None when it would refuse."""
        for e in self.pressed_edges[i]:
            edge = self.edges[e]
            if edge.name == name and mask & edge.requires == edge.requires and not mask & edge.forbids:
                return e
        return None

    def _next_firing(self, i: int, mask: int, stay: NodeClock, forward: bool) -> tuple[int, int] | None:
        # the same order as moment.next_self_firing: what is due first, then world order, a timer before a waypoint
        best: tuple[int, int] | None = None
        best_firing: tuple[int, int] | None = None
        for e in self.timed_edges[i]:
            edge = self.edges[e]
            action = edge.what
            assert isinstance(action, Action)
            if action.index in stay.self_fired or mask & edge.requires != edge.requires or mask & edge.forbids:
                continue
            if edge.by == "timer":
                assert action.timer_ms is not None
                when = action.timer_ms - stay.elapsed_ms
            else:
                assert action.travel_ms is not None
                remaining = action.travel_ms - stay.travelled_ms
                if remaining > 0 and not forward:
                    continue
                when = max(0, remaining)
            if best is None or (when, action.index) < best:
                best = (when, action.index)
                best_firing = (e, max(0, when))
        return best_firing

    def _new_choices(self, edges: list[int]) -> Choices:
        self._cached_count += len(edges) + 10
        if self._cached_count > MAX_CACHED_CHOICES:
            self.collect_counts()
        return Choices(len(edges), [0] * len(edges), tuple([self.landings[e] for e in edges]), tuple(edges))

    # ---- what was counted --------------------------------------------------------------------

    def collect_counts(self) -> None:
        """Add what was counted to ``take_counts`` and ``offer_counts``, by edge, and forget the sets of choices."""
        cached_choices = [choices for node in self.places for choices in node.choices_by_bits.values()]
        for choices in [*cached_choices, *self._timed_choices.values()]:
            visits = sum(choices.counts)
            for e, count in zip(choices.edges, choices.counts, strict=True):
                self.take_counts[e] += count
                self.offer_counts[e] += visits
        for node in self.places:
            node.choices_by_bits.clear()
        self._timed_choices.clear()
        self._cached_count = 0

    # ---- names -------------------------------------------------------------------------------

    def flags_of(self, mask: int) -> frozenset[str]:
        """Return the flags held."""
        return frozenset([flag for i, flag in enumerate(self.flags) if mask >> i & 1])

    def position(self, i: int, mask: int) -> Position:
        """Return a position as the stepper has it."""
        uses = mask >> len(self.flags)
        used_names = frozenset([name for j, name in enumerate(self.ones) if uses >> j & 1])
        return Position(self.states[i], self.flags_of(mask), used_names)
