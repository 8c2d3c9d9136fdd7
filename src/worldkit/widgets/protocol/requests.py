"""What the browser may ask of an editor or a comparison: one model for each request, a union of them for each widget.

Messages hold ``id`` and ``view`` too (see ``Address``), and fields that no request has are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    Strict,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)
from typing_extensions import TypeAliasType

from worldkit.core.json_values import quote
from worldkit.layout.annotations import MAX_COORDINATE, AnnotationPatch
from worldkit.widgets.protocol.expected import Expected, first_refused, refusal
from worldkit.widgets.protocol.generation_messages import GenerationRequest

LONGEST_LABEL = 120
LONGEST_PATH = 4_096
LONGEST_RESULT = 100_000
LONGEST_PROPERTY = 10_000
MOST_PROPERTIES = 200
MOST_PICTURES = 60

Choice = Literal["rebase", "theirs", "mine"]
"""What can become of edits made here when others were made elsewhere."""
Side = Literal["ours", "theirs", "base"]
"""What a conflict can be decided for."""


def one_line(text: str) -> str:
    """Return a label as one short line of printable characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_LABEL]).split())
    return flat if len(flat) <= LONGEST_LABEL else flat[: LONGEST_LABEL - 1] + "…"


# ---- parts -------------------------------------------------------------------------------------

_WholeCoordinate = Annotated[int, Field(ge=-int(MAX_COORDINATE), le=int(MAX_COORDINATE))]
_Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Position = TypeAliasType(
    "Position", Annotated[tuple[_WholeCoordinate | _Coordinate, _WholeCoordinate | _Coordinate], Strict(False)]
)
"""Of a list too, as JSON has no tuples. Whole numbers stay whole, so that a world is saved as it was."""


