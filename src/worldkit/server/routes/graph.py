"""The graph of a world: reading it and editing it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from worldkit.core.document import json_of
from worldkit.core.errors import NotFound
from worldkit.core.json_values import Json, quote
from worldkit.server import answer_bodies, request_bodies
from worldkit.server.apps import Caller
from worldkit.server.body_fields import Object, Revision
from worldkit.server.graph_writes import GraphCall, GraphWrite, graph_call, write_graph
from worldkit.server.hosted_world import completed_document
from worldkit.server.problems import Refusal
from worldkit.server.services import (
    ReadAccess,
    Services,
    ServicesDep,
    SpeaksWorldkit,
    StrictRoute,
    asserted_rev,
    json_response,
)
from worldkit.stores.stored_world import StoredWorld

router = APIRouter(route_class=StrictRoute, tags=["graph"])

GraphWriteCall = Annotated[GraphCall, Depends(graph_call)]
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
    stored_world, scene = _scene(services, caller, exact, id)
    extension = {"exactOps": True} if exact else {}
    body = {"states": scene["states"], "events": scene["events"], "rev": stored_world.rev, **extension}
    return json_response(body, rev=stored_world.rev)


@router.get("/v1/worlds/{id}/states", response_model=answer_bodies.StatesOf)
def get_states(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str) -> Response:
    """Return a world's states by id, and its revision."""
    stored_world, scene = _scene(services, caller, exact, id)
    return json_response({"states": scene["states"], "rev": stored_world.rev}, rev=stored_world.rev)


@router.get("/v1/worlds/{id}/events", response_model=answer_bodies.EventsOf)
def get_events(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str) -> Response:
    """Return a world's events, and its revision."""
    stored_world, scene = _scene(services, caller, exact, id)
    return json_response({"events": scene["events"], "rev": stored_world.rev}, rev=stored_world.rev)


@router.get("/v1/worlds/{id}/states/{sid:path}", response_model=answer_bodies.StateOf)
def get_state(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, sid: str) -> Response:
    """Return one state."""
    stored_world, scene = _scene(services, caller, exact, id)
    if sid not in scene["states"]:
        raise NotFound(f"world {id} has no state {quote(sid)}")
    return json_response({"stateId": sid, "state": scene["states"][sid], "rev": stored_world.rev}, rev=stored_world.rev)


@router.get("/v1/worlds/{id}/events/{name:path}", response_model=answer_bodies.EventOf)
def get_event(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, name: str) -> Response:
    """Return one event."""
    stored_world, scene = _scene(services, caller, exact, id)
    event = next((event for event in scene["events"] if event["name"] == name), None)
    if event is None:
        raise NotFound(f"world {id} has no event {quote(name)}")
    return json_response({"event": event, "rev": stored_world.rev}, rev=stored_world.rev)


def _scene(services: Services, caller: Caller, exact: bool, id: str) -> tuple[StoredWorld, Json]:
    stored_world = services.store.space(caller.space).get(id)
    document = json_of(stored_world.world)
    return stored_world, (document if exact else completed_document(document))["scene"]


# ---- writing -------------------------------------------------------------------------------------


@router.post("/v1/worlds/{id}/ops", response_model=answer_bodies.BatchWritten)
def apply_ops(call: GraphWriteCall, body: request_bodies.Ops) -> Response:
    """Apply what can be applied of a batch, and list the rest."""
    expected = asserted_rev(call.header_rev, body.expectedRev)
    for index, op in enumerate(body.ops):
        if "expectedRev" in op:
            raise Refusal(422, f'ops[{index}].expectedRev: a revision is expected of the batch; put it beside "ops"')
    write = GraphWrite(call, body.ops, expected, strict=body.strict, lists_errors=True)
    return write_graph(write)


@router.post("/v1/worlds/{id}/states", response_model=answer_bodies.StateWritten)
def add_state(call: GraphWriteCall, body: State) -> Response:
    """Add a state; its ``id`` is made from its text when none is given."""
    fields, expected = _without_condition(body, call.header_rev)
    id_field = {"id": fields.pop("id")} if "id" in fields else {}
    ops = [{"op": "add_state", **id_field, "state": fields}]
    return write_graph(GraphWrite(call, ops, expected, answer_field="stateId"))


@router.patch("/v1/worlds/{id}/states/{sid:path}", response_model=answer_bodies.Written)
def update_state(call: GraphWriteCall, sid: str, body: Fields) -> Response:
    """Change fields of a state; null removes one."""
    patch, expected = _patch(body, call.header_rev)
    fields = {name: value for name, value in patch.items() if (name, value) != ("id", sid)}
    if "id" in fields:
        raise Refusal(422, "a state's id is not changed by setting it; add a state of that id and delete this one")
    ops = [{"op": "update_state", "id": sid, "patch": fields}]
    return write_graph(GraphWrite(call, ops, expected, state=sid))


@router.delete("/v1/worlds/{id}/states/{sid:path}", response_model=answer_bodies.Written)
def delete_state(call: GraphWriteCall, sid: str, body: request_bodies.Conditional | None = None) -> Response:
    """Delete a state that nothing refers to."""
    expected = asserted_rev(call.header_rev, body.expectedRev if body else None)
    ops = [{"op": "delete_state", "id": sid}]
    return write_graph(GraphWrite(call, ops, expected, state=sid))


@router.post("/v1/worlds/{id}/events", response_model=answer_bodies.EventWritten)
def add_event(call: GraphWriteCall, body: Event) -> Response:
    """Add an event; its ``name`` is made from where it leads when none is given."""
    fields, expected = _without_condition(body, call.header_rev)
    ops = [{"op": "add_event", "event": fields}]
    return write_graph(GraphWrite(call, ops, expected, answer_field="eventName"))


@router.patch("/v1/worlds/{id}/events/{name:path}", response_model=answer_bodies.Written)
def update_event(call: GraphWriteCall, name: str, body: Fields) -> Response:
    """Change fields of an event, its name too; null removes one."""
    patch, expected = _patch(body, call.header_rev)
    ops = [{"op": "update_event", "name": name, "patch": patch}]
    return write_graph(GraphWrite(call, ops, expected, event=name))


@router.delete("/v1/worlds/{id}/events/{name:path}", response_model=answer_bodies.Written)
def delete_event(call: GraphWriteCall, name: str, body: request_bodies.Conditional | None = None) -> Response:
    """Delete an event."""
    expected = asserted_rev(call.header_rev, body.expectedRev if body else None)
    ops = [{"op": "delete_event", "name": name}]
    return write_graph(GraphWrite(call, ops, expected, event=name))


@router.patch("/v1/worlds/{id}/entrance", response_model=answer_bodies.Written)
def set_entrance(call: GraphWriteCall, body: request_bodies.Entrance) -> Response:
    """Say where play starts; an absent image keeps the current one."""
    image = {"image": body.image} if "image" in body.model_fields_set else {}
    ops = [{"op": "set_entrance", "state": body.state, **image}]
    # worldkit's own dialect tells a state that is not there from a revision that is stale, as its store does
    checked_state = body.state if call.is_exact else None
    expected = asserted_rev(call.header_rev, body.expectedRev)
    return write_graph(GraphWrite(call, ops, expected, state=checked_state))


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
    return _without_condition(patch, expected)


_REVISION = TypeAdapter(Revision)
