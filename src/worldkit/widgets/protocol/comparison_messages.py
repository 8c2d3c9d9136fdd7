"""What the kernel sends to a comparison: two worlds on one map, and what is asked for later."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import (
    ChangeKind,
    DiagnosticItem,
    FieldChange,
    ItemMark,
    JsonObject,
    Reply,
    StatePicture,
    message,
)
from worldkit.widgets.protocol.request_parts import Positions

MapMark = TypeAliasType(
    "MapMark",
    Annotated[
        Literal["same", "added", "removed", "renamed", "changed", "moved", "was"],
        Field(description="What became of a thing; ``was`` is a way that a changed event no longer leads."),
    ],
)
MapSide = TypeAliasType(
    "MapSide", Annotated[Literal["both", "before", "after"], Field(description="The worlds a thing is of.")]
)
MarkedNode = TypeAliasType(
    "MarkedNode",
    Annotated[
        tuple[int, MapMark, int],
        Field(description="A node's number, what became of it, and the change it belongs to, or -1."),
    ],
)
MarkedPiece = TypeAliasType(
    "MarkedPiece",
    Annotated[
        tuple[MapMark, MapSide, int],
        Field(description="What became of an event of the map, the worlds it is of, and its change, or -1."),
    ],
)

ResultForm = TypeAliasType(
    "ResultForm",
    Annotated[
        Literal["text", "line", "lines", "json", "none"],
        Field(description="How a result is edited: prose, one line, a list with one item a line, JSON, or not at all."),
    ],
)


@message
class ConflictResult(TypedDict):
    """What stands at a conflict now, as text to edit."""

    form: ResultForm
    text: str


@message
class ComparedChange(TypedDict):
    """One thing that differs, and where on the map it is."""

    kind: ChangeKind
    id: str
    marks: list[ItemMark]
    was: NotRequired[str]
    fields: list[FieldChange] | None
    """Null when they are sent later."""
    nodes: list[int]
    pieces: list[int]


@message
class MergeConflict(TypedDict):
    """Something both sides of a merge changed; a side that holds nothing deleted it."""

    path: str
    item: DiagnosticItem
    """The same place as data, with the name it has in the merged world."""
    why: str
    ours: list[FieldChange]
    theirs: list[FieldChange]
    picked: Literal["", "ours", "theirs", "base", "value"]
    """What was picked: nothing yet, a side, or a value of one's own."""
    result: ConflictResult
    nodes: list[int]
    pieces: list[int]


@message
class ComparisonSeed(TypedDict):
    """Everything a comparison shows."""

    protocol: int
    names: tuple[str, str]
    """What the world before is called, and the world after."""
    world: JsonObject
    order: list[str]
    layout: Positions
    nodes: list[MarkedNode]
    pieces: list[MarkedPiece]
    changes: list[ComparedChange]
    conflicts: NotRequired[list[MergeConflict]]
    """Of a merge."""


@message
class FieldsReply(Reply):
    """What differs in one change."""

    type: Literal["fields"]
    fields: list[FieldChange]


@message
class ChangePicturesReply(Reply):
    """How a state looks in the world before and in the world after; null where it is not there, or looks the same."""

    type: Literal["change_pictures"]
    before: StatePicture | None
    after: StatePicture | None


@message
class PlayReply(Reply):
    """What the edit did to play."""

    type: Literal["play"]
    sentences: list[str]
