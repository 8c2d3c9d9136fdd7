"""Versions of a world: keeping, listing, reading, comparing, going back."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core.document import json_of
from worldkit.core.errors import NotFound
from worldkit.core.json_values import Json
from worldkit.server import answer_bodies, request_bodies, responses
from worldkit.server.encoding import encode_items, encode_json
from worldkit.server.hosted_world import hosted_document
from worldkit.server.idempotent_calls import WriteCall
from worldkit.server.services import (
    ReadAccess,
    Rev,
    ServicesDep,
    SpeaksWorldkit,
    StrictRoute,
    WriteAccess,
    asserted_rev,
    json_response,
)
from worldkit.stores.local.column_values import version_json, version_of
from worldkit.stores.local.transaction import Transaction

router = APIRouter(route_class=StrictRoute, tags=["versions"])


@router.post("/v1/worlds/{id}/versions", response_model=answer_bodies.Kept)
def snapshot(call: WriteCall, id: str, body: request_bodies.Snapshot | None = None) -> Response:
    """Keep a world as it stands as a version; that is no new revision."""
    request_body = body or request_bodies.Snapshot()

    def do(_: Connection) -> tuple[Json, str]:
        options = {"parent": request_body.parentVersionId, "source": request_body.source}
        version = call.services.metered_space(call.caller).snapshot(
            id,
            lambda space: space.snapshot(id, request_body.title, **options),
            call.services.settings.versions,
        )
        return {"versionId": version.id, "version": responses.version(version, id)}, id

    return call.run_once(do)


@router.get("/v1/worlds/{id}/versions", response_model=answer_bodies.VersionNodes)
def list_versions(services: ServicesDep, caller: ReadAccess, id: str) -> Response:
    """Return a world's versions, oldest first."""
    database = services.store.database
    # written as they are read: there may be very many, with long titles
    with database.reading() as connection:
        transaction = Transaction(connection, database, caller.space)
        try:
            head = transaction.world(id).head
        except NotFound:
            services.store.check_sound()  # what is not among what can be read may be among what cannot
            raise
        rows = transaction.each_version(id)
        nodes = encode_items(responses.version(version_of(version_json(row)), id) for row in rows)
    content = b'{"versions": ' + nodes + b', "head": ' + encode_json(head).encode() + b"}"
    return Response(content, media_type="application/json")


@router.get("/v1/worlds/{id}/versions/{vid}", response_model=answer_bodies.SnapshotOf)
def get_version(services: ServicesDep, caller: ReadAccess, exact: SpeaksWorldkit, id: str, vid: str) -> Response:
    """Return a version, with the world as it was in it."""
    space = services.store.space(caller.space)
    world = space.version(id, vid)
    snapshot = json_of(world) if exact else hosted_document(world, id)
    return json_response({**responses.version(space.version_record(id, vid), id), "snapshot": snapshot})


@router.patch("/v1/worlds/{id}/versions/{vid}", response_model=answer_bodies.Titled)
def retitle_version(
    services: ServicesDep, caller: WriteAccess, id: str, vid: str, body: request_bodies.Title
) -> Response:
    """Call a version something else."""
    version = services.metered_space(caller).retitle(id, vid, body.title)
    return json_response({"ok": True, "versionId": vid, "title": version.title})


@router.delete("/v1/worlds/{id}/versions/{vid}", response_model=answer_bodies.Deleted)
def delete_version(services: ServicesDep, caller: WriteAccess, id: str, vid: str) -> Response:
    """Forget a version; its children go to its parent, and the one the world stands on is refused."""
    services.metered_space(caller).prune(id, vid)
    return json_response({"ok": True, "deleted": vid})


@router.get("/v1/worlds/{id}/versions/{a}/diff/{b}", response_model=answer_bodies.Difference)
def diff_versions(services: ServicesDep, caller: ReadAccess, id: str, a: str, b: str) -> Response:
    """Return what differs between two versions."""
    space = services.store.space(caller.space)
    return json_response(responses.difference(a, b, space.version(id, a), space.version(id, b)))


@router.post("/v1/worlds/{id}/checkout", response_model=answer_bodies.CheckedOut)
def checkout(call: WriteCall, exact: SpeaksWorldkit, id: str, body: request_bodies.Checkout, rev: Rev) -> Response:
    """Make a world what it was in a version, as a new revision."""
    expected = asserted_rev(rev, body.expectedRev)

    def do(_: Connection) -> tuple[Json, str]:
        stored_world = call.services.metered_space(call.caller).change(
            id, lambda space: space.checkout(id, body.versionId, rev=expected)
        )
        return responses.written_exactly(stored_world) if exact else responses.checked_out(stored_world), id

    return call.run_once(do)
