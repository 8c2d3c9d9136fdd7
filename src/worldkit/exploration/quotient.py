"""The quotient of a transition system by free moves: states joined by moves without guard or effect form one group.

From one state of a group every other one can be reached with the same mask, so the quotient is exact for
everything but counts of steps. A world of a thousand states is often a few dozen groups.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from worldkit.exploration.components import strong_components
from worldkit.exploration.moves import SearchMove
from worldkit.exploration.transition_system import TransitionSystem

MAX_COMPARED = 64
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
        edges: What can be done in each group, each once; what changes nothing and what another move does
            under fewer conditions is left out.
        labels: The events that can be fired in a group, by their need and bar; sequences too, where they have some.
        endings: The groups that end the run, one state each.
        start: The group play starts in.
        quiet: The groups in which it can happen that nothing can be done, one state each, and when something can.
    """

    system: TransitionSystem
    group: list[int]
    members: list[tuple[int, ...]]
    edges: list[tuple[Edge, ...]]
    labels: list[dict[tuple[int, int], tuple[int, ...]]]
    endings: frozenset[int]
    start: int
    quiet: dict[int, list[QuotientGuard]]

    def states(self, groups: frozenset[int]) -> frozenset[int]:
        """Return the states of groups."""
        return frozenset(state for number in groups for state in self.members[number])

    def reached(self, groups: frozenset[int], labels: frozenset[int]) -> frozenset[int]:
        """Return the states that are reached when groups are: theirs, and those their sequences pass through.

        Args:
            groups: The groups.
            labels: What can be done, of ``labels``.
        """
        states = set(self.states(groups))
        for state in list(states):
            for move in self.system.out[state]:
                if move.label < 0 and (move.label in labels or not (move.requires or move.forbids)):
                    states.update(self.system.sequences[-1 - move.label])
        return frozenset(states)


def quotient_of(system: TransitionSystem) -> QuotientSystem:
    """Return a system with its groups of states joined by free moves taken together."""
    out = system.out
    component = strong_components(
        [[target for target, requires, sets, forbids, _ in moves if not (requires or sets or forbids)] for moves in out]
    )
    between: list[list[int]] = [[] for _ in range(max(component) + 1)]
    for state, moves in enumerate(out):
        between[component[state]] += [component[target] for target, _, _, _, _ in moves]
    ordered = _reachable_in_order(between, component[system.start])
    new_number = {number: place for place, number in enumerate(ordered)}
    group = [new_number.get(number, -1) for number in component]
    members: list[list[int]] = [[] for _ in ordered]
    for state, number in enumerate(group):
        if number >= 0:
            members[number].append(state)
    edges: list[tuple[Edge, ...]] = []
    labels: list[dict[tuple[int, int], tuple[int, ...]]] = []
    for number, states in enumerate(members):
        edges_here: dict[Edge, None] = {}
        guards: dict[tuple[int, int], list[int]] = {}
        for state in states:
            for target, requires, sets, forbids, label in out[state]:
                if label >= 0 or requires or forbids:
                    guards.setdefault((requires, forbids), []).append(label)
                after = group[target]
                if sets or after != number:
                    edges_here[after, requires, sets, forbids] = None
        edges.append(_undominated(edges_here))
        labels.append({guard: tuple(labels_here) for guard, labels_here in guards.items()})
    endings = frozenset(group[state] for state in system.endings if group[state] >= 0)
    quiet = {}
    for number, states in enumerate(members):
        if len(states) == 1 and number not in endings:
            when = _enabling_guards(system, states[0])
            if when is not None:
                quiet[number] = when
    return QuotientSystem(
        system, group, [tuple(states) for states in members], edges, labels, endings, group[system.start], quiet
    )


def _reachable_in_order(between: list[list[int]], start: int) -> list[int]:
    """Return the nodes reachable from a start, so that an edge leads to a later one unless a way leads back."""
    order = strong_components(between, [start])
    return sorted((node for node, place in enumerate(order) if place >= 0), key=lambda node: (-order[node], -node))


def _undominated(edges: Collection[Edge]) -> tuple[Edge, ...]:
    """Return the edges without those another makes needless: the same effect under no more conditions."""
    if len(edges) < 2 or len({(target, sets) for target, _, sets, _ in edges}) == len(edges):
        return tuple(edges)
    effects: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges:
        effects.setdefault((edge[0], edge[2]), []).append(edge)
    edges_left: list[Edge] = []
    for alternatives in effects.values():
        alternatives.sort(key=lambda edge: (edge[1] | edge[3]).bit_count())
        least: list[Edge] = []
        for edge in alternatives:
            _, requires, _, forbids = edge
            if not any(r & requires == r and f & forbids == f for _, r, _, f in least[:MAX_COMPARED]):
                least.append(edge)
        edges_left += least
    return tuple(edges_left)


def _enabling_guards(system: TransitionSystem, state: int) -> list[QuotientGuard] | None:
    """Return when something can be done in a state; None when something always can.

    A one-shot that stays and whose use is no bit of the mask can be used up in every position that holds what
    it grants, so it is something to do only while that is lacking.
    """
    guards: dict[QuotientGuard, None] = {}
    for move in system.out[state]:
        unless_all = 0
        if is_untracked_one_shot(system, state, move):
            unless_all = move.sets
            if not unless_all:
                continue
        elif not (move.requires or move.forbids):
            return None
        guards[QuotientGuard(move.requires, move.forbids, unless_all)] = None
    return list(guards)


def repeatable_one_shots(system: TransitionSystem, state: int, mask: int) -> tuple[int, ...]:
    """Return the events to fire before nothing can be done in an idle position, as labels.

    They are the one-shots that stay and change nothing more; those a run has fired already are among them.

    Args:
        system: The system.
        state: The position's state.
        mask: The position's mask.
    """
    one_shot_moves = (move for move in system.out[state] if is_untracked_one_shot(system, state, move))
    return tuple(move.label for move in one_shot_moves if move.requires & ~mask == 0)


def is_untracked_one_shot(system: TransitionSystem, state: int, move: SearchMove) -> bool:
    """Say whether a move is a one-shot that stays and whose use is no bit of the mask."""
    if move.target != state or move.label < 0 or move.forbids:
        return False
    action = system.table.actions[move.label]
    return action.one_shot and not action.opens_console
