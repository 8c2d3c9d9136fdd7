"""A store in a folder in which nothing can be written: it is read, and nothing else."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import worldkit as wk
from tests.store.damaging import elsewhere
from tests.store.worlds import lane

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the superuser gives up what it may do as on Linux")
CAPABILITY_VERSION = 0x20080522


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own, which can be emptied again."""
    folder = tmp_path / "fixed"
    folder.mkdir()
    yield folder
    folder.chmod(0o755)


def as_ordinary_user(work: Callable[[], object]) -> None:
    """Do something in another process, in which permissions hold for the superuser too."""

    def restricted() -> None:
        set_capabilities = ctypes.CDLL(None).capset
        assert set_capabilities((ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()) == 0
        work()

    elsewhere(restricted)


def test_a_store_in_a_folder_that_cannot_be_written_is_read(folder: Path) -> None:
    path = folder / "worlds.db"
    with wk.Store(path) as store:
        bench = store.create(wk.samples.load("bench"), name="bench")
        bench.snapshot("first")
    before = sorted(os.listdir(folder))
    folder.chmod(0o555)

    def read() -> None:
        assert not os.access(folder, os.W_OK)
        store = wk.Store(path)
        assert [row.name for row in store.list()] == ["bench"]
        stored = store.get(bench.id)
        assert stored.world == bench.world and [version.title for version in stored.versions()] == ["first"]
        assert store.damage is None
        for write in (lambda: stored.apply(lane("Rain.")), lambda: store.delete(bench.id)):
            with pytest.raises(wk.StoreError, match="readonly"):
                write()
        assert store.get(bench.id).rev == bench.rev

    as_ordinary_user(read)
    assert sorted(os.listdir(folder)) == before


def test_what_another_one_that_may_write_changes_is_read(folder: Path) -> None:
    path = folder / "worlds.db"
    with wk.Store(path) as store:
        id = store.create(wk.samples.load("bench")).id
    folder.chmod(0o555)

    def read() -> None:
        reading = wk.Store(path)
        first = reading.get(id).world
        folder.chmod(0o755)
        with wk.Store(path) as writing:
            second = writing.get(id).apply(lane("Rain.")).world
            folder.chmod(0o555)
            assert Path(f"{path}-wal").stat().st_size
            assert reading.get(id).world == second != first
            folder.chmod(0o755)
            third = writing.get(id).apply(lane("Snow.")).world
        folder.chmod(0o555)
        assert not Path(f"{path}-wal").exists()
        assert reading.get(id).world == third != second

    as_ordinary_user(read)


def test_a_log_that_a_killed_process_left_is_named_where_it_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    path = folder / "worlds.db"
    with wk.Store(tmp_path / "live.db") as store:
        store.create(wk.samples.load("bench"))
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{store.database.place}{suffix}", f"{path}{suffix}")
    folder.chmod(0o555)

    def read() -> None:
        with pytest.raises(wk.StoreError, match=r"written last is in worlds\.db-wal.*copy both files to a folder"):
            wk.Store(path)

    as_ordinary_user(read)
    folder.chmod(0o755)
    with wk.Store(path) as store:
        assert [ref.name for ref in store] == ["The Red Mitten"]
