"""The graph of a world: reading it, editing it, judging it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, NotFound, UnsupportedVersion
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import format_count
from worldkit.server import answer_bodies, job_wait, judgement, problems, request_bodies, responses
from worldkit.server.apps import Caller
from worldkit.server.body_fields import Object, Revision
from worldkit.server.dialect import SpeaksWorldkit
from worldkit.server.graph_writes import GraphWrite, write_graph
from worldkit.server.hosted_world import completed_document, hosted_document
from worldkit.server.idempotency import StoredAnswer
from worldkit.server.idempotent_calls import idempotent_call
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
    asserted_rev,
    json_response,
)
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World, load

router = APIRouter(route_class=StrictRoute, tags=["graph"])

EDITS = "edit"
Fields = Annotated[
    Object,
    Body(description="Fields to set, or an object `patch` of them; null removes one. `expectedRev` is never stored."),
]
State = Annotated[Object, Body(json_schema_extra={"$ref": "#/components/schemas/SMWorld.State"})]
Event = Annotated[Object, Body(json_schema_extra={"$ref": "#/components/schemas/SMWorld.Event"})]


# ---- reading -------------------------------------------------------------------------------------


@router.get("/v1/worlds/{id}/scene", response_model=answer_bodies.SceneOf)
def get_scene(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str) -> Response:
    """Return a world's states and events, and its revision."""
    stored, scene = _scene(services, caller, exact, id)
    extension = {"exactOps": True} if exact else {}
    body = {"states": scene["states"], "events": scene["events"], "rev": stored.rev, **extension}
    return json_response(body, rev=stored.rev)


@router.get("/v1/worlds/{id}/states", response_model=answer_bodies.StatesOf)
def get_states(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str) -> Response:
    """Return a world's states by id, and its revision."""
    stored, scene = _scene(services, caller, exact, id)
    return json_response({"states": scene["states"], "rev": stored.rev}, rev=stored.rev)


@router.get("/v1/worlds/{id}/events", response_model=answer_bodies.EventsOf)
def get_events(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str) -> Response:
    """Return a world's events, and its revision."""
    stored, scene = _scene(services, caller, exact, id)
    return json_response({"events": scene["events"], "rev": stored.rev}, rev=stored.rev)


@router.get("/v1/worlds/{id}/states/{sid:path}", response_model=answer_bodies.StateOf)
def get_state(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, sid: str) -> Response:
    """Return one state."""
    stored, scene = _scene(services, caller, exact, id)
    if sid not in scene["states"]:
        raise NotFound(f"world {id} has no state {quote(sid)}")
    return json_response({"stateId": sid, "state": scene["states"][sid], "rev": stored.rev}, rev=stored.rev)


@router.get("/v1/worlds/{id}/events/{name:path}", response_model=answer_bodies.EventOf)
def get_event(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, name: str) -> Response:
    """Return one event."""
    stored, scene = _scene(services, caller, exact, id)
    event = next((event for event in scene["events"] if event["name"] == name), None)
    if event is None:
        raise NotFound(f"world {id} has no event {quote(name)}")
    return json_response({"event": event, "rev": stored.rev}, rev=stored.rev)


def _scene(services: Services, caller: Caller, exact: bool, id: str) -> tuple[StoredWorld, Json]:
    stored = services.store.space(caller.space).get(id)
    document = json_of(stored.world)
    return stored, (document if exact else completed_document(document))["scene"]


# ---- writing -------------------------------------------------------------------------------------


@router.post("/v1/worlds/{id}/ops", response_model=answer_bodies.BatchWritten)
def apply_ops(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    body: request_bodies.Ops,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Apply what can be applied of a batch, and list the rest."""
    expected = asserted_rev(rev, body.expectedRev)
    write = GraphWrite(id, body.ops, expected, key, exact, strict=body.strict, lists_errors=True)
    return write_graph(request, services, caller, write)


@router.post("/v1/worlds/{id}/states", response_model=answer_bodies.StateWritten)
def add_state(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    body: State,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Add a state; its ``id`` is made from its text when none is given."""
    fields, expected = _without_condition(body, rev)
    id_field = {"id": fields.pop("id")} if "id" in fields else {}
    ops = [{"op": "add_state", **id_field, "state": fields}]
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, gives="stateId"))


