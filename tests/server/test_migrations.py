"""A database of an earlier release is brought up to date with what it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import worldkit as wk
from worldkit.server import quota
from worldkit.server.apps import Apps
from worldkit.server.idempotency import IdempotentCall, StoredAnswer
from worldkit.server.migrate import prepare
from worldkit.server.tables import metadata


def upgrade(store: wk.Store, revision: str) -> None:
    with store.database.writing() as connection:
        config = Config()
        config.set_main_option("script_location", "worldkit.server:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_caps_and_usage_of_an_earlier_release_go_by_the_new_names_of_units(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        upgrade(store, "s0002")
        with store.database.writing() as connection:
            app = {"id": "app_1", "name": "My Game!", "caps": json.dumps({"generations": 7, "bytes": 9}), "at": "2026"}
            connection.execute(sa.text("INSERT INTO server_apps VALUES (:id, :name, :caps, :at)"), app)
            used = {"day": quota.today(), "kind": "edits"}
            connection.execute(sa.text("INSERT INTO server_usage VALUES ('app_1', 'test', :day, :kind, 3)"), used)
        prepare(store.database)
        assert Apps(store.database).caps("app_1") == {"generation": 7, "bytes": 9}
        with store.database.reading() as connection:
            assert quota.of_day(connection, "app_1", "test", quota.today())["edit"] == 3
            row = connection.execute(sa.text("SELECT slug, mode_default, embedding_origins FROM server_apps")).one()
            assert tuple(row) == ("my-game", "test", "[]")


def test_a_call_that_is_repeated_after_the_upgrade_gets_its_first_answer(tmp_path: Path) -> None:
    call = IdempotentCall("app_1", "POST /v1/worlds/w/ops", "k", b"of the body without expectedRev", cap=1_000)
    with wk.Store(tmp_path / "w.db") as store:
        upgrade(store, "s0003")
        with store.database.writing() as connection:
            replace(call, fingerprint=b"of the whole body").remember(connection, StoredAnswer("{}"))
        prepare(store.database)
        with store.database.writing() as connection:
            assert call.recall(connection) == StoredAnswer("{}")


def test_the_migrations_make_the_tables_that_the_server_uses(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        prepare(store.database)
        with store.database.reading() as connection:
            inspector = sa.inspect(connection)
            for table in metadata.sorted_tables:
                columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
                assert columns == {column.name: column.nullable for column in table.columns}, table.name
                indexes = {tuple(index["column_names"]) for index in inspector.get_indexes(table.name)}
                assert {tuple(column.name for column in index.columns) for index in table.indexes} <= indexes
