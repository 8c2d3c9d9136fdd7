"""``GatheredWrites``: sends the head and the body of an answer in one packet.

The HTTP protocol writes them one after the other, and each write would be a packet of its own, which wakes the client
twice. What is written within one turn of the event loop is sent together; much is sent at once, so that a slow client
still holds the sender back.
"""

from __future__ import annotations

import asyncio
from typing import Any

MAX_GATHERED = 64 * 1024
"""Bytes that wait for the end of a turn at the most."""


class GatheredWrites:
    """A transport that gathers small writes; everything else is the transport's own."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._chunks: list[bytes] = []
        self._size = 0
        self._flush_is_due = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send bytes by the end of this turn of the loop."""
        if not data:
            return
        self._chunks.append(data)
        self._size += len(data)
        if self._size > MAX_GATHERED:
            self._flush()
        elif not self._flush_is_due:
            self._flush_is_due = True
            self._loop.call_soon(self._flush_due)

    def get_write_buffer_size(self) -> int:
        """Return how many bytes are not sent yet."""
        return self._size + self._transport.get_write_buffer_size()

    def write_eof(self) -> None:
        """Send what is there, and say that nothing follows."""
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Send what is there, and close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once; what was not sent is dropped."""
        self._chunks, self._size = [], 0
        self._transport.abort()

    def _flush_due(self) -> None:
        self._flush_is_due = False
        self._flush()

    def _flush(self) -> None:
        if self._chunks:
            data, self._chunks, self._size = b"".join(self._chunks), [], 0
            self._transport.write(data)
