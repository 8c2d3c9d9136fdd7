"""``PackedMoves``: the moves of many states as a few lists of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

from worldkit.exploration.moves import SearchMove


class PackedMoves(Sequence[tuple[SearchMove, ...]]):
    """The moves of every state, kept by field until somebody reads them one by one.

    Args:
        first: Where the moves of every state begin, and where those of the last one end.
        targets: Of every move, the fields of ``SearchMove``.
        requires: Likewise.
        sets: Likewise.
        forbids: Likewise.
        labels: Likewise.
    """

    __slots__ = ("_rows", "first", "forbids", "labels", "requires", "sets", "targets")

    def __init__(
        self,
        first: Sequence[int],
        targets: Sequence[int],
        requires: Sequence[int],
        sets: Sequence[int],
        forbids: Sequence[int],
        labels: Sequence[int],
    ) -> None:
        self.first = tuple(first)
        self.targets = tuple(targets)
        self.requires = tuple(requires)
        self.sets = tuple(sets)
        self.forbids = tuple(forbids)
        self.labels = tuple(labels)
        self._rows: tuple[tuple[SearchMove, ...], ...] | None = None

    @classmethod
    def of(cls, out: Sequence[Sequence[SearchMove]]) -> PackedMoves:
        """Return the moves of every state by field."""
        if isinstance(out, cls):
            return out
        fields = tuple(zip(*(move for moves in out for move in moves), strict=True)) or ((), (), (), (), ())
        return cls((0, *accumulate(map(len, out))), *fields)

    @property
    def fields(self) -> tuple[tuple[int, ...], ...]:
        """All that it consists of."""
        return self.first, self.targets, self.requires, self.sets, self.forbids, self.labels

    @property
    def rows(self) -> tuple[tuple[SearchMove, ...], ...]:
        """The moves of every state, each as an object."""
        if self._rows is None:
            moves = tuple(map(SearchMove, self.targets, self.requires, self.sets, self.forbids, self.labels))
            self._rows = tuple(moves[start:end] for start, end in zip(self.first, self.first[1:], strict=False))
        return self._rows

    def __len__(self) -> int:
        return len(self.first) - 1

    @overload
    def __getitem__(self, state: int) -> tuple[SearchMove, ...]: ...
    @overload
    def __getitem__(self, state: slice) -> tuple[tuple[SearchMove, ...], ...]: ...
    def __getitem__(self, state: int | slice) -> tuple[SearchMove, ...] | tuple[tuple[SearchMove, ...], ...]:
        return self.rows[state]

    def __iter__(self) -> Iterator[tuple[SearchMove, ...]]:
        return iter(self.rows)

    def __eq__(self, other: object) -> bool:
        return self.fields == other.fields if isinstance(other, PackedMoves) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.fields)
