"""Sessions: tokens are minted with a secret key; connect, refresh, track and end take such a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from worldkit.core import json_values
from worldkit.core.errors import NotFound
from worldkit.core.json_values import Json
from worldkit.server import origins, quota, session_bodies, session_records
from worldkit.server.concurrency import retry_after
from worldkit.server.connected_sessions import Limits
from worldkit.server.credentials import MISSING_TOKEN_MESSAGE
from worldkit.server.hosted_world import hosted_document
from worldkit.server.idempotency import StoredAnswer
from worldkit.server.idempotent_calls import KeyedCall
from worldkit.server.problems import Refusal
from worldkit.server.services import IdempotencyKey, MintAccess, Services, ServicesDep, StrictRoute, json_response
from worldkit.server.session_records import RETRY_AFTER_MS, LineFull, LinePosition
from worldkit.server.tokens import DEFAULT_LIFETIME_S, BadToken, Claims, RunToken
from worldkit.server.wire_times import wire_time

router = APIRouter(route_class=StrictRoute, tags=["sessions"])

SESSION_KIND = "session"
Admitted = TypeVar("Admitted", RunToken, RunToken | LinePosition)


@router.post("/v1/sessions/token", response_model=session_bodies.Minted)
def mint(
    request: Request, services: ServicesDep, caller: MintAccess, body: session_bodies.Mint, key: IdempotencyKey = None
) -> Response:
    """Mint a short-lived token for one world and player, and for pages of one origin when one is given."""
    origin = origins.of_url(body.origin) if body.origin else None
    allowed_origins = services.apps.embedding_origins(caller.app)
    if origin is not None and allowed_origins and origin not in allowed_origins:
        raise Refusal(403, f"this app's worlds may be embedded by {', '.join(allowed_origins)} only, not by {origin}")
    with services.store.database.writing() as connection:
        call = KeyedCall(request, services, caller, key).identity
        earlier_answer = call.recall(connection) if call is not None else None
        # what it said is kept, and signed again: not the token
        claims = Claims(**json_values.parse(earlier_answer.body)) if earlier_answer is not None else None
        if claims is None or not services.apps.is_live(claims.key):  # a token of a revoked key opens nothing
            services.store.space(caller.space).get(body.worldId)
            # usage before storage, as everywhere: two that lock them in different orders wait for each other
            quota.reserve(connection, caller.app, caller.mode, SESSION_KIND, services.caps(caller)[SESSION_KIND])
            if call is not None and earlier_answer is not None:
                call.forget(connection)
            ttl = DEFAULT_LIFETIME_S if body.ttlSeconds is None else body.ttlSeconds
            player = body.playerIdentity
            claims = services.tokens.claims(caller.app, caller.mode, caller.key, body.worldId, player, origin, ttl)
            services.tokens.register(connection, claims)
            if call is not None:
                call.remember(connection, StoredAnswer(json_values.dumps(asdict(claims), None), 200, body.worldId))
    token, seconds = services.tokens.sign(claims), claims.expires - claims.issued_at
    answer = {"token": token, "expiresIn": seconds, "worldId": claims.world, "slug": None, "jti": claims.jti}
    return json_response(answer)


@router.post("/v1/sessions/revoke", response_model=session_bodies.Revoked)
def revoke(services: ServicesDep, caller: MintAccess, body: session_bodies.Revoke) -> Response:
    """Revoke a token of the caller's app by its ``jti``, and end its session; another app's or mode's is 404."""
    services.tokens.revoke(caller.space, body.jti)
    services.connected_sessions.end_revoked(caller.app, caller.mode, body.jti)
    return json_response({"ok": True, "revoked": body.jti})


