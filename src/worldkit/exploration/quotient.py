"""A system with the states joined by free moves taken together: exact for everything but counts of steps.

Whoever is in one state of such a group can be in any other of it with the same mask. A world of a thousand
states is often a few dozen groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from worldkit.exploration.components import components
from worldkit.exploration.moves import Move
from worldkit.exploration.transition_system import System

COMPARED = 64
"""A move is compared with no more others of the same effect than this, the least demanding ones."""


class Edge(NamedTuple):
    """What a move does to a position of a group: needs and bars first, then bits gained, then the group entered."""

    target: int
    need: int
    gain: int
    bar: int


class Guard(NamedTuple):
    """When something can be done in a state: ``need`` is held, nothing of ``bar`` is, and not all of ``lack`` is.

    ``lack`` is 0 when it does not matter.
    """

    need: int
    bar: int
    lack: int

    def holds(self, mask: int) -> bool:
        """Say whether it can be done with a mask."""
        lack = self.lack
        return mask & self.need == self.need and not mask & self.bar and (not lack or mask & lack != lack)


@dataclass(frozen=True, eq=False)
class Contracted:
    """A system of groups; a group's number grows along the run unless a way leads back.

    Only groups that some way of moves leads to are there, needs aside.

    Attributes:
        system: What was contracted.
        group: The group of every state; -1 where no way leads.
        members: The states of every group.
        edges: What can be done in each group, each once; what changes nothing and what another move does
            under fewer conditions is left out.
        labels: The events that can be fired in a group, by their need and bar; sequences too, where they have some.
        endings: The groups that end the run, one state each.
        start: The group play starts in.
        quiet: The groups in which it can happen that nothing can be done, one state each, and when something can.
    """

    system: System
    group: list[int]
    members: list[list[int]]
    edges: list[list[Edge]]
    labels: list[dict[tuple[int, int], list[int]]]
    endings: frozenset[int]
    start: int
    quiet: dict[int, list[Guard]]

    def states(self, groups: frozenset[int]) -> frozenset[int]:
        """Return the states of groups."""
        return frozenset(state for number in groups for state in self.members[number])

    def reached(self, groups: frozenset[int], labels: frozenset[int]) -> frozenset[int]:
        """Return the states that are reached when groups are: theirs, and those their sequences pass through.

        Args:
            groups: The groups.
            labels: What can be done, of ``labels``.
        """
        found = set(self.states(groups))
        for state in list(found):
            for move in self.system.out[state]:
                if move.label < 0 and (move.label in labels or not (move.need or move.bar)):
                    found.update(self.system.walks[-1 - move.label])
        return frozenset(found)


def contract(system: System) -> Contracted:
    """Return a system with its groups of states joined by free moves taken together."""
    out = system.out
    joined = components([[move.target for move in moves if not (move.need or move.gain or move.bar)] for moves in out])
    between: list[list[int]] = [[] for _ in range(max(joined) + 1)]
    for state, moves in enumerate(out):
        between[joined[state]] += [joined[move.target] for move in moves]
    seen = [False] * len(between)
    seen[joined[system.start]] = True
    stack = [joined[system.start]]
    while stack:
        for after in between[stack.pop()]:
            if not seen[after]:
                seen[after] = True
                stack.append(after)
    order = components(between)
    kept = sorted(
        (number for number in range(len(between)) if seen[number]), key=lambda number: (-order[number], -number)
    )
    place = dict(zip(kept, range(len(kept)), strict=True))
    group = [place.get(number, -1) for number in joined]
    members: list[list[int]] = [[] for _ in kept]
    for state, number in enumerate(group):
        if number >= 0:
            members[number].append(state)
    edges: list[list[Edge]] = []
    labels: list[dict[tuple[int, int], list[int]]] = []
    for number, states in enumerate(members):
        found: dict[tuple[int, int, int, int], None] = {}
        guards: dict[tuple[int, int], list[int]] = {}
        for state in states:
            for target, need, gain, bar, label in out[state]:
                if label >= 0 or need or bar:
                    guards.setdefault((need, bar), []).append(label)
                after = group[target]
                if gain or after != number:
                    found[after, need, gain, bar] = None
        edges.append(_needed([Edge(*key) for key in found]))
        labels.append(guards)
    endings = frozenset(group[state] for state in system.endings if group[state] >= 0)
    quiet = {}
    for number, states in enumerate(members):
        if len(states) == 1 and number not in endings:
            when = _doable(system, states[0])
            if when is not None:
                quiet[number] = when
    return Contracted(system, group, members, edges, labels, endings, group[system.start], quiet)


def _needed(edges: list[Edge]) -> list[Edge]:
    """Return the edges without those another makes needless: the same effect under no more conditions."""
    effects: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges:
        effects.setdefault((edge.target, edge.gain), []).append(edge)
    kept: list[Edge] = []
    for same in effects.values():
        if len(same) > 1:
            same.sort(key=lambda edge: (edge.need | edge.bar).bit_count())
            least: list[Edge] = []
            for edge in same:
                if not any(o.need & edge.need == o.need and o.bar & edge.bar == o.bar for o in least[:COMPARED]):
                    least.append(edge)
            same = least
        kept += same
    return kept


def _doable(system: System, state: int) -> list[Guard] | None:
    """Return when something can be done in a state; None when something always can.

    A one-shot that stays and whose use is no bit of the mask can be used up in every position that holds what
    it grants, so it is something to do only while that is lacking.
    """
    found: dict[Guard, None] = {}
    for move in system.out[state]:
        lack = move.gain if used_up(system, state, move) else 0
        if lack or not used_up(system, state, move):
            found[Guard(move.need, move.bar, lack)] = None
    return None if Guard(0, 0, 0) in found else list(found)


def leftovers(system: System, state: int, mask: int) -> tuple[int, ...]:
    """Return the events to fire before nothing can be done in an idle position, as labels.

    They are the one-shots that stay and change nothing more; those a run has fired already are among them.

    Args:
        system: The system.
        state: The position's state.
        mask: The position's mask.
    """
    here = (move for move in system.out[state] if used_up(system, state, move))
    return tuple(move.label for move in here if move.need & ~mask == 0)


def used_up(system: System, state: int, move: Move) -> bool:
    """Say whether a move is a one-shot that stays and whose use is no bit of the mask."""
    if move.target != state or move.label < 0 or move.bar:
        return False
    action = system.table.actions[move.label]
    return action.one_shot and not action.opens_console
