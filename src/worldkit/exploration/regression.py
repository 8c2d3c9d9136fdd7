"""Shortest runs, found backwards: what must be held, and what must not be used yet, on the way to a goal.

A search node is a state, the bits that must be held there and the one-shots used later on. Going back over
a move takes away what it gains and adds what it needs. As masks only grow and needs are only positive, a node
that asks for all that another node of its state asks for, and is no nearer to the goal, leads nowhere new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worldkit.exploration.bits import single_bits
from worldkit.exploration.moves import SearchMove
from worldkit.exploration.step_bounds import Bound, JointBound, min_steps


class EffortSpent(Exception):
    """A search looked at as much as it may, and is not done.

    Attributes:
        required_counts: How often each bit was asked for on the way.
    """

    def __init__(self, required_counts: Counter[int] | None = None) -> None:
        self.required_counts = required_counts or Counter()
        super().__init__("the search was given up")


@dataclass
class NodeCount:
    """How many nodes some searches have looked at, each the dearer the more of its state are kept."""

    total: int = 0


class Goal(NamedTuple):
    """Where a run may end.

    Attributes:
        state: The index of the state it must come to.
        requires: Bits that must be held there.
        last: The label of a last move to make there, or None.
        forbids: Bits that must not be held there.
    """

    state: int
    requires: int = 0
    last: int | None = None
    forbids: int = 0


_Node = tuple[int, int, int, int | None, int]
"""The state, what must be held there, what must not be, the label of the move made there, and the node it leads to.

There is no such node after the goal: -1. A plain tuple, as thousands are made.
"""


def search_backwards(
    into: Sequence[Sequence[tuple[int, SearchMove]]],
    mask: int,
    goals: Iterable[Goal],
    single: Bound,
    together: JointBound | None = None,
    outside: int = 0,
    effort: int = 200_000,
    weight: int = 1,
    nodes: NodeCount | None = None,
) -> list[int] | None:
    """Return the labels of a shortest run to one of the goals (A*), or None: there is none.

    Args:
        into: The moves that lead to each state, with the state they are made in; none whose bar is held at the start.
        mask: What is held there.
        single: The lower bound for each bit by itself; 0 steps only at the start.
        together: A lower bound for several bits together.
        outside: Bits that the run must never gain.
        effort: Give up after so many nodes.
        weight: Above 1, trust the lower bound that much more: sooner done, and the run perhaps not a shortest.
        nodes: Counts the nodes of several searches together.

    Raises:
        EffortSpent: ``effort`` was not enough.
    """
    tree: list[_Node] = []
    queue: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    best: dict[tuple[int, int, int], int] = {}
    expanded_nodes: list[list[tuple[int, int, int]]] = [
        [] for _ in range(len(into))
    ]  # rows of ``into`` may be made when asked for

    def steps_left(state: int, requires: int) -> int:
        alone = min_steps(single[state], requires)
        if together is None or alone < 0:
            return alone
        joint = together.min_steps(state, requires)
        return joint if joint < 0 or joint > alone else alone

    for goal in goals:
        remaining = steps_left(goal.state, goal.requires)
        if remaining >= 0 and not goal.forbids & mask:
            steps = 0 if goal.last is None else 1
            tree.append((goal.state, goal.requires, goal.forbids, goal.last, -1))
            queue[steps + weight * remaining].append((len(tree) - 1, steps, remaining))
    nodes = nodes or NodeCount()
    limit = nodes.total + effort
    estimate = min(queue, default=0)
    while queue:
        if estimate not in queue:
            estimate = min(queue)
        bucket = queue[estimate]
        if not bucket:
            del queue[estimate]
            continue
        number, steps, remaining = bucket.pop()
        state, requires, used_mask, _, _ = tree[number]
        if together is not None:  # it may be known by now that it takes longer
            together.extend(remaining)
            remaining_bound = steps_left(state, requires)
            if remaining_bound != remaining:
                if remaining_bound > 0:
                    queue[steps + weight * remaining_bound].append((number, steps, remaining_bound))
                continue
        if remaining == 0:
            return _labels(tree, number)
        siblings = expanded_nodes[state]
        # a kept node may be farther from the goal than one that comes later: their bounds differ
        if _is_dominated(siblings, requires, used_mask, steps):
            continue
        siblings.append((requires, used_mask, steps))
        nodes.total += 1 + len(siblings) // 32
        if nodes.total > limit:
            raise EffortSpent(_count_required_bits(expanded_nodes))
        steps += 1
        excluded_bits = outside | used_mask
        for source, (_, move_requires, move_sets, move_forbids, label) in into[state]:
            if move_sets & excluded_bits:
                continue
            earlier_need = requires & ~move_sets | move_requires
            later = used_mask | move_forbids
            if earlier_need & later:
                continue
            key = source, earlier_need, later
            if best.get(key, steps + 1) <= steps:
                continue
            best[key] = steps
            if together is not None:
                remaining = steps_left(source, earlier_need)
            else:  # the same without a call
                remaining = -1
                for at, bits in single[source]:
                    if earlier_need & bits == earlier_need:
                        remaining = at
                        break
            if remaining < 0:
                continue
            tree.append((source, earlier_need, later, label, number))
            total = steps + weight * remaining
            queue[total].append((len(tree) - 1, steps, remaining))
            if total < estimate:
                estimate = total
    return None


def _is_dominated(siblings: list[tuple[int, int, int]], requires: int, used_mask: int, steps: int) -> bool:
    """Say whether a node of the same state asks for no more, has used no more and is no farther from the goal."""
    for other_requires, other_used_mask, other_steps in siblings:
        if other_steps <= steps and not (other_requires & ~requires or other_used_mask & ~used_mask):
            return True
    return False


def _labels(tree: list[_Node], number: int) -> list[int]:
    labels: list[int] = []
    while number >= 0:
        _, _, _, label, number = tree[number]
        if label is not None:
            labels.append(label)
    return labels


def _count_required_bits(expanded_nodes: list[list[tuple[int, int, int]]]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for nodes in expanded_nodes:
        for requires, _, _ in nodes:
            counts.update(single_bits(requires))
    return counts
