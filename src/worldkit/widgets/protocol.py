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

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json

PROTOCOL = 1
MAX_BYTES = 5_000_000
"""Largest message taken. The notebook server drops the connection at 10 MiB without a word to anybody."""

Position = tuple[float, float]
Who = str | int | None
"""A view, as it names itself."""

Code = Literal["invalid", "conflict", "rule", "op", "internal", "read_only", "oversize", "blocked", "unsaved", "exists"]


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
    """Cards were put somewhere, by hand or in a line."""

    positions: dict[str, Position]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Tidy:
    """Lay cards out anew: those that nobody placed, or ``everything``."""

    everything: bool = False


@dataclass(frozen=True, slots=True)
class Fix:
    """Apply a rule's safe fix to one finding."""

    lint: str
    item: Json


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Ask for the edits as Python."""


@dataclass(frozen=True, slots=True)
class Explore:
    """Play the world through, and show what was found over the map."""


@dataclass(frozen=True, slots=True)
class Save:
    """Try again to save what is not saved, where the world lives."""


@dataclass(frozen=True, slots=True)
class Reload:
    """Look where the world lives for what was changed elsewhere."""


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Decide what becomes of edits made here and edits made elsewhere.

    Attributes:
        choice: ``"rebase"``, ``"theirs"`` or ``"mine"``.
        picks: For a rebase, a side by the path of a thing that both changed.
    """

    choice: str
    picks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaveAs:
    """Give the world a file, in which every edit is saved from then on.

    Attributes:
        path: The file.
        overwrite: Replace what is there.
    """

    path: str
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a world, in an editor that has none yet.

    Attributes:
        source: ``"new"``, ``"sample"`` or ``"file"``.
        name: The new world's name, the sample's, or the file's path.
    """

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """Decide what becomes of the edits that were made when the cell was last run.

    Attributes:
        choice: ``"take"``, ``"discard"``, or ``"restore"`` to have the offer back that was discarded last.
    """

    choice: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a player does, or the tester beside them."""

    action: str
    event: str = ""
    ms: float = 0
    forward: bool = False
    to: int = 0
    text: str = ""
    flag: str = ""
    label: str | None = None
    mode: str = ""
    sample: Json = field(default_factory=dict)
    position: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """Ask a player what there is to know of the whole world: flags, states, labels."""


@dataclass(frozen=True, slots=True)
class ScriptOf:
    """Ask a player for its run as text that repeats it."""

    kind: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a run in a report is to.

    Attributes:
        kind: ``"finding"``, ``"ending"`` or ``"run"``, one of those that cover everything.
        index: The finding's or run's place.
        id: The ending's state.
    """

    kind: str
    index: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True)
class PlayRun:
    """Open the player at a run of a report."""

    target: Target


@dataclass(frozen=True, slots=True)
class RouteOf:
    """Ask for a run of a report."""

    target: Target


@dataclass(frozen=True, slots=True)
class CoverOf:
    """Ask a report for the runs that cover everything."""


@dataclass(frozen=True, slots=True)
class FieldsOf:
    """Ask a comparison what differs in one of its changes."""

    change: int


@dataclass(frozen=True, slots=True)
class PlayOf:
    """Ask a comparison what the edit did to play."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """Decide a conflict of a merge for ``"ours"``, ``"theirs"`` or ``"base"``."""

    conflict: int
    side: str


CompareRequest = Hello | FieldsOf | PlayOf | Resolve
PlayerRequest = Act | Hello | About | ScriptOf
ReportRequest = PlayerRequest | PlayRun | RouteOf | CoverOf
PlaceRequest = Save | Reload | Reconcile | SaveAs | Begin | LastRun
EditorRequest = Hello | Edit | Undo | Redo | Move | Tidy | Fix | CodeOf | Explore | PlaceRequest

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
