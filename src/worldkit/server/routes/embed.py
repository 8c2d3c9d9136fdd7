"""The player page: only with a session token, and only in pages of its origin."""

from __future__ import annotations

import html
import secrets
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from worldkit.core.errors import NotFound
from worldkit.server import origins
from worldkit.server.body_fields import Body
from worldkit.server.problems import Refusal
from worldkit.server.services import Services, ServicesDep, StrictRoute, json_response
from worldkit.server.tokens import BadToken, Claims
from worldkit.stores.stored_world import StoredWorld
from worldkit.widgets.bundle import bundle

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

PAGE_FOLDER = Path(__file__).parents[1] / "page"
PAGE_FILES = {
    "page.js": ("embed-page.js", "text/javascript"),
    "page.css": (None, "text/css"),
    "player.js": ("player.js", "text/javascript"),
    "player.css": ("player.css", "text/css"),
}
SDK_FILES = ("embed.js", "embed.global.js")
DEFAULT_HOST = "https://play.alakazam.gg"
"""Where the SDK looks for pages unless it is told; in the copy that a server hands out it is that server."""
REFUSAL_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Not available</title>
<link rel="stylesheet" href="/embed/page.css">
<body><main role="alert"><p>{why}</p></main>{script}</body></html>
"""
REFUSAL_SCRIPT = """<script nonce="{nonce}">
const tell = (type, payload) =>
  parent.postMessage({{ source: "alakazam-embed", type, payload, reason: payload.reason }}, "{origin}");
tell("error", {{ message: document.querySelector("p").textContent }});
tell("ended", {{ reason: "refused", seconds: 0 }});
</script>"""
"""Tells the page that opened a refused one what the visitor reads there, and nothing else."""


class Message(Body):
    """What the page sends: its run, and a message of the player; neither at the start."""

    run: str | None = None
    message: Any = None


@router.get("/embed.html")
def page(request: Request, services: ServicesDep) -> Response:
    """Return the player page of a token."""
    try:
        claims, stored_world = _open_token(request, services)
        ancestors = _embedders(services, claims)
        _refuse_elsewhere(request, ancestors)
        parent = _parent_origin(request, claims, ancestors)
    except (BadToken, Refusal, NotFound) as refusal:
        return _refusal_response(request, refusal)
    nonce = secrets.token_urlsafe(16)
    text = (PAGE_FOLDER / "embed.html").read_text(encoding="utf-8")
    # the origin matched a pattern already; it is escaped as well
    page_html = text.replace("{nonce}", nonce).replace("{origin}", html.escape(parent, quote=True))
    page_html = page_html.replace("{title}", html.escape(stored_world.name))
    return HTMLResponse(page_html, headers=_policy(f"'nonce-{nonce}' 'strict-dynamic'", " ".join(ancestors) or "*"))


@router.post("/embed/messages")
def messages(request: Request, services: ServicesDep, body: Message) -> Response:
    """Answer a message of the page, for the token it sends along."""
    if not _is_ours(request, services):
        raise Refusal(403, "only the player page of this server may send messages here")
    try:
        claims, stored_world = _open_token(request, services)
        return json_response(
            services.embedded_sessions.answer(claims, stored_world.world, stored_world.rev, body.run, body.message)
        )
    except BadToken as error:
        raise Refusal(401, str(error), {"WWW-Authenticate": "Bearer"}) from None


@router.get("/embed/{name}")
def file(name: str) -> Response:
    """Return a part of the page."""
    if name not in PAGE_FILES:
        raise Refusal(404, "there is nothing at this address")
    bundle_name, media = PAGE_FILES[name]
    path = PAGE_FOLDER / "page.css" if bundle_name is None else bundle(bundle_name)
    return Response(path.read_bytes(), media_type=media, headers={"Cache-Control": "no-cache"})


@router.get("/{name}.js")
def sdk(request: Request, services: ServicesDep, name: str) -> Response:
    """Return the SDK, as a script or as an ES module; pages of every origin may load it."""
    if f"{name}.js" not in SDK_FILES:
        raise Refusal(404, "there is nothing at this address")
    text = bundle(f"{name}.js").read_text(encoding="utf-8")
    text = text.replace(DEFAULT_HOST, origins.of_server(request, services.settings) or DEFAULT_HOST)
    headers = {
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(text, media_type="text/javascript", headers=headers)


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


def _embedders(services: Services, claims: Claims) -> tuple[str, ...]:
    """Return the origins whose pages may embed a token's page: the token's, else the app's; empty for any."""
    return (claims.origin,) if claims.origin else services.apps.embedding_origins(claims.app)


def _refuse_elsewhere(request: Request, allowed_origins: tuple[str, ...]) -> None:
    """Refuse to show a page outside the origins it is for; what a browser does not say, its policy enforces."""
    if not allowed_origins:
        return
    embedder = request.headers.get("referer") or request.headers.get("origin")
    outside = embedder and origins.of_url(embedder) not in allowed_origins
    if request.headers.get("sec-fetch-dest") == "document" or outside:
        raise Refusal(403, "this token is for pages of another origin")


def _parent_origin(request: Request, claims: Claims, allowed_origins: tuple[str, ...]) -> str:
    """Return the origin that the page posts its messages to; empty to post none.

    Raises:
        Refusal: The address names another origin than the token is for.
    """
    parent_url = request.query_params.get("parentOrigin", "")
    if not parent_url:
        return claims.origin or ""
    origin = origins.of_url(parent_url) if origins.is_origin(parent_url) else None
    if not origin or (allowed_origins and origin not in allowed_origins):
        raise Refusal(403, "this token is for pages of another origin")
    return origin


def _is_ours(request: Request, services: Services) -> bool:
    """Say whether a message comes from a page of this server."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    header = request.headers.get("origin")
    if header is None:
        return True
    origin = origins.of_url(header)
    return origin is not None and origin == origins.of_server(request, services.settings)


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


def _refusal_response(request: Request, refusal: BadToken | Refusal | NotFound) -> Response:
    status = refusal.status_code if isinstance(refusal, Refusal) else 401
    reason = refusal.body["detail"] if isinstance(refusal, Refusal) else str(refusal)
    sentence = f"{reason[:1].upper()}{reason[1:]}."
    parent_url, nonce = request.query_params.get("parentOrigin", ""), secrets.token_urlsafe(16)
    origin = origins.of_url(parent_url) if origins.is_origin(parent_url) else None
    script = REFUSAL_SCRIPT.format(nonce=nonce, origin=html.escape(origin, quote=True)) if origin else ""
    page_html = REFUSAL_PAGE.format(why=html.escape(sentence), script=script)
    return HTMLResponse(page_html, status, _policy(f"'nonce-{nonce}'" if origin else "'none'", "*"))
