"""A database of an earlier release is brought up to date with what it holds."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import worldkit as wk
from worldkit.server import quota, storage
from worldkit.server.apps import Apps, insert_app
from worldkit.server.idempotency import IdempotentCall, StoredAnswer, forget_world
from worldkit.server.jobs import Jobs
from worldkit.server.migrate import prepare
from worldkit.server.spaces import space_of
from worldkit.server.tables import jobs, metadata


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


def test_what_jobs_of_an_earlier_release_came_to_stays_with_their_keys_and_is_counted(tmp_path: Path) -> None:
    place, space = tmp_path / "w.db", space_of("app_1", "test")
    call = IdempotentCall(space, "POST /v1/worlds", "k", b"", cap=10_000)
    answer = {"rev": "1", "reply": "r", "hosted": {"world": {"id": "w"}}, "exactly": {"ok": True}}
    with wk.Store(place) as store:
        upgrade(store, "s0004")
        with store.database.writing() as connection:
            insert_app(connection, "app_1", "x")
            for id, status in (("with_key", "succeeded"), ("without", "succeeded"), ("queued", "queued")):
                row = {"id": id, "seq": 1, "app": "app_1", "mode": "test", "kind": "edit", "input": '{"a": 1}'}
                row |= {"status": status, "answer": json.dumps(answer), "day": "2026-01-01", "attempts": 0}
                connection.execute(sa.insert(jobs).values(**row, created_at="2026", updated_at="2026"))
            call.remember(connection, StoredAnswer(job="with_key", world="w"))
        prepare(store.database)
        queue = Jobs(store.database, 30)
        assert queue.answer("with_key") == answer and queue.answer("without") is None
        with store.database.reading() as connection:
            inputs = {row.id: row.input for row in connection.execute(sa.select(jobs.c.id, jobs.c.input))}
            assert inputs == {"with_key": "{}", "without": "{}", "queued": '{"a": 1}'}
            assert storage.used(connection, space) > len(zlib.compress(b""))
        with store.database.writing() as connection:
            forget_world(connection, space, "w")
            assert storage.used(connection, space) == 0


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
