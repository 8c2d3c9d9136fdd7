"""Worlds: creating, listing, reading, describing, deleting, forking; and the jobs that generate them."""

from __future__ import annotations

import re
import secrets
import time
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core import json_values
from worldkit.core.json_values import Json
from worldkit.server import answer_bodies, idempotency, job_wait, request_bodies, responses, session_records
from worldkit.server.apps import Caller
from worldkit.server.body_fields import InDigits
from worldkit.server.encoding import encode_json
from worldkit.server.frame_fetch import checked_picture
from worldkit.server.hosted_world import hosted_document
from worldkit.server.idempotency import StoredAnswer
from worldkit.server.idempotent_calls import KeyedCall, WriteCall
from worldkit.server.problems import Refusal
from worldkit.server.request_work import on_thread
from worldkit.server.services import (
    AnswerBody,
    ReadAccess,
    Services,
    ServicesDep,
    SpeaksWorldkit,
    StrictRoute,
    WriteAccess,
    body_response,
    json_response,
)
from worldkit.world import load

router = APIRouter(route_class=StrictRoute, tags=["worlds"])

GENERATION_KIND = "generation"
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
TIME_PATTERN = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,6})?(Z|[+ ]00:00)$"
"""A time in UTC; a plus sign that was not escaped arrives as a space."""
WORLDS_PER_READ = 4
"""Worlds read at once for a page: each may have a cover of 4 MB."""


@router.post("/v1/worlds", response_model=answer_bodies.Created, responses={202: {"model": answer_bodies.JobStatus}})
async def create_world(call: WriteCall, body: request_bodies.CreateWorld) -> Response:
    """Keep a whole world, or generate one from a premise: at once, or with ``async`` as a job."""
    services, caller = call.services, call.caller
    if body.world is not None:
        return await on_thread(lambda: _keep(call, body))
    _check_can_generate(services, body)
    job = await on_thread(lambda: _begin(call, body))
    if isinstance(job, Response):
        return job
    services.workers.wake()
    if body.asynchronous:
        return json_response(responses.job(await on_thread(lambda: services.jobs.get(caller, job))), 202)
    return job_wait.JobOutcome(services, caller, job, call.key)


def _keep(call: KeyedCall, body: request_bodies.CreateWorld) -> Response:
    if body.premise is not None or body.frame_b64 is not None or body.frame_url is not None:
        raise Refusal(422, "expected a world, or what to generate one from; got both, and a world is kept as it is")
    world = load(body.world or {})

    def do(_: Connection) -> tuple[Json, str]:
        metered_space = call.services.metered_space(call.caller)
        stored_world = metered_space.change(None, lambda space: space.create(world, name=body.name))
        return responses.created(stored_world), stored_world.id

    return call.run_once(do)


def _check_can_generate(services: Services, body: request_bodies.CreateWorld) -> None:
    if not (body.premise or "").strip() and body.frame_b64 is None and body.frame_url is None:
        raise Refusal(400, "expected a premise or a picture to make a world from; both are missing")
    if body.frame_url is not None:
        if body.frame_b64 is not None:
            raise Refusal(422, "expected one picture; got frame_b64 and frame_url")
        if not services.settings.fetch_frames:
            detail = "this server fetches nothing from other places; send the picture itself as frame_b64"
            raise Refusal(503, f"{detail}, or start it from Python with Settings(fetch_frames=True)")
    has_frame = body.frame_b64 is not None or body.frame_url is not None
    if has_frame and services.settings.vision is None:
        detail = "no model on this server looks at pictures; start it from Python with Settings(vision=...)"
        raise Refusal(503, f"worlds from a frame are not available here: {detail}")
    if services.settings.generator is None:
        detail = "generating is not available here, nothing was charged; run the server with --generator templates"
        raise Refusal(503, f"{detail}, local or chat:...")


def _begin(call: KeyedCall, body: request_bodies.CreateWorld) -> str | Response:
    """Put a job into the queue and return its id, or that of the job the same key made."""
    frame = None if body.frame_b64 is None else checked_picture(body.frame_b64)
    identity, services, caller = call.identity, call.services, call.caller
    with services.store.database.writing() as connection:
        if identity is not None and (earlier_answer := identity.recall(connection)):
            return (
                earlier_answer.job
                if earlier_answer.job is not None
                else Response(earlier_answer.body, earlier_answer.status, {}, "application/json")
            )
        seed = body.seed if body.seed is not None else secrets.randbelow(2**31)
        options = {"premise": body.premise or "", "seed": seed, "name": body.name, "frame": frame}
        options["frame_url"] = body.frame_url
        options["async"] = bool(body.asynchronous)
        cap = services.caps(caller)[GENERATION_KIND]
        job = services.jobs.add(connection, caller, GENERATION_KIND, options, cap)
        if identity is not None:
            identity.remember(connection, StoredAnswer(job=job))
        return job


@router.get("/v1/jobs/{id}", response_model=answer_bodies.JobStatus)
def get_job(services: ServicesDep, caller: ReadAccess, id: str) -> Response:
    """Return a job as it stands."""
    return json_response(responses.job(services.jobs.get(caller, id)))


