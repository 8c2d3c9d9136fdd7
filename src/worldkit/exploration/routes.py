"""Shortest runs to goals: backwards by preference, forwards where that takes too long, and as they can be fired."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from worldkit.exploration.bounds import Bound, earliest, projected
from worldkit.exploration.components import closure
from worldkit.exploration.moves import Move
from worldkit.exploration.regression import GaveUp, Goal, Together, regress
from worldkit.exploration.transition_system import System

EFFORT = 100_000
"""A search gives up when it has looked at so many nodes."""

TRIES = ((0, 2_000), (10_000, 10_000), (40_000, EFFORT))
"""For every try how many positions may be searched through for a better lower bound, and its own effort."""

GREEDY = 4
"""How much the lower bound is trusted when the exact searches gave up."""


class Route(NamedTuple):
    """What a search for a run came to.

    Attributes:
        labels: What to fire, in order; None when nothing was found.
        remark: What is to be known about it: not proven shortest, or why there is none; empty when all is well.
    """

    labels: list[int] | None
    remark: str = ""


NO_RUN = Route(None, "there is no such run")
"""A search that went through everything and found nothing."""


@dataclass(frozen=True, eq=False)
class Pathfinder:
    """A system, ready for the search of runs.

    The system forgets the use of one-shots that cannot change what can be reached. It can change how
    fast, so here they have bits too, above the system's.

    Attributes:
        system: The system.
        effort: How many nodes each search of ``route`` may look at.
    """

    system: System
    effort: int = EFFORT
    _joint: dict[int, Together] = field(default_factory=dict, repr=False)

    @cached_property
    def out(self) -> tuple[tuple[Move, ...], ...]:
        """What can be done in each state, with a bit for the use of every one-shot that might be used twice."""
        system = self.system
        extra = self._extra
        if not extra:
            return system.out
        return tuple(
            tuple(
                move._replace(gain=move.gain | bit, bar=bit) if (bit := extra.get(move.label)) else move
                for move in moves
            )
            for moves in system.out
        )

    @cached_property
    def _extra(self) -> dict[int, int]:
        system, actions = self.system, self.system.table.actions
        if not any(action.one_shot for action in actions):
            return {}
        later = closure([[move.target for move in moves] for moves in system.out])
        sources: dict[int, int] = defaultdict(int)
        targets: dict[int, int] = {}
        for state, moves in enumerate(system.out):
            for move in moves:
                if move.label < 0 or move.bar or not actions[move.label].one_shot:
                    continue
                if move.target != state:
                    sources[move.label] |= 1 << state
                    targets[move.label] = move.target
        again = [label for label, states in sources.items() if later[targets[label]] & states]
        return {label: 1 << (system.width + i) for i, label in enumerate(again)}

    def moves(self, state: int, mask: int) -> Iterator[Move]:
        """Yield what can be fired in a position; its mask has the bits of ``out``."""
        for move in self.out[state]:
            if not (move.need & ~mask or move.bar & mask):
                yield move

    def firing(self, label: int) -> list[Goal]:
        """Return the goals that end by firing an event."""
        return [
            Goal(state, move.need, label, move.bar)
            for state, moves in enumerate(self.out)
            for move in moves
            if move.label == label
        ]

    def route(self, goals: Sequence[Goal], within: int | None = None) -> Route:
        """Return a shortest run to one of the goals, or the best that can be had in time.

        Args:
            goals: Where it may end.
            within: Never hold a bit of the system's that is not among these.
        """
        effort, together = self.effort, None
        asked: Counter[int] = Counter()
        for places, most in TRIES:
            together = self._together(asked, places)
            try:
                labels = self.search(goals, within, min(most, effort), together)
            except GaveUp as gave_up:
                asked = gave_up.asked
                continue
            return NO_RUN if labels is None else Route(labels)
        try:
            labels = self.forward(goals, within, effort)
            return NO_RUN if labels is None else Route(labels)
        except GaveUp:
            pass
        try:  # a run that is not a shortest one is better than none
            labels = self.search(goals, within, effort, together, GREEDY)
            remark = f"not proven shortest: {effort:,} search nodes were not enough"
            return NO_RUN if labels is None else Route(labels, remark)
        except GaveUp:
            pass
        return Route(None, f"not found: {effort:,} search nodes were not enough")

    def forward(self, goals: Iterable[Goal], within: int | None = None, effort: int = EFFORT) -> list[int] | None:
        """Return what ``search`` returns, by going through positions from the start, nearest first.

        Raises:
            GaveUp: ``effort`` was not enough.
        """
        wanted: dict[int, list[Goal]] = defaultdict(list)
        for goal in goals:
            wanted[goal.state].append(goal)
        outside = self._outside(within)
        first = self.system.start, self.system.mask
        before: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {first: None}
        steps: dict[tuple[int, int], int] = {first: 0}
        best: tuple[int, tuple[int, int], int | None] | None = None
        queue = deque([first])
        while queue:
            place = queue.popleft()
            state, mask = place
            depth = steps[place]
            if best is not None and depth >= best[0]:
                break
            moves = list(self.moves(state, mask))
            for goal in wanted.get(state, ()):
                if goal.need & ~mask or goal.bar & mask:
                    continue
                if goal.last is None:
                    return _back(before, place, None)
                if any(move.label == goal.last for move in moves):
                    best = depth + 1, place, goal.last
            for move in moves:
                after = move.target, mask | move.gain
                if after not in before and not move.gain & outside:
                    before[after] = place, move.label
                    steps[after] = depth + 1
                    queue.append(after)
            if len(before) > effort:
                raise GaveUp
        return None if best is None else _back(before, best[1], best[2])

    @cached_property
    def into(self) -> list[list[tuple[int, Move]]]:
        """The moves that lead to each state from another one or that gain something, with where they are made."""
        found: list[list[tuple[int, Move]]] = [[] for _ in self.out]
        held = self.system.mask
        for state, moves in enumerate(self.out):
            for move in moves:
                if (move.target != state or move.gain) and not move.bar & held:
                    found[move.target].append((state, move))
        return found

    @cached_property
    def earliest(self) -> Bound:
        """When every bit can be held in every state at the earliest; see ``bounds.earliest``."""
        return earliest(self.out, self.system.start, self.system.mask)

    def search(
        self,
        goals: Iterable[Goal],
        within: int | None = None,
        effort: int = EFFORT,
        together: Together | None = None,
        weight: int = 1,
    ) -> list[int] | None:
        """Return the labels of a shortest run to one of the goals, or None; see ``regression.regress``."""
        start, mask = self.system.start, self.system.mask
        outside = self._outside(within)
        return regress(self.into, start, mask, goals, self.earliest, together, outside, effort, weight)

    def _outside(self, within: int | None) -> int:
        return 0 if within is None else ((1 << self.system.width) - 1) & ~within

    def _together(self, asked: Counter[int], places: int) -> Together | None:
        """Return a lower bound for the bits most asked for, as many as so many positions allow."""
        count = sum(1 for entries in self.earliest if entries)
        chosen = sum(bit for bit, _ in asked.most_common(max(0, (places // count).bit_length() - 1)))
        if not chosen:
            return None
        if chosen not in self._joint:
            bound = projected(self.out, self.system.start, self.system.mask, chosen, self.earliest)
            self._joint[chosen] = Together(chosen, bound)
        return self._joint[chosen]


def _back(
    before: dict[tuple[int, int], tuple[tuple[int, int], int] | None], place: tuple[int, int], last: int | None
) -> list[int]:
    labels = [] if last is None else [last]
    while (made := before[place]) is not None:
        place, label = made
        labels.append(label)
    return labels[::-1]
