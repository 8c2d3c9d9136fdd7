"""``post`` and ``get``: one request to an address that was checked, within a fixed time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

import httpx

from worldkit.core.version import __version__
from worldkit.server.outgoing_addresses import CheckedAddress

TIMEOUT_S = 10.0
_OWN_HEADERS = {
    "User-Agent": f"worldkit/{__version__}",
    "Connection": "close",
}


def post(
    target: CheckedAddress, addresses: list[str], body: bytes, headers: dict[str, str], seconds: float = TIMEOUT_S
) -> int:
    """Post a body, and return the status that is answered; what follows the status is not read.

    Args:
        target: Where to; its name is what the certificate has to be for.
        addresses: What to connect to, tried in order.
        body: The body.
        headers: Further headers.
        seconds: How long it may take from the beginning to the answer's head.

    Raises:
        OSError: Nobody answers, not in time, or with a certificate of another name.
        HTTPException: What is answered is no HTTP.
    """
    headers = {"Content-Type": "application/json", **headers}
    with _answer_to("POST", target, addresses, body, headers, seconds) as answer:
        return answer.status


def get(target: CheckedAddress, addresses: list[str], max_bytes: int, seconds: float = TIMEOUT_S) -> tuple[int, bytes]:
    """Ask for what is at an address; returns the status, and the body up to one byte more than allowed.

    Args:
        target: Where.
        addresses: What to connect to, tried in order.
        max_bytes: How many bytes are allowed.
        seconds: How long it may take in all.

    Raises:
        OSError: As for ``post``.
        HTTPException: As for ``post``.
    """
    with _answer_to("GET", target, addresses, None, {}, seconds) as answer:
        return answer.status, answer.read(max_bytes + 1)


@contextmanager
def _answer_to(
    method: str,
    target: CheckedAddress,
    addresses: list[str],
    body: bytes | None,
    headers: dict[str, str],
    seconds: float,
) -> Iterator[http.client.HTTPResponse]:
    deadline = _Deadline(seconds)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=seconds)
    try:
        connection.sock = _connect(target, addresses, seconds, deadline)
        connection.request(method, target.path, body, {"Host": target.authority, **_OWN_HEADERS, **headers})
        yield connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        if deadline.is_over:  # however a read that the deadline ended fails
            raise _too_late() from error
        raise
    else:
        if deadline.is_over:  # closing the socket ends what was on its way, as if it were complete
            raise _too_late()
    finally:
        deadline.stop()
        connection.close()


def _connect(target: CheckedAddress, addresses: list[str], seconds: float, deadline: _Deadline) -> socket.socket:
    failure: OSError = OSError("the name has no address")
    for address in addresses:
        if deadline.is_over:
            break
        try:
            connection = socket.create_connection((address, target.port), seconds)
        except OSError as error:
            failure = error
            continue
        deadline.watch(connection)
        if target.scheme == "http":
            return connection
        try:
            secure = tls_context().wrap_socket(connection, server_hostname=target.host)
        except OSError:
            connection.close()
            raise
        deadline.watch(secure)
        return secure
    raise failure


def _too_late() -> TimeoutError:
    return TimeoutError("the answer took too long")


@cache
def tls_context() -> ssl.SSLContext:
    """Return the TLS settings: the usual authorities, or those of ``$SSL_CERT_FILE``."""
    return httpx.create_ssl_context()


class _Deadline:
    """Closes a socket when time is up: a time limit for each read would start again with every byte."""

    def __init__(self, seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.is_over = False
        self._timer.start()

    def watch(self, connection: socket.socket) -> None:
        self._socket = connection
        if self.is_over:
            self._end()

    def stop(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
