"""What is old is forgotten a few rows at a time, and nobody waits for it for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.running import Scripted, quick, running, wait_for
from tests.store import postgres
from worldkit.server import cleaning, storage
from worldkit.server.app_keys import KeyUse
from worldkit.server.apps import Apps
from worldkit.server.cleaning import Cleaning
from worldkit.server.connected_sessions import ConnectedSessions
from worldkit.server.jobs import Jobs
from worldkit.server.storage import MeteredSpace
from worldkit.server.tables import SCHEMA, answers, jobs, keys, line, plays, revoked, sessions, sizes
from worldkit.server.tokens import Tokens

OLD, COUNT = "2020-01-01T00:00:00.000000+00:00", 25


def old_rows() -> dict[sa.Table, list[dict[str, Any]]]:
    """Return rows of every table from which what is old is forgotten."""
    at = [str(number) for number in range(COUNT)]
    job = {"app": "a", "mode": "test", "kind": "edit", "input": "{}", "status": "failed", "day": "2020-01-01"}
    times = {"started": 0.0, "expires": 1.0, "ended": 1.0, "seconds": 1.0, "day": "2020-01-01"}
    answer = {"space": "a:test", "call": "c", "status": 200, "body": b"12345678", "created_at": OLD}
    return {
        answers: [{**answer, "key": id, "fingerprint": b""} for id in at],
        jobs: [{**job, "id": id, "seq": 1, "attempts": 1, "created_at": OLD, "updated_at": OLD} for id in at],
        sessions: [{"jti": id, "space": "a:test", "key": "k", "issued": 0, "expires": 1} for id in at],
        revoked: [{"jti": id, "expires": 1} for id in at],
        plays: [{"id": id, "space": "a:test", "world": "w", "connection": 1, "oldest": 1, **times} for id in at],
        line: [{"jti": id, "space": "a:test", "place": 1, "asked": 1.0} for id in at],
        sizes: [{"root": id.encode(), "bytes": 1} for id in at],
    }


def forget_in_batches(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "ROWS_PER_BATCH", 10)
    monkeypatch.setattr(cleaning, "ROOTS_PER_STATEMENT", 10)
    monkeypatch.setattr(cleaning, "SIZES_PER_ROUND", 15)
    with wk.Store(place) as store:
        database = store.database
        database.bring_up_to_date(SCHEMA)
        space = MeteredSpace(store, "a:test", 10**9)
        world = space.change(None, lambda space: space.create(wk.samples.load("bench")))
        space.change(None, lambda space: space.fork(world.id))
        with database.writing() as connection:
            known_sizes = set(connection.execute(sa.select(sizes.c.root)).scalars())
            before = storage.used(connection, "a:test")
            for table, rows in old_rows().items():
                connection.execute(sa.insert(table), rows)
            storage.move(connection, "a:test", COUNT * 8)
        deleted: list[int] = []

        def note(_connection: object, cursor: Any, statement: str, *_: object) -> None:
            if statement.startswith(("DELETE", "UPDATE server_jobs")) and "RETURNING" not in statement:
                deleted.append(cursor.rowcount)

        sa.event.listen(database.engine, "after_cursor_execute", note)
        queue, tokens, connected = Jobs(database, 30), Tokens(database), ConnectedSessions(database)
        Cleaning(database, queue, tokens, connected, quick(place)).run()
        with database.reading() as connection:
            for table in old_rows().keys() - {sizes}:
                row_count = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                assert row_count == 0, table.name
            assert set(connection.execute(sa.select(sizes.c.root)).scalars()) == known_sizes
            assert storage.used(connection, "a:test") == before
        assert sum(deleted) >= 6 * COUNT and max(deleted) <= 10


def test_what_is_old_is_forgotten_in_small_transactions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_in_batches(str(tmp_path / "w.db"), monkeypatch)


@pytest.mark.database
def test_what_is_old_is_forgotten_in_small_transactions_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.cluster() as url:
        forget_in_batches(url, monkeypatch)


def test_what_is_kept_longer_than_time_reaches_back_is_kept_and_the_rest_is_forgotten(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        database = store.database
        database.bring_up_to_date(SCHEMA)
        rows = old_rows()
        rows[jobs] = [{**row, "answer": "{}"} for row in rows[jobs]]
        with database.writing() as connection:
            for table in (answers, jobs, revoked):
                connection.execute(sa.insert(table), rows[table])
        settings = quick("w.db", keep_answers_days=1_000_000, wait_s=1e14)
        Cleaning(database, Jobs(database, 30), Tokens(database), ConnectedSessions(database), settings).run()
        with database.reading() as connection:
            for table, count in ((answers, COUNT), (jobs, COUNT), (revoked, 0)):
                row_count = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                assert row_count == count, table.name
            assert connection.execute(sa.select(jobs.c.answer).distinct()).scalars().all() == ["{}"]


def test_what_stops_a_server_stops_forgetting_between_two_transactions(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        database = store.database
        database.bring_up_to_date(SCHEMA)
        with database.writing() as connection:
            connection.execute(sa.insert(answers), old_rows()[answers])
        queue, tokens, connected = Jobs(database, 30), Tokens(database), ConnectedSessions(database)
        Cleaning(database, queue, tokens, connected, quick("w.db")).run(lambda: True)
        with database.reading() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(answers)).scalar_one() == COUNT


class Silent(Scripted):
    """A generator that says nothing of how far it is."""

    def work(self, progress: Callable[[int, int, str], None]) -> None:
        """Wait until told to go on."""
        assert self.gate is not None and self.gate.wait(120)


def test_a_job_keeps_its_lease_while_what_is_old_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_cleaning, silent = threading.Event(), Silent()
    silent.gate = threading.Event()

    def clean(*_: object) -> None:
        is_cleaning.set()
        assert silent.gate is not None and silent.gate.wait(120)

    monkeypatch.setattr(Cleaning, "run", clean)
    with running(quick(tmp_path / "w.db", generator=silent, lease_s=1)) as here:
        client = here.client(here.app().secret)
        job = client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
        wait_for("the cleaning", lambda: is_cleaning.is_set() or None)

        def lease() -> float | None:
            with here.services.store.database.reading() as connection:
                lease_end = connection.execute(sa.select(jobs.c.lease).where(jobs.c.id == job)).scalar_one()
            return None if lease_end is None else float(lease_end)

        began = wait_for("the job to begin", lease)
        try:
            wait_for("more renewals than one lease lasts", lambda: (lease() or 0) > began + 2 or None)
        finally:
            silent.gate.set()


def test_when_keys_were_used_stays_noted_until_it_is_written(tmp_path: Path) -> None:
    with closing(wk.Store(tmp_path / "w.db")) as store:
        store.database.bring_up_to_date(SCHEMA)
        new_app = Apps(store.database).create("x")
        caller = Apps(store.database).caller(new_app.secret)
        assert caller is not None
        use = KeyUse()
        use.note(caller.key)
        engine = store.database.engine

        def fail(*_: object) -> None:
            raise sa.exc.OperationalError("COMMIT", None, Exception("the disk is away"))

        sa.event.listen(engine, "commit", fail)
        with pytest.raises(wk.StoreError):
            use.write(store.database)
        sa.event.remove(engine, "commit", fail)
        use.write(store.database)
        with store.database.reading() as connection:
            query = sa.select(keys.c.last_used_at).where(keys.c.id == caller.key)
            assert connection.execute(query).scalar_one() is not None
