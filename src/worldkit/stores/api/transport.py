"""Sending one request over HTTP with httpx: bounded in time and size, never redirected, and never revealing the key.

What goes wrong on the way is returned as ``Lost``. An exception that is not foreseen, an interrupt above all, is raised
again without the frames it came through: those of httpx and below hold the headers.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import threading
from collections.abc import Callable, Generator
from typing import Any

import httpx

from worldkit.core.errors import WorldError
from worldkit.core.json_values import MAX_BYTES
from worldkit.stores.api.protocol import HttpReply, Lost, Request
from worldkit.stores.api.secret import Secret, redacted

CONNECT_SECONDS = 10.0


class ApiAddress:
    """Where a /v1 API is.

    Args:
        base_url: Its address: https, or http where the host is this machine.

    Raises:
        WorldError: It is none, or the key would go over the network in the open.
    """

    def __init__(self, base_url: str) -> None:
        try:
            url = httpx.URL(base_url.rstrip("/"))
        except (httpx.InvalidURL, TypeError, AttributeError):
            raise WorldError(
                f"base_url: expected an address such as https://api.example.org, got {_quote(base_url)}"
            ) from None
        if url.userinfo or url.query or url.fragment:
            raise WorldError("base_url: expected a host and perhaps a path, without a user, a query or a fragment")
        self.is_loopback = _is_loopback(url.host)
        if not url.host or url.scheme not in ("https", "http"):
            raise WorldError(f"base_url: expected an address such as https://api.example.org, got {_quote(base_url)}")
        if url.scheme == "http" and not self.is_loopback:
            raise WorldError(
                f"base_url: {_quote(base_url)} is http, which would send the key in the open; use https "
                "(http is for this machine only, such as http://127.0.0.1:8000)"
            )
        self.url = str(url)
        self.host = url.netloc.decode("ascii")


def _quote(text: object) -> str:
    return repr(redacted(str(text)))[:200]


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Redacting(logging.Filter):
    """Takes keys out of the lines that httpx and httpcore log: a server may quote one back in a header."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if redacted(message) != message:
            record.msg, record.args = redacted(message), ()
        return True


for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).addFilter(_Redacting())


class _Bearer(httpx.Auth):
    """Puts the key on a request at the last moment, so that no frame of ours holds it."""

    def __init__(self, key: Callable[[], Secret]) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._key().reveal()}"
        yield request


class _BaseSender:
    """What both senders have in common.

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
        self._options: dict[str, Any] = {
            "follow_redirects": False,
            # servers close idle connections after about 5 s; a write sent into that moment would be lost
            "limits": httpx.Limits(max_connections=20, keepalive_expiry=2.0),
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
            case httpx.ConnectError() | httpx.PoolTimeout():
                return Lost(f"no connection to {self._address.host} ({reason})", False, True, seconds)
            case httpx.TimeoutException() | TimeoutError():
                return Lost(f"no whole answer within {limit:g} s", True, True, seconds)
            case httpx.NetworkError() | httpx.RemoteProtocolError():
                return Lost(f"the connection broke ({reason})", True, True, seconds)
            case _AnswerTooLong():
                return Lost(str(error), True, False, seconds)
            case httpx.DecodingError():
                return Lost(f"the answer cannot be unpacked ({reason})", True, False, seconds)
            case _:
                return Lost(reason, False, False, seconds)

    def _reply(self, request: Request, response: httpx.Response, body: bytearray, start: float) -> HttpReply:
        headers = {name.lower(): redacted(value) for name, value in response.headers.items()}
        secret = request.credential or self._secret()
        redacted_body = bytes(body)
        if secret.is_long:  # a server that quotes the key back would put it into frames, messages and documents
            redacted_body = redacted_body.replace(secret.reveal().encode("ascii"), repr(secret).encode("ascii"))
        is_publishable = request.credential is None and secret.kind == "pk"
        return HttpReply(response.status_code, headers, redacted_body, self._clock() - start, is_publishable)

    def _append(self, body: bytearray, chunk: bytes, start: float, limit: float) -> None:
        body += chunk
        if len(body) > MAX_BYTES:
            raise _AnswerTooLong(f"the answer is larger than {MAX_BYTES / 1e6:,.0f} MB")
        if self._clock() - start > limit:
            raise TimeoutError


class _AnswerTooLong(Exception):
    pass


_EXPECTED_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError, _AnswerTooLong)


def without_traceback(error: BaseException) -> BaseException:
    """Return an exception without the frames and the exceptions it came through."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class Sender(_BaseSender):
    """Sends requests from threads; each process has connections of its own."""

    def __init__(
        self,
        address: ApiAddress,
        key: Callable[[], Secret],
        timeout: float,
        clock: Callable[[], float],
        dialect: str | None = None,
    ) -> None:
        super().__init__(address, key, timeout, clock, dialect)
        self._lock = threading.Lock()
        self._connections: tuple[int, httpx.Client] | None = None

    def send(self, request: Request) -> HttpReply | Lost:
        """Send a request and return the outcome."""
        call, limit = self._call(request)
        start = self._clock()
        unexpected: BaseException | None = None
        try:
            with self._client().stream(**call) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    self._append(body, chunk, start, limit)
                return self._reply(request, response, body, start)
        except _EXPECTED_ERRORS as error:
            return self._failure(error, start, limit)
        except BaseException as error:
            unexpected = without_traceback(error)
        raise unexpected

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._connections is None or self._connections[0] != os.getpid():
                self._connections = os.getpid(), httpx.Client(**self._options)
            return self._connections[1]

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        with self._lock:
            connections, self._connections = self._connections, None
        if connections is not None and connections[0] == os.getpid():
            connections[1].close()


class AsyncSender(_BaseSender):
    """Sends requests on an event loop; each loop has connections of its own."""

    def __init__(
        self,
        address: ApiAddress,
        key: Callable[[], Secret],
        timeout: float,
        clock: Callable[[], float],
        dialect: str | None = None,
    ) -> None:
        super().__init__(address, key, timeout, clock, dialect)
        self._connections: tuple[asyncio.AbstractEventLoop, httpx.AsyncClient] | None = None

    async def send(self, request: Request) -> HttpReply | Lost:
        """Send a request and return the outcome."""
        call, limit = self._call(request)
        start = self._clock()
        unexpected: BaseException | None = None
        try:
            async with asyncio.timeout(limit), self._client().stream(**call) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    self._append(body, chunk, start, limit)
                return self._reply(request, response, body, start)
        except _EXPECTED_ERRORS as error:
            return self._failure(error, start, limit)
        except BaseException as error:
            unexpected = without_traceback(error)
        raise unexpected

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._connections is None or self._connections[0] is not loop:
            self._connections = loop, httpx.AsyncClient(**self._options)
        return self._connections[1]

    async def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        connections, self._connections = self._connections, None
        if connections is not None and connections[0] is asyncio.get_running_loop():
            await connections[1].aclose()
