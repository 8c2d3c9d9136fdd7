"""A time by which a request must have its whole answer, kept at every read and write of its connection.

httpx limits how long one read or one write takes, and so never ends while a server sends something now and then: a
header byte by byte, ``100 Continue`` again and again, a trailer after the body. On an event loop ``asyncio.timeout``
ends all of that. A thread that waits for a socket can only be told how long each wait may be.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

WRITE_BYTES = 65_536
"""Bytes that are written between two looks at the time."""


class AnswerDeadline:
    """The time by which the request of the current thread must be done.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._current = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let the reads and writes of this thread end after so many seconds, all of them together."""
        self._current.end = self._clock() + seconds
        try:
            yield
        finally:
            self._current.end = None

    def left(self, timeout: float | None) -> float | None:
        """Return how many seconds a read or a write may take.

        Args:
            timeout: How many it may take by itself; None for any.

        Raises:
            TimeoutError: None are left.
        """
        end = getattr(self._current, "end", None)
        if end is None:
            return timeout
        seconds: float = end - self._clock()
        if seconds <= 0:
            raise TimeoutError
        return seconds if timeout is None else min(timeout, seconds)

    @contextmanager
    def limit(self, timeout: float | None) -> Iterator[float | None]:
        """Yield how many seconds a read or a write may take; raise ``TimeoutError`` where the deadline ends it.

        Args:
            timeout: How many it may take by itself; None for any.
        """
        seconds = self.left(timeout)
        try:
            yield seconds
        except httpcore.TimeoutException:
            if seconds != timeout:
                raise TimeoutError from None
            raise

    def watch(self, client: httpx.Client) -> httpx.Client:
        """Keep the time in all connections of a client, and return the client."""
        # httpcore takes a network backend, and httpx has no parameter that hands one on
        for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
            pool = getattr(transport, "_pool", None)
            if pool is not None:
                pool._network_backend = _TimedBackend(pool._network_backend, self)  # noqa: SLF001
        return client


class _TimedBackend:
    """A network backend of httpcore that keeps the time."""

    def __init__(self, backend: Any, deadline: AnswerDeadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(self, timeout: float | None = None, **options: Any) -> _TimedStream:
        stream = self._backend.connect_tcp(timeout=self._deadline.left(timeout), **options)
        return _TimedStream(stream, self._deadline)


class _TimedStream:
    """A network stream of httpcore that keeps the time."""

    def __init__(self, stream: Any, deadline: AnswerDeadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with self._deadline.limit(timeout) as seconds:
            data: bytes = self._stream.read(max_bytes, seconds)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), WRITE_BYTES):
            with self._deadline.limit(timeout) as seconds:
                self._stream.write(buffer[start : start + WRITE_BYTES], seconds)

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> _TimedStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
