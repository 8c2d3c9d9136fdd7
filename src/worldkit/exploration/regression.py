"""Shortest runs, found backwards: what must be held, and what must not be used yet, on the way to a goal.

A search node is a state, the bits that must be held there and the one-shots used later on. Going back over
a move takes away what it gains and adds what it needs. As masks only grow and needs are only positive, a node
that asks for all that another node of its state asks for, and is no nearer to the goal, leads nowhere new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from worldkit.exploration.bounds import Bound, ahead
from worldkit.exploration.moves import Move


class GaveUp(Exception):
    """A search looked at as much as it may, and is not done.

    Attributes:
        asked: How often each bit was asked for on the way.
    """

    def __init__(self, asked: Counter[int] | None = None) -> None:
        self.asked = asked or Counter()
        super().__init__("the search was given up")


class Goal(NamedTuple):
    """Where a run may end.

    Attributes:
        state: The index of the state it must come to.
        need: Bits that must be held there.
        last: The label of a last move to make there, or None.
        bar: Bits that must not be held there.
    """

    state: int
    need: int = 0
    last: int | None = None
    bar: int = 0


class Together(NamedTuple):
    """A second lower bound, for some bits together; see ``bounds.projected``."""

    chosen: int
    bound: Bound


class _Node(NamedTuple):
    state: int
    need: int
    used: int
    label: int | None  # of the move made here
    after: int  # the node it leads to; -1 at the goal


def regress(
    into: Sequence[Sequence[tuple[int, Move]]],
    start: int,
    mask: int,
    goals: Iterable[Goal],
    single: Bound,
    together: Together | None = None,
    outside: int = 0,
    effort: int = 200_000,
    weight: int = 1,
) -> list[int] | None:
    """Return the labels of a shortest run to one of the goals (A*), or None: there is none.

    Args:
        into: The moves that lead to each state, with the state they are made in; none whose bar is held at the start.
        start: Where runs begin.
        mask: What is held there.
        goals: Where it may end.
        single: The lower bound for each bit by itself; 0 steps only at the start.
        together: A lower bound for several bits together.
        outside: Bits that the run must never gain.
        effort: Give up after so many nodes, each the dearer the more of its state are kept.
        weight: Above 1, trust the lower bound that much more: sooner done, and the run perhaps not a shortest.

    Raises:
        GaveUp: ``effort`` was not enough.
    """
    tree: list[_Node] = []
    queue: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    best: dict[tuple[int, int, int], int] = {}
    kept: list[list[tuple[int, int, int]]] = [[] for _ in into]
    chosen, bound = together or (0, [])
    memory: dict[tuple[int, int], int] = {}

    def left(state: int, need: int) -> int:
        alone = ahead(single[state], need)
        if not chosen or alone < 0:
            return alone
        key = state, need & chosen
        joint = memory.get(key)
        if joint is None:
            joint = memory[key] = ahead(bound[state], key[1])
        return joint if joint < 0 or joint > alone else alone

    for goal in goals:
        more = left(goal.state, goal.need)
        if more >= 0 and not goal.bar & mask:
            steps = 0 if goal.last is None else 1
            tree.append(_Node(goal.state, goal.need, goal.bar, goal.last, -1))
            queue[steps + weight * more].append((len(tree) - 1, steps, more))
    spent = 0
    far = min(queue, default=0)
    while queue:
        if far not in queue:
            far = min(queue)
        bucket = queue[far]
        if not bucket:
            del queue[far]
            continue
        number, steps, more = bucket.pop()
        state, need, used, _, _ = tree[number]
        if more == 0:
            return _labels(tree, number)
        known = kept[state]
        # a kept node may be farther from the goal than one that comes later: their bounds differ
        if any(not (n & ~need or u & ~used) and at <= steps for n, u, at in known):
            continue
        known.append((need, used, steps))
        spent += 1 + len(known) // 32
        if spent > effort:
            raise GaveUp(_asked(kept))
        steps += 1
        for source, move in into[state]:
            if move.gain & (outside | used):
                continue
            asked = need & ~move.gain | move.need
            later = used | move.bar
            if asked & later:
                continue
            key = source, asked, later
            if best.get(key, steps + 1) <= steps:
                continue
            best[key] = steps
            more = left(source, asked)
            if more < 0:
                continue
            tree.append(_Node(source, asked, later, move.label, number))
            whole = steps + weight * more
            queue[whole].append((len(tree) - 1, steps, more))
            if whole < far:
                far = whole
    return None


def _labels(tree: list[_Node], number: int) -> list[int]:
    labels: list[int] = []
    while number >= 0:
        node = tree[number]
        if node.label is not None:
            labels.append(node.label)
        number = node.after
    return labels


def _asked(kept: list[list[tuple[int, int, int]]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for nodes in kept:
        for need, _, _ in nodes:
            while need:
                bit = need & -need
                found[bit] += 1
                need ^= bit
    return found
