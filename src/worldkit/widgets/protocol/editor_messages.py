"""What the kernel sends to an editor: its seed, what changed, and replies."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.layout.annotations import AnnotationPatch
from worldkit.widgets.protocol.common import (
    Accepted,
    Diagnostic,
    DiagnosticItem,
    Echo,
    JsonObject,
    PicturesReply,
    Rejected,
    Reply,
    message,
)
from worldkit.widgets.protocol.editor_parts import PlayedReply, PropertySuggestionsReply, PropertyTextReply
from worldkit.widgets.protocol.request_parts import Positions


@message
class RuleInfo(TypedDict):
    """A rule: its name, why it exists, and whether it can fix its findings."""

    title: str
    explanation: str


@message
class Selection(TypedDict):
    """The state or the event that is selected."""

    kind: Literal["state", "event"]
    id: str


@message
class Seed(TypedDict):
    """Everything a view needs to begin."""

    protocol: int
    world: JsonObject
    order: NotRequired[list[str]]
    """The state ids in world order. JSON objects reorder keys such as "10" in a browser; this list does not."""
    layout: Positions
    annotations: NotRequired[AnnotationPatch]
    """The regions, notes, tags and views of the map."""
    rev: str
    diagnostics: list[Diagnostic]
    undo: str | None
    redo: str | None
    rules: dict[str, RuleInfo]


_SPLICE = "At which index, how many go, and what comes there{}. Splices stand from last to first."
StateSplice = TypeAliasType(
    "StateSplice",
    Annotated[
        tuple[int, int, list[tuple[str, JsonObject]]], Field(description=_SPLICE.format(", each an id and a body"))
    ],
)
EventSplice = TypeAliasType(
    "EventSplice", Annotated[tuple[int, int, list[JsonObject]], Field(description=_SPLICE.format(""))]
)
DiagnosticSplice = TypeAliasType(
    "DiagnosticSplice", Annotated[tuple[int, int, list[Diagnostic]], Field(description=_SPLICE.format(""))]
)


@message
class WorldPatch(TypedDict):
    """Fields of the world to set and to remove; ``scene.<key>`` is a field of its scene."""

    set: NotRequired[JsonObject]
    remove: NotRequired[list[str]]


@message
class Patch(TypedDict):
    """What became of the world."""

    states: NotRequired[list[StateSplice]]
    events: NotRequired[list[EventSplice]]
    world: NotRequired[WorldPatch]


@message
class SeedReply(Reply):
    """The reply to ``hello``."""

    type: Literal["seed"]
    seed: Seed


@message
class CodeReply(Reply):
    """The edits as Python."""

    type: Literal["code"]
    text: str


@message
class PictureReply(Reply):
    """The whole map as an SVG picture."""

    type: Literal["picture"]
    svg: str


@message
class FlagHeld(TypedDict):
    """In which states a flag is held on arrival: after every way there, or after some."""

    always: list[str]
    sometimes: list[str]


@message
class Guard(TypedDict):
    """Events that are to need flags, so that no run gets stuck in some states; proved by play."""

    events: list[str]
    flags: list[str]
    states: list[str]


@message
class GuardsReply(Reply):
    """The guards that repair soft-locks of the world at ``rev``."""

    type: Literal["guards"]
    rev: str
    guards: list[Guard]


@message
class HeldReply(Reply):
    """Where each flag is held on arrival, in the world at ``rev``."""

    type: Literal["held"]
    rev: str
    flags: dict[str, FlagHeld]


@message
class SheetReply(Reply):
    """All texts as one sheet."""

    type: Literal["sheet"]
    text: str


@message
class SheetClash(TypedDict):
    """A text that was changed since the sheet was written: what it is now, and what the sheet has."""

    key: str
    current: str
    text: str


@message
class SheetEditsReply(Reply):
    """What a sheet that came back would change, as operations on the world at ``rev``."""

    type: Literal["sheet_edits"]
    rev: str
    ops: list[JsonObject]
    changed: int
    outdated: list[SheetClash]
    unknown: list[str]


@message
class PreviewReply(Reply):
    """What operations would do."""

    type: Literal["preview"]
    changes: list[str]
    """Each in words."""
    settled: int
    """How many findings would be gone."""
    raised: int
    fresh: list[str]
    """Some of the findings that would be new, each as a sentence."""


@message
class Show(TypedDict):
    """Lead a person to a thing of the world: another widget asked for it."""

    type: Literal["show"]
    item: DiagnosticItem
    panel: Literal["details", "problems"]


EditorReply = (
    Accepted
    | Rejected
    | SeedReply
    | CodeReply
    | PictureReply
    | PicturesReply
    | HeldReply
    | GuardsReply
    | SheetReply
    | SheetEditsReply
    | PreviewReply
    | PropertyTextReply
    | PropertySuggestionsReply
    | PlayedReply
)


_From = TypedDict("_From", {"from": str})


@message
class Changed(Reply, _From):
    """What every view is told of a change: it leads ``from`` one revision to another."""

    type: Literal["changed"]
    rev: str
    patch: Patch
    layout: Positions
    annotations: NotRequired[AnnotationPatch]
    """What changed of the regions, notes, tags and views."""
    diagnostics: list[DiagnosticSplice]
    """What became of the findings; empty when they are the same."""
    undo: str | None
    redo: str | None
    cause: Echo
    """The request that did it; null when Python did."""
