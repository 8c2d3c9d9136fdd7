"""A disk that is really full: a small tmpfs of the test's own."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import worldkit as wk
from tests.store.test_killed import sound
from tests.store.test_recovery import rooms_of
from worldkit.stores.local import reserve

DISK_BYTES = 16 * 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "worldkit-test", str(folder)]
    process = subprocess.run(mount, capture_output=True, text=True, check=False) if shutil.which("mount") else None
    if process is None or process.returncode:
        pytest.skip(
            f"a small disk cannot be mounted here: {process.stderr.strip() if process else 'there is no mount'}"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(disk: Path, leave: int = 0) -> None:
    """Take all the room there is."""
    with (disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    with (disk / "rest").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))
    if leave:
        with (disk / "filler").open("r+b") as file:
            file.truncate((disk / "filler").stat().st_size - leave)


@pytest.fixture
def path(disk: Path) -> Path:
    path = disk / "worlds.db"
    with wk.Store(path) as store, store.transaction():
        for at in range(300):
            id = store.create(rooms_of(f"world{at}"), name=f"world{at}").id
            store.snapshot(id)
        store.snapshot(id, "second")
    return path


def create_many(store: wk.Store) -> None:
    for at in range(1000):
        store.create(rooms_of(f"more{at}"))


def test_on_a_full_disk_a_write_says_which_file_and_how_much_is_missing_and_loses_nothing(path: Path) -> None:
    fill_up(path.parent)
    with wk.Store(path) as store:
        with pytest.raises(wk.DiskFull, match=rf"{path} cannot be written, the disk is full: .* are missing") as error:
            create_many(store)
        assert error.value.needed > error.value.free >= 0 and error.value.errno == errno.ENOSPC
        assert isinstance(error.value, OSError) and isinstance(error.value, wk.StoreError)
        assert store["world7"].world.states and store.damage is None
    assert sound(path)


@pytest.mark.parametrize("is_open", [True, False])
def test_on_a_full_disk_deleting_works_and_compacting_makes_room(path: Path, is_open: bool) -> None:
    size = path.stat().st_size
    if is_open:
        with wk.Store(path) as store:
            list(store)
            fill_up(path.parent)
            delete_most(store)
    else:
        fill_up(path.parent)
        with wk.Store(path) as store:
            delete_most(store)
    assert path.stat().st_size < size / 2 and sound(path)
    with wk.Store(path) as store:
        assert store["world299"].world.states and len(list(store)) == 20
        assert store.create(rooms_of("after")).reload().rev == "0"


def delete_most(store: wk.Store) -> None:
    for at in range(280):
        store.delete(store[f"world{at}"].id)
    store.prune(store["world299"].id, store["world299"].versions()[0].id)
    store.compact()


def test_the_room_kept_is_kept_again_when_there_is_some(path: Path) -> None:
    reserve_file = reserve.reserve_path(path)
    assert reserve_file.stat().st_blocks * 512 >= reserve.RESERVE_BYTES
    fill_up(path.parent)
    with wk.Store(path) as store:
        store.delete(store["world0"].id)
        os.unlink(path.parent / "filler")
        store.delete(store["world1"].id)
    assert reserve_file.exists()


def test_a_store_that_stays_open_keeps_room_as_soon_as_there_is_some(path: Path) -> None:
    reserve_file = reserve.reserve_path(path)
    reserve_file.unlink()
    fill_up(path.parent, leave=2 * reserve.RESERVE_BYTES)
    with wk.Store(path) as store:
        store.create(rooms_of("first"))
        assert not reserve_file.exists()
        os.unlink(path.parent / "filler")
        store.create(rooms_of("second"))
        assert reserve_file.exists()


def test_saving_a_world_on_a_full_disk_names_the_file_and_leaves_the_old_one(disk: Path) -> None:
    path = wk.samples.load("bench").save(disk / "bench.world.json")
    before = path.read_bytes()
    fill_up(disk)
    big = wk.samples.load("bench").apply([{"op": "add_state", "id": "long", "base": "word " * 40_000}])
    with pytest.raises(wk.DiskFull, match=r"bench.world.json cannot be written, the disk is full: 2\d\d,\d\d\d bytes"):
        big.save(path)
    assert path.read_bytes() == before and {file.name for file in disk.iterdir()} == {path.name, "filler", "rest"}


def test_recovering_on_a_full_disk_says_so_and_changes_nothing(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[50_000:60_000] = bytes(10_000)
    path.write_bytes(data)
    fill_up(path.parent)
    with pytest.raises(wk.DiskFull, match="the disk is full"):
        wk.Store(path, recover=True)
    assert path.read_bytes() == data
    os.unlink(path.parent / "filler")
    with pytest.warns(UserWarning, match="was recovered"), wk.Store(path, recover=True) as store:
        assert len(list(store)) > 200