@router.patch("/v1/worlds/{id}/states/{sid:path}", response_model=answer_bodies.Written)
def update_state(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    sid: str,
    body: Fields,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Change fields of a state; null removes one."""
    patch, expected = _patch(body, rev)
    fields = {name: value for name, value in patch.items() if (name, value) != ("id", sid)}
    if "id" in fields:
        raise Refusal(422, "a state's id is not changed by setting it; add a state of that id and delete this one")
    ops = [{"op": "update_state", "id": sid, "patch": fields}]
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, state=sid))


@router.delete("/v1/worlds/{id}/states/{sid:path}", response_model=answer_bodies.Written)
def delete_state(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    sid: str,
    rev: Rev,
    body: request_bodies.Conditional | None = None,
    key: IdempotencyKey = None,
) -> Response:
    """Delete a state that nothing refers to."""
    expected = asserted_rev(rev, body.expectedRev if body else None)
    ops = [{"op": "delete_state", "id": sid}]
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, state=sid))


@router.post("/v1/worlds/{id}/events", response_model=answer_bodies.EventWritten)
def add_event(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    body: Event,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Add an event; its ``name`` is made from where it leads when none is given."""
    fields, expected = _without_condition(body, rev)
    ops = [{"op": "add_event", "event": fields}]
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, gives="eventName"))


