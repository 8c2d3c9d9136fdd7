"""The address of a world model: what may be connected to, and where its key goes."""

from __future__ import annotations

import base64
import warnings
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from worldkit.core.characters import printable_line
from worldkit.core.errors import WorldError
from worldkit.model_access.host import is_host_name, is_loopback
from worldkit.model_access.library_logs import hide_in_logs
from worldkit.model_access.secret_texts import public_part, secret_texts, without_secrets

FORM = "ws://host:port/path, with the signs of a password as %2F and the like"
SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


@dataclass(frozen=True, slots=True)
class ModelAddress:
    """Where a world model answers.

    Attributes:
        safe_url: The address without its query, for messages: the query may hold a key.
        full_url: The address that is connected to.
        secrets: What of it is never shown, in every form in which a server may repeat it.
    """

    safe_url: str
    full_url: str = field(repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def host(self) -> str:
        """The host's name or address."""
        return urlsplit(self.full_url).hostname or ""

    def describe(self, error: BaseException) -> str:
        """Return the text of an error on one line, without the parts of this address that may be secret."""
        return printable_line(without_secrets(str(error), self.secrets))[:200] or type(error).__name__


def websocket_address(url: str, key: str | None = None) -> ModelAddress:
    """Return the address to connect to.

    Args:
        url: ``ws://`` or ``wss://``; ``http`` and ``https`` are rewritten.
        key: Goes into the query as ``key=``, unless the address has one already.

    Raises:
        WorldError: It is no such address.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1
    """
    try:
        parts = urlsplit(url)
        scheme, host = SCHEMES.get(parts.scheme.lower(), ""), parts.hostname
        _ = parts.port  # raises ValueError for a port that is not a number
    except ValueError:
        raise WorldError(f"the address of the painter cannot be read; expected {FORM}") from None
    if not scheme or not host or not is_host_name(host):
        raise WorldError(
            f"a painter's address begins with ws:// or wss://, and names a host; found {public_part(url)!r}"
        )
    query = parts.query
    if key and "key" not in dict(parse_qsl(query, keep_blank_values=True)):
        query = f"{query}&key={quote(key, safe='')}" if query else f"key={quote(key, safe='')}"
    user = parts.netloc.rpartition("@")[0]
    basic = base64.b64encode(unquote(user).encode("utf-8", "surrogatepass")).decode()  # as a header has it
    address = ModelAddress(
        safe_url=urlunsplit((scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")),
        full_url=urlunsplit((scheme, parts.netloc, parts.path, query, "")),
        secrets=secret_texts(query, key or "", user, parts.password or "", basic),
    )
    has_secret = "key" in dict(parse_qsl(query)) or "@" in parts.netloc
    hide_in_logs(address.secrets)
    if scheme == "ws" and has_secret and not is_loopback(host):
        warnings.warn(f"a key goes to {address.safe_url} unencrypted; use wss://", stacklevel=2)
    return address
