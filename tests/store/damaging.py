"""Damage to a store's file, page by page."""

from __future__ import annotations

import os
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.forks import fork

PAGE = 4096


def elsewhere(work: Callable[[], object]) -> None:
    """Do something in another process: closing a file gives up the locks that SQLite holds on it in this one."""
    pid = fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0


def pages_of(path: Path, table: str) -> list[int]:
    """Return the pages of a table, as SQLite's own statistics name them; the root first."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT pageno FROM dbstat WHERE name = ? ORDER BY path", [table]).fetchall()
    return [page for (page,) in rows]


def page_of(path: Path, table: str) -> int:
    """Return the last leaf of a table."""
    return pages_of(path, table)[-1]


def break_page(path: Path, page: int, filling: bytes = b"\xff") -> None:
    """Write over a page."""
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(filling * PAGE)


def break_world(path: Path, id: str) -> None:
    """Write over what a world's root is made of, and over a count on its page, so that it is noticed at once."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        (root,) = connection.execute("SELECT root FROM worlds WHERE id = ?", [id]).fetchone()
        (body,) = connection.execute("SELECT body FROM objects WHERE digest = ?", [root]).fetchone()
    data = bytearray(path.read_bytes())
    start = body[:64]  # the rest of a long one is on other pages
    at = data.find(root + start)
    if at < 0:
        at = data.find(start)
    assert at >= 0
    data[at : at + len(start)] = bytes(len(start))
    data[at // PAGE * PAGE + 7] ^= 0x55  # the page's own count of loose bytes
    path.write_bytes(data)
