"""Sending one request over HTTP with httpx: bounded in time and size, never redirected, and never revealing the key.

What goes wrong on the way is returned as ``Lost``. An exception that is not foreseen, an interrupt above all, is raised
again without the frames it came through: those of httpx and below hold the headers.

httpx would unpack whatever a server names, as often as it names it, and without a limit: some hundred bytes become
gigabytes. So a body is taken out of its ``Content-Encoding`` here.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import sys
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import httpx

from worldkit.core.error_frames import without_frames
from worldkit.core.json_values import MAX_BYTES
from worldkit.core.restorable import Restorable
from worldkit.model_access import library_logs
from worldkit.model_access.host import is_refused
from worldkit.model_access.network_settings import SETTINGS_ERRORS, unusable_settings
from worldkit.stores.api.address import ApiAddress
from worldkit.stores.api.protocol import HttpReply, Lost, Request
from worldkit.stores.api.secret import Secret, redacted

CONNECT_SECONDS = 10.0

MAX_CONNECTIONS = 20
"""Requests of a client that are under way at the same time; more of them wait for their turn."""


class AnswerTooLong(Restorable, Exception):
    """An answer that is larger than any that is read.

    Args:
        max_bytes: How large an answer may be.
    """

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the answer is larger than {max_bytes / 1e6:,.0f} MB")


class NotUnpacked(Exception):
    """An answer whose packing cannot be undone."""


library_logs.add_rule(redacted)  # a server may quote a key back in a header


class _Bearer(httpx.Auth):
    """Puts the key on a request at the last moment, so that no frame of ours holds it."""

    def __init__(self, key: Callable[[], Secret]) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._key().reveal()}"
        yield request


@dataclass(frozen=True, slots=True)
class _LoopConnections:
    """The connections of an event loop, and the turns of those who use them."""

    client: httpx.AsyncClient
    turns: asyncio.BoundedSemaphore = field(default_factory=lambda: asyncio.BoundedSemaphore(MAX_CONNECTIONS))


_EXPECTED_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError, AnswerTooLong, NotUnpacked)

_CLOSED_CLIENT_MESSAGE = "the client was closed before it was sent"


class Sender:
    """Sends requests on event loops; each loop has connections of its own.

    Args:
        address: Where to.
        key: Returns the key.
        timeout: Seconds an answer may take in all.
        clock: Seconds that only grow.
        dialect: The dialect to ask for, which a server of worldkit's then speaks; None for the hosted API as it is.
    """

    def __init__(
        self,
        address: ApiAddress,
        key: Callable[[], Secret],
        timeout: float,
        clock: Callable[[], float],
        dialect: str | None = None,
    ) -> None:
        self._address = address
        self._secret = key
        self._timeout = timeout
        self._clock = clock
        self._connections: dict[asyncio.AbstractEventLoop, _LoopConnections] = {}
        self._options: dict[str, Any] = {
            "follow_redirects": False,
            # servers close idle connections after about 5 s; a write sent into that moment would be lost
            "limits": httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=2.0),
            # a proxy of the environment would see what goes to this machine in the open
            "trust_env": not address.is_loopback,
            "headers": {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": "worldkit",
                **({"X-Worldkit-Dialect": dialect} if dialect else {}),
            },
        }

    def _call(self, request: Request) -> tuple[dict[str, Any], float]:
        limit = self._timeout * request.patience
        content = None
        headers = dict(request.headers)
        if request.body is not None:
            content = json.dumps(request.body, ensure_ascii=False, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        timeout = httpx.Timeout(limit, connect=min(CONNECT_SECONDS, limit))
        credential = request.credential
        call = {
            "auth": _Bearer(self._secret if credential is None else lambda: credential),
            "method": request.method,
            "url": self._address.url + request.path,
            "params": dict(request.query) or None,
            "content": content,
            "headers": headers,
            "timeout": timeout,
        }
        return call, limit

    def _failure(self, error: Exception, start: float, limit: float) -> Lost:
        seconds = self._clock() - start
        reason = redacted(str(error)) or type(error).__name__
        match error:
            case httpx.ConnectTimeout():
                return Lost(
                    f"no connection to {self._address.host} within {min(CONNECT_SECONDS, limit):g} s",
                    False,
                    True,
                    seconds,
                )
            case httpx.ConnectError() if self._address.is_loopback and is_refused(error):
                message = f"nothing listens at {self._address.url}; is the server running, and is this its address?"
                return Lost(message, False, False, seconds)
            case httpx.ConnectError() | httpx.PoolTimeout():
                return Lost(f"no connection to {self._address.host} ({reason})", False, True, seconds)
            case httpx.TimeoutException() | TimeoutError():
                return Lost(f"no whole answer within {limit:g} s", True, True, seconds)
            case httpx.NetworkError() | httpx.RemoteProtocolError():
                return Lost(f"the connection broke ({reason})", True, True, seconds)
            case AnswerTooLong():
                return Lost(str(error), True, False, seconds)
            case NotUnpacked():
                return Lost(f"the answer cannot be unpacked ({reason})", True, False, seconds)
            case _:
                return Lost(reason, False, False, seconds)

    def _reply(self, request: Request, response: httpx.Response, body: bytearray, start: float) -> HttpReply:
        secret = request.credential or self._secret()
        headers = {name.lower(): redacted(secret.taken_out(value)) for name, value in response.headers.items()}
        redacted_body = unpacked(body, headers.get("content-encoding", ""), MAX_BYTES)
        if secret.is_long:  # a server that quotes the key back would put it into frames, messages and documents
            redacted_body = redacted_body.replace(secret.reveal().encode("ascii"), repr(secret).encode("ascii"))
        is_publishable = request.credential is None and secret.kind == "pk"
        return HttpReply(response.status_code, headers, redacted_body, self._clock() - start, is_publishable)

    def _append(self, body: bytearray, chunk: bytes, start: float, limit: float) -> None:
        body += chunk
        if len(body) > MAX_BYTES:
            raise AnswerTooLong(MAX_BYTES)
        if self._clock() - start > limit:
            raise TimeoutError

    async def send(self, request: Request) -> HttpReply | Lost:
        """Send a request and return the outcome."""
        call, limit = self._call(request)
        try:
            connections = self._connect()
        except SETTINGS_ERRORS as error:
            return Lost(redacted(unusable_settings(error)), may_have_arrived=False, is_retryable=False)
        outer_error = sys.exception()
        unexpected_error: BaseException | None = None
        async with connections.turns:
            start = self._clock()
            try:
                async with asyncio.timeout(limit), connections.client.stream(**call) as response:
                    body = bytearray()
                    async for chunk in response.aiter_raw():
                        self._append(body, chunk, start, limit)
                    return self._reply(request, response, body, start)
            except _EXPECTED_ERRORS as error:
                return self._failure(error, start, limit)
            except BaseException as error:
                unexpected_error = without_frames(error, outer_error)
        if isinstance(unexpected_error, RuntimeError) and connections.client.is_closed:
            return Lost(_CLOSED_CLIENT_MESSAGE, may_have_arrived=False)
        raise unexpected_error

    def _connect(self) -> _LoopConnections:
        # without a lock: a loop has one thread, which alone adds and takes what is the loop's
        loop = asyncio.get_running_loop()
        if loop not in self._connections:
            for other in [other for other in list(self._connections) if other.is_closed()]:
                self._connections.pop(other, None)
            self._connections[loop] = _LoopConnections(httpx.AsyncClient(**self._options))
        return self._connections[loop]

    async def close(self) -> None:
        """Close the connections of this event loop; a later request opens new ones."""
        connections = self._connections.pop(asyncio.get_running_loop(), None)
        if connections is not None:
            await connections.client.aclose()


def unpacked(body: bytes | bytearray, encoding: str, max_bytes: int) -> bytes:
    """Return a body without its ``Content-Encoding``, of which gzip is the one that was asked for.

    Args:
        body: The body as it came.
        encoding: What the header says; empty when there is none.
        max_bytes: How large it may become.

    Raises:
        AnswerTooLong: It becomes larger.
        NotUnpacked: It is packed in another way, or broken.
    """
    name = encoding.strip().lower()
    if not body or name in ("", "identity"):
        return bytes(body)
    if name not in ("gzip", "x-gzip"):
        raise NotUnpacked(f"it is packed as {name[:40]}, and gzip was asked for")
    try:
        data = gzip.GzipFile(fileobj=io.BytesIO(body)).read(max_bytes + 1)
    except EOFError:
        raise NotUnpacked("it ends in the middle") from None
    except (OSError, zlib.error) as error:
        raise NotUnpacked(str(error)) from None
    if len(data) > max_bytes:
        raise AnswerTooLong(max_bytes)
    return data
