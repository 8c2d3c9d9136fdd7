"""Where each of many things stands, and which is the first of a name, while things come and go in the middle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

_BLOCK = 128


class Order:
    """Things in a row, each known by a number that stays the same while others come and go.

    A plain list must look through all its items to find one. Here the row is kept in blocks of about
    ``_BLOCK``, and which block a thing is in is known.

    Args:
        count: How many there are at first; they have the numbers from 0 on, in order.
    """

    def __init__(self, count: int) -> None:
        self._blocks = [list(range(at, min(at + _BLOCK, count))) for at in range(0, count, _BLOCK)] or [[]]
        self._block_of = {thing: block for block in self._blocks for thing in block}
        self._next = count

    def place(self, thing: int) -> int:
        """Return where a thing stands."""
        block, before = self._block_of[thing], 0
        for other in self._blocks:
            if other is block:
                break
            before += len(other)
        return before + block.index(thing)

    def at(self, place: int) -> int:
        """Return the thing that stands at a place."""
        number, inside = self._find(place)
        return self._blocks[number][inside]

    def insert(self, place: int) -> int:
        """Put a new thing at a place and return its number."""
        thing, self._next = self._next, self._next + 1
        number, inside = self._find(place)
        block = self._blocks[number]
        block.insert(inside, thing)
        self._block_of[thing] = block
        if len(block) > 2 * _BLOCK:
            half = block[_BLOCK:]
            del block[_BLOCK:]
            self._blocks.insert(number + 1, half)
            self._block_of.update(dict.fromkeys(half, half))
        return thing

    def remove(self, place: int) -> int:
        """Take away what stands at a place and return its number."""
        number, inside = self._find(place)
        block = self._blocks[number]
        thing = block.pop(inside)
        del self._block_of[thing]
        if not block and len(self._blocks) > 1:
            del self._blocks[number]
        return thing

    def __len__(self) -> int:
        return len(self._block_of)

    def __iter__(self) -> Iterator[int]:
        for block in self._blocks:
            yield from block

    def _find(self, place: int) -> tuple[int, int]:
        """Return the block that holds a place, and where in it that is; the last block also holds the end."""
        for number, block in enumerate(self._blocks):
            if place < len(block):
                return number, place
            place -= len(block)
        return len(self._blocks) - 1, len(self._blocks[-1]) + place


class Names:
    """The names of things in a row: which of them is the first of a name.

    Args:
        names: The names, in order; a name may stand there several times.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._name_of = dict(enumerate(names))
        self._things: dict[str, list[int]] = {}
        for thing, name in self._name_of.items():
            self._things.setdefault(name, []).append(thing)
        self._order = Order(len(self._name_of))

    def __len__(self) -> int:
        return len(self._name_of)

    def __iter__(self) -> Iterator[str]:
        return (self._name_of[thing] for thing in self._order)

    def thing(self, place: int) -> int:
        """Return the number of what stands at a place, which it keeps while others come and go."""
        return self._order.at(place)

    def place(self, thing: int) -> int:
        """Return where a thing stands."""
        return self._order.place(thing)

    def first(self, name: str) -> int | None:
        """Return the place of the first of a name, or None."""
        things = self._things.get(name)
        return self._order.place(things[0]) if things else None

    def find(self, name: str) -> int:
        """Return the place of the first of a name, which is there."""
        return self._order.place(self._things[name][0])

    def rename(self, place: int, before: str, after: str) -> None:
        """Give what stands at a place another name."""
        thing = self._order.at(place)
        self._drop(place, before)
        self._keep(thing, place, after)

    def insert(self, place: int, name: str) -> None:
        """Put something at a place."""
        self._keep(self._order.insert(place), place, name)

    def remove(self, place: int, name: str) -> None:
        """Take away what stands at a place."""
        self._drop(place, name)
        del self._name_of[self._order.remove(place)]

    def _keep(self, thing: int, place: int, name: str) -> None:
        self._name_of[thing] = name
        things = self._things.setdefault(name, [])
        things.insert(bisect_left(things, place, key=self._order.place), thing)

    def _drop(self, place: int, name: str) -> None:
        things = self._things[name]
        del things[bisect_left(things, place, key=self._order.place)]
        if not things:
            del self._things[name]
