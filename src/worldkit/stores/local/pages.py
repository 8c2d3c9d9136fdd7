"""SQLite's file format, read page by page without trusting it (https://www.sqlite.org/fileformat2.html).

SQLite stops at the first page that makes no sense. Here such a page, or such a cell, is left out, and the rest is read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAGIC = b"SQLite format 3\x00"
TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 13, 5, 10, 2
SIZES = frozenset(1 << power for power in range(9, 17))
DEFAULT_SIZE = 4096

Row = tuple[int | None, list[Any]]
"""The rowid, None in an index, and the columns."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The pages of one table or index.

    Attributes:
        pages: Those that can be reached from its root.
        is_whole: Whether every page that another one names is a page of such a tree.
    """

    pages: tuple[int, ...]
    is_whole: bool


class Pages:
    """A database file, as pages numbered from 1.

    Args:
        data: The whole file; a memory map will do.
    """

    def __init__(self, data: Any) -> None:
        self._data = data
        self.size = page_size(bytes(data[:100])) or DEFAULT_SIZE
        reserved = data[20] if bytes(data[:16]) == MAGIC else 0
        self._usable = max(480, self.size - reserved)
        self.count = len(data) // self.size

    def kind(self, page: int) -> int:
        """Return the byte that says what a page is."""
        return int(self._data[self._start(page)])

    def rows(self, page: int) -> Iterator[Row]:
        """Return what can be read of the rows on a page of a table or an index."""
        kind = self.kind(page)
        if kind not in (TABLE_LEAF, INDEX_LEAF, INDEX_INNER):
            return
        for cell in self._cells(page):
            try:
                yield self._row(page, kind, cell)
            except (ValueError, IndexError, struct.error):
                continue

    def tree(self, root: int) -> Tree:
        """Return the pages below a root."""
        found: dict[int, None] = {}
        waiting, is_whole = [root], True
        family: frozenset[int] | None = None
        while waiting:
            page = waiting.pop()
            if not 1 <= page <= self.count or page in found:
                is_whole = False
                continue
            kind = self.kind(page)
            if family is None:
                family = next((one for one in _FAMILIES if kind in one), frozenset())
            if kind not in family:
                is_whole = False
                continue
            found[page] = None
            if kind in (TABLE_INNER, INDEX_INNER):
                below = self._below(page)
                is_whole = is_whole and len(below) == self._cell_count(page) + 1
                waiting += below
        return Tree(tuple(found), is_whole)

    def free(self) -> tuple[frozenset[int], bool]:
        """Return the pages that are in no use, and whether their list can be read to its end."""
        found: set[int] = set()
        trunk, count = struct.unpack(">II", self._data[32:40])
        while trunk and trunk not in found and trunk <= self.count:
            found.add(trunk)
            start = self._start(trunk)
            following, leaves = struct.unpack(">II", self._data[start : start + 8])
            if leaves > self._usable // 4 - 2:
                return frozenset(found), False
            found.update(struct.unpack(f">{leaves}I", self._data[start + 8 : start + 8 + 4 * leaves]))
            trunk = following
        return frozenset(found), not trunk and len(found) == count

    # ---- inside ----------------------------------------------------------------------------

    def _start(self, page: int) -> int:
        return 100 if page == 1 else (page - 1) * self.size

    def _cell_count(self, page: int) -> int:
        at = self._start(page)
        return int.from_bytes(self._data[at + 3 : at + 5], "big")

    def _cells(self, page: int) -> Iterator[int]:
        """Return where the cells of a page begin, those that begin within it."""
        start, base = self._start(page), (page - 1) * self.size
        head = start + (12 if self.kind(page) in (TABLE_INNER, INDEX_INNER) else 8)
        last = min(self._cell_count(page), (base + self._usable - head) // 2)
        for at in range(head, head + 2 * last, 2):
            offset = int.from_bytes(self._data[at : at + 2], "big")
            if head - base <= offset < self._usable:
                yield base + offset

    def _below(self, page: int) -> list[int]:
        start = self._start(page)
        ends = [start + 8, *self._cells(page)]
        return [int.from_bytes(self._data[at : at + 4], "big") for at in ends]

    def _row(self, page: int, kind: int, at: int) -> Row:
        if kind == INDEX_INNER:
            at += 4
        length, at = self._varint(at)
        rowid = None
        if kind == TABLE_LEAF:
            rowid, at = self._varint(at)
        most = self._usable - 35 if kind == TABLE_LEAF else (self._usable - 12) * 64 // 255 - 23
        return rowid, _record(self._payload(page, at, length, most))

    def _payload(self, page: int, at: int, length: int, most: int) -> bytes:
        """Return a cell's content, gathered from its overflow pages where it has any."""
        if length > len(self._data):
            raise ValueError("longer than the file")
        local = length
        if length > most:
            least = (self._usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (self._usable - 4)
            local = local if local <= most else least
        if at + local > (page - 1) * self.size + self._usable:
            raise ValueError("a cell goes beyond its page")
        parts = [bytes(self._data[at : at + local])]
        following = int.from_bytes(self._data[at + local : at + local + 4], "big") if local < length else 0
        missing = length - local
        while missing > 0:  # every turn takes bytes off, so that pages in a circle end too
            if not 2 <= following <= self.count:
                raise ValueError("an overflow page is not there")
            start = (following - 1) * self.size
            following = int.from_bytes(self._data[start : start + 4], "big")
            part = bytes(self._data[start + 4 : start + min(self._usable, 4 + missing)])
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _varint(self, at: int) -> tuple[int, int]:
        return _varint(self._data, at)


def page_size(header: bytes) -> int | None:
    """Return the page size a file's header names, None when it names none."""
    size = int.from_bytes(header[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in SIZES else None


_FAMILIES = (frozenset((TABLE_LEAF, TABLE_INNER)), frozenset((INDEX_LEAF, INDEX_INNER)))
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _varint(data: Any, at: int) -> tuple[int, int]:
    value = 0
    for turn in range(9):
        byte = data[at]
        at += 1
        if turn == 8:
            return (value << 8) | byte, at
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            break
    return value, at


def _record(payload: bytes) -> list[Any]:
    length, at = _varint(payload, 0)
    if not at <= length <= len(payload):
        raise ValueError("a record's header is longer than the record")
    body, columns = length, []
    while at < length:
        kind, at = _varint(payload, at)
        value, body = _value(payload, kind, body)
        columns.append(value)
    if at != length or body != len(payload):
        raise ValueError("a record does not end where its header says")
    return columns


def _value(payload: bytes, kind: int, at: int) -> tuple[Any, int]:
    if kind == 0:
        return None, at
    if kind in _INTEGERS:
        end = at + _INTEGERS[kind]
        return int.from_bytes(_part(payload, at, end), "big", signed=True), end
    if kind == 7:
        return struct.unpack(">d", _part(payload, at, at + 8))[0], at + 8
    if kind in (8, 9):
        return kind - 8, at
    if kind < 12:
        raise ValueError("a column of a kind that is never stored")
    end = at + (kind - 12) // 2
    part = _part(payload, at, end)
    return (part.decode("utf-8") if kind % 2 else part), end


def _part(payload: bytes, at: int, end: int) -> bytes:
    if end > len(payload):
        raise ValueError("a column goes beyond its record")
    return payload[at:end]
