"""The address of a Reactor model: a runtime of one's own, or a model of a coordinator that many share."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from urllib.parse import urlsplit

from worldkit.core.errors import WorldError
from worldkit.model_access.host import is_host_name, is_loopback
from worldkit.model_access.secret_texts import public_part

EXAMPLE = "reactor:http://127.0.0.1:8080, or reactor:https://host/owner/model"


@dataclass(frozen=True, slots=True)
class ReactorAddress:
    """Where a model answers.

    Attributes:
        url: Of the runtime, or of the coordinator.
        model: The model's name; for a runtime of one's own, which has one model, any.
        is_own: It is a runtime of one's own: no token is needed, and none is sent.
    """

    url: str
    model: str
    is_own: bool

    @property
    def shown(self) -> str:
        """The address for messages."""
        return self.url if self.is_own else f"{self.url}/{self.model}"


def reactor_address(text: str, has_secret: bool = False) -> ReactorAddress:
    """Return the address to connect to.

    Args:
        text: ``http://`` for a runtime of one's own, ``https://host/model`` for a coordinator; with or without
            ``reactor:``.
        has_secret: Whether a key or token is to be sent.

    Raises:
        WorldError: It is no such address.
    """
    try:
        parts = urlsplit(text.removeprefix("reactor:"))
        scheme, host, _ = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        raise WorldError(f"the address of the painter cannot be read; expected {EXAMPLE}") from None
    model = parts.path.strip("/")
    has_host = is_host_name(host or "")
    if scheme not in ("http", "https") or not host or not has_host or "@" in parts.netloc or parts.query:
        raise WorldError(f"a Reactor model's address is {EXAMPLE}, without a query; found {public_part(text)!r}")
    is_own = not has_secret and (scheme == "http" or not model)
    if not is_own and not model:
        raise WorldError(f"a coordinator has many models: name one, as in {EXAMPLE}; found {public_part(text)!r}")
    if has_secret and scheme == "http" and not is_loopback(host):
        warnings.warn(f"a key goes to {scheme}://{parts.netloc} unencrypted; use https://", stacklevel=2)
    return ReactorAddress(f"{scheme}://{parts.netloc}", model or "model", is_own)
