"""Shortest runs to goals: backwards by preference, forwards where that takes too long, and as they can be fired."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from worldkit.exploration.bits import single_bits
from worldkit.exploration.components import transitive_closure
from worldkit.exploration.moves import SearchMove, labels_to
from worldkit.exploration.regression import EffortSpent, Goal, NodeCount, search_backwards
from worldkit.exploration.step_bounds import Bound, JointBound, earliest_bounds
from worldkit.exploration.transition_system import TransitionSystem

EFFORT = 100_000
"""A search gives up when it has looked at so many nodes."""

ATTEMPTS = ((0, 2_000), (10, 10_000), (13, EFFORT))
"""For every try how many bits are kept together for a better lower bound, and its own effort."""

MAX_FIRST_TRY_EFFORT = 500
"""The first try's effort where all goals ask for several bits: the bound for each bit by itself says little there."""

GREEDY_WEIGHT = 4
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
        nodes: Counts the nodes that all searches have looked at.
    """

    system: TransitionSystem
    effort: int = EFFORT
    nodes: NodeCount = field(default_factory=NodeCount, repr=False)
    _joint: dict[int, JointBound] = field(default_factory=dict, repr=False)

    @cached_property
    def moves_of(self) -> Sequence[Sequence[SearchMove]]:
        """What can be done in each state, with a bit for the use of every one-shot that might be used twice."""
        system = self.system
        extra = self._extra
        if not extra:
            return system.moves
        return tuple(
            tuple(
                move._replace(sets=move.sets | bit, forbids=bit) if (bit := extra.get(move.label)) else move
                for move in moves
            )
            for moves in system.moves
        )

    @cached_property
    def _extra(self) -> dict[int, int]:
        system, actions = self.system, self.system.table.actions
        if not any(action.one_shot for action in actions):
            return {}
        later = transitive_closure([[move.target for move in moves] for moves in system.moves])
        sources: dict[int, int] = defaultdict(int)
        targets: dict[int, int] = {}
        for state, moves in enumerate(system.moves):
            for move in moves:
                if move.label < 0 or move.forbids or not actions[move.label].one_shot:
                    continue
                if move.target != state:
                    sources[move.label] |= 1 << state
                    targets[move.label] = move.target
        repeatable_labels = [label for label, states in sources.items() if later[targets[label]] & states]
        return {label: 1 << (system.width + i) for i, label in enumerate(repeatable_labels)}

    @cached_property
    def width(self) -> int:
        """How many bits the masks of ``out`` have."""
        return self.system.width + len(self._extra)

    @property
    def work(self) -> int:
        """What all searches have cost so far: nodes, and moves gone through for lower bounds."""
        return self.nodes.total + sum(bound.work for bound in self._joint.values())

    def moves(self, state: int, mask: int) -> Iterator[SearchMove]:
        """Yield what can be fired in a position; its mask has the bits of ``out``."""
        for move in self.moves_of[state]:
            if not (move.requires & ~mask or move.forbids & mask):
                yield move

    def firing(self, label: int) -> list[Goal]:
        """Return the goals that end by firing an event."""
        return [
            Goal(state, move.requires, label, move.forbids)
            for state, moves in enumerate(self.moves_of)
            for move in moves
            if move.label == label
        ]

    def route(self, goals: Sequence[Goal], within: int | None = None) -> Route:
        """Return a shortest run to one of the goals, or the best that can be had in time.

        Args:
            within: Never hold a bit of the system's that is not among these.
        """
        effort, together = self.effort, None
        required_counts: Counter[int] = Counter()
        for bit_count, max_effort in ATTEMPTS:
            together = self._together(goals, required_counts, bit_count)
            if together is None and all((goal.requires & ~self.system.mask).bit_count() > 1 for goal in goals):
                max_effort = min(max_effort, MAX_FIRST_TRY_EFFORT)
            try:
                labels = self.search(goals, within, min(max_effort, effort), together)
            except EffortSpent as error:
                required_counts = error.required_counts
                continue
            return NO_RUN if labels is None else Route(labels)
        try:
            labels = self.forward(goals, within, effort)
            return NO_RUN if labels is None else Route(labels)
        except EffortSpent:
            pass
        try:  # a run that is not a shortest one is better than none
            labels = self.search(goals, within, effort, together, GREEDY_WEIGHT)
            remark = f"not proven shortest: {effort:,} search nodes were not enough"
            return NO_RUN if labels is None else Route(self._without_second_uses(labels, goals), remark)
        except EffortSpent:
            pass
        return Route(None, f"not found: {effort:,} search nodes were not enough")

    def forward(self, goals: Iterable[Goal], within: int | None = None, effort: int = EFFORT) -> list[int] | None:
        """Return what ``search`` returns, by going through positions from the start, nearest first.

        Raises:
            EffortSpent: ``effort`` was not enough.
        """
        goals_by_state: dict[int, list[Goal]] = defaultdict(list)
        for goal in goals:
            goals_by_state[goal.state].append(goal)
        outside = self._outside(within)
        first = self.system.start, self.system.mask
        before: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {first: None}
        steps: dict[tuple[int, int], int] = {first: 0}
        best: tuple[int, tuple[int, int], int] | None = None
        limit = self.nodes.total + effort
        self.nodes.total += 1
        queue = deque([first])
        while queue:
            place = queue.popleft()
            state, mask = place
            depth = steps[place]
            if best is not None and depth >= best[0]:
                break
            for goal in goals_by_state.get(state, ()):
                if goal.requires & ~mask or goal.forbids & mask:
                    continue
                if goal.last is None:
                    return labels_to(before, place)
                if any(move.label == goal.last for move in self.moves(state, mask)):
                    best = depth + 1, place, goal.last
            for move in self.progress[state]:
                if move.requires & ~mask or move.forbids & mask or move.sets & outside:
                    continue
                after = move.target, mask | move.sets
                if after not in before:
                    before[after] = place, move.label
                    steps[after] = depth + 1
                    queue.append(after)
                    self.nodes.total += 1
            if self.nodes.total > limit:
                raise EffortSpent
        return None if best is None else labels_to(before, best[1], best[2])

    @cached_property
    def progress(self) -> list[list[SearchMove]]:
        """The moves of each state that lead to another one or gain something; of those that do the same the first."""
        progress: list[list[SearchMove]] = []
        for state, moves in enumerate(self.moves_of):
            moves_by_effect: dict[tuple[int, ...], SearchMove] = {}
            for move in moves:
                if move.target != state or move.sets:
                    moves_by_effect.setdefault(move[:-1], move)
            progress.append(list(moves_by_effect.values()))
        return progress

    @cached_property
    def into(self) -> Sequence[Sequence[tuple[int, SearchMove]]]:
        """The moves that lead to each state from another one or that gain something, with where they are made."""
        start_mask = self.system.mask
        return [
            [step for step in moves if (target != step[0] or step[1].sets) and not step[1].forbids & start_mask]
            for target, moves in enumerate(self.all_into)
        ]

    @cached_property
    def all_into(self) -> list[list[tuple[int, SearchMove]]]:
        """All moves that lead to each state, with where they are made."""
        moves_into: list[list[tuple[int, SearchMove]]] = [[] for _ in self.moves_of]
        for state, moves in enumerate(self.moves_of):
            for move in moves:
                moves_into[move.target].append((state, move))
        return moves_into

    @cached_property
    def gains(self) -> list[tuple[int, SearchMove]]:
        """The moves that gain something, with where they are made."""
        return [(state, move) for state, moves in enumerate(self.moves_of) for move in moves if move.sets]

    @cached_property
    def earliest(self) -> Bound:
        """When every bit can be held in every state at the earliest; see ``earliest_bounds``."""
        return earliest_bounds(self.moves_of, self.system.start, self.system.mask)

    def search(
        self,
        goals: Iterable[Goal],
        within: int | None = None,
        effort: int = EFFORT,
        together: JointBound | None = None,
        weight: int = 1,
    ) -> list[int] | None:
        """Return the labels of a shortest run to one of the goals, or None; see ``search_backwards``."""
        mask, outside = self.system.mask, self._outside(within)
        bound = self.earliest
        return search_backwards(self.into, mask, goals, bound, together, outside, effort, weight, self.nodes)

    def _without_second_uses(self, labels: Sequence[int], goals: Iterable[Goal]) -> list[int]:
        """Return a run without the second uses of one-shots, which change nothing: those that would have a bit.

        A shortest run has none. One that is longer may have some, and cannot be played.
        """
        actions = self.system.table.actions
        kept_labels: list[int] = []
        used_labels: set[int] = set()
        for label in labels:
            if label not in used_labels:
                kept_labels.append(label)
            if label >= 0 and actions[label].one_shot:
                used_labels.add(label)
        if (
            len(kept_labels) < len(labels)
            and labels[-1] in used_labels
            and any(goal.last == labels[-1] for goal in goals)
        ):
            return kept_labels[: kept_labels.index(labels[-1]) + 1]  # it is what the run is to end with
        return kept_labels

    def _outside(self, within: int | None) -> int:
        return 0 if within is None else ((1 << self.system.width) - 1) & ~within

    def _together(self, goals: Sequence[Goal], required_counts: Counter[int], bit_count: int) -> JointBound | None:
        """Return a lower bound for so many bits together: what goals ask for, then what a search often asked for."""
        requirement_counts = Counter(bit for goal in goals for bit in single_bits(goal.requires))
        of_most_goals = [
            bit for bit, count in requirement_counts.most_common(bit_count // 2) if 2 * count >= len(goals)
        ]
        often_asked = (bit for bit, _ in required_counts.most_common())
        for chosen_mask, bound in self._joint.items():  # one that is there is better than the best one
            if chosen_mask.bit_count() == bit_count and not sum(of_most_goals) & ~chosen_mask:
                return bound
        chosen_mask = sum(list(dict.fromkeys([*of_most_goals, *often_asked]))[:bit_count])
        if not chosen_mask:
            return None
        if chosen_mask not in self._joint:
            system = self.system
            self._joint[chosen_mask] = JointBound(self.moves_of, system.start, system.mask, chosen_mask, self.earliest)
        return self._joint[chosen_mask]
