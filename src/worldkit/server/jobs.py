"""The queue of jobs: made with their charge in one transaction, claimed by any free process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core import json_values
from worldkit.core.errors import NotFound
from worldkit.core.json_values import Json, quote
from worldkit.server import idempotency, problems, quota, webhook_store
from worldkit.server.apps import Caller
from worldkit.server.settings import MODES, space_of
from worldkit.server.tables import jobs, some_of
from worldkit.server.webhook_store import FAILED_EVENT, SUCCEEDED_EVENT
from worldkit.stores.local.column_values import new_id, now, stored_text, time_before
from worldkit.stores.local.engine import Database

MAX_ATTEMPTS = 2
"""A job whose process died is taken up again once; a second death is the job's own doing."""
UNSUCCESSFUL_STATUSES = ("failed", "cancelled")
UNFINISHED_STATUSES = ("queued", "running")
ENDED_STATUSES = ("succeeded", *UNSUCCESSFUL_STATUSES)
_ENDED_VALUES: Json = {"lease": None, "input": "{}", "answer": None}
"""What every job that ends is set to: its input can be large, and nothing reads it again."""
UNWANTED_ANSWER = ""
"""What stands in the place of a job's answer until it ends, where nobody waits for the answer."""
MAX_UNSUCCESSFUL_JOBS = 1_000
"""Jobs that came to nothing and are remembered, of an app and mode: they cost nothing, so the oldest are forgotten."""
MAX_LISTED_FINDINGS, MAX_DETAIL_CHARACTERS = 20, 4_000
"""Most findings or errors of a refusal, and characters of its text, that are stored with its job: it costs nothing."""


@dataclass(frozen=True, slots=True)
class ServerJob:
    """A job as it stands.

    Attributes:
        kind: ``"generation"`` or ``"edit"``, which is also what it was charged as.
        status: ``"queued"``, ``"running"``, ``"succeeded"``, ``"failed"`` or ``"cancelled"``.
        phase, progress: How far it is, 0 to 1.
        world: The world it made or changed.
        error: Why it failed, as a problem.
        day: The day charged.
        attempts: How many times it was taken up.
    """

    id: str
    app: str
    mode: str
    kind: str
    status: str
    phase: str | None
    progress: float | None
    world: str | None
    error: Json | None
    day: str
    attempts: int

    @property
    def space(self) -> str:
        """The store's space it works in."""
        return space_of(self.app, self.mode)

    @property
    def ended(self) -> bool:
        """Whether it is finished."""
        return self.status in ENDED_STATUSES


@dataclass(frozen=True, slots=True)
class ClaimedJob(ServerJob):
    """A job that a worker took up.

    Attributes:
        input: What it is to do. It may be of megabytes: nobody else reads it.
    """

    input: Json

    @property
    def is_announced(self) -> bool:
        """Whether webhooks are told how it ends: nobody waits for it."""
        return self.kind == "generation" and bool(self.input.get("async"))


