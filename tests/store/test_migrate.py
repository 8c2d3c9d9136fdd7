"""Migrations: they make what the tables say, know their newest step, and refuse a newer store."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import worldkit as wk
from tests.store.worlds import lane, make_first_schema
from worldkit.stores.local.migrate import REVISIONS
from worldkit.stores.local.tables import metadata


def test_migrating_from_nothing_makes_the_tables(store: wk.Store) -> None:
    with store.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_every_step_is_known_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", "worldkit.stores.local:migrations")
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS


def test_a_store_of_the_first_release_opens_and_keeps_regions_from_then_on(full: wk.Store, tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"
    id, before = full["bench"].id, {ref.id: full.get(ref.id).world for ref in full}
    full.close()
    make_first_schema(path)
    with wk.Store(path) as store:
        assert {ref.id: store.get(ref.id).world for ref in store} == before
        assert store.layout(id) == {"lane": (1, 2.5)} and not store.annotations(id)
        store.annotate(id, {"notes": {"a": {"text": "Why?"}}})
    with wk.Store(path) as store:
        assert store.annotations(id).notes["a"].text == "Why?"


def test_a_store_of_trees_alone_opens_and_small_worlds_are_one_object_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"
    with patch("worldkit.stores.local.objects.SMALL_WORLD", 0), wk.Store(path) as store:
        stored = store.create(wk.samples.load("bench"))
        version = store.snapshot(stored.id)
        assert store.usage()["objects"] > 1
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0002'")
    with wk.Store(path) as store:
        assert store.get(stored.id).world == stored.world
        changed = store.apply(stored.id, lane("Rain."))
        assert changed.world.states["lane"].base == "Rain."
        assert store.version(stored.id, version.id) == stored.world
        store.snapshot(stored.id)
        store.prune(stored.id, version.id)
        store.compact()
        assert store.usage()["objects"] == 1 and store.get(stored.id).world == changed.world
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISIONS[-1],)


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
