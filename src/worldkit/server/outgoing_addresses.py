"""What a server may connect to: checks an address before anything is sent to it (server-side request forgery).

A name is resolved once for each request, and the connection goes to the address that was checked: a name that answers
differently the second time (DNS rebinding) leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from worldkit.core.errors import WorldError

MAX_URL_LENGTH = 2000
Resolve = Callable[[str, int], list[str]]
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_PORTS = {"https": 443, "http": 80}
_EMBEDDED_V4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""Networks whose last 32 bits are an IPv4 address that a gateway connects to."""


class BadAddress(WorldError):
    """An address is where the server may not connect to."""


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """A checked address.

    Attributes:
        scheme: ``"https"``, or ``"http"`` on this machine.
        host: The host's name or number, without brackets.
        path: Path and query, as they are sent: characters that no address may hold are percent-encoded.
        authority: Host and port, as they were written.
    """

    scheme: str
    host: str
    port: int
    path: str
    authority: str

    @property
    def url(self) -> str:
        """The whole address, as it is asked."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(url: str, *, private: bool = False) -> CheckedAddress:
    """Return the parts of an address, if it may be connected to.

    Args:
        private: Whether private networks are allowed, and with them ``http`` on this machine.

    Raises:
        BadAddress: It is no such address.
    """
    if len(url) > MAX_URL_LENGTH or not all("!" <= char <= "~" for char in url):
        raise BadAddress(f"an address is printable ASCII of at most {MAX_URL_LENGTH:,} characters; encode the rest")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress(f"this is no address: {url[:100]!r}") from None
    host = parts.hostname or ""
    if "@" in parts.netloc or not _HOST.fullmatch(host) or "\\" in url or parts.fragment or port == 0:
        raise BadAddress("expected https://host/path: with a host, and without user, password, fragment or backslash")
    numbers = _numbers(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and private and _is_loopback(host, numbers)):
        raise BadAddress(f"an address begins with https://, got {parts.scheme[:20] or 'none'}")
    if not private:
        refuse_private(numbers, host)
        if host == "localhost" or host.endswith(".localhost"):
            raise BadAddress("localhost is this server itself; expected an address of another machine")
    query = f"?{parts.query}" if parts.query else ""
    # httpx encodes and resolves a path as browsers do; so what is shown is what is asked
    raw_path = httpx.URL(scheme=parts.scheme, host="host", raw_path=f"{parts.path or '/'}{query}".encode()).raw_path
    return CheckedAddress(parts.scheme, host, port or _PORTS[parts.scheme], raw_path.decode(), parts.netloc)


def addresses(target: CheckedAddress, resolve: Resolve, *, private: bool = False) -> list[str]:
    """Return the addresses that a target's name stands for, if all of them may be connected to.

    Raises:
        BadAddress: The name is unknown, or one of its addresses is in a private network.
    """
    try:
        numbers = resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise BadAddress(f"the name {target.host} is not known") from None
    if not private:
        refuse_private(numbers, target.host)
    return numbers


def system_resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host as this machine resolves it, each once."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def refuse_private(numbers: list[str], host: str) -> None:
    """Refuse addresses that are not on the public Internet.

    Raises:
        BadAddress: One of them is not.
    """
    for number in numbers:
        if not is_public(number):
            raise BadAddress(f"{host} is in a private network; expected a public address (see --webhooks-private)")


def is_public(number: str) -> bool:
    """Say whether an address is on the public Internet: none of this machine, a private or a special network."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and any(address in network for network in _EMBEDDED_V4):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _numbers(host: str) -> list[str]:
    """Return the address that a host is written as, in any form such as 127.1; nothing for a name."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in entries]


def _is_loopback(host: str, numbers: list[str]) -> bool:
    return host == "localhost" or any(ipaddress.ip_address(number).is_loopback for number in numbers)
