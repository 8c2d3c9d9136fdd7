"""Positions of items in an ordered list, and of the first of each name, while items are inserted and removed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

_BLOCK_SIZE = 128


class _Block:
    """Some neighbouring handles; ``number`` and ``start`` say where the block was when it was last looked for."""

    __slots__ = ("handles", "number", "start")

    def __init__(self, handles: list[int]) -> None:
        self.handles = handles
        self.number = 0
        self.start = 0


class HandleList:
    """An ordered list of handles: each item has a number that stays the same while others come and go.

    A plain list must scan its items to find one. Here the items are in blocks of about ``_BLOCK_SIZE``, the block of
    each handle is known, and the position of a block is kept until something changes before it. So reading every
    position, or inserting and removing from the first item to the last, takes time linear in the list.

    Args:
        count: The number of items at first; their handles are 0, 1, 2 ..., in order.
    """

    def __init__(self, count: int) -> None:
        starts = range(0, count, _BLOCK_SIZE)
        self._blocks = [_Block(list(range(start, min(start + _BLOCK_SIZE, count)))) for start in starts] or [_Block([])]
        self._block_of = {handle: block for block in self._blocks for handle in block.handles}
        self._next_handle = count
        self._located_count = 1  # so many blocks know their number and start; the first one always does

    def position(self, handle: int) -> int:
        """Return the position of a handle."""
        block = self._block_of[handle]
        while block.number >= self._located_count or self._blocks[block.number] is not block:
            self._locate_next_block()
        return block.start + block.handles.index(handle)

    def handle(self, position: int) -> int:
        """Return the handle at a position."""
        block = self._block_at(position)
        return block.handles[position - block.start]

    def insert(self, position: int) -> int:
        """Insert an item at a position and return its handle."""
        handle, self._next_handle = self._next_handle, self._next_handle + 1
        block = self._block_at(position)
        block.handles.insert(position - block.start, handle)
        self._block_of[handle] = block
        if len(block.handles) > 2 * _BLOCK_SIZE:
            half = _Block(block.handles[_BLOCK_SIZE:])
            del block.handles[_BLOCK_SIZE:]
            self._blocks.insert(block.number + 1, half)
            self._block_of.update(dict.fromkeys(half.handles, half))
        self._located_count = block.number + 1
        return handle

    def remove(self, position: int) -> int:
        """Remove the item at a position and return its handle."""
        block = self._block_at(position)
        handle = block.handles.pop(position - block.start)
        del self._block_of[handle]
        self._located_count = block.number + 1
        if not block.handles and len(self._blocks) > 1:
            del self._blocks[block.number]
            self._located_count = max(block.number, 1)
            self._blocks[0].number = self._blocks[0].start = 0  # it may be first now
        return handle

    def __len__(self) -> int:
        return len(self._block_of)

    def __iter__(self) -> Iterator[int]:
        for block in self._blocks:
            yield from block.handles

    def _block_at(self, position: int) -> _Block:
        """Return the block that has a position; the last one also has the end."""
        last = self._blocks[self._located_count - 1]
        while position >= last.start + len(last.handles) and self._located_count < len(self._blocks):
            last = self._locate_next_block()
        if position >= last.start:
            return last
        return self._blocks[bisect_right(self._blocks, position, 0, self._located_count, key=_start) - 1]

    def _locate_next_block(self) -> _Block:
        previous, block = self._blocks[self._located_count - 1], self._blocks[self._located_count]
        block.number, block.start = self._located_count, previous.start + len(previous.handles)
        self._located_count += 1
        return block


def _start(block: _Block) -> int:
    return block.start


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

    def find_all(self, name: str) -> list[int]:
        """Return the positions of the items of a name, in order."""
        return [self._order.position(handle) for handle in self._handles.get(name, ())]

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
