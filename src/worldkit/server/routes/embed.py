"""The player page: for whoever has a session token, in pages of its origin, and for nobody else."""

from __future__ import annotations

import html
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from worldkit.core.errors import NotFound
from worldkit.server import bodies
from worldkit.server.problems import Refusal
from worldkit.server.services import Services, ServicesDep, StrictRoute, json_response
from worldkit.server.tokens import BadToken, Claims
from worldkit.stores.protocol import StoredWorld
from worldkit.widgets.bundle import bundle

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

PAGE = Path(__file__).parents[1] / "page"
FILES = {
    "embed.js": (PAGE / "embed.js", "text/javascript"),
    "embed.css": (PAGE / "embed.css", "text/css"),
    "player.js": (None, "text/javascript"),
    "player.css": (None, "text/css"),
}
REFUSED = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Not available</title>
<link rel="stylesheet" href="/embed/embed.css">
<body><main role="alert"><p>{why}</p></main></body></html>
"""


class Message(bodies.Body):
    """What the page sends: its run, and a message of the player; neither at the start."""

    run: str | None = None
    message: Any = None


@router.get("/embed.html")
def page(request: Request, services: ServicesDep) -> Response:
    """Return the player page of a token."""
    try:
        claims, stored = _open_token(request, services)
        _refuse_elsewhere(request, claims)
    except (BadToken, Refusal, NotFound) as refusal:
        return _refused(refusal)
    nonce = secrets.token_urlsafe(16)
    text = (PAGE / "embed.html").read_text(encoding="utf-8")
    # the origin came through a pattern, and is escaped all the same
    page_html = text.replace("{nonce}", nonce).replace("{origin}", html.escape(claims.origin or "", quote=True))
    page_html = page_html.replace("{title}", html.escape(stored.name))
    policy = _policy(f"'nonce-{nonce}' 'strict-dynamic'", claims.origin or "*")
    return HTMLResponse(page_html, headers=policy)


@router.post("/embed/messages")
def messages(request: Request, services: ServicesDep, body: Message) -> Response:
    """Answer a message of the page, for the token it sends along."""
    if not _is_ours(request, services):
        raise Refusal(403, "only the player page of this server may send messages here")
    try:
        claims, stored = _open_token(request, services)
        return json_response(
            services.embedded_sessions.answer(claims, stored.world, stored.rev, body.run, body.message)
        )
    except BadToken as error:
        raise Refusal(401, str(error), {"WWW-Authenticate": "Bearer"}) from None


@router.get("/embed/{name}")
def file(name: str) -> Response:
    """Return a part of the page."""
    if name not in FILES:
        raise Refusal(404, "there is nothing at this address")
    path, media = FILES[name]
    return Response((path or bundle(name)).read_bytes(), media_type=media, headers={"Cache-Control": "no-cache"})


def _open_token(request: Request, services: Services) -> tuple[Claims, StoredWorld]:
    """Return the claims of the token that the admission middleware read, and its world.

    Raises:
        BadToken: It does not open anything (any more).
    """
    claims: Claims | BadToken = request.scope["state"]["claims"]
    if isinstance(claims, BadToken):
        raise claims
    try:
        return claims, services.store.space(claims.space).get(claims.world)
    except NotFound:
        raise BadToken("the world of the token is gone") from None


def _refuse_elsewhere(request: Request, claims: Claims) -> None:
    """Refuse to show a token's page outside its origin; what a browser does not say, its policy enforces."""
    if claims.origin is None:
        return
    embedder = request.headers.get("referer") or request.headers.get("origin")
    if request.headers.get("sec-fetch-dest") == "document" or (embedder and _origin(embedder) != claims.origin):
        raise Refusal(403, "this token is for pages of another origin")


def _is_ours(request: Request, services: Services) -> bool:
    """Say whether a message comes from a page of this server."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    ours = services.settings.public_url or str(request.base_url)
    return origin is None or _origin(origin) == _origin(ours)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _policy(script: str, ancestors: str) -> dict[str, str]:
    directives = {
        "default-src": "'none'",
        "script-src": script,
        "style-src": "'self' 'unsafe-inline'",  # the player writes its style sheet into its own shadow root
        "img-src": "data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": ancestors,
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in directives.items()),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


def _refused(refusal: BadToken | Refusal | NotFound) -> Response:
    status = refusal.status_code if isinstance(refusal, Refusal) else 401
    reason = refusal.body["detail"] if isinstance(refusal, Refusal) else str(refusal)
    sentence = f"{reason[:1].upper()}{reason[1:]}."
    return HTMLResponse(REFUSED.format(why=html.escape(sentence)), status, _policy("'none'", "*"))
