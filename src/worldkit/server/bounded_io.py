"""``BoundedIO``: one request's bytes in and one answer's bytes out, both bounded, neither held in memory as a whole."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from worldkit.server.problems import Refusal

CHUNK_BYTES = 64 * 1024
"""Bytes of an answer handed over at once; the next go when the connection has taken these."""
SMALL_BODY = 64 * 1024
"""A body this small is read to its end even when nobody wants it, so that the connection can be kept."""
LATE_REQUEST_MESSAGE = "the request did not come in time; send it faster"
LINGER_S, LINGER_BYTES = 2.0, 1_000_000
"""How long, and at least how much of, an unwanted body is taken and dropped: else its sender may miss the answer."""


class BoundedIO:
    """Stands between the application and a connection.

    Args:
        scope: The request.
        receive: Takes from the connection.
        send: Gives to the connection.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        headers = {name: value for name, value in scope["headers"] if name != b"cookie"}
        length = headers.get(b"content-length", b"0")
        # the HTTP parser lets digits through only, but few enough for Python to read them is not its business
        self.declared_size = int(length) if length.isdigit() and len(length) < 19 else 10**18
        self._body_complete = b"transfer-encoding" not in headers and not self.declared_size
        self._is_chunked = b"transfer-encoding" in headers
        self._expects_continue = b"expect" in headers
        self._is_late = False
        self._max = 0
        self._received_bytes = 0
        self._has_started = False
        self._read_ahead: list[Message] = []

    def allow(self, max_body: int) -> None:
        """Say how large the body may be.

        Raises:
            Refusal: It says itself that it is larger.
        """
        self._max = max_body
        if self.declared_size > max_body:
            raise self._too_large()

    async def receive(self) -> Message:
        """Take the next part of the body.

        Raises:
            Refusal: There is more than is allowed.
        """
        if self._read_ahead:
            return self._read_ahead.pop()
        message = await self._receive()
        if message["type"] == "http.request":
            self._received_bytes += len(message.get("body", b""))
            self._body_complete = not message.get("more_body", False)
            if self._received_bytes > self._max:
                raise self._too_large()
        return message

    async def read_ahead(self, seconds: float | None = None) -> bytes:
        """Return the whole body, or what came of it before the client went away; ``receive`` gives it once more.

        Args:
            seconds: How long it may take to arrive; None for as long as the connection allows.

        Raises:
            Refusal: There is more than is allowed, or it does not come in time.
        """
        if self._body_complete and not self._read_ahead:
            return b""
        try:
            async with asyncio.timeout(seconds):
                return await self._read_to_end()
        except TimeoutError:
            self._is_late = True
            raise Refusal(408, LATE_REQUEST_MESSAGE, {"Connection": "close"}) from None

    async def _read_to_end(self) -> bytes:
        parts, message = [], await self.receive()
        while message["type"] == "http.request":
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                message = {**message, "body": b"".join(parts)}
                break
            message = await self.receive()
        self._read_ahead.append(message)
        return b"".join(parts)

    async def send(self, message: Message) -> None:
        """Give a part of the answer, and wait until the connection has taken most of it."""
        if message["type"] == "http.response.start":
            self._has_started = True
            if (
                not self._body_complete
                and self.declared_size <= SMALL_BODY
                and not self._is_chunked
                and not self._expects_continue
                and not self._is_late
            ):
                await self._discard(SMALL_BODY)
            if not self._body_complete:
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await self._send(message)
            return
        body, has_more = message.get("body", b""), message.get("more_body", False)
        for start in range(0, len(body), CHUNK_BYTES):
            await self._send(
                {"type": "http.response.body", "body": body[start : start + CHUNK_BYTES], "more_body": True}
            )
        if not has_more:
            if not self._body_complete and not self._expects_continue and not self._is_late:
                await self._discard(max(LINGER_BYTES, 2 * self._max))
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    @property
    def has_started(self) -> bool:
        """Whether an answer is under way."""
        return self._has_started

    async def _discard(self, limit: int) -> None:
        discarded_size = 0
        try:
            async with asyncio.timeout(LINGER_S):
                while not self._body_complete and discarded_size <= limit:
                    message = await self._receive()
                    discarded_size += len(message.get("body", b""))
                    self._body_complete = message["type"] != "http.request" or not message.get("more_body", False)
        except TimeoutError:
            return

    def _too_large(self) -> Refusal:
        return Refusal(413, f"the body is larger than the {self._max:,} bytes taken here; send less at once")