def _by_state(value: Any, parse: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Read places, and name the first that is wrong: there may be many thousands."""
    try:
        return parse(value)
    except ValidationError:
        wrong = first_refused(Position, value.items()) if isinstance(value, dict) else None
    if wrong is None:
        raise refusal("an object of [x, y] by state id", value)
    id, place = wrong
    raise refusal(f"[x, y], numbers up to {MAX_COORDINATE:g}, for {quote(id)}", place)


Positions = TypeAliasType("Positions", Annotated[dict[str, Position], WrapValidator(_by_state)])
Label = Annotated[str | None, AfterValidator(lambda label: one_line(label or "") or None)]
_OP = {"type": "object", "properties": {"op": {"type": "string"}}, "required": ["op"], "additionalProperties": True}
Op = TypeAliasType("Op", Annotated[dict[str, Any], WithJsonSchema(_OP)])
"""An operation. What is wrong in one is said by what carries it out."""
Index = Annotated[int, Field(ge=0), Expected("an index")]
Path = Annotated[str, Field(max_length=LONGEST_PATH)]


AnnotationChanges = Annotated[AnnotationPatch, Expected("regions, notes, tags, tagged and views by id")]


class Request(BaseModel):
    """A request, read from a message."""

    model_config = ConfigDict(frozen=True, strict=True)


class ItemOf(Request):
    """What a finding is about."""

    kind: str = ""
    id: str = ""
    field: str = ""


# ---- any widget --------------------------------------------------------------------------------


class Hello(Request):
    """A view asks for everything."""

    type: Literal["hello"]


class PicturesOf(Request):
    """Ask for the pictures of states; what is no state has none."""

    type: Literal["pictures"]
    states: Annotated[list[str], Field(max_length=MOST_PICTURES), Expected("a list of at most 60 ids of states")]
    detail: Literal["full", "thumbnail"] = "thumbnail"


# ---- editor ------------------------------------------------------------------------------------


class Edit(Request):
    """Operations made against a revision; the same gesture may place cards and change what is on the map."""

    type: Literal["edit"]
    base: Annotated[
        str,
        BeforeValidator(lambda rev: str(rev) if type(rev) is int else rev),
        Expected("the revision the edit was made against"),
    ]
    ops: Annotated[list[Op], FailFast(), Expected("a list of operations")]
    label: Label = None
    positions: Annotated[Positions, BeforeValidator(lambda places: {} if places is None else places)] = {}
    annotations: AnnotationChanges | None = None


class Undo(Request):
    """Take the last gesture back."""

    type: Literal["undo"]


class Redo(Request):
    """Do the last gesture that was taken back again."""

    type: Literal["redo"]


class Move(Request):
    """Cards were put somewhere, by hand or in a line."""

    type: Literal["move"]
    positions: Annotated[Positions, Field(min_length=1)]
    label: Label = None


class Annotate(Request):
    """Change the regions, notes, tags and views of the map."""

    type: Literal["annotate"]
    annotations: AnnotationChanges
    label: Label = None


class Tidy(Request):
    """Lay cards out anew: those that nobody placed, or ``everything``."""

    type: Literal["tidy"]
    everything: bool = False


class Fix(Request):
    """Apply a rule's safe fix to one finding."""

    type: Literal["fix"]
    lint: Annotated[str, Field(max_length=200)]
    item: Annotated[ItemOf, Expected("an object with kind, id and field")]


class EditFlag(Request):
    """Put another flag in the place of some across the world, or take them out with ``into`` null."""

    type: Literal["flag"]
    flags: Annotated[list[str], Field(min_length=1)]
    into: str | None = None


class WriteSheet(Request):
    """Ask for all texts as one sheet; of one reader's texts when that is named, to translate with a language."""

    type: Literal["write_sheet"]
    format: Literal["csv", "xliff"]
    reader: Literal["player", "picture", "recognition", "author"] | None = None
    language: Annotated[str | None, Field(max_length=40)] = None


class ReadSheet(Request):
    """Ask what a sheet that came back would change; ``overwrite`` counts texts that were changed meanwhile."""

    type: Literal["read_sheet"]
    name: Path
    text: str
    overwrite: bool = False


class FlagsHeld(Request):
    """Ask where each flag is held on arrival."""

    type: Literal["held"]


class GuardsOf(Request):
    """Ask which events must need which flags so that no run gets stuck."""

    type: Literal["guards"]


class FixAll(Request):
    """Apply a rule's safe fix to all of its findings, as one gesture."""

    type: Literal["fix_all"]
    lint: Annotated[str, Field(max_length=200)]


class Preview(Request):
    """Ask what operations would do, before they are made."""

    type: Literal["preview"]
    ops: Annotated[list[Op], FailFast(), Expected("a list of operations")]


class CodeOf(Request):
    """Ask for the edits as Python."""

    type: Literal["code"]


class PictureOf(Request):
    """Ask for the whole map as a picture."""

    type: Literal["picture"]
    theme: Literal["light", "dark"]
    pictures: bool = False


class PropertyEdit(Request):
    """One property to add, to change or to delete.

    ``name`` is the one that is changed, null for a new one. ``text`` is what it says then, null to delete it.
    ``rename`` is what it is called then, empty to call it by its text.
    """

    name: Annotated[str | None, Field(max_length=LONGEST_PROPERTY)] = None
    text: Annotated[str | None, Field(max_length=LONGEST_PROPERTY)] = None
    rename: Annotated[str | None, Field(max_length=LONGEST_PROPERTY)] = None


class EditProperties(Request):
    """Change what is demanded of every run."""

    type: Literal["edit_properties"]
    edits: Annotated[
        list[PropertyEdit], Field(min_length=1, max_length=MOST_PROPERTIES), Expected("a list of up to 200 edits")
    ]


class ReadProperty(Request):
    """Ask what a text that is being typed means as a property."""

    type: Literal["read_property"]
    text: Annotated[str, Field(max_length=LONGEST_PROPERTY)]


class SuggestProperties(Request):
    """Ask for properties that hold today and are worth keeping."""

    type: Literal["suggest_properties"]


class PlayProperty(Request):
    """Open the run of a property in a player."""

    type: Literal["play_property"]
    name: Annotated[str, Field(max_length=LONGEST_PROPERTY)]


class Explore(Request):
    """Play the world through, and show what was found over the map."""

    type: Literal["explore"]


class Save(Request):
    """Try again to save what is not saved, where the world lives."""

    type: Literal["save"]


class Reload(Request):
    """Look where the world lives for what was changed elsewhere."""

    type: Literal["reload"]


class WrittenText(Request):
    """What a person wrote at a thing that both changed, beginning with what a side has."""

    side: Side
    text: Annotated[str, Field(max_length=LONGEST_RESULT)]


class Reconcile(Request):
    """Decide what becomes of edits made here and edits made elsewhere.

    For a rebase, ``picks`` holds a side by the path of a thing that both changed, and ``written`` what a person wrote.
    """

    type: Literal["reconcile"]
    choice: Choice
    picks: Annotated[dict[str, Side], Expected("an object of ours, theirs, base by path")] = {}
    written: Annotated[dict[str, WrittenText], Expected("an object of a side and a text by path")] = {}


class SaveAs(Request):
    """Give the world a file, in which every edit is saved from then on; ``overwrite`` replaces what is there."""

    type: Literal["save_as"]
    path: Path
    overwrite: bool = False


class Begin(Request):
    """Begin a world, in an editor that has none yet.

    ``name`` is the new world's name, the sample's, or the file's path.
    """

    type: Literal["begin"]
    source: Literal["new", "sample", "file"]
    name: Path


class DecideLastRun(Request):
    """Decide what becomes of the edits that were made when the cell was last run.

    ``restore`` has the offer back that was discarded last.
    """

    type: Literal["last_run"]
    choice: Literal["take", "discard", "restore"]


class DecideNotTaken(Request):
    """Decide what becomes of the edits that a hosted server did not take."""

    type: Literal["not_taken"]
    choice: Literal["keep", "retry"]


PlaceRequest = Save | Reload | Reconcile | SaveAs | Begin | DecideLastRun | DecideNotTaken
"""About where the world lives: whether it is saved there, and what it begins with."""
EditorRequest = (
    Hello
    | Edit
    | Undo
    | Redo
    | Move
    | Annotate
    | Tidy
    | Fix
    | EditFlag
    | FlagsHeld
    | GuardsOf
    | WriteSheet
    | ReadSheet
    | FixAll
    | Preview
    | CodeOf
    | PictureOf
    | PicturesOf
    | Explore
    | EditProperties
    | ReadProperty
    | SuggestProperties
    | PlayProperty
    | PlaceRequest
    | GenerationRequest
)
GeneratorRequest = Hello | GenerationRequest

# ---- comparison --------------------------------------------------------------------------------


class FieldsOf(Request):
    """Ask a comparison what differs in one of its changes."""

    type: Literal["fields"]
    change: Index


class ChangePicturesOf(Request):
    """Ask a comparison how a state that differs looks in both worlds."""

    type: Literal["change_pictures"]
    change: Index


class PlayOf(Request):
    """Ask a comparison what the edit did to play."""

    type: Literal["play"]


class Resolve(Request):
    """Decide a conflict of a merge for a side."""

    type: Literal["resolve"]
    conflict: Index
    side: Side


class WriteResult(Request):
    """Decide a conflict of a merge for a text of one's own, in the form that its result has."""

    type: Literal["write"]
    conflict: Index
    text: Annotated[str, Field(max_length=LONGEST_RESULT)]


CompareRequest = Hello | FieldsOf | ChangePicturesOf | PlayOf | Resolve | WriteResult
