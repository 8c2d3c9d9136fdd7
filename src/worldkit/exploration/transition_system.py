"""A world as a transition system over bits: what exhaustive play searches, made from the stepper's own table.

A position is a state's index and one integer, the mask: a bit for every flag that can ever be held and a
bit for every one-shot whose use can change what comes after. Masks only grow along a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.document import derived
from worldkit.core.json_values import quote
from worldkit.exploration.components import transitive_closure
from worldkit.exploration.moves import PackedMoves, SearchMove, grouped
from worldkit.exploration.shared_names import resolve_shared_names
from worldkit.playing.machine import reached_beats
from worldkit.playing.position import Position
from worldkit.playing.transition_table import Action, TransitionTable, check_has_states, table_of

if TYPE_CHECKING:
    from worldkit.world import World


@dataclass(frozen=True, eq=False)
class TransitionSystem:
    """A world, ready to be searched.

    Attributes:
        table: The stepper's table it was made from.
        states: Every state's id; a state's index is its place in the world.
        flags: The flags that can ever be held, in world order of their first grant; bit ``i`` is ``flags[i]``.
        one_shots: The one-shot names whose use matters; bit ``len(flags) + j`` is ``one_shots[j]``.
        sequences: The sequences, as the indices of the states they pass through; the last is where they end.
        sequence_names: Their names, ``sequence:<id>``.
        moves: What can be done in each state, in world order, sequences last; nothing in an ending. A move that
            needs a flag nobody can ever hold is not there. An event that shares its name with an earlier one has
            a move for every way in which that one is not available; in one position only one of them can be made.
        endings: The indices of the states that end the run.
        start: The index of the state play starts in.
        mask: The bits held at the start.
        omitted_events: The names of events and sequences that are left out in part: see ``resolve_shared_names``.
    """

    table: TransitionTable
    states: tuple[str, ...]
    flags: tuple[str, ...]
    one_shots: tuple[str, ...]
    sequences: tuple[tuple[int, ...], ...]
    sequence_names: tuple[str, ...]
    moves: Sequence[tuple[SearchMove, ...]]
    endings: frozenset[int]
    start: int
    mask: int
    omitted_events: tuple[str, ...] = ()

    @cached_property
    def index(self) -> dict[str, int]:
        """The index of every state."""
        return {id: i for i, id in enumerate(self.states)}

    @cached_property
    def bits(self) -> dict[str, int]:
        """The bit of every flag, as a mask."""
        return {flag: 1 << i for i, flag in enumerate(self.flags)}

    @property
    def width(self) -> int:
        """How many bits a mask has."""
        return len(self.flags) + len(self.one_shots)

    @cached_property
    def monotone(self) -> bool:
        """Whether more flags and fewer one-shots used never take a possibility away.

        So it is, unless names are shared: the second event of a name can be fired while the first one cannot.
        """
        if not self.table.shared_names:
            return True
        all_flags = (1 << len(self.flags)) - 1
        return not any(move.forbids & all_flags or move.requires & ~all_flags for moves in self.moves for move in moves)

    @property
    def omitted_names(self) -> str:
        """The first names of ``omitted_events``, in words."""
        return ", ".join(map(quote, self.omitted_events[:4])) + (" and others" if len(self.omitted_events) > 4 else "")

    def mask_of(self, flags: Iterable[str]) -> int | None:
        """Return the mask of a set of flags, or None when one of them can never be held."""
        bits, mask = self.bits, 0
        for flag in flags:
            if flag not in bits:
                return None
            mask |= bits[flag]
        return mask

    def flags_of(self, mask: int) -> frozenset[str]:
        """Return the flags of a mask."""
        return frozenset(flag for i, flag in enumerate(self.flags) if mask >> i & 1)

    def name(self, label: int) -> str:
        """Return what to pass to ``Session.fire`` for a move's label."""
        return self.sequence_names[-1 - label] if label < 0 else self.table.actions[label].name


