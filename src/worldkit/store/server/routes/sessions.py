"""Session tokens, usage, and whether the server answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from worldkit import jsonish
from worldkit.store.server import bodies, quota
from worldkit.store.server.answers import Answer, Once
from worldkit.store.server.http import Here, IdempotencyKey, Minter, Reader, StrictRoute, answer
from worldkit.store.server.tokens import DEFAULT_S, Claims

router = APIRouter(route_class=StrictRoute)

SESSIONS = "sessions"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@router.post("/v1/sessions/token", response_model=bodies.Minted, tags=["sessions"])
def mint(request: Request, here: Here, who: Minter, body: bodies.Mint, key: IdempotencyKey = None) -> Response:
    """Mint a short-lived token for one world and player, and for pages of one origin when one is given."""
    with here.store.database.writing() as connection:
        call = Once(who.space, f"POST {request.url.path}", key) if key is not None else None
        if call is not None and (known := call.recall(connection)):
            claims = Claims(**jsonish.parse(known.body))  # what it said is kept, and signed again: not the token
        else:
            here.store.space(who.space).get(body.worldId)
            quota.reserve(
                connection, who.app, who.mode, SESSIONS, quota.caps_of(here.settings.caps, who.caps)[SESSIONS]
            )
            ttl = DEFAULT_S if body.ttlSeconds is None else body.ttlSeconds
            player, origin = body.playerIdentity, body.origin.lower() if body.origin else None
            claims = here.tokens.claims(who.app, who.mode, who.key, body.worldId, player, origin, ttl)
            if call is not None:
                call.remember(connection, Answer(jsonish.dumps(asdict(claims), None), 200, body.worldId))
    said = {"token": here.tokens.sign(claims), "expiresIn": claims.expires - claims.issued, "worldId": claims.world}
    return answer({**said, "slug": None, "jti": claims.jti})


@router.post("/v1/sessions/revoke", response_model=bodies.Revoked, tags=["sessions"])
def revoke(here: Here, who: Minter, body: bodies.Revoke) -> Response:
    """Revoke a token by its ``jti``."""
    here.tokens.revoke(body.jti)
    return answer({"ok": True, "revoked": body.jti})


@router.get("/v1/usage", response_model=bodies.Usage, tags=["usage"])
def usage(here: Here, who: Reader, day: Annotated[str | None, Query(pattern=DAY)] = None) -> Response:
    """Return what the app used on a day, in UTC and today by default, and its caps."""
    wanted = day or quota.today()
    with here.store.database.reading() as connection:
        used = quota.of_day(connection, who.app, who.mode, wanted)
    return answer({"day": wanted, "usage": used, "caps": quota.caps_of(here.settings.caps, who.caps)})


@router.get("/healthz", response_model=bodies.Alive, tags=["server"])
def healthz(here: Here) -> Response:
    """Say that the server and its database answer."""
    here.store.check_sound()
    here.apps.is_live("")
    return answer({"ok": True})
