"""A damaged file is moved aside and said so; what is no store is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

import worldkit as wk
from tests.store.worlds import rooms


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "worlds.db"
    with wk.Store(path) as store:
        store.create(rooms(200), name="rooms").snapshot()
    return path


def hurt(path: Path, how: str) -> bytes:
    data = bytearray(path.read_bytes())
    match how:
        case "garbage":
            data = bytearray(b"\x00garbage" * 100)
        case "header":
            data[:16] = bytes(16)
        case "middle":
            data[5000:30000] = b"\xff" * 25000
        case "cut":
            del data[len(data) // 2 :]
        case "catalogue":
            data[100:4000] = b"\xff" * 3900
    path.write_bytes(data)
    return bytes(data)


@pytest.mark.parametrize("how", ["garbage", "header", "middle", "cut", "catalogue"])
def test_a_damaged_file_is_moved_aside_unchanged_and_its_place_is_free(path: Path, how: str) -> None:
    left = hurt(path, how)
    with pytest.raises(wk.CorruptStore, match=r"was moved to .*nothing in it was changed") as found:
        wk.Store(path)
    assert found.value.moved_to is not None and found.value.moved_to in str(found.value)
    assert Path(found.value.moved_to).read_bytes() == left
    assert not path.exists()
    with wk.Store(path) as empty:
        assert list(empty) == []


def test_with_recover_it_warns_and_goes_on_empty(path: Path) -> None:
    left = hurt(path, "garbage")
    with pytest.warns(UserWarning, match="was moved to"), wk.Store(path, recover=True) as store:
        assert list(store) == []
    (moved,) = path.parent.glob("worlds.db.corrupt-*")
    assert moved.read_bytes() == left


def test_the_log_beside_a_damaged_file_goes_along(path: Path) -> None:
    Path(f"{path}-wal").write_bytes(b"what was not yet in the file")
    hurt(path, "header")
    with pytest.raises(wk.CorruptStore) as found:
        wk.Store(path)
    assert Path(f"{found.value.moved_to}-wal").read_bytes() == b"what was not yet in the file"


def test_an_empty_file_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "w.db").touch()
    assert list(wk.Store(tmp_path / "w.db")) == []


def test_a_worlds_own_file_is_left_alone(tmp_path: Path) -> None:
    path = wk.samples.load("bench").save(tmp_path / "bench.world.json")
    before = path.read_bytes()
    with pytest.raises(wk.StoreError, match="holds JSON, not a store; it was left alone"):
        wk.Store(path, recover=True)
    assert [file.name for file in tmp_path.iterdir()] == [path.name] and path.read_bytes() == before


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE letters (body TEXT)")
    with pytest.raises(wk.StoreError, match=r"other tables \(letters\)"):
        wk.Store(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("letters",)]


def test_a_changed_object_is_noticed_when_it_is_read(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE objects SET body = CAST(replace(body, 'north', 'south') AS BLOB) WHERE kind = 0")
    with wk.Store(path) as store, pytest.raises(wk.CorruptStore, match="is missing or changed") as found:
        store["rooms"]
    assert found.value.moved_to is None and path.exists()
