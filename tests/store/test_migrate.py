"""The shape of a store's tables: made, brought up to date in one transaction, refused where it is newer."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest

import worldkit as wk
from tests.store.shapes import shape_of
from tests.store.worlds import lane, make_older_shape, upgradable
from worldkit.stores.local.tables import SCHEMA


def test_a_store_whose_tables_have_changed_has_a_new_version_and_an_upgrade() -> None:
    assert (SCHEMA.version, shape_of(SCHEMA)) == ("0003", "d36371dbf1bd0f21")


def test_a_store_of_an_older_shape_is_brought_up_to_date_when_it_is_opened(full: wk.Store, tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"
    id, before = full["bench"].id, {ref.id: full.get(ref.id).world for ref in full}
    full.close()
    make_older_shape(path)
    with pytest.raises(wk.StoreError, match="install a newer smworldkit"):
        wk.Store(path)
    with upgradable(), wk.Store(path) as store:
        assert {ref.id: store.get(ref.id).world for ref in store} == before
        assert store.layout(id) == {"lane": (1, 2.5)} and not store.annotations(id)
        store.annotate(id, {"notes": {"a": {"text": "Why?"}}})
    with wk.Store(path) as store:
        assert store.annotations(id).notes["a"].text == "Why?"


def test_small_worlds_that_were_written_as_trees_are_one_object_once_they_change(tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"
    with patch("worldkit.stores.local.objects.MAX_SMALL_WORLD_BYTES", 0), wk.Store(path) as store:
        stored = store.create(wk.samples.load("bench"))
        version = store.snapshot(stored.id)
        assert store.usage()["objects"] > 1
    with wk.Store(path) as store:
        assert store.get(stored.id).world == stored.world
        changed = store.apply(stored.id, lane("Rain."))
        assert changed.world.states["lane"].base == "Rain."
        assert store.version(stored.id, version.id) == stored.world
        store.snapshot(stored.id)
        store.prune(stored.id, version.id)
        store.compact()
        assert store.usage()["objects"] == 1 and store.get(stored.id).world == changed.world


def test_a_store_of_a_newer_release_is_refused(store: wk.Store, bench: wk.StoredWorld) -> None:
    with sqlite3.connect(store.database.place) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(wk.StoreError, match="install a newer smworldkit"):
        wk.Store(store.database.place)


def test_the_file_is_set_up_to_lose_nothing(store: wk.Store) -> None:
    with store.database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]
