"""``RequestMiddleware``: gives every request an id, security headers, an access log line and an error handler."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worldkit.server import problems, request_work
from worldkit.stores.api import dialect

log = logging.getLogger("worldkit.server")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.-]{1,64}\Z")
_CREDENTIAL = re.compile(r"(?<![A-Za-z0-9])([ps]k_|whsec_|eyJ)[A-Za-z0-9._~+=-]{8,}", re.ASCII)
"""A key, a webhook's secret or a session token that somebody put into a path by mistake."""


class RequestMiddleware:
    """Outermost ASGI middleware.

    Args:
        app: The application it wraps.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = header.decode() if _REQUEST_ID.match(header) else secrets.token_hex(8)
        scope.setdefault("state", {})["request"] = request_id
        request_work.begin_request()
        start, status = time.perf_counter(), 0
        is_head = scope["method"] == "HEAD"

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (dialect.DIALECT_HEADER.encode(), dialect.WORLDKIT.name.encode()),
                ]
                if b"cache-control" not in dict(message["headers"]):
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        try:
            # RFC 9110, 9.3.2: the answer to HEAD is that to GET without its content
            await self._app({**scope, "method": "GET"} if is_head else scope, receive, send_with_headers)
        except Exception:
            log.exception("request %s failed", request_id)
            if not status:  # once part of the response is sent, closing the connection is all that can be done
                detail = f"the server failed; its log has more under {request_id}"
                await problems.send(problems.body(500, detail), {"Connection": "close"}, send_with_headers)
        finally:
            # the path alone: a query may hold a session token
            elapsed_ms = 1000 * (time.perf_counter() - start)
            key_id = scope["state"].get("key", "-")
            log.info(
                "%s %s %s %d %.0f ms %s",
                request_id,
                scope["method"],
                _printable_path(scope),
                status,
                elapsed_ms,
                key_id,
            )


def _printable_path(scope: Any) -> str:
    path = _CREDENTIAL.sub(r"\1...", scope["path"]).encode("ascii", "backslashreplace").decode()[:200]
    return "".join(char if char.isprintable() else "?" for char in path)