@router.patch("/v1/worlds/{id}/events/{name:path}", response_model=answer_bodies.Written)
def update_event(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    name: str,
    body: Fields,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Change fields of an event, its name too; null removes one."""
    patch, expected = _patch(body, rev)
    ops = [{"op": "update_event", "name": name, "patch": patch}]
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, event=name))


@router.delete("/v1/worlds/{id}/events/{name:path}", response_model=answer_bodies.Written)
def delete_event(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    name: str,
    rev: Rev,
    body: request_bodies.Conditional | None = None,
    key: IdempotencyKey = None,
) -> Response:
    """Delete an event."""
    expected = asserted_rev(rev, body.expectedRev if body else None)
    ops = [{"op": "delete_event", "name": name}]
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, event=name))


@router.patch("/v1/worlds/{id}/entrance", response_model=answer_bodies.Written)
def set_entrance(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    body: request_bodies.Entrance,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Say where play starts; an absent image keeps the current one."""
    image = {"image": body.image} if "image" in body.model_fields_set else {}
    ops = [{"op": "set_entrance", "state": body.state, **image}]
    # worldkit's own dialect tells a state that is not there from a revision that is stale, as its store does
    checked_state = body.state if exact else None
    expected = asserted_rev(rev, body.expectedRev)
    return write_graph(request, services, caller, GraphWrite(id, ops, expected, key, exact, state=checked_state))


def _without_condition(body: Json, rev: str | None) -> tuple[Json, str | None]:
    """Return the fields of a body without ``expectedRev``, and the revision that the write expects."""
    fields = dict(body)
    value = fields.pop("expectedRev", None)
    try:
        expected = None if value is None else _REVISION.validate_python(value, strict=True)
    except ValidationError:
        detail = f'expectedRev: expected a revision such as "3", got {quote(value)}'
        raise Refusal(422, detail, errors=[detail]) from None
    return fields, asserted_rev(rev, expected)


def _patch(body: Json, rev: str | None) -> tuple[Json, str | None]:
    """Return the fields that a body sets, inline or in ``patch``, and the revision that the write expects."""
    fields, expected = _without_condition(body, rev)
    if "patch" not in fields:
        return fields, expected
    patch = fields.pop("patch")
    if not isinstance(patch, dict) or fields:
        detail = f"patch: expected an object with all fields to change, got {quote(patch)}"
        if fields:
            detail = f"{quote(next(iter(fields)))} stands beside patch; put every field inside, or every field beside"
        raise Refusal(422, detail, errors=[detail])
    return patch, expected


_REVISION = TypeAdapter(Revision)


# ---- judging -------------------------------------------------------------------------------------


@router.post("/v1/worlds/{id}/validate", response_model=answer_bodies.Validated)
def validate(
    services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, body: request_bodies.Judge | None = None
) -> Response:
    """Say whether a write of a world would pass the gate: of the one kept, or of the one given. Nothing is kept."""
    stored = services.store.space(caller.space).get(id)
    try:
        world = _world_to_judge(caller, stored.world, body)
    except (InvalidWorld, UnsupportedVersion) as error:
        problem = problems.problem_of(error) or {}
        raise Refusal(422, str(error), errors=problem["errors"], diagnostics=_unreadable(error).to_list()) from None
    diagnostics = judgement.findings(world)
    if diagnostics.errors:
        count = diagnostics.errors.total
        detail = f"the world has {format_count(count, 'structural error')}: {diagnostics.errors[0].message}"
        raise Refusal(422, detail, diagnostics=diagnostics.to_list())
    document = json_of(world) if exact else hosted_document(world, id)
    return json_response({"ok": True, "world": document, "diagnostics": diagnostics.to_list()})


@router.post("/v1/worlds/{id}/lint", response_model=answer_bodies.Linted)
def lint(services: ServicesDep, caller: ReadAccess, id: str, body: request_bodies.Judge | None = None) -> Response:
    """Say what the rules find in a world: the one kept, or the one given."""
    stored = services.store.space(caller.space).get(id)
    try:
        world = _world_to_judge(caller, stored.world, body)
    except (InvalidWorld, UnsupportedVersion) as error:
        return json_response(responses.lint_findings(_unreadable(error)))
    return json_response(responses.lint_result(world, judgement.findings(world)))


def _world_to_judge(caller: Caller, stored: World, body: request_bodies.Judge | None) -> World:
    """Return the world to judge: the one kept, or the one that a secret key sends."""
    document = None if body is None else body.data if body.world is None else body.world
    if document is None:
        return stored
    if caller.kind != "sk":
        detail = "a world of your own is judged for a secret key (sk_...); a publishable one judges the stored world"
        raise Refusal(401, detail, {"WWW-Authenticate": "Bearer"})
    return load(document)


def _unreadable(error: InvalidWorld | UnsupportedVersion) -> Diagnostics:
    if isinstance(error, UnsupportedVersion):
        return Diagnostics(
            [Diagnostic("schema", "error", "schemaVersion", str(error), Item("world", "", "schemaVersion"))]
        )
    return Diagnostics(
        Diagnostic("schema", "error", problem.path or "world", problem.message, Item("world", "", problem.path))
        for problem in error.problems
    )


# ---- in words ------------------------------------------------------------------------------------


@router.post(
    "/v1/worlds/{id}/edit", response_model=answer_bodies.Revised, responses={202: {"model": answer_bodies.JobStatus}}
)
async def edit_world(
    request: Request,
    services: ServicesDep,
    caller: WriteAccess,
    exact: SpeaksWorldkit,
    id: str,
    body: request_bodies.Instruction,
    rev: Rev,
    key: IdempotencyKey = None,
) -> Response:
    """Change a world as an instruction says; a question comes back in the reply, and the world stays as it is."""
    expected, instruction = asserted_rev(rev, body.expectedRev), (body.instruction or body.message or "").strip()
    if not instruction:
        raise Refusal(400, "expected an instruction, in words; the body has neither instruction nor message")
    generator = services.settings.generator
    if generator is None or not generator.can("revise"):
        detail = "instructions are not available here, nothing was charged; run the server with --generator local"
        raise Refusal(503, f"{detail} or chat:...")
    options: Json = {"world": id, "instruction": instruction, "rev": expected, "verified": body.verifiedObjects}
    options["exact"] = exact
    job = await on_thread(lambda: _begin(request, services, caller, options, key))
    services.workers.wake()
    return job_wait.JobOutcome(services, caller, job, exact, key)


def _begin(request: Request, services: Services, caller: Caller, options: Json, key: str | None) -> str:
    call = idempotent_call(request, services, caller, key)
    with services.store.database.writing() as connection:
        if call is not None and (stored := call.recall(connection)) and stored.job is not None:
            return stored.job
        services.store.space(caller.space).get(options["world"])
        job = services.jobs.add(connection, caller, EDITS, options, services.caps(caller)[EDITS])
        if call is not None:
            call.remember(connection, StoredAnswer(job=job, world=options["world"]))
        return job
