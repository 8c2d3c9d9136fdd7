"""The graph of a world: reading it, editing it, judging it. Every edit is a batch of operations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, NotFound, UnsupportedVersion
from worldkit.core.json_values import Json, quote
from worldkit.server import bodies, job_wait, problems, responses
from worldkit.server.apps import Caller
from worldkit.server.idempotency import Answer
from worldkit.server.problems import Refusal
from worldkit.server.request_work import on_thread
from worldkit.server.services import (
    IdempotencyKey,
    ReadAccess,
    Rev,
    Services,
    ServicesDep,
    StrictRoute,
    WriteAccess,
    idempotent_call,
    json_response,
    run_once,
)
from worldkit.world import World, load

router = APIRouter(route_class=StrictRoute, tags=["graph"])

EDITS = "edit"
Fields = Annotated[bodies.Object, Body(description="Fields to set; null removes one.")]
State = Annotated[bodies.Object, Body(json_schema_extra={"$ref": "#/components/schemas/SMWorld.State"})]
Event = Annotated[bodies.Object, Body(json_schema_extra={"$ref": "#/components/schemas/SMWorld.Event"})]


@router.get("/v1/worlds/{id}/scene", response_model=bodies.SceneOf)
def get_scene(services: ServicesDep, caller: ReadAccess, id: str) -> Response:
    """Return a world's states and events, and its revision."""
    stored = services.store.space(caller.space).get(id)
    scene = json_of(stored.world)["scene"]
    body = {"states": scene["states"], "events": scene["events"], "rev": stored.rev, "exactOps": True}
    return json_response(body, rev=stored.rev)