class Jobs:
    """The jobs of a database.

    Args:
        database: The store's.
        lease_s: Seconds after which a job whose worker was not heard of is anybody's.
        clock: The time, in Unix seconds.
    """

    def __init__(self, database: Database, lease_s: float, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._lease_s = lease_s
        self._clock = clock
        self._turns: dict[str, int] = {}
        """For each app, when it had its last turn in this process, as a number that grows."""
        self._next_turn = count(1)

    def add(self, connection: Connection, caller: Caller, kind: str, task: Json, cap: int) -> str:
        """Charge for a job and put it into the queue; returns its id.

        Raises:
            OverQuota: The cap is reached; nothing was charged.
        """
        day = quota.reserve(connection, caller.app, caller.mode, kind, cap)
        id = new_id()
        row: Json = {"id": id, "seq": time.time_ns(), "app": caller.app, "mode": caller.mode, "kind": kind, "day": day}
        values = {"input": json_values.dumps(task, None), "status": "queued", "attempts": 0}
        connection.execute(sa.insert(jobs).values(**row, **values, created_at=now(), updated_at=now()))
        return id

    def get(self, caller: Caller, id: str) -> ServerJob:
        """Return a job.

        Raises:
            NotFound: The caller has none of that id.
        """
        with self._db.reading() as connection:
            row = connection.execute(sa.select(*_JOB_COLUMNS).where(*_owned(caller, id))).one_or_none()
        if row is None:
            raise NotFound(f"there is no job {quote(id)}")
        return _job(row)

    def answer(self, id: str) -> Json | None:
        """Return what the call that made a job answers, None when there is none (any more).

        It is kept with the idempotency key of the call; without a key until the call that waits was answered.
        """
        with self._db.reading() as connection:
            text = idempotency.outcome(connection, id)
            if text is None:
                text = connection.execute(sa.select(jobs.c.answer).where(jobs.c.id == id)).scalar()
        return None if text is None else json.loads(text)

    def forget(self, id: str) -> None:
        """Forget a job that has ended and that nobody can ask for: the only call that knew of it was answered."""
        with self._db.writing(frees=True) as connection:
            connection.execute(sa.delete(jobs).where(jobs.c.id == id, jobs.c.status.in_(ENDED_STATUSES)))

    def drop_answer(self, id: str) -> None:
        """Store no answer of a job, ended or not, because the only call that knew of it waits no more."""
        answer = sa.case((jobs.c.status.in_(ENDED_STATUSES), sa.null()), else_=UNWANTED_ANSWER)
        with self._db.writing(frees=True) as connection:
            connection.execute(sa.update(jobs).where(jobs.c.id == id).values(answer=answer))

    def cancel(self, caller: Caller, id: str) -> ServerJob:
        """End a job before it is done: give back what it was charged, and free its idempotency key.

        A job that has ended stays as it is.

        Raises:
            NotFound: The caller has none of that id.
        """
        with self._db.writing() as connection:
            query = sa.select(*_JOB_COLUMNS).where(*_owned(caller, id)).with_for_update()
            row = connection.execute(query).one_or_none()
            if row is not None and row.status not in ENDED_STATUSES:
                self._end_unfinished(connection, _job(row), "cancelled")
        return self.get(caller, id)

    # ---- for workers -------------------------------------------------------------------------

    def claim(self, worker: str) -> ClaimedJob | None:
        """Take a job that waits, or whose worker was not heard of; None when there is none.

        It is the oldest one of the app of which the fewest jobs run. Of several such apps it is the one that has waited
        longest for its turn here: many jobs of one app do not hold up the first of another.
        """
        with self._db.reading() as connection:  # most looks find nothing, and need not wait for those who write
            if connection.execute(sa.select(jobs.c.id).where(self._is_waiting()).limit(1)).one_or_none() is None:
                return None
        with self._db.writing() as connection:
            for app in self._waiting_apps(connection):
                # mode and status are in the index, which leads past the jobs that have ended
                is_of_app = (jobs.c.app == app, jobs.c.mode.in_(MODES), jobs.c.status.in_(UNFINISHED_STATUSES))
                oldest = sa.select(jobs).where(*is_of_app, self._is_waiting()).order_by(jobs.c.seq).limit(1)
                # another process may be taking the same one: skipped rather than waited for
                row = connection.execute(oldest.with_for_update(skip_locked=True)).one_or_none()
                if row is not None:
                    self._turns[app] = next(self._next_turn)
                    return self._take_up(connection, worker, row)
        return None

    def _take_up(self, connection: Connection, worker: str, row: Row[Any]) -> ClaimedJob | None:
        if row.attempts >= MAX_ATTEMPTS:
            reason = "the server process that worked on it stopped, and so did the one that took it up again"
            self._fail(connection, _claimed(row), problems.body(500, reason))
            return None
        # the time is taken here: the transaction may have waited longer than a lease for its turn to write
        lease = self._clock() + self._lease_s
        values = {"status": "running", "worker": worker, "lease": lease, "attempts": row.attempts + 1}
        connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(**values, updated_at=now()))
        return _claimed(row)

    def _waiting_apps(self, connection: Connection) -> list[str]:
        """Return the apps whose jobs wait, in the order in which they have a turn."""
        waiting_seq = sa.case((self._is_waiting(), jobs.c.seq))
        query = sa.select(jobs.c.app, sa.func.min(waiting_seq), sa.func.count() - sa.func.count(waiting_seq))
        rows = connection.execute(query.where(jobs.c.status.in_(UNFINISHED_STATUSES)).group_by(jobs.c.app)).all()
        turns = [
            (running_count, self._turns.get(app, 0), oldest, app)
            for app, oldest, running_count in rows
            if oldest is not None
        ]
        return [app for *_, app in sorted(turns)]

    def _is_waiting(self) -> sa.ColumnElement[bool]:
        """Return the condition for a job that may be taken up: nobody works on it, or nobody who was heard of."""
        is_abandoned = sa.and_(jobs.c.status == "running", jobs.c.lease < self._clock())
        return sa.or_(jobs.c.status == "queued", is_abandoned)

    def heartbeat(self, worker: str, ids: list[str]) -> None:
        """Say that a worker lives and still works on jobs."""
        condition = (jobs.c.id.in_(ids), jobs.c.worker == worker, jobs.c.status == "running")
        with self._db.writing() as connection:
            connection.execute(sa.update(jobs).where(*condition).values(lease=self._clock() + self._lease_s))

    def report_progress(self, worker: str, id: str, phase: str, progress: float) -> bool:
        """Say how far a job is; returns whether it is still the worker's."""
        condition = (jobs.c.id == id, jobs.c.worker == worker, jobs.c.status == "running")
        with self._db.writing() as connection:
            values = {"phase": phase, "progress": progress, "lease": self._clock() + self._lease_s}
            result = connection.execute(sa.update(jobs).where(*condition).values(**values, updated_at=now()))
            return result.rowcount > 0

    def holds(self, connection: Connection, worker: str, id: str) -> bool:
        """Say whether a job is still a worker's, and keep it so until the transaction ends."""
        condition = (jobs.c.id == id, jobs.c.worker == worker, jobs.c.status == "running")
        return connection.execute(sa.select(jobs.c.id).where(*condition).with_for_update()).one_or_none() is not None

    def succeed(self, connection: Connection, job: ClaimedJob, world: str, answer: Json, cap: int) -> None:
        """End a job well, in the transaction that wrote its world.

        Args:
            connection: The transaction.
            world: The world that it made or changed.
            answer: What the call that made it answers.
            cap: How many bytes may be kept for the space.

        Raises:
            OverStorage: The answer is kept for an idempotency key, and there is no room for it.
        """
        is_unwanted = job.is_announced or self._is_unwanted(connection, job.id)
        text = "" if is_unwanted else json_values.dumps(answer, None)
        is_kept_with_key = idempotency.set_outcome(connection, job.id, world, text, cap)
        outcome = {"status": "succeeded", "phase": "done", "progress": 1.0, "world": world}
        values = {**_ENDED_VALUES, **outcome, "answer": None if is_kept_with_key else text or None, "updated_at": now()}
        connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(**values))
        if job.is_announced:
            webhook_store.announce(connection, job.app, SUCCEEDED_EVENT, {"worldId": world, "jobId": job.id})

    def _is_unwanted(self, connection: Connection, id: str) -> bool:
        return connection.execute(sa.select(jobs.c.answer).where(jobs.c.id == id)).scalar() == UNWANTED_ANSWER

    def fail(self, worker: str, job: ClaimedJob, error: Json) -> None:
        """End a job badly: give back what it was charged, and free its idempotency key."""
        with self._db.writing() as connection:
            if self.holds(connection, worker, job.id):
                self._fail(connection, job, error)

    def _fail(self, connection: Connection, job: ClaimedJob, error: Json) -> None:
        error = _shortened(error)
        self._end_unfinished(connection, job, "failed", error=json_values.dumps(error, None))
        if job.is_announced:
            webhook_store.announce(connection, job.app, FAILED_EVENT, {"jobId": job.id, "error": error.get("detail")})

    def _end_unfinished(self, connection: Connection, job: ServerJob, status: str, **values: Any) -> None:
        """End a job without a world: give back what it was charged, and free its idempotency key."""
        changes = {**_ENDED_VALUES, "status": status, "updated_at": now(), **values}
        connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(**changes))
        quota.release(connection, job.app, job.mode, job.kind, job.day)
        idempotency.forget_job(connection, job.id)
        unsuccessful = (jobs.c.app == job.app, jobs.c.mode == job.mode, jobs.c.status.in_(UNSUCCESSFUL_STATUSES))
        newest_first = sa.select(jobs.c.seq).where(*unsuccessful).order_by(jobs.c.seq.desc())
        newest_forgotten = newest_first.offset(MAX_UNSUCCESSFUL_JOBS).limit(1).scalar_subquery()
        connection.execute(sa.delete(jobs).where(*unsuccessful, jobs.c.seq <= newest_forgotten))

    def forget_old(self, connection: Connection, days: int, limit: int) -> int:
        """Forget jobs that ended more than so many days ago, at most ``limit``; returns how many."""
        old = some_of(jobs, jobs.c.status.in_(ENDED_STATUSES), jobs.c.updated_at < time_before(days=days), limit=limit)
        return connection.execute(sa.delete(jobs).where(old)).rowcount

    def forget_answers(self, connection: Connection, seconds: float, limit: int) -> int:
        """Forget answers that nobody waits for any more, of jobs that ended more than so many seconds ago.

        At most ``limit``; returns how many.
        """
        is_old = jobs.c.updated_at < time_before(seconds=seconds)
        conditions = (jobs.c.status.in_(ENDED_STATUSES), jobs.c.answer.is_not(None), is_old)
        old = some_of(jobs, *conditions, limit=limit)
        return connection.execute(sa.update(jobs).where(old).values(answer=None)).rowcount

    def requeue(self, worker: str) -> None:
        """Put what a worker did not finish back into the queue, because it stops; that was no attempt."""
        condition = (jobs.c.worker == worker, jobs.c.status == "running")
        values = {"status": "queued", "worker": None, "lease": None, "attempts": jobs.c.attempts - 1}
        with self._db.writing() as connection:
            connection.execute(sa.update(jobs).where(*condition).values(**values))


def _shortened(error: Json) -> Json:
    lists = {name: part[:MAX_LISTED_FINDINGS] for name, part in error.items() if isinstance(part, list)}
    detail = str(error.get("detail", ""))
    return {
        **error,
        **lists,
        "detail": detail if len(detail) <= MAX_DETAIL_CHARACTERS else f"{detail[: MAX_DETAIL_CHARACTERS - 3]}...",
    }


def _owned(caller: Caller, id: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for a caller's job of an id."""
    return jobs.c.id == stored_text(id), jobs.c.app == caller.app, jobs.c.mode == caller.mode


_JOB_COLUMNS = tuple(jobs.c[part.name] for part in fields(ServerJob))
"""The columns of a job as it stands: not what it is to do, nor what it answers, which may be of megabytes."""


def _job(row: Row[Any]) -> ServerJob:
    return ServerJob(**_job_fields(row))


def _claimed(row: Row[Any]) -> ClaimedJob:
    return ClaimedJob(**_job_fields(row), input=json.loads(row.input))


def _job_fields(row: Row[Any]) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in _JOB_COLUMNS} | {
        "error": json.loads(row.error or "null")
    }
