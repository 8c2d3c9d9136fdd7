"""Raw connections, for what no HTTP client would send."""

from __future__ import annotations

import socket
from http.client import HTTPResponse
from urllib.parse import urlsplit


def connect(url: str, receive_buffer: int | None = None) -> socket.socket:
    """Return a connection to a server; ``receive_buffer`` makes it one that takes little at a time."""
    connection = socket.socket()
    connection.settimeout(30)
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    parts = urlsplit(url)
    connection.connect((str(parts.hostname), int(parts.port or 0)))
    return connection


def everything(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes the connection."""
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


def response(connection: socket.socket) -> HTTPResponse:
    """Read one whole response, however many pieces it comes in, and leave the connection open."""
    answer = HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer


def exchange(url: str, request: bytes) -> bytes:
    """Send bytes, and return everything that is answered until the server closes."""
    with connect(url) as connection:
        connection.sendall(request)
        return everything(connection)


def is_closed(connection: socket.socket) -> bool:
    """Say whether the other side has closed a connection, without waiting."""
    connection.setblocking(False)
    try:
        return connection.recv(65536) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(30)