def build_system(world: World, at: Position | None = None) -> TransitionSystem:
    """Return a world as a transition system.

    Args:
        at: Where play begins instead of the entrance; from the entrance, it is built once and kept with the world.

    Raises:
        InvalidWorld: The world has no states.
    """
    check_has_states(world)
    if at is not None:
        return _build(table_of(world), at)
    return derived(world, "_transition_system", lambda world: _build(table_of(world), None))


def _build(table: TransitionTable, at: Position | None) -> TransitionSystem:
    states = tuple(table.state_ids)
    index = {id: i for i, id in enumerate(states)}
    assert table.start is not None
    start = index[at.state if at else table.start]
    endings = frozenset(index[id] for id in table.endings)
    start_flags = at.flags if at else frozenset()
    grants = (flag for action in table.actions if not action.opens_console for flag in action.grants)
    flags = tuple(dict.fromkeys([*sorted(start_flags), *grants]))
    bits = {flag: 1 << i for i, flag in enumerate(flags)}
    routes = {
        id: [tuple(index[beat.state] for beat in reached_beats(table, sequence)) for sequence in sequences]
        for id, sequences in table.sequences.items()
    }
    one_shots = (
        _relevant_one_shots(table, states, index, endings, routes) if any(a.one_shot for a in table.actions) else ()
    )
    uses = {name: 1 << (len(flags) + j) for j, name in enumerate(one_shots)}
    mask = sum(bits[flag] for flag in start_flags) | sum(uses[name] for name in (at.used if at else ()) if name in uses)
    used_up = frozenset(at.used if at else ()) - uses.keys()
    open_states = {id: i for id, i in index.items() if i not in endings}
    moves = _EventMoves(index, open_states, bits, uses)
    moves.add_events(
        table.actions
        if not used_up
        else [action for action in table.actions if not (action.one_shot and action.name in used_up)]
    )
    sequences: list[tuple[int, ...]] = []
    sequence_names: list[str] = []
    for id in states if table.sequences else ():
        if id in open_states:
            for sequence, states_passed in zip(table.sequences.get(id, ()), routes.get(id, ()), strict=True):
                sequences.append(states_passed)
                sequence_names.append(sequence.name)
                moves.add(index[id], states_passed[-1], 0, 0, 0, -len(sequences))
    out, omitted_names = moves.packed(len(states)), dict[str, None]()
    if table.shared_names:
        rows = list(out)
        for id in table.shared_names:
            names = [
                sequence_names[-1 - move.label] if move.label < 0 else table.actions[move.label].name
                for move in rows[index[id]]
            ]
            self_firing = [move.label >= 0 and table.actions[move.label].fires_itself for move in rows[index[id]]]
            own_moves, dropped_names = resolve_shared_names(rows[index[id]], names, self_firing, mask)
            rows[index[id]] = tuple(own_moves)
            omitted_names.update(dict.fromkeys(dropped_names))
        out = PackedMoves.of(rows)
    return TransitionSystem(
        table,
        states,
        flags,
        one_shots,
        tuple(sequences),
        tuple(sequence_names),
        out,
        endings,
        start,
        mask,
        tuple(omitted_names),
    )


