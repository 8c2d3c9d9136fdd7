"""Session tokens, usage, and whether the server answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from worldkit.core import json_values
from worldkit.server import bodies, quota, storage
from worldkit.server.idempotency import Answer
from worldkit.server.problems import Refusal
from worldkit.server.services import Here, IdempotencyKey, Minter, Reader, StrictRoute, answer, once_of
from worldkit.server.settings import BYTES
from worldkit.server.tokens import DEFAULT_S, Claims

router = APIRouter(route_class=StrictRoute)

SESSIONS = "sessions"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@router.post("/v1/sessions/token", response_model=bodies.Minted, tags=["sessions"])
def mint(request: Request, here: Here, who: Minter, body: bodies.Mint, key: IdempotencyKey = None) -> Response:
    """Mint a short-lived token for one world and player, and for pages of one origin when one is given."""
    with here.store.database.writing() as connection:
        call = once_of(request, here, who, key)
        if call is not None and (known := call.recall(connection)):
            claims = Claims(**json_values.parse(known.body))  # what it said is kept, and signed again: not the token
        else:
            here.store.space(who.space).get(body.worldId)
            quota.reserve(connection, who.app, who.mode, SESSIONS, here.caps(who)[SESSIONS])
            ttl = DEFAULT_S if body.ttlSeconds is None else body.ttlSeconds
            player, origin = body.playerIdentity, body.origin.lower() if body.origin else None
            claims = here.tokens.claims(who.app, who.mode, who.key, body.worldId, player, origin, ttl)
            here.tokens.register(connection, claims)
            if call is not None:
                call.remember(connection, Answer(json_values.dumps(asdict(claims), None), 200, body.worldId))
    said = {"token": here.tokens.sign(claims), "expiresIn": claims.expires - claims.issued, "worldId": claims.world}
    return answer({**said, "slug": None, "jti": claims.jti})


@router.post("/v1/sessions/revoke", response_model=bodies.Revoked, tags=["sessions"])
def revoke(here: Here, who: Minter, body: bodies.Revoke) -> Response:
    """Revoke a token of the caller's app by its ``jti``; another app's or mode's is 404."""
    here.tokens.revoke(who.space, body.jti)
    return answer({"ok": True, "revoked": body.jti})


@router.get("/v1/usage", response_model=bodies.Usage, tags=["usage"])
def usage(here: Here, who: Reader, day: Annotated[str | None, Query(pattern=DAY)] = None) -> Response:
    """Return what the app used on a day, in UTC and today by default, how much is kept for it now, and its caps."""
    wanted = day or quota.today()
    with here.store.database.reading() as connection:
        used = quota.of_day(connection, who.app, who.mode, wanted)
        if wanted == quota.today():
            used[BYTES] = storage.used(connection, who.space)
    return answer({"day": wanted, "usage": used, "caps": here.caps(who)})


@router.get("/healthz", response_model=bodies.Alive, tags=["server"])
async def healthz(here: Here) -> Response:
    """Say that the server and its database answer; it needs no thread, and no turn of the database."""
    here.store.check_sound()
    if not here.health.is_well:
        raise Refusal(503, "the database does not answer", {"Retry-After": "5"})
    return answer({"ok": True})
