"""A sequence that makes each item when it is asked for and keeps none, so that it may be larger than memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar, overload

from worldkit.core.quoting import format_count

Item = TypeVar("Item")


class LazySequence(Sequence[Item], Generic[Item]):
    """Items that are made whenever they are asked for.

    Args:
        sources: What each item is made from.
        make: Makes an item.
        where: Where the items are kept, as ``repr`` says it.
    """

    def __init__(self, sources: Iterable[Any], make: Callable[[Any], Item], where: str) -> None:
        self._sources = list(sources)
        self._make = make
        self._where = where

    def __len__(self) -> int:
        return len(self._sources)

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Item]: ...
    def __getitem__(self, number: int | slice) -> Item | Sequence[Item]:
        if isinstance(number, slice):
            return LazySequence(self._sources[number], self._make, self._where)
        return self._make(self._sources[number])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{format_count(len(self), 'result')} in {self._where}, each read when it is asked for>"
