"""``Workers``: the threads of a server process that run jobs and renew their leases meanwhile."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from typing import TYPE_CHECKING

from worldkit.core.errors import Conflict, NotFound, OpError, RuleViolation, StoreError, WorldError
from worldkit.core.json_values import Json
from worldkit.core.process_lock import ProcessCondition
from worldkit.core.time_limit import TimeLimit, TimeUp
from worldkit.editing.batch import Applied, apply
from worldkit.generation.engines.base import CannotAnswer, TaskRefused
from worldkit.generation.engines.feedback_loop import Undecided
from worldkit.ruleset import refuse_new_errors
from worldkit.server import hosted_world, problems, quota, request_work, responses
from worldkit.server.app_keys import KeyUse
from worldkit.server.apps import Apps
from worldkit.server.cleaning import Cleaning
from worldkit.server.connected_sessions import ConnectedSessions
from worldkit.server.encoding import AnswerTooLarge, encode_json
from worldkit.server.frame_fetch import FrameRefused, fetch_frame
from worldkit.server.hosted_world import completed, hosted_document, with_frame
from worldkit.server.jobs import ClaimedJob, Jobs
from worldkit.server.settings import BYTES
from worldkit.server.storage import MeteredSpace
from worldkit.server.tokens import Tokens
from worldkit.stores import Store
from worldkit.stores.local.store_worlds import edit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from worldkit.server.generator import ModelGenerator, Progress
    from worldkit.server.settings import Settings
    from worldkit.server.vision import Vision
    from worldkit.stores.stored_world import StoredWorld
    from worldkit.world import World

log = logging.getLogger("worldkit.server")

PROGRESS_INTERVAL_S = 0.5
"""Least time between two notes of a job's progress."""
CLEANUP_INTERVAL_S = 3600.0


class _NotHeld(Exception):
    """The job is no longer this worker's: it was cancelled, or another process took it up."""