@router.post("/v1/worlds/{id}/ops", response_model=bodies.Written)
def apply_ops(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    body: bodies.Ops,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Apply a batch of operations, all or none; the exact ones too."""
    return _apply(request, services, caller, id, body.ops, rev, key, strict=body.strict)


@router.post("/v1/worlds/{id}/states", response_model=bodies.Written)
def add_state(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    body: State,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Add a state; its ``id`` is made from its text when none is given."""
    fields = dict(body)
    id_field = {"id": fields.pop("id")} if "id" in fields else {}
    return _apply(request, services, caller, id, [{"op": "add_state", **id_field, "state": fields}], rev, key)


@router.patch("/v1/worlds/{id}/states/{sid:path}", response_model=bodies.Written)
def update_state(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    sid: str,
    body: Fields,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Change fields of a state; null removes one."""
    fields = {name: value for name, value in body.items() if (name, value) != ("id", sid)}
    if "id" in fields:
        raise Refusal(422, "a state is renamed with the operation rename_state, not by setting its id")
    op = {"op": "update_state", "id": sid, "patch": fields}
    return _apply(request, services, caller, id, [op], rev, key, state=sid)


@router.delete("/v1/worlds/{id}/states/{sid:path}", response_model=bodies.Written)
def delete_state(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    sid: str,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Delete a state; what it takes along is in the diagnostics."""
    return _apply(request, services, caller, id, [{"op": "delete_state", "id": sid}], rev, key, state=sid)


@router.post("/v1/worlds/{id}/events", response_model=bodies.Written)
def add_event(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    body: Event,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Add an event."""
    return _apply(request, services, caller, id, [{"op": "add_event", "event": dict(body)}], rev, key)


@router.patch("/v1/worlds/{id}/events/{name:path}", response_model=bodies.Written)
def update_event(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    name: str,
    body: Fields,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Change fields of an event, its name too; null removes one."""
    op = {"op": "update_event", "name": name, "patch": dict(body)}
    return _apply(request, services, caller, id, [op], rev, key, event=name)


@router.delete("/v1/worlds/{id}/events/{name:path}", response_model=bodies.Written)
def delete_event(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    name: str,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Delete an event."""
    return _apply(request, services, caller, id, [{"op": "delete_event", "name": name}], rev, key, event=name)


@router.patch("/v1/worlds/{id}/entrance", response_model=bodies.Written)
def set_entrance(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    body: bodies.Entrance,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Say where play starts; an absent image keeps the current one."""
    image = {"image": body.image} if "image" in body.model_fields_set else {}
    op = {"op": "set_entrance", "state": body.state, **image}
    return _apply(request, services, caller, id, [op], rev, key, state=body.state)


def _apply(
    request: Request,
    services: Services,
    caller: Caller,
    id: str,
    ops: list[Json],
    rev: str | None,
    key: str | None,
    *,
    strict: bool = False,
    state: str | None = None,
    event: str | None = None,
) -> Response:
    """Apply operations; a state or event that the path names and the world has not is a 404."""

    def do(_: Connection) -> tuple[Json, str]:
        if state is not None or event is not None:
            scene = json_of(services.store.space(caller.space).get(id).world)["scene"]
            if state is not None and state not in scene["states"]:
                raise NotFound(f"world {id} has no state {quote(state)}")
            if event is not None and not any(listed["name"] == event for listed in scene["events"]):
                raise NotFound(f"world {id} has no event {quote(event)}")
        stored = services.metered_space(caller).change(id, lambda space: space.apply(id, ops, rev=rev, strict=strict))
        return responses.written(stored), id

    return run_once(request, services, caller, key, do)


# ---- judging -------------------------------------------------------------------------------------


@router.post("/v1/worlds/{id}/validate", response_model=bodies.Validated)
def validate(services: ServicesDep, caller: ReadAccess, id: str, body: bodies.Judge | None = None) -> Response:
    """Say whether a world can be played: the one kept, or the one given."""
    stored = services.store.space(caller.space).get(id)
    try:
        world = _judged(caller, stored.world, body)
    except (InvalidWorld, UnsupportedVersion) as error:
        return json_response({"ok": False, "diagnostics": _unreadable(error)})
    diagnostics = world.lint()
    return json_response({"ok": not diagnostics.errors, "diagnostics": diagnostics.to_list(), "world": json_of(world)})


@router.post("/v1/worlds/{id}/lint", response_model=bodies.Linted)
def lint(services: ServicesDep, caller: ReadAccess, id: str, body: bodies.Judge | None = None) -> Response:
    """Say what the rules find in a world: the one kept, or the one given."""
    stored = services.store.space(caller.space).get(id)
    try:
        world = _judged(caller, stored.world, body)
    except (InvalidWorld, UnsupportedVersion) as error:
        return json_response({"ok": False, "diagnostics": _unreadable(error)})
    return json_response(responses.lint_result(world, world.lint()))


def _judged(caller: Caller, stored: World, body: bodies.Judge | None) -> World:
    """Return the world to judge: the one kept, or the one that a secret key sends."""
    if body is None or body.world is None:
        return stored
    if caller.kind != "sk":
        detail = "a world of your own is judged for a secret key (sk_...); a publishable one judges the stored world"
        raise Refusal(401, detail, {"WWW-Authenticate": "Bearer"})
    return load(body.world)


def _unreadable(error: InvalidWorld | UnsupportedVersion) -> list[Json]:
    item = {"kind": "world", "id": "", "field": ""}
    errors = (problems.problem_of(error) or {})["errors"]
    return [{"lint": "schema", "severity": "error", "item": item, **entry} for entry in errors]


# ---- in words ------------------------------------------------------------------------------------


@router.post("/v1/worlds/{id}/edit", response_model=bodies.Revised, responses={202: {"model": bodies.JobStatus}})
async def edit_world(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    id: str,
    body: bodies.Instruction,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Change a world as an instruction says; refused when that would bring new errors."""
    generator = services.settings.generator
    if generator is None or not generator.can("revise"):
        detail = "instructions are not available here, nothing was charged; run the server with --generator local"
        raise Refusal(503, f"{detail} or chat:...")
    job = await on_thread(lambda: _begin(request, services, caller, id, body, rev, key))
    services.workers.wake()
    return await job_wait.outcome(request, services, caller, job)


def _begin(
    request: Request,
    services: Services,
    caller: Caller,
    id: str,
    body: bodies.Instruction,
    rev: str | None,
    key: str | None,
) -> str:
    call = idempotent_call(request, services, caller, key)
    with services.store.database.writing() as connection:
        if call is not None and (stored := call.recall(connection)) and stored.job is not None:
            return stored.job
        services.store.space(caller.space).get(id)
        options = {"world": id, "instruction": body.instruction, "rev": rev}
        job = services.jobs.add(connection, caller, EDITS, options, services.caps(caller)[EDITS])
        if call is not None:
            call.remember(connection, Answer(job=job, world=id))
        return job
