"""Origins of web pages: what an app may name, and which is the server's own (docs/spec/api-v1.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worldkit.core.errors import WorldError
from worldkit.model_access.host import is_loopback

if TYPE_CHECKING:
    from fastapi import Request

    from worldkit.server.settings import Settings

ORIGIN_PATTERN = r"https?://(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_ORIGIN = re.compile(ORIGIN_PATTERN, re.IGNORECASE)
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def of_url(url: str) -> str | None:
    """Return the origin of an address, in lower case and without a default port; None of what is no address."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ''))}"


def of_server(request: Request, settings: Settings) -> str | None:
    """Return the origin that the server is reached under."""
    return of_url(settings.public_url or str(request.base_url))


def is_origin(text: str) -> bool:
    """Say whether a text is an origin: a scheme, a host, perhaps a port, and nothing else."""
    try:
        return _ORIGIN.fullmatch(text) is not None and urlsplit(text).port != 0
    except ValueError:  # a port that there is not
        return False


def checked(text: str, *, is_http_taken: bool = False) -> str:
    """Return an origin as browsers write it: in lower case, without a default port or a slash at its end.

    Args:
        text: ``https://host[:port]``; ``http`` is for this machine only.
        is_http_taken: Whether ``http`` is taken of other machines too.

    Raises:
        WorldError: It is no such origin.
    """
    origin = of_url(text) if is_origin(text.removesuffix("/")) else None
    is_http = origin is not None and origin.startswith("http:") and not is_loopback(urlsplit(origin).hostname or "")
    if origin is None or (is_http and not is_http_taken):
        raise WorldError(
            f"expected an origin such as https://game.example, got {text[:100]!r}; it has no path"
            + ("" if is_http_taken else ", and http is for localhost only")
        )
    return origin
