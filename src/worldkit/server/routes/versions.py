"""Versions of a world: keeping, listing, reading, comparing, going back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.server import bodies, replies
from worldkit.server.services import Here, IdempotencyKey, Reader, Rev, StrictRoute, Writer, answer, once

router = APIRouter(route_class=StrictRoute, tags=["versions"])


@router.post("/v1/worlds/{id}/versions", response_model=bodies.Kept)
def snapshot(
    request: Request, here: Here, who: Writer, id: str, body: bodies.Snapshot | None = None, key: IdempotencyKey = None
) -> Response:
    """Keep a world as it stands as a version; that is no new revision."""
    wanted = body or bodies.Snapshot()

    def do(_: Connection) -> tuple[Json, str]:
        options = {"parent": wanted.parentVersionId, "source": wanted.source}
        made = here.kept(who).snapshot(id, lambda space: space.snapshot(id, wanted.title, **options))
        return {"versionId": made.id, "version": replies.version(made)}, id

    return once(request, here, who, key, do)


@router.get("/v1/worlds/{id}/versions", response_model=bodies.VersionLines)
def list_versions(here: Here, who: Reader, id: str) -> Response:
    """Return a world's versions, oldest first."""
    found = here.store.space(who.space).versions(id)
    return answer({"versions": [replies.version(one) for one in found], "head": found.head})


@router.get("/v1/worlds/{id}/versions/{vid}", response_model=bodies.SnapshotOf)
def get_version(here: Here, who: Reader, id: str, vid: str) -> Response:
    """Return the world as it was in a version."""
    return answer({"id": vid, "snapshot": json_of(here.store.space(who.space).version(id, vid))})


@router.patch("/v1/worlds/{id}/versions/{vid}", response_model=bodies.Titled)
def retitle_version(here: Here, who: Writer, id: str, vid: str, body: bodies.Title) -> Response:
    """Call a version something else."""
    return answer({"title": here.store.space(who.space).retitle(id, vid, body.title).title})


@router.delete("/v1/worlds/{id}/versions/{vid}", response_model=bodies.Deleted)
def delete_version(here: Here, who: Writer, id: str, vid: str) -> Response:
    """Forget a version; its children go to its parent, and the one the world stands on is refused."""
    here.kept(who).prune(id, vid)
    return answer({"ok": True, "deleted": vid})


@router.get("/v1/worlds/{id}/versions/{a}/diff/{b}", response_model=bodies.Difference)
def diff_versions(here: Here, who: Reader, id: str, a: str, b: str) -> Response:
    """Return what differs between two versions."""
    return answer(replies.difference(a, b, here.store.space(who.space).diff(id, a, b)))


@router.post("/v1/worlds/{id}/checkout", response_model=bodies.CheckedOut)
def checkout(
    request: Request, here: Here, who: Writer, id: str, body: bodies.Checkout, rev: Rev, key: IdempotencyKey = None
) -> Response:
    """Make a world what it was in a version, as a new revision."""

    def do(_: Connection) -> tuple[Json, str]:
        stored = here.kept(who).change(id, lambda space: space.checkout(id, body.versionId, rev=rev))
        return replies.written(stored), id

    return once(request, here, who, key, do)
