"""``Outer``: what goes around every request: an id, a bound on its body, a line in the log, and no unnamed failure."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worldkit.store.server import problems
from worldkit.store.server.problems import Refusal

log = logging.getLogger("worldkit.server")

_OURS = re.compile(rb"[A-Za-z0-9_.-]{1,64}\Z")


class Outer:
    """An ASGI application around another one.

    Args:
        app: The one inside.
        max_body: Largest request body, in bytes.
    """

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app, self._max = app, max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"])
        asked = given.get(b"x-request-id", b"")
        request = asked.decode() if _OURS.match(asked) else secrets.token_hex(8)
        scope.setdefault("state", {})["request"] = request
        began, status, taken = time.perf_counter(), 0, 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max:
                raise self._too_large()
            return message

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
            length = given.get(b"content-length", b"0")
            if not length.isdigit() or int(length) > self._max:
                raise self._too_large()
            await self._app(scope, bounded, answered)
        except Refusal as refused:
            await self._refuse(refused, answered, status)
        except Exception:
            log.exception("request %s failed", request)
            said = f"the server failed; its log has more under {request}"
            await self._refuse(Refusal(500, said), answered, status)
        finally:
            # the path alone: a query may hold a session token
            spent = 1000 * (time.perf_counter() - began)
            who = scope["state"].get("key", "-")
            log.info("%s %s %s %d %.0f ms %s", request, scope["method"], _plain(scope), status, spent, who)

    async def _refuse(self, refused: Refusal, send: Send, status: int) -> None:
        if status:
            return  # half an answer is out already; closing the connection is all that is left
        headers: list[tuple[bytes, bytes]] = [(b"content-type", problems.MEDIA.encode())]
        headers += [(name.lower().encode(), value.encode()) for name, value in (refused.headers or {}).items()]
        content = problems.text(refused.body)
        headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": refused.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _too_large(self) -> Refusal:
        said = f"the body is larger than the {self._max:,} bytes taken"
        return Refusal(413, said, {"Connection": "close"})


def _plain(scope: Any) -> str:
    path = scope["path"].encode("ascii", "backslashreplace").decode()[:200]
    return "".join(char if char.isprintable() else "?" for char in path)
