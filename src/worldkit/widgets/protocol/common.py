"""Shapes that several widgets are sent. Nothing is checked when a message is sent; tests check it against these."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from pydantic import ConfigDict, with_config
from typing_extensions import TypeAliasType, TypedDict

from worldkit.core.diagnostics import ItemKind
from worldkit.core.profile import Severity as SeverityName

PROTOCOL = 1

message = with_config(ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True))
"""Marks the shape of a message, or of a part of one: it holds no other fields, and its fields are documented."""

Echo = str | int | None
"""What a request named itself, or its view; null where that could not be read."""
JsonObject = dict[str, Any]
Number = int | float
Severity = TypeAliasType("Severity", SeverityName)

Code = Literal["invalid", "conflict", "rule", "op", "internal", "read_only", "oversize", "blocked", "unsaved", "exists"]


@message
class DiagnosticItem(TypedDict):
    """What a finding is about."""

    kind: ItemKind
    id: str
    field: str


@message
class Diagnostic(TypedDict):
    """A finding of a rule."""

    lint: str
    severity: Severity
    path: str
    message: str
    item: DiagnosticItem
    count: NotRequired[int]
    """How many findings it stands for, if more than one: those of its rule that are not listed one by one."""
    remedy: NotRequired[str]
    """What its safe fix does; absent when only a writer can decide."""
    loc: NotRequired[JsonObject]
    """Where in factored prose it is, as a hosted server says."""


@message
class Reply(TypedDict):
    """A reply repeats the ``id`` and the ``view`` of its request; other messages have neither."""

    id: NotRequired[Echo]
    view: NotRequired[Echo]


@message
class Envelope(Reply):
    """What every message holds."""

    type: str


@message
class Accepted(Reply):
    """The reply to a request that was carried out, with what an edit took along."""

    type: Literal["accepted"]
    rev: NotRequired[str]
    notes: NotRequired[list[Diagnostic]]


@message
class Rejected(Reply):
    """The reply to a request that was not carried out, with the reason for a person."""

    type: Literal["rejected"]
    rev: NotRequired[str]
    code: Code
    message: str


# ---- what differs ------------------------------------------------------------------------------

PieceTag = Literal["same", "del", "ins", "gap"]
FieldPiece = TypeAliasType("FieldPiece", tuple[PieceTag, str])
ItemMark = TypeAliasType("ItemMark", Literal["added", "removed", "renamed", "changed", "moved"])
ChangeKind = Literal["world", "state", "event"]


@message
class FieldChange(TypedDict):
    """One field that differs: a text by ``words``, a list of texts by ``items``, all else by its two values."""

    path: str
    words: NotRequired[list[FieldPiece]]
    items: NotRequired[list[FieldPiece]]
    before: NotRequired[str]
    after: NotRequired[str]


@message
class StatePicture(TypedDict):
    """The picture of a state: a ``data:`` URL, or a storyboard drawing as SVG."""

    kind: Literal["painted", "stored", "entrance", "cover", "storyboard"]
    label: str
    note: str
    """What to tell of where it is from."""
    src: str
    """Empty for a storyboard drawing."""
    layers: list[str]
    """SVG texts, the farthest first; a thumbnail has one."""
    motion: Literal["push", "pull", "left", "right", "up", "down"]


@message
class PicturesReply(Reply):
    """The reply to ``pictures``: pictures by state."""

    type: Literal["pictures"]
    pictures: dict[str, StatePicture]


@message
class NewPictures(Reply):
    """Pictures that have just been made; they replace those that are shown, and nobody asked for them."""

    type: Literal["new_pictures"]
    detail: Literal["full", "thumbnail"]
    pictures: dict[str, StatePicture | None]
    """By state; null for one that is to be asked for when it is shown again."""
