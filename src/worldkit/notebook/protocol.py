"""Protocol 1 between the kernel and the browser: what may be asked, and the shape of every answer.

The browser sends ``{type, id, view, ...}``; each such message gets exactly one reply that echoes ``id``
and ``view``. Requests are frozen values (``reading`` makes them of messages), answers are JSON values.
``widgets/shared/protocol.ts`` says the same in TypeScript.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from worldkit.diagnostics import Diagnostics
from worldkit.jsonish import Json

PROTOCOL = 1
MAX_BYTES = 5_000_000
"""Largest message taken. The notebook server drops the connection at 10 MiB without a word to anybody."""

Position = tuple[float, float]
Code = Literal["invalid", "conflict", "rule", "op", "internal", "read_only", "oversize", "blocked"]


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a reply goes to: the request's own ``id`` and ``view``, None where they cannot be echoed."""

    id: str | int | None = None
    view: str | int | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """A view asks for everything."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Operations made against a revision; ``positions`` places cards in the same gesture."""

    base: str
    ops: list[Json]
    label: str | None = None
    positions: dict[str, Position] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last gesture back."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Do the last gesture that was taken back again."""


@dataclass(frozen=True, slots=True)
class Move:
    """Cards were dragged to places."""

    positions: dict[str, Position]


@dataclass(frozen=True, slots=True)
class Tidy:
    """Lay everything out anew."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Apply a rule's safe fix to one finding."""

    lint: str
    item: Json


@dataclass(frozen=True, slots=True)
class Prompt:
    """Ask for the prompts of a state."""

    state: str


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Ask for the edits as Python."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a player does."""

    action: str
    event: str = ""
    ms: float = 0
    forward: bool = False
    to: int = 0
    text: str = ""


EditorRequest = Hello | Edit | Undo | Redo | Move | Tidy | Fix | Prompt | CodeOf

# ---- whom, how large ---------------------------------------------------------------------------


def address(content: Any) -> Address:
    """Return whom to answer, from any message at all."""
    if not isinstance(content, Mapping):
        return Address()
    return Address(_echo(content.get("id")), _echo(content.get("view")))


def _echo(value: Any) -> str | int | None:
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


def oversize(to: Address, bytes: int, rev: str | None = None) -> Json:
    """Return the refusal of a message that is too large."""
    said = (
        f"this message is {bytes / 1e6:.1f} MB, more than the {MAX_BYTES / 1e6:g} MB taken; make the change from Python"
    )
    return rejected(to, "oversize", said, rev)


def internal(to: Address, rev: str | None = None) -> Json:
    """Return the reply when something failed that should not; the details are in the kernel's log only."""
    return rejected(to, "internal", "worldkit failed here and changed nothing; the kernel's log says where", rev)
