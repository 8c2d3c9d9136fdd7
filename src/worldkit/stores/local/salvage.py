"""What can be read of a damaged database, put row by row into a new one."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worldkit.stores.local import sqlite
from worldkit.stores.local.inspection import is_object
from worldkit.stores.local.objects import DIGEST_BYTES
from worldkit.stores.local.pages import Pages, PageTree
from worldkit.stores.local.tables import SCHEMA, metadata

STORE_TABLES = tuple(metadata.tables)
"""The store's own tables; what a server keeps beside them is taken along as it is."""


@dataclass(slots=True)
class Extract:
    """The result of reading a damaged database.

    Attributes:
        has_catalogue: Whether it still says where its tables are.
        ids: Ids of the worlds it once named, whether or not their rows could be read.
        notes: What is lost besides worlds, in words.
    """

    has_catalogue: bool = False
    ids: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def extract(image: Path, target: Path) -> Extract:
    """Read what can be read of a database into a new store.

    Objects are found wherever they are: each one's name is the hash of its content. Rows of worlds and versions are
    read from the pages of their tables, and from pages that damage cut off from them.

    Args:
        image: A copy of the damaged database.
        target: Where the new store is made.
    """
    engine = sqlite.writer(target)
    with engine.connect().execution_options(worldkit_writes=True) as raw_connection, raw_connection.begin():
        SCHEMA.bring_up_to_date(raw_connection)
    engine.dispose()
    with image.open("rb") as file, closing(sqlite3.connect(target, isolation_level=None)) as connection:
        if image.stat().st_size < 512:
            return Extract()
        connection.execute("PRAGMA synchronous = OFF")  # it is synchronised as a whole when it is done
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            connection.execute("BEGIN")
            result = _Salvage(Pages(data), connection).run()
            connection.execute("COMMIT")
        return result


