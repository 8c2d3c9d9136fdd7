"""What the kernel sends to an editor: its seed, what changed, and what its other traits hold."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.layout.annotations import AnnotationPatch
from worldkit.widgets.protocol.common import (
    Accepted,
    ChangeKind,
    Diagnostic,
    DiagnosticItem,
    Echo,
    FieldChange,
    ItemMark,
    JsonObject,
    Rejected,
    Reply,
    message,
)
from worldkit.widgets.protocol.comparison_messages import ConflictResult
from worldkit.widgets.protocol.generation_messages import ModelOffer
from worldkit.widgets.protocol.picture_messages import PicturesReply
from worldkit.widgets.protocol.property_messages import (
    PropertyPlayedReply,
    PropertySuggestionsReply,
    PropertyTextReply,
)
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
    | PropertyPlayedReply
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


# ---- overlays ----------------------------------------------------------------------------------

OverlayMark = TypeAliasType(
    "OverlayMark",
    Annotated[
        Literal["never", "stuck", "idle", "seen", "unseen"],
        Field(
            description="``never``: no run can. ``stuck``: no ending can be reached. ``idle``: nothing left to do. "
            "``seen`` and ``unseen``: by some run, by none."
        ),
    ],
)
OverlayState = TypeAliasType(
    "OverlayState",
    Annotated[
        tuple[str, OverlayMark, str, int | float],
        Field(description="A state's id, its mark, the same in words, and how much of it from 0 to 1."),
    ],
)
OverlayEvent = TypeAliasType(
    "OverlayEvent",
    Annotated[
        tuple[str, str | None, OverlayMark, str, int | float],
        Field(description="The same for an event, by its name and the state it was fired in, null for all of them."),
    ],
)


@message
class OverlayLegend(TypedDict):
    """What a mark means, and how many states and events have it."""

    mark: OverlayMark
    states: int
    stateWords: str
    events: int
    eventWords: str


@message
class OverlayLayer(TypedDict):
    """Something drawn over the map: where runs have been, or what can never happen."""

    key: str
    kind: Literal["explored", "crowd", "runs"]
    title: str
    said: str
    stale: bool
    serial: int
    """Grows with every overlay that is put up, so that a view shows the newest."""
    states: list[OverlayState]
    events: list[OverlayEvent]
    legend: list[OverlayLegend]
    findings: list[Diagnostic]


EdgeTaken = TypeAliasType("EdgeTaken", tuple[str, str])


@message
class RunPosition(TypedDict):
    """Where the player beside the editor is and has been."""

    state: str
    over: bool
    steps: int
    states: list[str]
    edges: list[EdgeTaken]
    """The events taken, each with the state it was fired in."""
    last: EdgeTaken | None


# ---- where the world lives ---------------------------------------------------------------------


@message
class ChangeElsewhere(TypedDict):
    """One change made elsewhere."""

    mark: ItemMark
    kind: ChangeKind
    id: str
    fields: list[FieldChange]


@message
class SideResults(TypedDict):
    """What stands at a conflict when a side is picked, as text to edit."""

    ours: ConflictResult
    theirs: ConflictResult
    base: ConflictResult


@message
class EditClash(TypedDict):
    """One thing that both changed; a side that is empty deleted it."""

    path: str
    item: DiagnosticItem
    """The same place as data."""
    why: str
    ours: list[FieldChange]
    theirs: list[FieldChange]
    results: SideResults


@message
class EditConflict(TypedDict):
    """What was changed elsewhere and stands in the way of saving."""

    rev: str
    """The revision it is at there: the number of a counter, or a file's digest."""
    elsewhere: list[ChangeElsewhere]
    more: int
    """How many things more were changed elsewhere than are named."""
    clashes: list[EditClash]
    undecided: int
    warnings: list[str]
    """What both edits together do to play that neither does alone."""


@message
class Binding(TypedDict):
    """Where the world lives, and whether all is saved there."""

    kind: Literal["store", "file", "notebook"]
    """``notebook`` for a world that lives nowhere else."""
    place: str
    name: str
    rev: str
    status: Literal["saved", "unsaved", "conflict", "nowhere"]
    trouble: str
    note: str
    """Why the map is not saved; empty when it is."""
    map_is_here: bool
    """Whether the map is kept on this computer, because the world's place has no room for it."""
    remembered: bool
    """Whether the edits are offered when the cell is run again."""
    count: int
    """How many edits made here are not saved."""
    waiting: list[str]
    """What the last of them are called."""
    conflict: EditConflict | None
    not_taken: list[Diagnostic]
    """The edits that a hosted server did not take, until somebody decides about them."""


@message
class LastRun(TypedDict):
    """What was edited when the cell was last run, and is to be decided about."""

    count: int
    labels: list[str]
    place: str
    """Where it is saved; empty when it is not."""


@message
class SampleOffer(TypedDict):
    """A sample that a world can be begun with."""

    id: str
    name: str
    about: str


@message
class Start(TypedDict):
    """What a world can be begun with."""

    samples: list[SampleOffer]
    models: list[ModelOffer]
