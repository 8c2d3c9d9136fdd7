"""Worlds: creating, listing, reading, describing, deleting, forking; and the jobs that generate them."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core import json_values
from worldkit.core.json_values import Json
from worldkit.server import bodies, idempotency, job_wait, replies
from worldkit.server.apps import Caller
from worldkit.server.encoding import encoded
from worldkit.server.idempotency import Answer
from worldkit.server.problems import Refusal
from worldkit.server.request_work import threaded
from worldkit.server.services import Here, House, IdempotencyKey, Reader, StrictRoute, Writer, answer, once, once_of
from worldkit.world import load

router = APIRouter(route_class=StrictRoute, tags=["worlds"])

GENERATIONS = "generations"
AT_ONCE = 4
"""Worlds read at once for a page: each may have a cover of 4 MB."""


@router.post("/v1/worlds", response_model=bodies.Created, responses={202: {"model": bodies.JobStatus}})
async def create_world(
    request: Request, here: Here, who: Writer, body: bodies.CreateWorld, key: IdempotencyKey = None
) -> Response:
    """Keep a whole world, or generate one from a premise: at once, or with ``async`` as a job."""
    if body.world is not None:
        return await threaded(lambda: _keep(request, here, who, body, key))
    _refuse_what_cannot_be_made(here, body)
    begun = await threaded(lambda: _begin(request, here, who, body, key))
    if isinstance(begun, Response):
        return begun
    here.workers.wake()
    if body.asynchronous:
        return answer(replies.job(await threaded(lambda: here.jobs.get(who, begun))), 202)
    return await job_wait.outcome(request, here, who, begun)


def _keep(request: Request, here: House, who: Caller, body: bodies.CreateWorld, key: str | None) -> Response:
    if body.premise is not None or body.frame_b64 is not None:
        raise Refusal(422, "expected a world, or what to generate one from; got both, and a world is kept as it is")
    world = load(body.world or {})

    def do(_: Connection) -> tuple[Json, str]:
        made = here.kept(who).change(None, lambda space: space.create(world, name=body.name))
        return replies.created(made), made.id

    return once(request, here, who, key, do)


def _refuse_what_cannot_be_made(here: House, body: bodies.CreateWorld) -> None:
    if (body.model_extra or {}).get("frame_url") is not None:
        raise Refusal(503, "this server fetches nothing from other places; send the picture itself as frame_b64")
    if body.frame_b64 is not None and here.settings.vision is None:
        said = "no model on this server looks at pictures; start it from Python with Settings(vision=...)"
        raise Refusal(503, f"worlds from a frame are not available here: {said}")
    if body.premise is None and body.frame_b64 is None:
        raise Refusal(422, "expected a premise to generate from, or a whole world", errors=[_MISSING])
    generator = here.settings.generator
    if generator is None or not generator.can("generate"):
        said = "generating is not available here, nothing was charged; run the server with --generator templates"
        raise Refusal(503, f"{said}, local or chat:...")


_MISSING = {"path": "premise", "message": "required, and missing"}


def _begin(request: Request, here: House, who: Caller, body: bodies.CreateWorld, key: str | None) -> str | Response:
    """Put a job into the queue and return its id, or that of the job the same key made."""
    call = once_of(request, here, who, key)
    with here.store.database.writing() as connection:
        if call is not None and (known := call.recall(connection)):
            return known.job if known.job is not None else Response(known.body, known.status, {}, "application/json")
        seed = body.seed if body.seed is not None else secrets.randbelow(2**31)
        wanted = {"premise": body.premise or "", "seed": seed, "name": body.name, "frame": body.frame_b64}
        cap = here.caps(who)[GENERATIONS]
        job = here.jobs.add(connection, who, GENERATIONS, wanted, cap)
        if call is not None:
            call.remember(connection, Answer(job=job))
        return job


@router.get("/v1/jobs/{id}", response_model=bodies.JobStatus)
def get_job(here: Here, who: Reader, id: str) -> Response:
    """Return a job as it stands."""
    return answer(replies.job(here.jobs.get(who, id)))


@router.get("/v1/worlds", response_model=bodies.Worlds)
def list_worlds(
    here: Here,
    who: Reader,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(pattern="^[0-9]{1,18}$")] = None,
    name: Annotated[str | None, Query(max_length=2000, description="Only worlds of exactly this name.")] = None,
) -> Response:
    """Return one page of the app's worlds, newest first."""
    space, items, size = here.store.space(who.space), list[Json](), 0
    while True:
        page = space.list(limit=min(AT_ONCE, limit - len(items)), cursor=cursor, name=name)
        found = [replies.item(ref) for ref in page.items]
        items += found
        cursor = page.next_cursor
        size += len(encoded(found, here.settings.max_answer * AT_ONCE))
        # covers can be large: a page that has room for no more such worlds ends early, and its cursor goes on
        if cursor is None or len(items) >= limit or 4 * size > here.settings.max_answer:
            return answer({"worlds": items, "nextCursor": cursor})


@router.get("/v1/worlds/{id}", response_model=bodies.Whole)
def get_world(here: Here, who: Reader, id: str) -> Response:
    """Return a world as it stands: its document as it was written, unknown fields included."""
    stored = here.store.space(who.space).get(id)
    return answer(replies.whole(stored), rev=stored.rev)


@router.patch("/v1/worlds/{id}", response_model=bodies.Item)
def describe_world(here: Here, who: Writer, id: str, body: bodies.Describe) -> Response:
    """Set a world's name, description, cover or visibility; that is no new revision."""
    given = {name: getattr(body, name) for name in bodies.Describe.model_fields if name in body.model_fields_set}
    json_values.check_json(given, "the body")
    with here.store.transaction():
        here.kept(who).change(id, lambda space: space.describe(id, **given))
        return answer(replies.item(here.store.space(who.space).ref(id)))


@router.delete("/v1/worlds/{id}", response_model=bodies.Deleted)
def delete_world(here: Here, who: Writer, id: str) -> Response:
    """Delete a world with all its versions; its tokens go with it, forks of it stay."""
    here.kept(who).delete(id, lambda connection: idempotency.forget_world(connection, who.space, id))
    return answer({"ok": True, "deleted": id})


@router.post("/v1/worlds/{id}/forks", response_model=bodies.Forked)
def fork_world(
    request: Request, here: Here, who: Writer, id: str, body: bodies.Fork | None = None, key: IdempotencyKey = None
) -> Response:
    """Make a world of its own that begins as a copy, of the world as it stands or of a version."""
    wanted = body or bodies.Fork()

    def do(_: Connection) -> tuple[Json, str]:
        made = here.kept(who).change(None, lambda space: space.fork(id, name=wanted.name, version=wanted.versionId))
        return replies.forked(made), made.id

    return once(request, here, who, key, do)