class _Salvage:
    """One pass over a damaged database."""

    def __init__(self, pages: Pages, connection: sqlite3.Connection) -> None:
        self._pages, self._connection = pages, connection
        self._result = Extract()
        free, free_is_whole = pages.free()
        all_pages = range(1, pages.count + 1)
        catalogue = pages.tree(1)
        entries = [*self._catalogue(catalogue.pages)]
        self._result.has_catalogue = {"objects", "worlds"} <= {name for kind, name, *_ in entries if kind == "table"}
        if not catalogue.is_whole or not self._result.has_catalogue:
            known_names = {name for _, name, *_ in entries}
            entries += [entry for entry in self._catalogue(all_pages) if entry[1] not in known_names]
        self._entries = entries
        self._trees: dict[str, PageTree] = {name: pages.tree(root) for _, name, _, root, _ in entries if root}
        tree_pages = [page for tree in (catalogue, *self._trees.values()) for page in tree.pages]
        is_whole = catalogue.is_whole and all(tree.is_whole for tree in self._trees.values())
        is_whole = is_whole and len(set(tree_pages)) == len(tree_pages) and {*STORE_TABLES} <= self._trees.keys()
        # in a sound database every page is in a tree or free; where neither can be told, old rows may come back
        self._stray_pages = [] if is_whole and not free_is_whole else sorted({*all_pages} - {*tree_pages} - free)

    def run(self) -> Extract:
        """Copy everything."""
        self._insert("objects", (row for row in self._all_index_rows() if is_object(row)))
        self._worlds()
        for table, test in (("versions", _is_version), ("keys", _is_key)):
            self._insert(table, (row for row in self._rows(table, with_strays=True) if test(row)))
        self._server_tables()
        return self._result

    def _catalogue(self, pages: Iterable[int]) -> Iterator[tuple[str, str, str, int, str | None]]:
        for page in pages:
            for rowid, columns in self._pages.rows(page):
                match columns:
                    case ["table" | "index" as kind, str() as name, str() as table, int() as root, str() | None as sql]:
                        if rowid is not None:
                            yield kind, name, table, root, sql

    def _rows(self, table: str, with_strays: bool = False) -> Iterator[list[Any]]:
        tree = self._trees.get(table)
        for page in (*(tree.pages if tree else ()), *(self._stray_pages if with_strays else ())):
            for rowid, columns in self._pages.rows(page):
                yield columns if rowid is None else [rowid, *columns]

    def _all_index_rows(self) -> Iterator[list[Any]]:
        for page in range(1, self._pages.count + 1):
            for rowid, columns in self._pages.rows(page):
                if rowid is None:
                    yield columns

    def _worlds(self) -> None:
        newest: dict[str, list[Any]] = {}
        in_table = {row[2] for row in self._rows("worlds") if _is_world(row)}
        for row in self._rows("worlds", with_strays=True):
            if _is_world(row):
                other = newest.get(row[2])
                is_newer = other is None or (row[2] not in in_table and (row[8], row[16]) > (other[8], other[16]))
                if is_newer:
                    newest[row[2]] = row
        # the first column is the rowid again, which SQLite leaves empty in the record
        in_order = sorted(newest.values(), key=lambda row: int(row[0]))
        self._insert("worlds", ([row[0], *row[2:]] for row in in_order))
        self._result.ids.update(newest)
        for _, name, table, root, _sql in self._entries:
            if table == "worlds" and name != "worlds" and root:
                for columns in self._rows(name):
                    if len(columns) == 2 and isinstance(columns[0], str):
                        self._result.ids.add(columns[0])

    def _insert(self, table: str, rows: Iterable[list[Any]]) -> None:
        placeholders = ", ".join("?" * len(metadata.tables[table].columns))
        self._connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({placeholders})", rows)

    # ---- what a server keeps beside the worlds ---------------------------------------------

    def _server_tables(self) -> None:
        names = [
            name
            for kind, name, *_ in self._entries
            if kind == "table" and name not in STORE_TABLES and not name.startswith("sqlite_")
        ]
        created_tables = [name for name in names if self._create_table(name)]
        for name in created_tables:
            columns = self._connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
            self._copy(name, columns)
            if not self._trees[name].is_whole:
                self._result.notes.append(f"table {name}: a part of its rows is lost")
        lost_tables = [name for name in names if name not in created_tables]
        for name in created_tables:
            if name.endswith("_version") and not self._connection.execute(f"SELECT 1 FROM {_quoted(name)}").fetchone():
                lost_tables += [other for other in created_tables if other.partition("_")[0] == name.partition("_")[0]]
        for name in lost_tables:
            self._connection.execute(f"DROP TABLE IF EXISTS {_quoted(name)}")
            self._result.notes.append(f"table {name}: lost")
        for _, _name, table, _root, sql in self._entries:
            if (
                table in created_tables
                and table not in lost_tables
                and sql
                and sql.lstrip().upper().startswith("CREATE INDEX")
            ):
                self._try_create(sql)
        while violations := self._connection.execute("PRAGMA foreign_key_check").fetchall():
            for table, rowid, *_ in violations:
                if table in STORE_TABLES or rowid is None:
                    return  # those are settled world by world
                self._connection.execute(f"DELETE FROM {_quoted(table)} WHERE rowid = ?", [rowid])

    def _create_table(self, name: str) -> bool:
        sql = next((sql for kind, other, *_, sql in self._entries if kind == "table" and other == name), None)
        return name in self._trees and bool(sql) and self._try_create(str(sql))

    def _try_create(self, sql: str) -> bool:
        if not sql.lstrip().upper().startswith(("CREATE TABLE", "CREATE INDEX")):
            return False
        try:
            self._connection.execute(sql)
        except sqlite3.Error:
            return False
        return True

    def _copy(self, name: str, columns: list[tuple[Any, ...]]) -> None:
        keys = sorted((column for column in columns if column[5]), key=lambda column: int(column[5]))
        is_rowid = len(keys) == 1 and str(keys[0][2]).upper() == "INTEGER"
        placeholders = ", ".join("?" * len(columns))
        for row in self._rows(name):
            values = row[1:]
            if len(values) > len(columns):
                continue
            values += [None] * (len(columns) - len(values))
            if is_rowid and values[keys[0][0]] is None:
                values[keys[0][0]] = row[0]
            self._connection.execute(f"INSERT OR IGNORE INTO {_quoted(name)} VALUES ({placeholders})", values)


def _is_root(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) == DIGEST_BYTES


def _is_text(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_optional_text(*values: Any) -> bool:
    return all(value is None or isinstance(value, str) for value in values)


def _is_world(row: list[Any]) -> bool:
    match row:
        case [int(), None, id, space, name, about, cover, visibility, int(), root, head, parent, version, base, *rest]:
            return (
                len(rest) == 4
                and bool(id)
                and _is_text(id, space, name, visibility, *rest)
                and _is_optional_text(about, cover, head, parent, version)
                and _is_root(root)
                and (base is None or _is_root(base))
            )
    return False


def _is_version(row: list[Any]) -> bool:
    match row:
        case [world, id, int(), parent, title, source, int(), root, created]:
            return _is_text(world, id, title, source, created) and _is_optional_text(parent) and _is_root(root)
    return False


def _is_key(row: list[Any]) -> bool:
    match row:
        case [space, call, key, world, root, answer, created]:
            return _is_text(space, call, key, world, answer, created) and _is_root(root)
    return False


def _quoted(name: str) -> str:
    escaped_name = name.replace('"', '""')
    return f'"{escaped_name}"'
