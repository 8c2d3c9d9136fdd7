"""Which credential a path requires, where a request holds it, and whether it is still good."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs

from starlette.types import Scope

from worldkit.core import json_values
from worldkit.core.errors import WorldError
from worldkit.server.problems import Refusal
from worldkit.server.tokens import BadToken, Claims

if TYPE_CHECKING:
    from worldkit.server.services import Services

MAX_KEYLESS_BODY_BYTES = 16_000
"""Largest body of a request without a key, in bytes; only that of a session call, which may hold its token, is used."""

MAX_QUERY_FIELDS = 10
"""Fields in the address of the player page; it reads three."""

MAX_TOKEN_LENGTH = 4000
"""Characters of a session token; none of this server's is half as long."""

MISSING_TOKEN_MESSAGE = "the player needs a session token; mint one with POST /v1/sessions/token"

CREDENTIALS: Mapping[str, Literal["run", "token", "page"]] = {
    "/embed/messages": "run",
    "/embed.html": "page",
    "/v1/sessions/connect": "token",
    "/v1/sessions/refresh": "token",
    "/v1/sessions/track": "token",
    "/v1/sessions/end": "token",
}


def required_credential(path: str) -> Literal["key", "user", "run", "token", "page", "none"]:
    """Return the kind of credential that a path requires.

    Args:
        path: The path of the request.

    Returns:
        ``"token"`` stands for a session token, in the header or in the body; ``"page"`` for one in the query, whose
        refusal is an HTML page; ``"run"`` for the run token of a connected session.
    """
    if path == "/v1/apps" or path.startswith("/v1/apps/"):
        return "user"
    return CREDENTIALS.get(path, "key" if path.startswith("/v1/") else "none")


def refuse_stranger(credential: str, admin_token: str | None) -> None:
    """Refuse a caller without the server's user session.

    Raises:
        Refusal: The credential is another one, or the server has no user session.
    """
    expected_token = (admin_token or "").encode("utf-8", "surrogatepass")
    if not expected_token or not compare_digest(credential.encode("utf-8", "surrogatepass"), expected_token):
        detail = (
            "apps are managed with the user session: send the value of $WORLDKIT_ADMIN_TOKEN, with which the server "
            "is started, as Authorization: Bearer ...; an app's key is none"
        )
        raise Refusal(401, detail, {"WWW-Authenticate": "Bearer"})


def query_token(scope: Scope) -> str:
    """Return the session token in the query of an address, empty when there is none.

    Raises:
        Refusal: The query has too many fields.
    """
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise Refusal(400, f"the address has more than {MAX_QUERY_FIELDS} fields after its question mark") from None
    return str(query.get("token", [""])[0])[:MAX_TOKEN_LENGTH]


def body_token(body: bytes) -> str:
    """Return the session token in a body, empty when there is none, or no body that can be read."""
    try:
        value = json_values.parse(body, "the body", MAX_KEYLESS_BODY_BYTES)
    except WorldError:
        return ""
    token = value.get("token") if isinstance(value, dict) else None
    return token if isinstance(token, str) and len(token) <= MAX_TOKEN_LENGTH else ""


def bearer(scope: Scope) -> str:
    """Return the bearer credential of a request, empty when there is none."""
    header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, credential = header.decode("latin-1").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def live(services: Services, token: str) -> Claims:
    """Return the claims of a session token that is still valid.

    Raises:
        BadToken: The token is missing, invalid or expired, or its key was revoked.
    """
    if not token:
        raise BadToken(MISSING_TOKEN_MESSAGE)
    claims = services.tokens.read(token)
    if not services.apps.is_live(claims.key):
        raise BadToken("the key that minted the token was revoked")
    return claims


def playing(services: Services, token: str) -> Claims:
    """Return the claims of the session token that a run token was given for, while its session is connected.

    Raises:
        BadToken: The run token is missing or invalid, its session is over, or its key was revoked.
    """
    if not token:
        raise BadToken("the player needs a run token; connect with POST /v1/sessions/connect")
    run = services.tokens.read_run(token)
    if not services.connected_sessions.is_live(run):
        raise BadToken("the session is over; connect again, or mint another token with POST /v1/sessions/token")
    if not services.apps.is_live(run.claims.key):
        raise BadToken("the key that minted the token was revoked")
    return run.claims
