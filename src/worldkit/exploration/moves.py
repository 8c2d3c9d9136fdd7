"""``SearchMove``: a transition of one state, with its guard and effect as bit masks; rows of moves, and runs of them.

A world of 10,000 states has as many rows of moves, of successors and of sources. As a list each, they are objects that
Python's collector of garbage visits again and again, which takes longer than all that is done with them. So the rows of
a large table are kept one after the other, by field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Generic, NamedTuple, TypeVar

Node = TypeVar("Node")
T = TypeVar("T")
Position = tuple[int, int]
"""The index of a state, and the bits that are held there."""
Predecessors = dict[Position, tuple[Position, int] | None]
"""Of each position the one before it, with the label of the move between them; None for the first."""


class SearchMove(NamedTuple):
    """A transition that starts in one state.

    Attributes:
        target: The index of the state it leads to; the same state when it stays.
        requires: Bits that must be held.
        sets: Bits held afterwards, its use among them.
        forbids: Bits that must not be held: the use of a one-shot, and what would make another event of its name
            available.
        label: The index of its event in world order; ``-1 - k`` for the k-th of ``TransitionSystem.sequences``.
    """

    target: int
    requires: int
    sets: int
    forbids: int
    label: int


def labels_to(predecessors: Mapping[Node, tuple[Node, int] | None], node: Node, last: int | None = None) -> list[int]:
    """Return the labels of the moves that lead to a node from the one that has no predecessor.

    Args:
        predecessors: Of each node the one before it, with the label of the move between them; None for the first.
        node: Where the moves lead.
        last: The label of a further move, made there.
    """
    labels = [] if last is None else [last]
    step = predecessors[node]
    while step is not None:
        node, label = step
        labels.append(label)
        step = predecessors[node]
    return labels[::-1]


def nearest_first(
    out: Sequence[Sequence[SearchMove]], start: Position, predecessors: Predecessors
) -> Iterator[Position]:
    """Yield the positions that a run can come to, nearest first, each before it is looked at where it leads.

    Args:
        out: What can be done in each state.
        start: Where the run is.
        predecessors: Gets every position that is met.
    """
    predecessors[start] = None
    queue = [start]
    for position in queue:
        yield position
        state, mask = position
        for move in out[state]:
            after = move.target, mask | move.sets
            if not (move.requires & ~mask or move.forbids & mask) and after not in predecessors:
                predecessors[after] = position, move.label
                queue.append(after)


@dataclass(frozen=True, repr=False)
class PackedMoves(Sequence[tuple[SearchMove, ...]]):
    """The moves of every state, kept by field until somebody reads them one by one.

    Attributes:
        first: Where the moves of every state begin, and where those of the last one end.
        targets: Of every move, the fields of ``SearchMove``.
        requires: Likewise.
        sets: Likewise.
        forbids: Likewise.
        labels: Likewise.
    """

    first: tuple[int, ...]
    targets: tuple[int, ...]
    requires: tuple[int, ...]
    sets: tuple[int, ...]
    forbids: tuple[int, ...]
    labels: tuple[int, ...]

    @classmethod
    def of(cls, out: Sequence[Sequence[SearchMove]]) -> PackedMoves:
        """Return the moves of every state by field."""
        if isinstance(out, cls):
            return out
        fields = tuple(zip(*(move for moves in out for move in moves), strict=True)) or ((), (), (), (), ())
        return cls((0, *accumulate(map(len, out))), *fields)

    @cached_property
    def rows(self) -> tuple[tuple[SearchMove, ...], ...]:
        """The moves of every state, each as an object."""
        moves = tuple(map(SearchMove, self.targets, self.requires, self.sets, self.forbids, self.labels))
        return tuple(moves[start:end] for start, end in zip(self.first, self.first[1:], strict=False))

    def __len__(self) -> int:
        return len(self.first) - 1

    def __getitem__(self, state: Any) -> Any:
        return self.rows[state]

    def __iter__(self) -> Iterator[tuple[SearchMove, ...]]:
        return iter(self.rows)


class FlatRows(Generic[T]):
    """Rows of values, each made into a list when it is asked for.

    Args:
        first: Where each row begins, and where the last one ends.
        values: The values of all rows.
    """

    __slots__ = ("_first", "_values")

    def __init__(self, first: Sequence[int], values: list[T]) -> None:
        self._first = first
        self._values = values

    def __len__(self) -> int:
        return len(self._first) - 1

    def __getitem__(self, number: int) -> list[T]:
        return self._values[self._first[number] : self._first[number + 1]]

    def __iter__(self) -> Iterator[list[T]]:
        values, start = self._values, 0
        for end in self._first[1:]:
            yield values[start:end]
            start = end


def grouped(rows: Sequence[int], count: int) -> tuple[list[int], list[int]]:
    """Return how items are put in the order of their rows: where each row begins and the last one ends, and the items.

    Args:
        rows: The row of every item.
        count: How many rows there are.
    """
    sizes = [0] * (count + 1)
    for row in rows:
        sizes[row + 1] += 1
    return list(accumulate(sizes)), sorted(range(len(rows)), key=rows.__getitem__)