@router.delete("/v1/jobs/{id}", response_model=answer_bodies.JobStatus)
def cancel_job(services: ServicesDep, caller: WriteAccess, id: str) -> Response:
    """Cancel a job, and give back what it was charged; one that has ended stays as it is."""
    job = services.jobs.cancel(caller, id)
    services.workers.stop_job(job.id)
    return json_response(responses.job(job))


@router.get("/v1/worlds", response_model=answer_bodies.Worlds)
def list_worlds(
    services: ServicesDep,
    caller: ReadAccess,
    limit: Annotated[
        int, InDigits, Query(ge=1, description="Worlds on a page; more than 100 are cut to 100.")
    ] = DEFAULT_PAGE_SIZE,
    cursor: Annotated[
        str | None, Query(pattern=TIME_PATTERN, description="``created_at`` of the last world so far.")
    ] = None,
    name: Annotated[str | None, Query(max_length=2000, description="Only worlds of exactly this name.")] = None,
) -> Response:
    """Return one page of the app's worlds, newest first."""
    space, items, size, length = services.store.space(caller.space), list[Json](), 0, min(limit, MAX_PAGE_SIZE)
    after = None if cursor is None else space.cursor_before(_time_of(cursor))
    while True:
        page = space.list(limit=max(1, min(WORLDS_PER_READ, length - len(items))), cursor=after, name=name)
        lines = [responses.item(ref) for ref in page.items]
        is_full = len(items) >= length or 4 * size > services.settings.max_answer
        # worlds made at the very same moment stay on one page, because the moment is the cursor;
        # covers can be large: a page that has room for no more such worlds ends early, and its cursor goes on
        # every step is a view of its own: the worlds that were to come may be deleted meanwhile
        if is_full and lines and lines[0]["created_at"] != items[-1]["created_at"]:
            return json_response({"worlds": items, "nextCursor": items[-1]["created_at"]})
        items += lines
        after = page.next_cursor
        size += len(encode_json(lines, services.settings.max_answer * WORLDS_PER_READ))
        if after is None:
            return json_response({"worlds": items, "nextCursor": None})


def _time_of(cursor: str) -> str:
    """Return a cursor as the store writes times, which sort as text."""
    match = re.fullmatch(TIME_PATTERN, cursor)
    assert match is not None
    return f"{match[1]}{match[2] or '.':0<7}+00:00"


@router.get("/v1/worlds/{id}", response_model=answer_bodies.Whole)
async def get_world(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str) -> Response:
    """Return a world as it stands: its document, unknown fields included, with its id beside its own fields."""
    key = caller.space, id, exact
    body, version = services.bodies.look_up(key)
    if body is None:
        body = await on_thread(lambda: _world_body(services, caller, exact, id))
        services.bodies.put(key, body, version, len(body.content))
    return body_response(body)


def _world_body(services: Services, caller: Caller, exact: bool, id: str) -> AnswerBody:
    stored_world = services.store.space(caller.space).get(id)
    content = encode_json(responses.whole(stored_world) if exact else hosted_document(stored_world.world, id))
    return AnswerBody(content.encode("utf-8", "surrogatepass"), stored_world.rev)


@router.patch("/v1/worlds/{id}", response_model=answer_bodies.Item)
def describe_world(services: ServicesDep, caller: WriteAccess, id: str, body: request_bodies.Describe) -> Response:
    """Set a world's name, description, cover or visibility; that is no new revision."""
    changes = {
        name: getattr(body, name) for name in request_bodies.Describe.model_fields if name in body.model_fields_set
    }
    json_values.check_json(changes, "the body")
    with services.store.transaction():
        services.metered_space(caller).change(id, lambda space: space.describe(id, **changes))
        return json_response(responses.item(services.store.space(caller.space).ref(id)))


@router.delete("/v1/worlds/{id}", response_model=answer_bodies.Deleted)
def delete_world(services: ServicesDep, caller: WriteAccess, id: str) -> Response:
    """Delete a world with all its versions; its tokens and its sessions go with it, forks of it stay."""
    with services.store.database.writing(frees=True) as connection:
        session_records.lock(connection, caller.space)  # who connects looks for the world while holding it
        session_records.end_of_world(connection, caller.app, caller.mode, caller.space, id, time.time())
        forget = partial(idempotency.forget_world, space=caller.space, world=id)
        services.metered_space(caller).delete(id, forget)
    return json_response({"ok": True, "deleted": id})


@router.post("/v1/worlds/{id}/forks", response_model=answer_bodies.Forked)
def fork_world(call: WriteCall, id: str, body: request_bodies.Fork | None = None) -> Response:
    """Make a world of its own that begins as a copy, of the world as it stands or of a version."""
    options = body or request_bodies.Fork()

    def do(_: Connection) -> tuple[Json, str]:
        stored_world = call.services.metered_space(call.caller).change(
            None, lambda space: space.fork(id, name=options.name, version=options.versionId)
        )
        return responses.forked(stored_world), stored_world.id

    return call.run_once(do)
