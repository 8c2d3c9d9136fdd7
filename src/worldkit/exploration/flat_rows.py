"""Rows of a large table, kept one after the other in one list.

A world of 10,000 states has as many rows of moves, of successors and of sources. As a list each, they are objects that
Python's collector of garbage visits again and again, which takes longer than all that is done with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


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
