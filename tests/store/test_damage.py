"""A damaged file stays where it is: it is read as far as it goes, and takes no writes."""

from __future__ import annotations

import gzip
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import worldkit as wk
from tests.store.damaging import break_page, break_world, page_of, pages_of
from tests.store.worlds import lane, rooms


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "worlds.db"
    with wk.Store(path) as store:
        store.create(rooms(200), name="rooms").snapshot("first")
        for number in range(20):
            store.create(wk.samples.load("bench"), name=f"bench {number}")
    return path


def damage_file(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    match how:
        case "header":
            data[:16] = bytes(16)
        case "middle":
            data[5000:30000] = b"\xff" * 25000
        case "cut":
            del data[len(data) // 2 :]
        case "catalogue":
            data[100:4000] = b"\xff" * 3900
    path.write_bytes(data)


def open_and_write(path: Path, is_readable: bool) -> None:
    with wk.Store(path) as store:
        assert is_readable and store.damage is not None
        store.create(wk.samples.load("bench"))


@pytest.mark.parametrize("how", ["header", "middle", "cut", "catalogue"])
def test_opening_a_damaged_file_changes_no_byte_of_it_and_moves_nothing(path: Path, how: str) -> None:
    damage_file(path, how)
    before, number = path.read_bytes(), path.stat().st_ino
    for _ in range(2):
        with pytest.raises(wk.CorruptStore, match=r"nothing is written to it.*recover=True"):
            open_and_write(path, is_readable=how in ("middle", "cut"))
        assert path.read_bytes() == before and path.stat().st_ino == number
    assert not list(path.parent.glob("*corrupt*"))


def test_of_a_damaged_file_the_sound_worlds_are_read_and_the_others_named(path: Path) -> None:
    with wk.Store(path) as store:
        id = store["rooms"].id
    break_world(path, id)
    with wk.Store(path) as store:
        assert store.damage is not None
        assert {(one.world, one.name) for one in store.damage.unreadable} == {(id, "rooms")}
        assert len(list(store)) == 21
        assert store["bench 7"].world.states and store.export(path.with_name("out.json"), store["bench 3"].id)
        with pytest.raises(wk.CorruptStore, match=rf'"rooms" \({id}\) cannot be read') as error:
            store.get(id)
        assert error.value.world == id and error.value.path == str(path)
        for write in WRITES:
            with pytest.raises(wk.CorruptStore, match="nothing is written"):
                write(store, store["bench 1"].id)
        assert "rooms" in repr(store.damage)


WRITES: list[Callable[[wk.Store, str], object]] = [
    lambda store, id: store.apply(id, lane("Rain.")),
    lambda store, id: store.snapshot(id),
    lambda store, id: store.fork(id),
    lambda store, id: store.rename(id, "other"),
    lambda store, id: store.place(id, {"lane": (1, 2)}),
    lambda store, id: store.delete(id),
    lambda store, id: store.import_(wk.samples.load("bench")),
    lambda store, id: store.compact(),
]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no flock")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_that_ends_leaves_what_is_read_of_a_damaged_store_to_its_parent(path: Path) -> None:
    damage_file(path, "middle")
    script = (
        "import glob, os, sys, tempfile, worldkit as wk\n"
        "store = wk.Store(sys.argv[1])\n"
        "store.list()\n"
        "if os.fork() == 0:\n"
        "    sys.exit()\n"  # runs what is to be done at the end
        "assert os.wait()[1] == 0\n"
        "assert glob.glob(os.path.join(tempfile.gettempdir(), 'worldkit-damaged-*', 'view'))\n"
    )
    copies = path.parent / "copies"
    copies.mkdir()
    subprocess.run([sys.executable, "-c", script, path], env={**os.environ, "TMPDIR": str(copies)}, check=True)
    assert not list(copies.iterdir())


def test_what_a_killed_process_has_copied_of_a_damaged_store_is_removed_by_the_next_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage_file(path, "middle")
    copies = tmp_path / "copies"
    copies.mkdir()
    script = f"import os, signal, worldkit as wk; wk.Store({str(path)!r}).list(); os.kill(os.getpid(), signal.SIGKILL)"
    killed = subprocess.run([sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(copies)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    [left_behind] = copies.iterdir()
    assert [*left_behind.iterdir()]
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    with wk.Store(path) as first, wk.Store(path) as second:
        first.list()
        second.list()
        assert not left_behind.exists()
        assert len([*copies.iterdir()]) == 2, "folders that are in use stay"


def test_a_world_that_may_be_among_what_is_lost_is_not_said_to_be_none(path: Path) -> None:
    break_page(path, page_of(path, "worlds"))
    with wk.Store(path) as store, pytest.raises(wk.CorruptStore, match="there is no world"):
        store.get("w_of_old")


def test_a_changed_object_is_noticed_when_it_is_read_and_stops_all_writers(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE objects SET body = CAST(replace(body, 'bare', 'rare') AS BLOB) WHERE kind != 1")
    with wk.Store(path) as other, wk.Store(path) as store:
        assert store.damage is None and other.create(wk.samples.load("bench"))
        with pytest.raises(wk.CorruptStore, match=r'world "rooms" .* is missing or changed'):
            store["rooms"]
        with pytest.raises(wk.CorruptStore):
            other.create(wk.samples.load("bench"))
        assert store.damage is not None and store.damage.unreadable[0].name == "rooms"
        assert store["bench 2"].world.states


@pytest.mark.parametrize(
    "read",
    [
        lambda store, id: store.get(id),
        lambda store, id: store["bench 3"],
        lambda store, id: next(store.get_many([id])),
    ],
)
def test_a_small_world_that_is_changed_is_noticed_and_stops_all_writers(
    path: Path, read: Callable[[wk.Store, str], wk.StoredWorld]
) -> None:
    with wk.Store(path) as store:
        id = store["bench 3"].id
    with sqlite3.connect(path) as connection:
        query = "UPDATE objects SET body = CAST(replace(body, 'a', 'b') AS BLOB) WHERE digest = "
        connection.execute(query + "(SELECT root FROM worlds WHERE id = ?) AND kind = 2", [id])
    with wk.Store(path) as other, wk.Store(path) as store:
        with pytest.raises(wk.CorruptStore, match=r'world "bench 3" .* is missing or changed'):
            read(store, id)
        with pytest.raises(wk.CorruptStore):
            other.create(wk.samples.load("bench"))
        assert store.damage is not None and [one.name for one in store.damage.unreadable] == ["bench 3"]
        assert store["bench 2"].world.states


def test_a_damaged_object_is_written_anew_by_whoever_writes_the_same(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE objects SET body = CAST(replace(body, 'a', 'b') AS BLOB) WHERE kind != 1")
    with wk.Store(path) as store:
        stored = store.create(wk.samples.load("bench"), name="again")
    with wk.Store(path) as store:
        assert store.get(stored.id).world.states


def test_a_sound_file_put_in_the_place_of_a_damaged_one_is_opened_as_sound(path: Path) -> None:
    sound = path.read_bytes()
    break_page(path, page_of(path, "objects"))
    with wk.Store(path) as store:
        assert store.damage is not None
    path.write_bytes(sound)
    with wk.Store(path) as store:
        assert store.damage is None
        assert store.create(wk.samples.load("bench")).rev == "0"
    assert not Path(f"{path}.damaged").exists()


def test_a_file_replaced_under_an_open_store_gets_no_writes_and_gives_no_reads(path: Path) -> None:
    with wk.Store(path) as store:
        id = store["bench 1"].id
        path.rename(path.with_name("elsewhere.db"))
        for call in (lambda: store.apply(id, lane("Rain.")), lambda: store.get(id)):
            with pytest.raises(wk.StoreError, match="was replaced, renamed or deleted"):
                call()
        wk.Store(path).close()
        with pytest.raises(wk.StoreError, match="was replaced, renamed or deleted"):
            store.apply(id, lane("Rain."))


def test_a_file_replaced_while_a_transaction_runs_keeps_the_write_from_being_acknowledged(path: Path) -> None:
    with wk.Store(path) as store:
        id = store["bench 1"].id
        with pytest.raises(wk.StoreError, match="was replaced"), store.transaction():  # noqa: PT012
            store.apply(id, lane("Rain."))
            path.rename(path.with_name("elsewhere.db"))


def test_a_log_deleted_under_a_writer_keeps_its_next_write_from_being_acknowledged(path: Path) -> None:
    with wk.Store(path) as store:
        id = store["bench 1"].id
        store.apply(id, lane("Rain."))
        os.unlink(f"{path}-wal")
        with pytest.raises(wk.StoreError, match="was replaced, renamed or deleted"):
            store.apply(id, lane("Snow."))


# ---- what is no store ---------------------------------------------------------------------------


def test_an_empty_file_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "w.db").touch()
    assert list(wk.Store(tmp_path / "w.db")) == []


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Dear diary,\nit rained.\n", 'no store: it holds text that begins with "Dear diary,"'),
        (b"\n\n", "no store: it begins with the bytes"),
        (gzip.compress(b"x" * 9000, mtime=0), "no store: it begins with the bytes 1f 8b"),
        (("a" + "é" * 900).encode(), 'no store: it holds text that begins with "aé'),
        (random.Random(1).randbytes(5000), "no store: it begins with the bytes"),
        (b"a line\n" + random.Random(1).randbytes(5000), "no store: it begins with the bytes"),
        (b'{"scene": {}}', "holds JSON, not a store"),
        (b"\x00garbage" * 100, "no store: it begins with the bytes"),
    ],
    ids=[
        "text",
        "lines",
        "gzip",
        "text that is cut off in a character",
        "noise",
        "a line and noise",
        "json",
        "garbage",
    ],
)
@pytest.mark.parametrize("recover", [False, True])
def test_a_file_of_something_else_is_refused_and_left_alone(
    tmp_path: Path, content: bytes, text: str, recover: bool
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(wk.StoreError, match=text) as error:
        wk.Store(path, recover=recover)
    assert not isinstance(error.value, wk.CorruptStore)
    assert [file.name for file in tmp_path.iterdir()] == [path.name] and path.read_bytes() == content


@pytest.mark.parametrize(("setting", "text"), [("", r"other tables \(letters\)"), ("application_id = 7", "0x7")])
def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path, setting: str, text: str) -> None:
    path = tmp_path / "mail.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA {setting}") if setting else None
        connection.execute("CREATE TABLE letters (body TEXT)")
    before = path.read_bytes()
    for recover in (False, True):
        with pytest.raises(wk.StoreError, match=text):
            wk.Store(path, recover=recover)
    assert path.read_bytes() == before


def test_a_pipe_a_socket_a_device_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "socket"))
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name, text in (("pipe", "a named pipe"), ("socket", "a socket"), ("link", "a named pipe"), (".", "a folder")):
        with pytest.raises(wk.StoreError, match=text):
            wk.Store(tmp_path / name)
    with pytest.raises(wk.StoreError, match="a device"):
        wk.Store("/dev/null")


def test_a_symbolic_link_is_the_store_it_leads_to(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(path)
    break_page(path, pages_of(path, "objects")[3])
    with wk.Store(link, recover=True) as store:
        assert store.recovery is not None and link.is_symlink()
        assert store.recovery.path == str(path)
