"""Which names a server answers to, so that a forged ``Host`` is never taken for its own origin (RFC 9110, 15.5.20)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import Scope

ANY = "*"
ALWAYS = frozenset({"localhost"})
_HOST = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?\Z")


def names(hosts: Iterable[str], public_url: str | None) -> frozenset[str]:
    """Return the names that settings allow, in small letters and without ports.

    Args:
        hosts: Names or addresses; ``"*"`` allows all.
        public_url: The address the server is reached under from outside, whose name counts too.
    """
    found = {host.lower().strip("[]") for host in hosts}
    outside = urlsplit(public_url).hostname if public_url else None
    return frozenset(found | ({outside.lower()} if outside else set()) | ALWAYS)


def is_allowed(scope: Scope, allowed: frozenset[str]) -> bool:
    """Say whether a request names this server.

    Besides the allowed names these are the address that the connection came in at and, on a loopback connection,
    the other loopback addresses. A request without ``Host`` (HTTP/1.0) names no other server.

    Args:
        scope: The request.
        allowed: What ``names`` returned.
    """
    if ANY in allowed:
        return True
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if not given:
        return True
    match = _HOST.match(given[0]) if len(given) == 1 else None
    if match is None:
        return False
    host = match[1].lower().strip("[]")
    return host in allowed or _is_here(host, scope)


def _is_here(host: str, scope: Scope) -> bool:
    try:
        named, here = ipaddress.ip_address(host), ipaddress.ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return False
    return named == here or (named.is_loopback and here.is_loopback)
