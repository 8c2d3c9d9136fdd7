"""Several processes at once, and processes killed at any moment."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import worldkit as wk
from tests.forks import fork
from tests.store.kills import KILLS
from tests.store.worlds import lane

WRITERS, TURNS = 4, 6


def child(work: Callable[[], object]) -> int:
    """Run something in a forked process; returns its id."""
    pid = fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return pid


def statuses(pids: list[int]) -> list[int]:
    """Wait for processes; returns their exit statuses."""
    return [os.waitpid(pid, 0)[1] for pid in pids]


def test_of_writers_from_several_processes_one_wins_each_revision(store: wk.Store, bench: wk.StoredWorld) -> None:
    place, read, write = store.database.place, *os.pipe()

    def work(n: int) -> None:
        wins = losses = 0
        with wk.Store(place) as mine:
            while wins < TURNS:
                here = mine["bench"]
                try:
                    after = here.apply([{"op": "add_state", "id": f"w{n}_{wins}", "base": "A room."}])
                except wk.Conflict:
                    losses += 1
                else:
                    os.write(write, f"{after.rev} ".encode())
                    wins += 1

    assert statuses([child(lambda n=n: work(n)) for n in range(WRITERS)]) == [0] * WRITERS
    os.close(write)
    with os.fdopen(read) as pipe:
        revisions = [int(word) for word in pipe.read().split()]
    assert sorted(revisions) == list(range(1, WRITERS * TURNS + 1))
    after = store["bench"]
    assert after.rev == str(WRITERS * TURNS)
    assert len(after.world.states) == len(bench.world.states) + WRITERS * TURNS


def test_processes_that_open_a_new_store_together_make_one(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    worlds = [wk.samples.load("bench").fork(name=str(n)) for n in range(WRITERS)]
    assert statuses([child(lambda w=w: wk.Store(path).create(w)) for w in worlds]) == [0] * WRITERS
    assert {ref.name for ref in wk.Store(path)} == {str(n) for n in range(WRITERS)}


def test_the_same_key_from_several_processes_at_once_makes_one_world(store: wk.Store) -> None:
    place, world = store.database.place, wk.samples.load("bench")
    assert statuses([child(lambda: wk.Store(place).create(world, idempotency_key="k")) for _ in range(8)]) == [0] * 8
    assert store.usage()["worlds"] == 1


def kill_writers(path: Path, kills: int, seed: int) -> None:
    """Kill a writing process many times; after each nothing acknowledged may be missing and nothing half there."""
    chance = random.Random(seed)
    with wk.Store(path) as store:
        id = store.create(wk.samples.load("bench")).id
    last_rev = 0
    for _ in range(kills):
        read, write = os.pipe()

        def work(write: int = write) -> None:
            with wk.Store(path) as mine:
                at = int(mine.get(id).rev)
                while True:
                    at += 1
                    mine.apply(
                        id, [*lane(f"Text {at}."), {"op": "set_story", "logline": f"Text {at}."}], rev=str(at - 1)
                    )
                    os.write(write, f"{at}\n".encode())
                    if at % 5 == 0:
                        mine.snapshot(id, f"{at}")
                        mine.compact()

        pid = child(work)
        os.close(write)
        output = bytearray()
        with os.fdopen(read, "rb", buffering=0) as pipe:
            output += pipe.read(64) or b""
            select.select([], [], [], chance.random() * 0.012)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            while more := pipe.read(4096):
                output += more
        last_rev = max([last_rev, *map(int, output.split(b"\n")[:-1])])
        with sqlite3.connect(path) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        plain.close()
        with wk.Store(path) as store:
            here = store.get(id)
            assert last_rev <= int(here.rev) <= last_rev + 1
            assert here.world.states["lane"].base == f"Text {here.rev}."
            assert here.world.story is not None and here.world.story.logline == f"Text {here.rev}."
            for version in store.versions(id)[-2:]:
                assert store.version(id, version.id).states["lane"].base == f"Text {version.title}."
            last_rev = int(here.rev)


def test_a_writer_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    kill_writers(tmp_path / "worlds.db", kills=8, seed=1)


@pytest.mark.database
def test_a_writer_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    kill_writers(tmp_path / "worlds.db", kills=KILLS, seed=2)


@pytest.mark.database
def test_a_process_killed_while_it_makes_a_new_store_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    chance = random.Random(3)
    for turn in range(20):
        path = tmp_path / f"{turn}.db"
        pid = child(lambda path=path: wk.Store(path).create(wk.samples.load("bench")))
        select.select([], [], [], chance.random() * 0.15)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with wk.Store(path) as store:
            assert store.usage()["worlds"] in (0, 1)
            assert store.create(wk.samples.load("bench")).reload().rev == "0"