@router.post(
    "/v1/sessions/connect",
    response_model=session_bodies.Connected,
    responses={202: {"model": session_bodies.InLine}},
)
def connect(request: Request, services: ServicesDep, body: session_bodies.Ticket | None = None) -> Response:
    """Connect a session token: 200 with the world, or 202 with a place in the line."""
    claims = _claims(request, services)
    space, limits = services.store.space(claims.space), _limits(services, claims)

    def connect_to_world() -> RunToken | LinePosition:
        with services.store.database.writing() as connection:
            session_records.lock(connection, claims.space)
            space.ref(claims.world)  # it may have been deleted meanwhile, which ends the sessions that there are
            return services.connected_sessions.connect(claims, limits)

    try:
        stored_world = space.get(claims.world)
        result = _admitted(connect_to_world)
    except NotFound:
        raise Refusal(404, "the world of the token is gone") from None
    if isinstance(result, LinePosition):
        place = {"position": result.position, "queueDepth": result.depth, "retryAfterMs": RETRY_AFTER_MS}
        place["expiresIn"] = _seconds_left(claims)
        return json_response(place, 202)
    return json_response(
        {
            **_run_token(services, claims, result),
            "world": hosted_document(stored_world.world, stored_world.id),
            "worldId": stored_world.id,
        }
    )


@router.post("/v1/sessions/refresh", response_model=session_bodies.Refreshed)
def refresh(request: Request, services: ServicesDep, body: session_bodies.Connection | None = None) -> Response:
    """Return a fresh run token. A new session token and the run token of a session go on with that session."""
    claims = _claims(request, services)
    run, limits = _run(services, body), _limits(services, claims)
    refreshed_session = _admitted(lambda: services.connected_sessions.refresh(claims, run, limits))
    return json_response(_run_token(services, claims, refreshed_session))


@router.post("/v1/sessions/track", response_model=session_bodies.Tracked)
def track(request: Request, services: ServicesDep, body: session_bodies.Stream) -> Response:
    """Note the id of the stream that a session plays."""
    services.connected_sessions.track(_claims(request, services), body.reactorSessionId)
    return json_response({"ok": True})


@router.post("/v1/sessions/end", response_model=session_bodies.Ended)
def end(request: Request, services: ServicesDep, body: session_bodies.Connection | None = None) -> Response:
    """End a session and give its unused time back; ending it again answers the same."""
    claims = _claims(request, services)
    return json_response({"ok": True, "seconds": services.connected_sessions.end(claims, _run(services, body))})


def _claims(request: Request, services: Services) -> Claims:
    """Return the claims of the session token of a call, which admission has read.

    Raises:
        Refusal: There is no token, or the call comes from a page that may not use it.
    """
    claims: Claims | None = request.scope["state"].get("claims")
    if claims is None:
        raise Refusal(401, MISSING_TOKEN_MESSAGE, {"WWW-Authenticate": "Bearer"})
    origin = request.headers.get("origin")
    allowed_origins = (origins.of_server(request, services.settings), claims.origin, *services.settings.origins)
    if origin is not None and origin.lower() not in allowed_origins:
        raise Refusal(403, f"pages of {origin[:200]} may not use this token")
    return claims


def _run(services: Services, body: Any) -> RunToken | None:
    """Return the connection that a call names, None when it names none that this server knows."""
    try:
        return services.tokens.read_run(body.reactorJwt) if body and body.reactorJwt else None
    except BadToken:
        return None


def _limits(services: Services, claims: Claims) -> Limits:
    caps = quota.caps_of(services.settings.caps, services.apps.caps(claims.app))
    settings = services.settings
    return Limits(caps["session_seconds"], settings.sessions, settings.session_line)


def _admitted(connect: Callable[[], Admitted]) -> Admitted:
    try:
        return connect()
    except BadToken as error:
        raise Refusal(401, str(error), {"WWW-Authenticate": "Bearer"}) from None
    except LineFull as error:
        raise Refusal(429, str(error), {"Retry-After": retry_after(RETRY_AFTER_MS / 1000)}) from None


def _run_token(services: Services, claims: Claims, run: RunToken) -> Json:
    expires = wire_time(datetime.fromtimestamp(claims.expires, UTC))
    return {"reactorJwt": services.tokens.sign_run(run), "expiresIn": _seconds_left(claims), "expiresAt": expires}


def _seconds_left(claims: Claims) -> int:
    return max(0, int((datetime.fromtimestamp(claims.expires, UTC) - datetime.now(UTC)).total_seconds()))
