"""The quotient of a transition system by free moves: states joined by moves without guard or effect form one group.

From one state of a group every other one can be reached with the same mask, so the quotient is exact for
everything but counts of steps. A world of a thousand states is often a few dozen groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress, islice
from typing import NamedTuple

from worldkit.exploration.components import Graph, strong_components
from worldkit.exploration.moves import FlatRows, PackedMoves, SearchMove, grouped
from worldkit.exploration.transition_system import TransitionSystem

MAX_COMPARED_EDGES = 64
"""A move is compared with no more others of the same effect than this, the least demanding ones."""


Edge = tuple[int, int, int, int]
"""What a move does to a position of a group: the group entered, and the bits required, gained and forbidden.

Neither this nor what else a large world has much of is an object of a class: Python's collector of garbage, which
visits those again and again, takes longer than all that is done with them.
"""


class QuotientGuard(NamedTuple):
    """When something can be done in a state.

    All of ``requires`` is held, nothing of ``forbids`` is, and not all of ``unless_all`` is. ``unless_all`` is 0
    when it does not matter.
    """

    requires: int
    forbids: int
    unless_all: int

    def holds(self, mask: int) -> bool:
        """Say whether it can be done with a mask."""
        unless_all = self.unless_all
        return (
            mask & self.requires == self.requires
            and not mask & self.forbids
            and (not unless_all or mask & unless_all != unless_all)
        )


@dataclass(frozen=True, eq=False)
class QuotientSystem:
    """A system of groups; a group's number grows along the run unless a way leads back.

    Only groups that some chain of moves leads to, ignoring required flags, are included.

    Attributes:
        system: The system it is a quotient of.
        group: The group of every state; -1 where no way leads.
        members: The states of every group.
        moves: The moves of every group, those of each of its states after the other; their targets are groups.
        edges: What can be done in each group, each once; what changes nothing and what another move does
            under fewer conditions is left out.
        endings: The groups that end the run, one state each.
        start: The group play starts in.
        quiet_groups: The groups in which it can happen that nothing can be done, one state each, and when it
            can.
    """

    system: TransitionSystem
    group: list[int]
    members: FlatRows[int]
    moves: PackedMoves
    edges: list[tuple[Edge, ...]]
    endings: frozenset[int]
    start: int
    quiet_groups: dict[int, list[QuotientGuard]]

    @cached_property
    def labels(self) -> list[dict[tuple[int, int], tuple[int, ...]]]:
        """The events that can be fired in a group, by their need and bar; sequences too, where they have some."""
        labels: list[dict[tuple[int, int], tuple[int, ...]]] = []
        for moves in self.moves:
            guards: dict[tuple[int, int], list[int]] = {}
            for _, requires, _, forbids, label in moves:
                if label >= 0 or requires or forbids:
                    guards.setdefault((requires, forbids), []).append(label)
            labels.append({guard: tuple(labels_here) for guard, labels_here in guards.items()})
        return labels

    def states(self, groups: frozenset[int]) -> frozenset[int]:
        """Return the states of groups."""
        return frozenset(state for number in groups for state in self.members[number])

    def reached(self, groups: frozenset[int], labels: frozenset[int]) -> frozenset[int]:
        """Return the states that are reached when groups are: theirs, and those their sequences pass through.

        Args:
            labels: What can be done, of ``labels``.
        """
        states = set(self.states(groups))
        for state in list(states) if self.system.sequences else ():
            for move in self.system.moves[state]:
                if move.label < 0 and (move.label in labels or not (move.requires or move.forbids)):
                    states.update(self.system.sequences[-1 - move.label])
        return frozenset(states)


def quotient_of(system: TransitionSystem) -> QuotientSystem:
    """Return a system with its groups of states joined by free moves taken together."""
    moves = PackedMoves.of(system.moves)
    component = strong_components(_free_moves(moves))
    components = FlatRows(*grouped(component, max(component) + 1))
    between = _MovesBetween(components, moves, component)
    components_in_order = _reachable_in_order(between, component[system.start])
    new_number, states, first = [-1] * len(components), list[int](), [0]
    for place, number in enumerate(components_in_order):
        new_number[number] = place
        states += components[number]
        first.append(len(states))
    group = [new_number[number] for number in component]
    group_moves = _moves_of_groups(moves, states, first, group)
    endings = frozenset(group[state] for state in system.endings if group[state] >= 0)
    edges: list[tuple[Edge, ...]] = []
    quiet = {}
    all_edges = zip(group_moves.targets, group_moves.requires, group_moves.sets, group_moves.forbids, strict=True)
    for number in range(len(components_in_order)):
        edges_here = islice(all_edges, group_moves.first[number + 1] - group_moves.first[number])
        edges.append(_undominated([edge for edge in edges_here if edge[2] or edge[0] != number]))
        if first[number + 1] - first[number] == 1 and number not in endings:
            when = _enabling_guards(system, group_moves, number)
            if when is not None:
                quiet[number] = when
    return QuotientSystem(
        system, group, FlatRows(first, states), group_moves, edges, endings, group[system.start], quiet
    )


def _free_moves(moves: PackedMoves) -> FlatRows[int]:
    """Return where the moves without guard or effect lead from every state."""
    effects = zip(moves.requires, moves.sets, moves.forbids, strict=True)
    is_free = [not (requires or sets or forbids) for requires, sets, forbids in effects]
    free_before = [0, *accumulate(is_free)]
    return FlatRows([free_before[place] for place in moves.first], list(compress(moves.targets, is_free)))


class _MovesBetween:
    """Where the moves of every component's states lead, by component; worked out when it is asked for."""

    def __init__(self, components: FlatRows[int], moves: PackedMoves, component: list[int]) -> None:
        self._components = components
        self._targets = FlatRows(moves.first, [component[target] for target in moves.targets])

    def __len__(self) -> int:
        return len(self._components)

    def __getitem__(self, number: int) -> list[int]:
        states, targets = self._components[number], self._targets
        return targets[states[0]] if len(states) == 1 else [target for state in states for target in targets[state]]


