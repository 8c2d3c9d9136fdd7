"""The host names that a server answers to, against forged ``Host`` headers (RFC 9110, 15.5.20)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import Scope

ANY_HOST = "*"
ALWAYS_ALLOWED_HOSTS = frozenset({"localhost"})
_HOST = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?\Z")


def names(hosts: Iterable[str], public_url: str | None) -> frozenset[str]:
    """Return the allowed host names, in lower case and without ports.

    Args:
        hosts: Names or addresses; ``"*"`` allows all.
        public_url: The public address of the server, whose host name is allowed as well.
    """
    host_names = {host.lower().strip("[]") for host in hosts}
    outside = urlsplit(public_url).hostname if public_url else None
    return frozenset(host_names | ({outside.lower()} if outside else set()) | ALWAYS_ALLOWED_HOSTS)


def is_allowed(scope: Scope, host_names: frozenset[str]) -> bool:
    """Return whether the ``Host`` header of a request names this server.

    Allowed are the given names, the local address of the connection and, on a loopback connection, the other
    loopback addresses. A request without ``Host`` (HTTP/1.0) is allowed.

    Args:
        scope: The request.
        host_names: The names that ``names`` returned.
    """
    if ANY_HOST in host_names:
        return True
    headers = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if not headers:
        return True
    match = _HOST.match(headers[0]) if len(headers) == 1 else None
    if match is None:
        return False
    host = match[1].lower().strip("[]")
    return host in host_names or _is_here(host, scope)


def _is_here(host: str, scope: Scope) -> bool:
    try:
        requested_address, local_address = (
            ipaddress.ip_address(host),
            ipaddress.ip_address((scope.get("server") or ("",))[0]),
        )
    except ValueError:
        return False
    return requested_address == local_address or (requested_address.is_loopback and local_address.is_loopback)
