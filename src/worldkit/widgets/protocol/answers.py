"""Whom a reply goes to, how large a message may be, and the replies that every widget gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json
from worldkit.widgets.protocol.common import Code, Echo

MAX_BYTES = 5_000_000
"""Largest message taken. The notebook server drops the connection at 10 MiB without a word to anybody."""


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a reply goes to: the request's own ``id`` and ``view``, None where they cannot be echoed.

    Attributes:
        id: Names the request.
        view: Names the view that sent it.
        again: The reply to the same request was lost, and the view does not know whether it was carried out.
    """

    id: Echo = None
    view: Echo = None
    again: bool = False


def address(content: Any) -> Address:
    """Return whom to answer, from any message at all."""
    if not isinstance(content, Mapping):
        return Address()
    return Address(_echo(content.get("id")), _echo(content.get("view")), content.get("again") is True)


def _echo(value: Any) -> Echo:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return value
    if isinstance(value, str) and len(value) <= 200 and not any("\ud800" <= c <= "\udfff" for c in value):
        return value
    return None


def size(content: Any) -> int:
    """Return how many bytes a message took on the wire, near enough."""
    try:
        return len(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    except (TypeError, ValueError, RecursionError):
        return 0  # no message from a browser; reading it will say what is wrong


# ---- answering -------------------------------------------------------------------------------


def reply(kind: str, to: Address, **body: Any) -> Json:
    """Return a reply to one request."""
    return {"type": kind, "id": to.id, "view": to.view, **body}


def accepted(to: Address, rev: str, notes: Diagnostics) -> Json:
    """Return the reply to an edit that was made, with what it took along."""
    return reply("accepted", to, rev=rev, notes=notes.to_list())


def rejected(to: Address, code: Code, message: str, rev: str | None = None) -> Json:
    """Return the reply to a request that was not carried out, with the reason for a person."""
    return reply("rejected", to, **({} if rev is None else {"rev": rev}), code=code, message=message)


def internal(to: Address, rev: str | None = None) -> Json:
    """Return the reply when something failed that should not; the details are in the kernel's log only."""
    return rejected(to, "internal", "worldkit failed here and changed nothing; the kernel's log says where", rev)


def interrupted(to: Address) -> Json:
    """Return the reply when the kernel was interrupted while it answered."""
    return rejected(to, "internal", "the kernel was interrupted before it answered; try again")
