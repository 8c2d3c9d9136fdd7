"""Session tokens, usage, and whether the server answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from worldkit.core import json_values
from worldkit.core.json_values import Json
from worldkit.server import bodies, quota, storage
from worldkit.server.idempotency import Answer
from worldkit.server.problems import Refusal
from worldkit.server.services import (
    IdempotencyKey,
    MintAccess,
    ReadAccess,
    ServicesDep,
    StrictRoute,
    idempotent_call,
    json_response,
)
from worldkit.server.settings import BYTES
from worldkit.server.tokens import DEFAULT_S, Claims

router = APIRouter(route_class=StrictRoute)

SESSIONS = "session"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@router.post("/v1/sessions/token", response_model=bodies.Minted, tags=["sessions"])
def mint(
    request: Request, services: ServicesDep, caller: MintAccess, body: bodies.Mint, key: IdempotencyKey = None
) -> Response:
    """Mint a short-lived token for one world and player, and for pages of one origin when one is given."""
    with services.store.database.writing() as connection:
        call = idempotent_call(request, services, caller, key)
        if call is not None and (stored := call.recall(connection)):
            claims = Claims(**json_values.parse(stored.body))  # what it said is kept, and signed again: not the token
        else:
            services.store.space(caller.space).get(body.worldId)
            quota.reserve(connection, caller.app, caller.mode, SESSIONS, services.caps(caller)[SESSIONS])
            ttl = DEFAULT_S if body.ttlSeconds is None else body.ttlSeconds
            player, origin = body.playerIdentity, body.origin.lower() if body.origin else None
            claims = services.tokens.claims(caller.app, caller.mode, caller.key, body.worldId, player, origin, ttl)
            services.tokens.register(connection, claims)
            if call is not None:
                call.remember(connection, Answer(json_values.dumps(asdict(claims), None), 200, body.worldId))
    minted = {
        "token": services.tokens.sign(claims),
        "expiresIn": claims.expires - claims.issued,
        "worldId": claims.world,
    }
    return json_response({**minted, "slug": None, "jti": claims.jti})


@router.post("/v1/sessions/revoke", response_model=bodies.Revoked, tags=["sessions"])
def revoke(services: ServicesDep, caller: MintAccess, body: bodies.Revoke) -> Response:
    """Revoke a token of the caller's app by its ``jti``; another app's or mode's is 404."""
    services.tokens.revoke(caller.space, body.jti)
    return json_response({"ok": True, "revoked": body.jti})


@router.get("/v1/usage", response_model=bodies.Usage, tags=["usage"])
def usage(services: ServicesDep, caller: ReadAccess, day: Annotated[str | None, Query(pattern=DAY)] = None) -> Response:
    """Return what the app used on a day, in UTC and today by default, how much is kept for it now, and its caps."""
    today = quota.today()
    with services.store.database.reading() as connection:
        used = quota.of_day(connection, caller.app, caller.mode, day or today)
        if day in (None, today):
            used[BYTES] = storage.used(connection, caller.space)
    answer: Json = {"day": day or today, "usage": used, "caps": services.caps(caller)}
    return json_response(answer if day not in (None, today) else {**answer, "resets_at": quota.resets_at()})


@router.get("/healthz", response_model=bodies.Alive, tags=["server"])
async def healthz(services: ServicesDep) -> Response:
    """Say that the server and its database answer; it needs no thread, and no turn of the database."""
    services.store.check_sound()
    if not services.health.is_well:
        raise Refusal(503, "the database does not answer", {"Retry-After": "5"})
    return json_response({"ok": True})
