"""Where a /v1 API is: an address that a key may be sent to."""

from __future__ import annotations

import httpx

from worldkit.core.errors import WorldError
from worldkit.model_access.host import is_loopback
from worldkit.model_access.secret_texts import public_part
from worldkit.stores.api.secret import redacted

HOSTED_URL = "https://api.alakazam.gg"
"""The hosted service."""


class ApiAddress:
    """Where a /v1 API is.

    Args:
        base_url: Its address: https, or http where the host is this machine.

    Attributes:
        url: The address, without a slash at its end.
        host: Its host and port.
        is_loopback: Whether it is this machine.
        is_hosted: Whether it is the hosted service.

    Raises:
        WorldError: It is none, or the key would go over the network in the open.
    """

    def __init__(self, base_url: str) -> None:
        unreadable = WorldError(
            f"base_url: expected an address such as https://api.example.org, got {_quote(base_url)}"
        )
        try:
            url = httpx.URL(base_url.rstrip("/"))
            host, port = url.host, url.port
            url.raw_host.decode("ascii").encode("idna")  # as a connection does
        except (httpx.InvalidURL, ValueError, TypeError, AttributeError):
            raise unreadable from None
        if url.userinfo or url.query or url.fragment:
            raise WorldError("base_url: expected a host and perhaps a path, without a user, a query or a fragment")
        self.is_loopback = is_loopback(host)
        if not host or url.scheme not in ("https", "http") or not 0 < (port or 1) <= 65535:
            raise unreadable
        if url.scheme == "http" and not self.is_loopback:
            raise WorldError(
                f"base_url: {_quote(base_url)} is http, which would send the key in the open; use https "
                "(http is for this machine only, such as http://127.0.0.1:8000)"
            )
        if url.path.endswith("/v1"):
            raise WorldError(f"base_url: {_quote(base_url)} ends in /v1, which every call adds; leave it out")
        self.url = str(url)
        # also by another port, below a path or with the dot of the root, so that no token of another server goes there
        self.is_hosted = host.lower().rstrip(".") == httpx.URL(HOSTED_URL).host
        self.host = url.netloc.decode("ascii")


def _quote(text: object) -> str:
    return repr(redacted(public_part(str(text))))
