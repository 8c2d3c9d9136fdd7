"""Judging a world: the one kept, or one that is sent."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, UnsupportedVersion
from worldkit.core.quoting import format_count
from worldkit.server import answer_bodies, hosted_world, problems, request_bodies, responses
from worldkit.server.apps import Caller
from worldkit.server.hosted_world import hosted_document
from worldkit.server.problems import Refusal
from worldkit.server.services import ReadAccess, ServicesDep, SpeaksWorldkit, StrictRoute, json_response
from worldkit.world import World, load

router = APIRouter(route_class=StrictRoute, tags=["graph"])


@router.post("/v1/worlds/{id}/validate", response_model=answer_bodies.Validated)
def validate(
    services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, body: request_bodies.Judge | None = None
) -> Response:
    """Say whether a write of a world would pass the gate: of the one kept, or of the one given. Nothing is kept."""
    stored_world = services.store.space(caller.space).get(id)
    try:
        world = _world_to_judge(caller, stored_world.world, body)
    except (InvalidWorld, UnsupportedVersion) as error:
        problem = problems.problem_of(error) or {}
        raise Refusal(422, str(error), errors=problem["errors"], diagnostics=_unreadable(error).to_list()) from None
    diagnostics = hosted_world.findings(world)
    if diagnostics.errors:
        count = diagnostics.errors.total
        detail = f"the world has {format_count(count, 'structural error')}: {diagnostics.errors[0].message}"
        raise Refusal(422, detail, diagnostics=diagnostics.to_list())
    document = json_of(world) if exact else hosted_document(world, id)
    return json_response({"ok": True, "world": document, "diagnostics": diagnostics.to_list()})


@router.post("/v1/worlds/{id}/lint", response_model=answer_bodies.Linted)
def lint(services: ServicesDep, caller: ReadAccess, id: str, body: request_bodies.Judge | None = None) -> Response:
    """Say what the rules find in a world: the one kept, or the one given."""
    stored_world = services.store.space(caller.space).get(id)
    try:
        world = _world_to_judge(caller, stored_world.world, body)
    except (InvalidWorld, UnsupportedVersion) as error:
        return json_response(responses.lint_findings(_unreadable(error)))
    return json_response(responses.lint_result(world, hosted_world.findings(world)))


def _world_to_judge(caller: Caller, stored_world: World, body: request_bodies.Judge | None) -> World:
    """Return the world to judge: the one kept, or the one that a secret key sends."""
    document = None if body is None else body.data if body.world is None else body.world
    if document is None:
        return stored_world
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
