"""``Outer``: what goes around every request: an id, headers, a line in the log, and no unnamed failure."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worldkit.server import problems

log = logging.getLogger("worldkit.server")

_OURS = re.compile(rb"[A-Za-z0-9_.-]{1,64}\Z")


class Outer:
    """An ASGI application around another one.

    Args:
        app: The one inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"x-request-id", b"")
        request = asked.decode() if _OURS.match(asked) else secrets.token_hex(8)
        scope.setdefault("state", {})["request"] = request
        began, status = time.perf_counter(), 0

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request.encode()),
                    (b"x-content-type-options", b"nosniff"),
                ]
                if b"cache-control" not in dict(message["headers"]):
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        try:
            await self._app(scope, receive, answered)
        except Exception:
            log.exception("request %s failed", request)
            if not status:  # else half an answer is out, and closing the connection is all that is left
                said = f"the server failed; its log has more under {request}"
                await problems.send(problems.body(500, said), {"Connection": "close"}, answered)
        finally:
            # the path alone: a query may hold a session token
            spent = 1000 * (time.perf_counter() - began)
            who = scope["state"].get("key", "-")
            log.info("%s %s %s %d %.0f ms %s", request, scope["method"], _plain(scope), status, spent, who)


def _plain(scope: Any) -> str:
    path = scope["path"].encode("ascii", "backslashreplace").decode()[:200]
    return "".join(char if char.isprintable() else "?" for char in path)
