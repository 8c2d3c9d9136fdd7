"""Processes killed at any moment: while a store is made, written, migrated, salvaged.

The moment is chosen by counting: the child is killed at its n-th call into SQLite or into the file system, so every
step has its turn, on a busy machine too.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.store.damaging import break_world
from tests.store.kills import share
from tests.store.test_recovery import fill, rooms_of
from tests.store.test_writers import child, kill_writers
from tests.store.worlds import make_older_shape, upgradable
from worldkit.stores.local import recovery, sqlite
from worldkit.stores.local.tables import SCHEMA

STEPS = ("sqlite3.connect", "os.", "shutil.", "open", "pathlib.")


def steps_of(work: Callable[[], object], kill_at: int | None = None) -> int | None:
    """Run something in a process that is killed at its n-th step; returns how many steps it had, None when killed.

    A step is an SQL statement, or anything of the file system that Python reports to an audit hook.
    """

    read, write = os.pipe()

    def run() -> None:
        count = 0

        def one(*_: object) -> None:
            nonlocal count
            count += 1
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        def count_file_steps(event: str, _: object) -> None:
            if event == "open" or event.startswith(STEPS[:3]):
                one()

        connect = sqlite3.connect

        def traced(*args: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*args, **options)
            connection.set_trace_callback(one)
            # a statement is many steps: the machine that carries it out counts too
            connection.set_progress_handler(lambda: one(), 200)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment]
        sys.addaudithook(count_file_steps)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            work()
        os.write(write, str(count).encode())

    pid = child(run)
    os.close(write)
    with os.fdopen(read) as pipe:
        output = pipe.read()
    status = os.waitpid(pid, 0)[1]
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
    return int(output) if output else None


def kill_at_step(work: Callable[[], object], kill_at: int) -> bool:
    """Run something in a process that is killed at its n-th step; returns whether it was."""
    return steps_of(work, kill_at) is None


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def kill_makers(folder: Path, kills: int, seed: int) -> int:
    """Kill a process while it makes a store; whatever it left is opened, or made."""
    kill_count, chance = 0, random.Random(seed)
    with wk.Store(folder / "first.db") as first:
        first.create(rooms_of("a"))  # what is imported on the way is no step
    count = steps_of(lambda: wk.Store(folder / "second.db").create(rooms_of("a"))) or 0
    for turn in range(kills):
        path = folder / f"made{turn}.db"
        if turn % 3 == 0:
            path.touch()  # an empty file is as good as none
        kill_count += kill_at_step(lambda path=path: wk.Store(path).create(rooms_of("a")), chance.randint(1, count))
        with wk.Store(path) as store:
            assert store.damage is None and store.usage()["worlds"] in (0, 1)
            assert store.create(rooms_of("b")).reload().rev == "0"
        assert sound(path)
    return kill_count


def test_a_store_whose_maker_was_killed_is_opened(tmp_path: Path) -> None:
    assert kill_makers(tmp_path, 12, seed=1) > 8


def test_a_half_made_file_with_a_hot_journal_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"

    def make() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE half (body TEXT)")
        connection.executemany("INSERT INTO half VALUES (?)", [("x" * 900,)] * 500)
        os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(child(make), 0)
    assert path.stat().st_size > 0 and Path(f"{path}-journal").stat().st_size > 0
    with wk.Store(path) as store:
        assert list(store) == [] and store.create(rooms_of("a")).rev == "0"
    assert sound(path)


def bring_up_to_date(path: Path) -> None:
    with upgradable():
        wk.Store(path).close()


def kill_migrations(folder: Path, kills: int, seed: int) -> int:
    """Kill a process while it brings a store to a newer schema: it stands at the old one or at the new one."""
    kill_count, chance = 0, random.Random(seed)
    path = folder / "migrated.db"
    ids = fill(path)
    make_older_shape(path)
    before = path.read_bytes()
    count = steps_of(lambda: bring_up_to_date(path)) or 0
    for _ in range(kills):
        for suffix in ("-wal", "-shm", "-journal"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        path.write_bytes(before)
        kill_count += kill_at_step(lambda: bring_up_to_date(path), chance.randint(1, count))
        with closing(sqlite3.connect(path)) as connection:
            (at,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            columns = [row[1] for row in connection.execute("PRAGMA table_info(worlds)")]
        assert (at, "annotations" in columns) in (("older", False), (SCHEMA.version, True))
        assert sound(path)
        with upgradable(), wk.Store(path) as store:
            assert {ref.id for ref in store} == {*ids} and store.damage is None
            assert not any(store.annotations(id) for id in ids)
    return kill_count


def test_a_store_whose_migration_was_killed_is_at_the_old_schema_or_at_the_new_one(tmp_path: Path) -> None:
    assert kill_migrations(tmp_path, 8, seed=2) > 4


def kill_recoveries(folder: Path, kills: int, seed: int) -> int:
    """Kill a process while it recovers a store: the next one finds the damaged original, or the finished salvage."""
    kill_count = 0
    chance = random.Random(seed)
    path = folder / "whole.db"
    ids = fill(path)
    broken_id = next(iter(ids))
    break_world(path, broken_id)
    before = path.read_bytes()
    count = steps_of(lambda: wk.Store(path, recover=True)) or 0
    for turn in range(kills):
        place = folder / str(turn)
        place.mkdir()
        path = place / "worlds.db"
        path.write_bytes(before)
        # at the end files change places: half of the kills fall there
        step = chance.choice([chance.randint(1, count), chance.randint(count - 60, count)])
        kill_count += kill_at_step(lambda path=path: wk.Store(path, recover=True), step)
        originals = [one for one in place.glob("*.db*") if one.is_file() and one.read_bytes() == before]
        assert originals, "the damaged original is always there"
        with wk.Store(path) as store:
            assert len({ref.id for ref in store}) == len(ids)
            is_finished = store.damage is None
        assert is_finished or path.read_bytes() == before
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store = wk.Store(path, recover=True)
        with store:
            assert store.damage is None and {ref.id for ref in store} == {*ids}
            assert store.get(broken_id).version == store.versions(broken_id)[0].id
            for id, name in ids.items():
                assert id == broken_id or "puddles" in (store.get(id).world.states[f"{name}_0"].base or "")
        assert sound(path)
        damaged_copies = [one for one in place.glob("*.damaged-*") if not one.name.endswith((".json", "-wal"))]
        assert [one.read_bytes() for one in damaged_copies] == [before] and recovery.unresolved(path) == damaged_copies
        assert not [*place.glob(".*recovering*"), *place.glob("*.recovered*"), *place.glob("*.damaged")]
    return kill_count


def test_a_recovery_that_was_killed_loses_nothing(tmp_path: Path) -> None:
    assert kill_recoveries(tmp_path, 12, seed=3) > 8


@pytest.mark.database
def test_many_kills_lose_nothing(tmp_path: Path) -> None:
    kill_writers(tmp_path / "worlds.db", kills=share(90), seed=2)
    for kill in (kill_makers, kill_migrations, kill_recoveries):
        folder = tmp_path / kill.__name__
        folder.mkdir()
        assert kill(folder, share(80), 4) >= 0.8 * share(80)


def test_the_steps_counted_are_those_of_the_driver_in_use() -> None:
    assert sqlite.sqlite3 is sqlite3