def _moves_of_groups(moves: PackedMoves, states: list[int], first: list[int], group: list[int]) -> PackedMoves:
    """Return the moves of groups instead of states.

    Args:
        states: The states of the groups, one group after the other.
        first: Where the states of each group begin, and where those of the last one end.
        group: The group of every state.
    """
    starts = moves.first
    order = [place for state in states for place in range(starts[state], starts[state + 1])]
    ends = [0, *accumulate(starts[state + 1] - starts[state] for state in states)]
    return PackedMoves(
        tuple([ends[place] for place in first]),
        tuple([group[moves.targets[place]] for place in order]),
        *(
            tuple([values[place] for place in order])
            for values in (moves.requires, moves.sets, moves.forbids, moves.labels)
        ),
    )


def _reachable_in_order(between: Graph, start: int) -> list[int]:
    """Return the nodes reachable from a start, so that an edge leads to a later one unless a way leads back."""
    order = strong_components(between, [start])
    count = len(order)
    return sorted(
        (node for node, place in enumerate(order) if place >= 0),
        key=lambda node: order[node] * count + node,  # one number: as many pairs would be work for the collector
        reverse=True,
    )


def _undominated(edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """Return the edges, each once, without those another makes needless: the same effect under no more conditions."""
    if len(edges) < 2 or len({edge[0] for edge in edges}) == len(edges):
        return tuple(edges)
    effects: dict[tuple[int, int], list[Edge]] = {}
    for edge in dict.fromkeys(edges):
        effects.setdefault((edge[0], edge[2]), []).append(edge)
    edges_left: list[Edge] = []
    for alternatives in effects.values():
        alternatives.sort(key=lambda edge: (edge[1] | edge[3]).bit_count())
        undominated_edges: list[Edge] = []
        for edge in alternatives:
            _, requires, _, forbids = edge
            if not any(r & requires == r and f & forbids == f for _, r, _, f in undominated_edges[:MAX_COMPARED_EDGES]):
                undominated_edges.append(edge)
        edges_left += undominated_edges
    return tuple(edges_left)


def _enabling_guards(system: TransitionSystem, moves: PackedMoves, group: int) -> list[QuotientGuard] | None:
    """Return when something can be done in a group of one state; None when something always can.

    A one-shot that stays and whose use is no bit of the mask can be used up in every position that holds what
    it grants, so it is something to do only while that is lacking.
    """
    guards: dict[QuotientGuard, None] = {}
    for place in range(moves.first[group], moves.first[group + 1]):
        requires, forbids, unless_all = moves.requires[place], moves.forbids[place], 0
        if moves.targets[place] == group and _is_untracked(system, forbids, moves.labels[place]):
            unless_all = moves.sets[place]
            if not unless_all:
                continue
        elif not (requires or forbids):
            return None
        guards[QuotientGuard(requires, forbids, unless_all)] = None
    return list(guards)


def repeatable_one_shots(system: TransitionSystem, state: int, mask: int) -> tuple[int, ...]:
    """Return the events to fire before nothing can be done in an idle position, as labels.

    They are the one-shots that stay and change nothing more; those a run has fired already are among them.

    Args:
        state: The position's state.
        mask: The position's mask.
    """
    one_shot_moves = (move for move in system.moves[state] if is_untracked_one_shot(system, state, move))
    return tuple(move.label for move in one_shot_moves if move.requires & ~mask == 0)


def is_untracked_one_shot(system: TransitionSystem, state: int, move: SearchMove) -> bool:
    """Say whether a move is a one-shot that stays and whose use is no bit of the mask."""
    return move.target == state and _is_untracked(system, move.forbids, move.label)


def _is_untracked(system: TransitionSystem, forbids: int, label: int) -> bool:
    """Say whether a move that forbids so much is a one-shot whose use is no bit of the mask."""
    if label < 0 or forbids:
        return False
    action = system.table.actions[label]
    return action.one_shot and not action.opens_console