class Workers:
    """Does the jobs of a database.

    Args:
        store: The store of the whole database.
        jobs: Its queue.
        tokens: Its session tokens.
        settings: The server's.
        key_use: When its keys were used.
    """

    def __init__(self, store: Store, jobs: Jobs, tokens: Tokens, settings: Settings, key_use: KeyUse) -> None:
        self._store, self._jobs, self._settings = store, jobs, settings
        self._apps, self._key_use = Apps(store.database), key_use
        self._cleaner = Cleaning(store.database, jobs, tokens, ConnectedSessions(store.database), settings)
        self._name = f"w_{secrets.token_hex(10)}"
        self._stop = threading.Event()
        self._wake = ProcessCondition()
        self._cancellations: dict[str, threading.Event] = {}
        """For each job done here, what is set when it is cancelled here; of other processes the database tells."""
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads: one for each job at once, one that says that they live, and one that tidies up."""
        count = self._settings.workers if self._settings.generator is not None else 0
        works = [self._run] * count + [self._keep_alive, self._tidy]
        self._threads = [threading.Thread(target=work, daemon=True, name=f"worldkit-{work.__name__}") for work in works]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take up nothing more, and put what is not done back into the queue for another process."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout=0.5)
        if self._threads:
            self._jobs.requeue(self._name)

    def wake(self) -> None:
        """Say that there is a new job."""
        with self._wake:
            self._wake.notify()

    def stop_job(self, id: str) -> None:
        """Have the work on a cancelled job end, if it is done here; at the next report of its progress."""
        if (cancellation := self._cancellations.get(id)) is not None:
            cancellation.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                job = self._jobs.claim(self._name)
                if self._stop.is_set():  # it stopped while this waited for the lock: nobody here will do the job
                    if job is not None:
                        self._jobs.requeue(self._name)
                    return
                if job is None:
                    with self._wake:
                        self._wake.wait(self._settings.poll_s)
                    continue
                self._run_job(job)
            except Exception:
                log.exception("a worker failed between jobs")
                self._stop.wait(self._settings.poll_s)

    def _keep_alive(self) -> None:
        """Renew the leases of what runs here, on a thread that does nothing else: a lease that is over ends a job."""
        while not self._stop.wait(self._settings.lease_s / 3):
            try:
                if self._cancellations:
                    self._jobs.heartbeat(self._name, list(self._cancellations))
            except Exception:
                log.exception("a worker could not say that it lives")

    def _tidy(self) -> None:
        """Write when keys were used, and forget what is old now and then."""
        cleaned_at = -CLEANUP_INTERVAL_S
        while not self._stop.wait(self._settings.lease_s / 3):
            try:
                self._key_use.write(self._store.database)
                if time.monotonic() - cleaned_at > CLEANUP_INTERVAL_S:
                    cleaned_at = time.monotonic()
                    self._cleaner.run(self._stop.is_set)
            except Exception:
                log.exception("tidying up failed, and is tried again later")

    def _run_job(self, job: ClaimedJob) -> None:
        generator = self._settings.generator
        assert generator is not None
        self._cancellations[job.id] = threading.Event()
        try:
            (self._generate if job.kind == "generation" else self._revise)(generator, job)
            log.info("job %s succeeded", job.id)
        except _NotHeld:
            log.info("job %s was cancelled, or another process took it up", job.id)
        except (Conflict, NotFound, OpError, RuleViolation, TimeUp, quota.OverStorage, AnswerTooLarge) as refusal:
            self._jobs.fail(self._name, job, problems.problem_of(refusal) or {})
            log.info("job %s was refused: %s", job.id, type(refusal).__name__)
        except (TaskRefused, FrameRefused) as refusal:
            self._jobs.fail(self._name, job, problems.body(422, str(refusal)))
            log.info("job %s was refused: %s", job.id, type(refusal).__name__)
        except StoreError as error:
            problems.log_failure(error)
            log.error("job %s failed: %s", job.id, type(error).__name__)
            request_work.begin_request()  # had it written, the job would have ended well, and ``fail`` did nothing
            self._jobs.fail(self._name, job, problems.problem_of(error) or {})
        except WorldError as error:
            # its text may name files and addresses of this machine
            log.warning("job %s failed: %s: %s", job.id, type(error).__name__, error)
            reason = _reason(error) or f"; the server's log has more under {job.id}"
            detail = f"the generator could not do it, nothing was charged{reason}"
            self._jobs.fail(self._name, job, problems.body(502, detail))
        except Exception:
            log.exception("job %s failed", job.id)
            self._jobs.fail(self._name, job, problems.body(500, "the generator failed; the server's log says where"))
        finally:
            self._cancellations.pop(job.id, None)

    def _reporter(self, job: ClaimedJob) -> Progress:
        """Return a progress that notes how far a job is, and ends the work when the job was cancelled."""
        reported_at = 0.0
        cancellation = self._cancellations[job.id]

        def progress(done: int, total: int, phase: str) -> None:
            nonlocal reported_at
            is_held = not cancellation.is_set()
            if is_held and time.monotonic() - reported_at >= PROGRESS_INTERVAL_S:
                reported_at = time.monotonic()
                is_held = self._jobs.report_progress(self._name, job.id, phase, done / total if total else 0.0)
            if not is_held:
                raise _NotHeld

        return progress

    def _metered_space(self, job: ClaimedJob) -> MeteredSpace:
        caps = quota.caps_of(self._settings.caps, self._apps.caps(job.app))
        return MeteredSpace(self._store, job.space, caps[BYTES])

    def _generate(self, generator: ModelGenerator, job: ClaimedJob) -> None:
        premise, frame = job.input["premise"], job.input.get("frame")
        if (url := job.input.get("frame_url")) is not None:
            frame = fetch_frame(url, private=self._settings.webhooks_private)
        if frame is not None and self._settings.vision is not None:
            premise = f"{premise} {self._summary(self._settings.vision, frame)}".strip()
        generated_world = completed(generator.generate(premise, job.input["seed"], self._reporter(job)))
        if frame is not None:
            generated_world = with_frame(generated_world, frame)
        with self._store.database.writing() as connection:
            if not self._jobs.holds(connection, self._name, job.id):
                raise _NotHeld
            name = job.input.get("name")
            space = self._metered_space(job)
            world = space.change(None, lambda space: space.create(generated_world, name=name))
            self._succeed(connection, job, space, world, responses.created(world))

    def _summary(self, vision: Vision, frame: str) -> str:
        """Return what is seen in a frame.

        Raises:
            FrameRefused: The model refuses the frame.
        """
        try:
            return str(vision.perceive(frame, None, None)["summary"])
        except WorldError as error:
            raise FrameRefused(str(error)) from error

    def _revise(self, generator: ModelGenerator, job: ClaimedJob) -> None:
        space, id = self._store.space(job.space), job.input["world"]
        before = space.get(id)
        expected = job.input.get("rev")
        if expected is not None and expected != before.rev:
            raise Conflict(expected, before.rev)
        revision = generator.revise(before.world, job.input["instruction"], self._reporter(job))
        ops = _verified(revision.ops, job.input.get("verified"))

        def work(world: World) -> tuple[Applied[World], list[Json]]:
            result = apply(world, ops, accept=refuse_new_errors)
            return result, hosted_world.advice(hosted_world.require_sound(result.world))

        def check(stored_world: StoredWorld) -> None:
            if stored_world.rev != before.rev:
                raise Conflict(before.rev, stored_world.rev)

        edit, limit = edit_of(space, id, work, lambda result: result[0]), TimeLimit(self._settings.work_s)
        with limit.counting():  # before the transaction, in which others would wait
            edit.prepare(check)
        with self._store.database.writing() as connection:
            if not self._jobs.holds(connection, self._name, job.id):
                raise _NotHeld
            metered_space = self._metered_space(job)
            with limit.counting():
                after = metered_space.change(id, lambda _: edit.write(rev=before.rev))
            _, advice = edit.result
            if job.input.get("exact"):
                body = {"ok": True, **responses.written_exactly(after), "reply": revision.reply}
            else:
                document = hosted_document(after.world, id)
                body = {"world": document, "diagnostics": advice, "reply": revision.reply}
            self._succeed(connection, job, metered_space, after, body, after.rev)

    def _succeed(
        self,
        connection: Connection,
        job: ClaimedJob,
        space: MeteredSpace,
        world: StoredWorld,
        body: Json,
        rev: str | None = None,
    ) -> None:
        """End a job well, unless the answer of its call would be too large: then nothing may be done.

        Raises:
            AnswerTooLarge: It would.
        """
        encode_json(body, self._settings.max_answer)
        self._jobs.succeed(connection, job, world.id, {"rev": rev, "body": body}, space.cap)


def _reason(error: WorldError) -> str:
    """Return what a caller can act on of an error, empty where only whoever runs the server can."""
    match error:
        case Undecided():
            lines = "".join(f"\n  {refusal}" for refusal in error.refusals)
            return f": no answer of the model could be used{lines}"
        case CannotAnswer():
            return f": {error}"
    return ""


def _verified(ops: Sequence[Json], objects: list[str] | None) -> list[Json]:
    """Return operations in which every new mission names what is known to be in the picture (docs/spec/rules.md).

    Args:
        ops: The operations of an edit.
        objects: What the caller knows to be there; None when nothing was said.
    """
    return [_with_verified(op, objects) if objects is not None and op.get("op") == "add_mission" else op for op in ops]


def _with_verified(op: Json, objects: list[str]) -> Json:
    mission = op.get("mission")
    if isinstance(mission, dict):
        return {**op, "mission": {"verified": objects, **mission}}
    return {"verified": objects, **op}
