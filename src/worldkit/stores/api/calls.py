"""The calls of the API, each a generator that asks and answers but does no input or output (see ``exchange``).

``Client`` and ``AsyncClient`` run them. A server may know the specification only. What it lacks beside worldkit's own
server is made up for here: ``apply``, ``create`` and ``fork`` come to the same with either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.errors import (
    ApiError,
    ApiHeadVersion,
    ApiNotFound,
    JobFailed,
    Unprocessable,
    Unreachable,
    WorldError,
)
from worldkit.core.json_values import Json, quote
from worldkit.stores.api import answers, wire
from worldkit.stores.api.error_mapping import diagnostics
from worldkit.stores.api.protocol import Call, Clock, Pause
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
from worldkit.stores.api.retry import asked, fresh_key
from worldkit.stores.api.secret import redacted
from worldkit.stores.api.writing import Writes, plainly
from worldkit.stores.protocol import StoredWorld, Version, Versions, WorldRef
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff

Progress = Callable[[int, int, str], None]

LOOKS = (0.5, 0.5, 1.0, 1.0, 2.0)
"""Seconds between looks at a job; the last holds on."""

_PREMISES_ONLY = (
    "docs/spec/api-v1.md makes worlds from premises only; if this server takes no documents, generate(premise) makes a "
    "world there, and apply(id, wk.diff(that, world).ops) turns it into this one"
)


def said_by(progress: Progress | None) -> Progress:
    """Return what progress is told to: by default one line in a notebook or a terminal."""
    if progress is not None:
        return progress
    from worldkit.core.progress import default_progress

    return default_progress()


class Calls(Writes):
    """The calls of one client; each is described at the method of ``Client`` that runs it."""

    # ---- worlds ----------------------------------------------------------------------------

    def ids_of(self, key: str) -> Call[list[str]]:
        """Return the ids that an id or a name stands for; an id wins over a name."""
        if wire.speakable(key):
            try:
                return [(yield from self.get(key)).id]
            except ApiNotFound:
                pass
        found: list[str] = []
        cursor: str | None = None
        while True:
            refs, cursor = yield from self.page(wire.PAGE, cursor, key)
            found += [ref.id for ref in refs if ref.name == key]
            if cursor is None:
                return found

    def find(self, key: str) -> Call[StoredWorld]:
        found = yield from self.ids_of(key)
        if not found:
            raise ApiNotFound(f"{self._place} holds no world called {quote(key)}; .list() names those it holds")
        if len(found) > 1:
            ids = ", ".join(found[:10])
            raise ApiNotFound(f"{len(found)} worlds are called {quote(key)}; name one by its id: {ids}")
        return (yield from self.get(found[0]))

    def page(self, limit: int, cursor: str | None, name: str | None = None) -> Call[tuple[list[WorldRef], str | None]]:
        refs, after = answers.refs_of((yield from asked(wire.worlds(limit, cursor, name))))
        if after is not None and after == cursor:
            raise ApiError("the server's list of worlds goes round in a circle: a page names itself as the next")
        return refs, after

    def create(self, world: World, name: str | None, key: str | None) -> Call[StoredWorld]:
        try:
            said = yield from asked(wire.create_world(world, name, key or fresh_key()))
        except Unprocessable as refused:
            if not self._exact:
                refused.add_note(_PREMISES_ONLY)
            raise
        if "worldId" not in said and "jobId" in said:
            made = yield from self.made_by(answers.job_of(said), _quietly, None)
        else:
            made = yield from self.get(answers.text(said, "worldId"))
        wanted = world if name is None else World.from_dict({**json_of(world), "name": name})
        alike = _own_apart(made.world) == _own_apart(wanted)
        if key is not None and (alike or int(made.rev) > 1 or (yield from self.scene(made.id)).exact_ops):
            return made  # what the key was first answered; it may have been edited since
        # a server of the specification knows no documents: it made something else, which is turned into the world
        return (yield from self._turned_into(made, wanted, delete=key is None))

    def _turned_into(self, made: StoredWorld, wanted: World, *, delete: bool) -> Call[StoredWorld]:
        """Make a world that was just created the one that is wanted; where that cannot be, it is deleted again."""
        try:
            return (yield from self._written_out(made, wanted))
        except WorldError:
            if delete:
                yield from self._undone(made.id)
            raise

    def _written_out(self, made: StoredWorld, wanted: World) -> Call[StoredWorld]:
        from worldkit.comparison import diff

        kept = {key: value for key, value in json_of(made.world).items() if key in wire.OWN}
        target = World.from_dict({**{k: v for k, v in json_of(wanted).items() if k not in wire.OWN}, **kept})
        now = made
        if ops := diff(made.world, target).ops:
            now = yield from self.apply(made.id, ops, made.rev, False, None)
        own: Json = {key: json_of(wanted)[key] for key in ("name", "description", "cover") if key in json_of(wanted)}
        fields = {key: value for key, value in own.items() if json_of(now.world).get(key) != value}
        if fields:
            yield from self.describe(made.id, fields)
            now = yield from self.get(made.id)
        return now

    def _undone(self, id: str) -> Call[None]:
        try:
            yield from self.delete(id)
        except ApiError:
            return

    def generate(
        self,
        premise: str,
        name: str | None,
        pov: str | None,
        frame: str | bytes | None,
        seed: int | None,
        key: str | None,
    ) -> Call[Job]:
        try:
            said = yield from asked(wire.generate_world(premise, name, pov, frame, seed, key or fresh_key()))
        except Unprocessable:
            if seed is None or self._exact:
                raise
            # the specification knows no seeds, and a server may refuse what it does not know
            return (yield from self.generate(premise, name, pov, frame, None, key))
        if "jobId" in said:
            return answers.job_of(said)
        return Job("", "succeeded", progress=1.0, world_id=answers.text(said, "worldId"))  # done at once

    def job(self, id: str) -> Call[Job]:
        return answers.job_of((yield from asked(wire.job(id))))

    def wait(self, job: Job, progress: Progress, seconds: float | None) -> Call[Job]:
        began: float = yield Clock()
        looks = 0
        try:
            while not job.done:
                share = round(100 * (job.progress or 0))
                progress(min(share, 99), 100, job.phase or job.status)
                now: float = yield Clock()
                if seconds is not None and now - began >= seconds:
                    raise ApiError(f"job {job.id} is not done after {seconds:g} s")
                yield Pause(LOOKS[min(looks, len(LOOKS) - 1)])
                looks += 1
                job = yield from self._looked(job)
        except BaseException as error:
            if not isinstance(error, GeneratorExit):
                error.add_note(f"job {job.id} goes on at the server; wait({job.id!r}) waits for it")
                error.job_id = job.id  # type: ignore[attr-defined]
            raise
        if job.status == "failed":
            failed = JobFailed(
                f"job {job.id} failed: {job.error or 'the server does not say why'}", detail=job.error or ""
            )
            failed.job_id = job.id
            raise failed
        progress(100, 100, "done")
        return job

    def _looked(self, job: Job) -> Call[Job]:
        try:
            return (yield from self.job(job.id))
        except Unreachable:
            return (yield from self.job(job.id))  # a job is worth a second round of tries

    def made_by(self, job: Job | str, progress: Progress, seconds: float | None) -> Call[StoredWorld]:
        """Wait for a job, and return the world that came of it."""
        known = job if isinstance(job, Job) else (yield from self.job(job))
        done = yield from self.wait(known, progress, seconds)
        if done.world_id is None:
            raise ApiError(f"job {done.id} succeeded and names no world")
        return (yield from self.get(done.world_id))

    def edit(self, id: str, instruction: str, rev: str | None, key: str | None) -> Call[Edited]:
        said = yield from self._written(id, rev, key, plainly(lambda at, made: wire.edit(id, instruction, at, made)))
        if "jobId" in said and "ok" not in said:  # **ours**: it takes longer than the server lets a call wait
            yield from self.wait(answers.job_of(said), _quietly, None)
            return Edited(True, (yield from self.get(id)), Diagnostics(), "")
        stored = self._result(id, said) if "rev" in said else (yield from self.get(id))
        reply = said.get("reply")
        return Edited(
            answers.ok(said),
            stored,
            diagnostics(said.get("diagnostics")),
            redacted(reply) if isinstance(reply, str) else "",
        )

    def describe(self, id: str, fields: Mapping[str, str | None]) -> Call[WorldRef]:
        return answers.ref_of((yield from asked(wire.describe(id, fields))))

    def rename(self, id: str, name: str) -> Call[StoredWorld]:
        yield from self.describe(id, {"name": name})
        return (yield from self.get(id))

    def delete(self, id: str) -> Call[None]:
        yield from asked(wire.delete_world(id))

    def fork(self, id: str, name: str | None, version: str | None, key: str | None) -> Call[StoredWorld]:
        asks_more = name is not None or version is not None
        if asks_more and self._exact is None:
            yield from self.scene(id)
        wanted_so = (name, version) if self._exact else (None, None)
        said = yield from asked(wire.fork(id, *wanted_so, key or fresh_key()))
        made = yield from self.get(answers.text(said, "worldId"))
        if "parent" in said:
            return made
        # a server of the specification copies the world as it stands, under a name of its own, and names no parent
        if version is not None:
            wanted = yield from self.version(id, version)
            if _own_apart(made.world) != _own_apart(wanted):
                named: Json = {
                    key: json_of(made.world)[key] for key in ("name", "description") if key in json_of(made.world)
                }
                bare = {key: value for key, value in json_of(wanted).items() if key not in ("name", "description")}
                made = yield from self._turned_into(made, World.from_dict({**bare, **named}), delete=key is None)
        if name is not None and made.name != name:
            made = yield from self.rename(made.id, name)
        return replace(made, parent=id, parent_version=version)

    # ---- versions --------------------------------------------------------------------------

    def snapshot(
        self, id: str, title: str | None, parent: str | None, source: str | None, key: str | None
    ) -> Call[Version]:
        said = yield from asked(wire.snapshot(id, title, parent, source, key or fresh_key()))
        version = answers.text(said, "versionId")
        held = said.get("version")
        if isinstance(held, dict) and "id" in held:
            return answers.version_of(held)
        known = (one for one in (yield from self.versions(id)) if one.id == version)
        return next(known, Version(version, parent, title or "", source))

    def versions(self, id: str) -> Call[Versions]:
        return answers.versions_of((yield from asked(wire.versions(id))))

    def version(self, id: str, version: str) -> Call[World]:
        return answers.snapshot_of((yield from asked(wire.version(id, version))))

    def diff(self, id: str, a: str, b: str | None) -> Call[Diff]:
        from worldkit.comparison import diff

        before = yield from self.version(id, a)
        after = (yield from self.get(id)).world if b is None else (yield from self.version(id, b))
        return diff(before, after)

    def version_diff(self, id: str, a: str, b: str) -> Call[VersionDiff]:
        return answers.version_diff_of((yield from asked(wire.version_diff(id, a, b))))

    def retitle(self, id: str, version: str, title: str) -> Call[None]:
        yield from asked(wire.retitle(id, version, title))

    def prune(self, id: str, version: str) -> Call[None]:
        try:
            yield from asked(wire.prune(id, version))
        except ApiError as error:
            if error.status != 409:
                raise
            refused = error
        else:
            return
        head = ApiHeadVersion(
            f"version {quote(version)} is the one its world stands on; check out or snapshot another one first",
            status=409,
            detail=refused.detail,
            request_id=refused.request_id,
        )
        head.version = version
        raise head

    # ---- judging, playing, seeing ----------------------------------------------------------

    def validate(self, id: str, world: World | None) -> Call[Validation]:
        return answers.validation_of((yield from asked(wire.judge(id, "validate", world))))

    def lint(self, id: str, world: World | None) -> Call[Linting]:
        return answers.linting_of((yield from asked(wire.judge(id, "lint", world))))

    def session_token(self, id: str, player: str | None, origin: str | None, seconds: int | None) -> Call[SessionToken]:
        return answers.token_of((yield from asked(wire.session_token(id, player, origin, seconds))))

    def perceive(self, frame: str | bytes, name: str | None, description: str | None) -> Call[Perceived]:
        return answers.perceived_of((yield from asked(wire.perceive(frame, name, description))))

    def ground(self, frame: str | bytes, labels: Sequence[str]) -> Call[tuple[Hotspot, ...]]:
        return answers.hotspots_of((yield from asked(wire.ground(frame, labels))))

    def seed_frame(self, prompt: str, pov: str | None, mood: str | None, style: str | None) -> Call[SeedFrame]:
        return answers.seed_frame_of((yield from asked(wire.seed_frame(prompt, pov, mood, style))))

    def usage(self) -> Call[Usage]:
        return answers.usage_of((yield from asked(wire.usage())))


def _quietly(done: int, total: int, what: str) -> None:
    """Report no progress."""


def _own_apart(world: World) -> World:
    """Return a world without what belongs to the server."""
    return World.from_dict({key: value for key, value in json_of(world).items() if key not in wire.OWN})