class _EventMoves:
    """The moves of a world in the order in which they are added, and then by state.

    Args:
        index: The index of every state.
        open_states: Those of the states that do not end the run.
        bits: The bit of every flag that can be held.
        uses: The bit of every one-shot whose use matters.
    """

    def __init__(
        self, index: dict[str, int], open_states: dict[str, int], bits: dict[str, int], uses: dict[str, int]
    ) -> None:
        self._index = index
        self._open_states = open_states
        self._bits = bits
        self._uses = uses
        self._required_bits: dict[frozenset[str], int | None] = {}
        self._states: list[int] = []
        self._fields: tuple[list[int], ...] = ([], [], [], [], [])

    def add(self, state: int, *fields: int) -> None:
        """Add a move of a state, by the fields of ``SearchMove``."""
        self._states.append(state)
        for values, value in zip(self._fields, fields, strict=True):
            values.append(value)

    def add_events(self, actions: Iterable[Action]) -> None:
        """Add the moves of events: one in every state they are offered in, unless they need what can never be held."""
        index, open_states, bits, uses, required_bits = (
            self._index,
            self._open_states,
            self._bits,
            self._uses,
            self._required_bits,
        )
        states, (targets, requires_of, sets_of, forbids_of, labels) = self._states, self._fields
        for action in actions:
            flags = action.requires
            if flags not in required_bits:
                required_bits[flags] = self._bits_of(flags)
            requires = required_bits[flags]
            if requires is None:
                continue
            use = uses.get(action.name, 0) if action.one_shot else 0
            target, sets = action.target, use
            if action.opens_console:
                target, sets = None, 0
            elif action.grants:
                for flag in action.grants:
                    sets |= bits[flag]
            for id in action.sources:
                if id in open_states:
                    state = open_states[id]
                    states.append(state)
                    targets.append(state if target is None else index[target])
                    requires_of.append(requires)
                    sets_of.append(sets)
                    forbids_of.append(use)
                    labels.append(action.index)

    def packed(self, count: int) -> PackedMoves:
        """Return the moves of so many states, those of each in the order in which they were added."""
        first, order = grouped(self._states, count)
        return PackedMoves(tuple(first), *(tuple([values[place] for place in order]) for values in self._fields))

    def _bits_of(self, flags: frozenset[str]) -> int | None:
        required_bits = 0
        for flag in flags:
            if flag not in self._bits:
                return None
            required_bits |= self._bits[flag]
        return required_bits


def _relevant_one_shots(
    table: TransitionTable,
    states: Sequence[str],
    index: dict[str, int],
    endings: frozenset[int],
    routes: dict[str, list[tuple[int, ...]]],
) -> tuple[str, ...]:
    """Return the one-shots whose use can change what comes after, by name, in world order.

    A use changes nothing when, wherever the event could be fired a second time, that would lead to a state
    which moves without any condition or effect lead to as well: its grants are held by then. So says every
    one-shot that stays, and every one whose sources cannot be reached again. Two one-shots that share a name
    and its use always matter, a console among them, which only the other uses up; so does a one-shot that
    shares its name with anything in the same state, which can be fired once it is used up.
    """
    shared_names = frozenset[str]().union(*table.shared_names.values())
    names: dict[str, list[Action]] = {}
    for action in table.actions:
        if action.one_shot:
            names.setdefault(action.name, []).append(action)
    anyhow: list[list[int]] = []
    freely: list[list[int]] = []
    for i, id in enumerate(states):
        moves = [] if i in endings else [action for action in table.by_state[id] if action.target is not None]
        sequence_ends = [] if i in endings else [states_passed[-1] for states_passed in routes.get(id, ())]
        anyhow.append([index[action.target] for action in moves if action.target is not None] + sequence_ends)
        free = [action for action in moves if not (action.requires or action.grants or action.one_shot)]
        if names_here := table.shared_names.get(id):
            free = [action for action in free if action.name not in names_here]
            sequence_ends = (
                []
                if i in endings
                else [
                    states_passed[-1]
                    for sequence, states_passed in zip(table.sequences.get(id, ()), routes.get(id, ()), strict=True)
                    if sequence.name not in names_here
                ]
            )
        freely.append([index[action.target] for action in free if action.target is not None] + sequence_ends)
    later, free_later = transitive_closure(anyhow), transitive_closure(freely)

    def matters(action: Action) -> bool:
        sources = [index[id] for id in action.sources if id in index]
        sources = [source for source in sources if source not in endings]
        if action.target is None or action.opens_console:
            return False
        target = index[action.target]
        repeat_sources = [source for source in sources if later[target] >> source & 1]
        return any(not free_later[source] >> target & 1 for source in repeat_sources)

    return tuple(
        name for name, actions in names.items() if len(actions) > 1 or name in shared_names or matters(actions[0])
    )
