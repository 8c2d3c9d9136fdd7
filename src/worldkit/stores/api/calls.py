"""The calls of the API, each a generator that does no input or output itself (see ``protocol``).

``Client`` and ``AsyncClient`` run them. A server may know the specification only. What it lacks beside worldkit's own
server is made up for here: ``apply``, ``create`` and ``fork`` come to the same with either.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from worldkit.comparison import diff
from worldkit.core.argument_ranges import expect_amount
from worldkit.core.argument_types import is_text
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import json_of
from worldkit.core.errors import ApiError, ApiHeadVersion, ApiNotFound, JobFailed, Unprocessable, Unreachable
from worldkit.core.json_values import quote
from worldkit.core.progress import default_progress
from worldkit.editing.lowering import DESCRIPTIVE_FIELDS, lower, not_expressible
from worldkit.ruleset import lint
from worldkit.stores.api import answers, wire
from worldkit.stores.api.account_calls import AccountCalls
from worldkit.stores.api.new_worlds import NewWorldCalls
from worldkit.stores.api.protocol import Call, Pause, Request, Work
from worldkit.stores.api.results import (
    Edited,
    Hotspot,
    Job,
    Linting,
    Perceived,
    SeedFrame,
    SessionToken,
    Usage,
    Validation,
    VersionDiff,
)
from worldkit.stores.api.retry import new_idempotency_key, perform, request_json
from worldkit.stores.api.secret import redacted
from worldkit.stores.api.server_words import diagnostics
from worldkit.stores.pages import WorldRef
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff

Progress = Callable[[int, int, str], None]

UNKNOWN_ID_STATUSES = (400, 404, 422)
"""What a server may answer to a name in place of an id; the ids of a hosted server are UUIDs."""

UNFINISHED_STATUSES = ("queued", "running")
STATUSES = (*UNFINISHED_STATUSES, "succeeded", "failed", "cancelled")
"""What a job may be (docs/spec/api-v1.md#worlds-and-jobs)."""

POLL_PAUSES = (0.5, 0.5, 1.0, 1.0, 2.0)
"""Seconds between looks at a job; the last holds on."""


def progress_or_line(progress: Progress | None) -> Progress:
    """Return what progress is told to: by default one line in a notebook or a terminal."""
    if progress is not None:
        return progress
    return default_progress()


class Calls(NewWorldCalls, AccountCalls):
    """The calls of one client; each is described at the method of ``Client`` that runs it."""

    # ---- worlds ----------------------------------------------------------------------------

    def ids_of(self, key: str) -> Call[list[str]]:
        """Return the ids that an id or a name stands for; an id wins over a name."""
        if not is_text(key):
            return []
        if wire.is_path_segment(key):
            try:
                return [(yield from self.get(key)).id]
            except ApiError as error:
                if error.status not in UNKNOWN_ID_STATUSES:
                    raise
        names: dict[str, str] = {}
        cursor: str | None = None
        while True:
            refs, cursor = yield from self.page(wire.FULL_LIST_PAGE_SIZE, cursor, key)
            count_before = len(names)
            names |= {ref.id: ref.name for ref in refs}
            if cursor is None:
                return [id for id, name in names.items() if name == key]
            if len(names) == count_before:
                raise ApiError("the server's list of worlds does not end: a page that is not the last has no new world")

    def find(self, key: str) -> Call[StoredWorld]:
        ids = yield from self.ids_of(key)
        if not ids:
            raise ApiNotFound(f"{self._place} holds no world called {quote(key)}; .list() names those it holds")
        if len(ids) > 1:
            listed_ids = ", ".join(ids[:10])
            raise ApiNotFound(f"{len(ids)} worlds are called {quote(key)}; name one by its id: {listed_ids}")
        return (yield from self.get(ids[0]))

    def page(self, limit: int, cursor: str | None, name: str | None = None) -> Call[tuple[list[WorldRef], str | None]]:
        refs, after = answers.refs_of((yield from request_json(wire.worlds(limit, cursor, name))))
        if after is not None and after == cursor:
            raise ApiError("the server's list of worlds goes round in a circle: a page names itself as the next")
        return refs, after

    def create(self, world: World, name: str | None, key: str | None) -> Call[StoredWorld]:
        server = yield from self.server()
        if server.documents:
            answer = yield from request_json(wire.create_world(world, name, key or new_idempotency_key()))
            return (yield from self.get(answers.text(answer, "worldId")))
        target = world if name is None else World.from_dict({**json_of(world), "name": name})
        if server.operations is not None:
            yield Work(partial(_refuse_inexpressible, target))
        # it knows no documents: it makes a world from a premise, which is turned into this one
        request = wire.create_from_premise(_premise_of(target), name or target.name, key or new_idempotency_key())
        answer = yield from request_json(request)
        if "worldId" not in answer and "jobId" in answer:
            created_world = yield from self.job_result(answers.job_of(answer), _no_progress, None)
        else:
            created_world = yield from self.get(answers.text(answer, "worldId"))
        return (yield from self.complete(created_world, target, _texts_of(target), key, is_replacement=True))

    def generate(
        self,
        premise: str,
        name: str | None,
        pov: str | None,
        frame: str | os.PathLike[str] | bytes | None,
        seed: int | None,
        key: str | None,
    ) -> Call[Job]:
        try:
            answer = yield from request_json(
                wire.generate_world(premise, name, pov, frame, seed, key or new_idempotency_key())
            )
        except Unprocessable:
            if seed is None or (self._dialect is not None and self._dialect.documents):
                raise
            # the specification knows no seeds, and a server may refuse what it does not know
            return (yield from self.generate(premise, name, pov, frame, None, key))
        if "jobId" in answer:
            return answers.job_of(answer)
        clean = answer.get("ok") is not False
        return Job("", "succeeded", progress=1.0, world_id=answers.text(answer, "worldId"), clean=clean)

    def job(self, id: str) -> Call[Job]:
        return answers.job_of((yield from request_json(wire.job(id))))

    def cancel(self, id: str) -> Call[Job]:
        return answers.job_of((yield from request_json(wire.cancel(id))))

    def wait(self, job: Job, progress: Progress, seconds: float | None, *, is_own: bool = False) -> Call[Job]:
        """Wait for a job; an interrupt cancels one that the same call began, where the server can do that."""
        start = self._clock()
        polls = 0
        try:
            while not job.done:
                if (
                    job.status not in UNFINISHED_STATUSES
                ):  # it may be a word for an end, and would be waited for without one
                    raise answers.unexpected(f"one of {', '.join(STATUSES)} as the status of job {job.id}", job.status)
                share = round(100 * (job.progress or 0))
                progress(min(share, 99), 100, job.phase or job.status)
                now = self._clock()
                if seconds is not None and now - start >= seconds:
                    raise ApiError(f"job {job.id} is not done after {seconds:g} s")
                yield Pause(POLL_PAUSES[min(polls, len(POLL_PAUSES) - 1)])
                polls += 1
                job = yield from self._poll_job(job)
        except BaseException as error:
            if isinstance(error, GeneratorExit):
                raise
            error.job_id = job.id  # type: ignore[attr-defined]
            if is_own and isinstance(error, KeyboardInterrupt) and (yield from self._try_to_cancel(job.id)):
                error.add_note(f"job {job.id} was cancelled; nothing was charged")
            else:
                error.add_note(f"job {job.id} goes on at the server; wait({job.id!r}) waits for it")
            raise
        if job.status != "succeeded":
            outcome = "was cancelled" if job.status == "cancelled" else "failed"
            reason = job.error or ("" if job.status == "cancelled" else "the server does not say why")
            message = f"job {job.id} {outcome}{': ' if reason else ''}{reason}"
            job_error = JobFailed(message, detail=job.error or "")
            job_error.job_id, job_error.job_status = job.id, job.status
            raise job_error
        progress(100, 100, "done")
        return job

    def _try_to_cancel(self, id: str) -> Call[bool]:
        try:
            return (yield from self.cancel(id)).status == "cancelled"
        except ApiError:  # a server that cancels nothing, or none that answers
            return False

    def _poll_job(self, job: Job) -> Call[Job]:
        try:
            return (yield from self.job(job.id))
        except Unreachable:
            return (yield from self.job(job.id))  # a job is worth a second round of tries

    def job_result(self, job: Job | str, progress: Progress, seconds: float | None) -> Call[StoredWorld]:
        """Wait for a job, and return the world that it made."""
        expect_amount(seconds, "seconds", or_none=True)
        current = job if isinstance(job, Job) else (yield from self.job(job))
        final_job = yield from self.wait(current, progress, seconds, is_own=isinstance(job, Job))
        if final_job.world_id is None:
            raise ApiError(f"job {final_job.id} succeeded and names no world")
        world = yield from self.get(final_job.world_id)
        if final_job.clean:
            return world
        noted_world: StoredWorld = yield Work(partial(_not_clean, world))
        return noted_world

    def edit(
        self, id: str, instruction: str, rev: str | None, key: str | None, verified: Sequence[str] | None
    ) -> Call[Edited]:
        sent_rev = ""

        def make(at_rev: str, request_key: str) -> Request:
            nonlocal sent_rev
            sent_rev = at_rev
            return wire.edit(id, instruction, verified, at_rev, request_key)

        answer = yield from self._write_at_revision(id, rev, key, make)
        body = answer.body
        if "jobId" in body and "world" not in body:  # **ours**: it takes longer than the server lets a call wait
            yield from self.wait(answers.job_of(body), _no_progress, None, is_own=True)
            return Edited(True, (yield from self.get(id)), Diagnostics(), "")
        names_rev = answer.etag is not None or "rev" in body
        stored_world = yield from (self._written(id, answer) if names_rev else self.get(id))
        reply = body.get("reply")
        return Edited(
            answers.ok(body) if "ok" in body else stored_world.rev != sent_rev,
            stored_world,
            diagnostics(body.get("diagnostics")),
            redacted(reply) if isinstance(reply, str) else "",
        )

    def fork(self, id: str, name: str | None, version: str | None, key: str | None) -> Call[StoredWorld]:
        options: tuple[str | None, str | None] = (None, None)
        if (name is not None or version is not None) and (yield from self.server()).fork_options:
            options = name, version
        answer = yield from request_json(wire.fork(id, *options, key or new_idempotency_key()))
        created_world = yield from self.get(answers.text(answer, "worldId"))
        if options == (name, version) and "parent" in answer:
            return created_world
        # a server of the specification copies the world as it stands, under a name of its own, and names no parent
        if name is not None or version is not None:
            target = created_world.world if version is None else (yield from self.version(id, version))
            texts = {} if name is None else {"name": name}
            created_world = yield from self.complete(created_world, target, texts, key, is_replacement=False)
        return replace(created_world, parent=id, parent_version=version)

    # ---- versions --------------------------------------------------------------------------

    def snapshot(
        self, id: str, title: str | None, parent: str | None, source: str | None, key: str | None
    ) -> Call[Version]:
        answer = yield from request_json(wire.snapshot(id, title, parent, source, key or new_idempotency_key()))
        version = answers.text(answer, "versionId")
        line = answer.get("version")
        if isinstance(line, dict) and "id" in line:
            return answers.version_of(line)
        matches = (candidate for candidate in (yield from self.versions(id)) if candidate.id == version)
        return next(matches, Version(version, parent, title or "", source))

    def versions(self, id: str) -> Call[Versions]:
        return answers.versions_of((yield from request_json(wire.versions(id))))

    def version(self, id: str, version: str) -> Call[World]:
        answer = yield from request_json(wire.version(id, version))
        snapshot: World = yield Work(partial(answers.snapshot_of, answer))
        return snapshot

    def diff(self, id: str, a: str, b: str | None) -> Call[Diff]:
        before = yield from self.version(id, a)
        after = (yield from self.get(id)).world if b is None else (yield from self.version(id, b))
        difference: Diff = yield Work(partial(diff, before, after))
        return difference

    def version_diff(self, id: str, a: str, b: str) -> Call[VersionDiff]:
        return answers.version_diff_of((yield from request_json(wire.version_diff(id, a, b))))

    def retitle(self, id: str, version: str, title: str) -> Call[None]:
        yield from perform(wire.retitle(id, version, title))

    def prune(self, id: str, version: str) -> Call[None]:
        try:
            yield from perform(wire.prune(id, version))
        except ApiError as error:
            if error.status != 409:
                raise
            conflict = error
        else:
            return
        head_error = ApiHeadVersion(
            f"version {quote(version)} is the one its world stands on; check out or snapshot another one first",
            status=409,
            detail=conflict.detail,
            request_id=conflict.request_id,
        )
        head_error.version = version
        raise head_error

    # ---- judging, playing, seeing ----------------------------------------------------------

    def validate(self, id: str, world: World | None) -> Call[Validation]:
        try:
            return answers.validation_of((yield from request_json(wire.check_world(id, "validate", world))))
        except Unprocessable as error:
            if not error.diagnostics:
                raise
            return Validation(False, error.diagnostics)

    def lint(self, id: str, world: World | None) -> Call[Linting]:
        return answers.linting_of((yield from request_json(wire.check_world(id, "lint", world))))

    def session_token(self, id: str, player: str | None, origin: str | None, seconds: int | None) -> Call[SessionToken]:
        return answers.token_of((yield from request_json(wire.session_token(id, player, origin, seconds))))

    def perceive(
        self, frame: str | os.PathLike[str] | bytes, name: str | None, description: str | None
    ) -> Call[Perceived]:
        return answers.perceived_of((yield from request_json(wire.perceive(frame, name, description))))

    def ground(self, frame: str | os.PathLike[str] | bytes, labels: Sequence[str]) -> Call[tuple[Hotspot, ...]]:
        return answers.hotspots_of((yield from request_json(wire.ground(frame, labels))))

    def seed_frame(self, prompt: str, pov: str | None, mood: str | None, style: str | None) -> Call[SeedFrame]:
        return answers.seed_frame_of((yield from request_json(wire.seed_frame(prompt, pov, mood, style))))

    def usage(self) -> Call[Usage]:
        return answers.usage_of((yield from request_json(wire.usage())))


def _premise_of(world: World) -> str:
    story = world.story
    return (story.logline if story else None) or world.description or world.name or "A world to be written"


def _texts_of(world: World) -> dict[str, str | None]:
    """Return what a document is called: it has no description or cover where it does not say one."""
    raw = json_of(world)
    name = {"name": raw["name"]} if "name" in raw else {}
    return {**name, "description": raw.get("description"), "cover": raw.get("cover")}


def _refuse_inexpressible(world: World) -> None:
    """Refuse a document that a server of the nine operations cannot be given, before anything is charged.

    Raises:
        NotExpressible: It has fields for which there is no operation.
    """
    raw = json_of(world)
    descriptive = {key: raw[key] for key in DESCRIPTIVE_FIELDS if key in raw}
    unsent = lower(World.from_dict({**descriptive, "scene": {"states": {}, "events": []}}), world, partial=True).unsent
    if unsent:
        raise not_expressible(unsent)


def _not_clean(stored_world: StoredWorld) -> StoredWorld:
    """Return a world that did not land clean, with a note that says so and what lint finds in it."""
    message = f"the server made world {stored_world.id}, and says that it did not land clean"
    warnings.warn(f"{message}; see .diagnostics", stacklevel=2)
    note = Diagnostic("not-clean", "warning", "world", message, Item("world"))
    return replace(stored_world, diagnostics=Diagnostics([note, *lint(stored_world.world)], stored_world.world))


def _no_progress(done: int, total: int, phase: str) -> None:
    """Report no progress."""
