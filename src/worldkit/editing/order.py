"""Positions of items in an ordered list, and of the first of each name, while items are inserted and removed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

_BLOCK_SIZE = 128


class HandleList:
    """An ordered list of handles: each item has a number that stays the same while others come and go.

    A plain list must scan its items to find one. Here the items are in blocks of about ``_BLOCK_SIZE``,
    and the block of each handle is known.

    Args:
        count: The number of items at first; their handles are 0, 1, 2 ..., in order.
    """

    def __init__(self, count: int) -> None:
        starts = range(0, count, _BLOCK_SIZE)
        self._blocks = [list(range(start, min(start + _BLOCK_SIZE, count))) for start in starts] or [[]]
        self._block_of = {handle: block for block in self._blocks for handle in block}
        self._next_handle = count

    def position(self, handle: int) -> int:
        """Return the position of a handle."""
        own_block, items_before = self._block_of[handle], 0
        for block in self._blocks:
            if block is own_block:
                break
            items_before += len(block)
        return items_before + own_block.index(handle)

    def handle(self, position: int) -> int:
        """Return the handle at a position."""
        number, offset = self._locate(position)
        return self._blocks[number][offset]

    def insert(self, position: int) -> int:
        """Insert an item at a position and return its handle."""
        handle, self._next_handle = self._next_handle, self._next_handle + 1
        number, offset = self._locate(position)
        block = self._blocks[number]
        block.insert(offset, handle)
        self._block_of[handle] = block
        if len(block) > 2 * _BLOCK_SIZE:
            half = block[_BLOCK_SIZE:]
            del block[_BLOCK_SIZE:]
            self._blocks.insert(number + 1, half)
            self._block_of.update(dict.fromkeys(half, half))
        return handle

    def remove(self, position: int) -> int:
        """Remove the item at a position and return its handle."""
        number, offset = self._locate(position)
        block = self._blocks[number]
        handle = block.pop(offset)
        del self._block_of[handle]
        if not block and len(self._blocks) > 1:
            del self._blocks[number]
        return handle

    def __len__(self) -> int:
        return len(self._block_of)

    def __iter__(self) -> Iterator[int]:
        for block in self._blocks:
            yield from block

    def _locate(self, position: int) -> tuple[int, int]:
        """Return the number of the block at a position, and the offset in it; the last block also has the end."""
        for number, block in enumerate(self._blocks):
            if position < len(block):
                return number, position
            position -= len(block)
        return len(self._blocks) - 1, len(self._blocks[-1]) + position


class NameList:
    """An ordered list of names that need not be unique, with fast access to the first of each name.

    Args:
        names: The names, in order.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._name_of = dict(enumerate(names))
        self._handles: dict[str, list[int]] = {}
        for handle, name in self._name_of.items():
            self._handles.setdefault(name, []).append(handle)
        self._order = HandleList(len(self._name_of))

    def __len__(self) -> int:
        return len(self._name_of)

    def __contains__(self, name: object) -> bool:
        return name in self._handles

    def __iter__(self) -> Iterator[str]:
        return (self._name_of[handle] for handle in self._order)

    def handles(self) -> Iterator[int]:
        """Yield the handles of all items, in order."""
        return iter(self._order)

    def handle(self, position: int) -> int:
        """Return the handle of the item at a position, which it keeps while others come and go."""
        return self._order.handle(position)

    def position(self, handle: int) -> int:
        """Return the position of a handle."""
        return self._order.position(handle)

    def find(self, name: str) -> int | None:
        """Return the position of the first item of a name, or None."""
        handles = self._handles.get(name)
        return self._order.position(handles[0]) if handles else None

    def index(self, name: str) -> int:
        """Return the position of the first item of a name that is in the list."""
        return self._order.position(self._handles[name][0])

    def rename(self, position: int, old: str, new: str) -> None:
        """Give the item at a position another name."""
        handle = self._order.handle(position)
        self._remove_name(position, old)
        self._add_name(handle, position, new)

    def insert(self, position: int, name: str) -> None:
        """Insert an item at a position."""
        self._add_name(self._order.insert(position), position, name)

    def remove(self, position: int, name: str) -> None:
        """Remove the item at a position."""
        self._remove_name(position, name)
        del self._name_of[self._order.remove(position)]

    def _add_name(self, handle: int, position: int, name: str) -> None:
        self._name_of[handle] = name
        handles = self._handles.setdefault(name, [])
        handles.insert(bisect_left(handles, position, key=self._order.position), handle)

    def _remove_name(self, position: int, name: str) -> None:
        handles = self._handles[name]
        del handles[bisect_left(handles, position, key=self._order.position)]
        if not handles:
            del self._handles[name]
