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
DEFAULT_PAGE_SIZE = 4096

Row = tuple[int | None, list[Any]]
"""The rowid, None in an index, and the columns."""


@dataclass(frozen=True, slots=True)
class PageTree:
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
        self.size = page_size(bytes(data[:100])) or DEFAULT_PAGE_SIZE
        reserved_bytes = data[20] if bytes(data[:16]) == MAGIC else 0
        self._usable_bytes = max(480, self.size - reserved_bytes)
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

    def tree(self, root: int) -> PageTree:
        """Return the pages below a root."""
        page_numbers: dict[int, None] = {}
        pending, is_whole = [root], True
        family: frozenset[int] | None = None
        while pending:
            page = pending.pop()
            if not 1 <= page <= self.count or page in page_numbers:
                is_whole = False
                continue
            kind = self.kind(page)
            if family is None:
                family = next((kinds for kinds in _FAMILIES if kind in kinds), frozenset())
            if kind not in family:
                is_whole = False
                continue
            page_numbers[page] = None
            if kind in (TABLE_INNER, INDEX_INNER):
                child_pages = self._child_pages(page)
                is_whole = is_whole and len(child_pages) == self._cell_count(page) + 1
                pending += child_pages
        return PageTree(tuple(page_numbers), is_whole)

    def free(self) -> tuple[frozenset[int], bool]:
        """Return the pages that are in no use, and whether their list can be read to its end."""
        free_pages: set[int] = set()
        trunk, count = struct.unpack(">II", self._data[32:40])
        while trunk and trunk not in free_pages and trunk <= self.count:
            free_pages.add(trunk)
            start = self._start(trunk)
            next_trunk, leaves = struct.unpack(">II", self._data[start : start + 8])
            if leaves > self._usable_bytes // 4 - 2:
                return frozenset(free_pages), False
            free_pages.update(struct.unpack(f">{leaves}I", self._data[start + 8 : start + 8 + 4 * leaves]))
            trunk = next_trunk
        return frozenset(free_pages), not trunk and len(free_pages) == count

    # ---- inside ----------------------------------------------------------------------------

    def _start(self, page: int) -> int:
        return 100 if page == 1 else (page - 1) * self.size

    def _cell_count(self, page: int) -> int:
        start = self._start(page)
        return int.from_bytes(self._data[start + 3 : start + 5], "big")

    def _cells(self, page: int) -> Iterator[int]:
        """Return where the cells of a page begin, those that begin within it."""
        start, base = self._start(page), (page - 1) * self.size
        array_start = start + (12 if self.kind(page) in (TABLE_INNER, INDEX_INNER) else 8)
        count = min(self._cell_count(page), (base + self._usable_bytes - array_start) // 2)
        for position in range(array_start, array_start + 2 * count, 2):
            offset = int.from_bytes(self._data[position : position + 2], "big")
            if array_start - base <= offset < self._usable_bytes:
                yield base + offset

    def _child_pages(self, page: int) -> list[int]:
        start = self._start(page)
        pointers = [start + 8, *self._cells(page)]
        return [int.from_bytes(self._data[position : position + 4], "big") for position in pointers]

    def _row(self, page: int, kind: int, offset: int) -> Row:
        if kind == INDEX_INNER:
            offset += 4
        length, offset = _varint(self._data, offset)
        rowid = None
        if kind == TABLE_LEAF:
            rowid, offset = _varint(self._data, offset)
        max_local = self._usable_bytes - 35 if kind == TABLE_LEAF else (self._usable_bytes - 12) * 64 // 255 - 23
        return rowid, _record(self._payload(page, offset, length, max_local))

    def _payload(self, page: int, offset: int, length: int, max_local: int) -> bytes:
        """Return a cell's content, gathered from its overflow pages where it has any."""
        if length > len(self._data):
            raise ValueError("longer than the file")
        local_size = length
        if length > max_local:
            min_local = (self._usable_bytes - 12) * 32 // 255 - 23
            local_size = min_local + (length - min_local) % (self._usable_bytes - 4)
            local_size = local_size if local_size <= max_local else min_local
        if offset + local_size > (page - 1) * self.size + self._usable_bytes:
            raise ValueError("a cell goes beyond its page")
        chunks = [bytes(self._data[offset : offset + local_size])]
        overflow_page = (
            int.from_bytes(self._data[offset + local_size : offset + local_size + 4], "big")
            if local_size < length
            else 0
        )
        missing = length - local_size
        while missing > 0:  # every turn takes bytes off, so that pages in a circle end too
            if not 2 <= overflow_page <= self.count:
                raise ValueError("an overflow page is not there")
            start = (overflow_page - 1) * self.size
            overflow_page = int.from_bytes(self._data[start : start + 4], "big")
            chunk = bytes(self._data[start + 4 : start + min(self._usable_bytes, 4 + missing)])
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)


def page_size(header: bytes) -> int | None:
    """Return the page size a file's header names, None when it names none."""
    size = int.from_bytes(header[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in SIZES else None


_FAMILIES = (frozenset((TABLE_LEAF, TABLE_INNER)), frozenset((INDEX_LEAF, INDEX_INNER)))
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _varint(data: Any, offset: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[offset]
        offset += 1
        if index == 8:
            return (value << 8) | byte, offset
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            break
    return value, offset


def _record(payload: bytes) -> list[Any]:
    length, offset = _varint(payload, 0)
    if not offset <= length <= len(payload):
        raise ValueError("a record's header is longer than the record")
    body, columns = length, []
    while offset < length:
        kind, offset = _varint(payload, offset)
        value, body = _value(payload, kind, body)
        columns.append(value)
    if offset != length or body != len(payload):
        raise ValueError("a record does not end where its header says")
    return columns


def _value(payload: bytes, kind: int, start: int) -> tuple[Any, int]:
    if kind == 0:
        return None, start
    if kind in _INTEGER_BYTES:
        end = start + _INTEGER_BYTES[kind]
        return int.from_bytes(_part(payload, start, end), "big", signed=True), end
    if kind == 7:
        return struct.unpack(">d", _part(payload, start, start + 8))[0], start + 8
    if kind in (8, 9):
        return kind - 8, start
    if kind < 12:
        raise ValueError("a column of a kind that is never stored")
    end = start + (kind - 12) // 2
    part = _part(payload, start, end)
    return (part.decode("utf-8") if kind % 2 else part), end


def _part(payload: bytes, start: int, end: int) -> bytes:
    if end > len(payload):
        raise ValueError("a column goes beyond its record")
    return payload[start:end]
