"""What the browser may ask of an editor: one model for each request, and a union of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, FailFast, Field

from worldkit.widgets.protocol.generation import GenerationRequest
from worldkit.widgets.protocol.request_parts import (
    AnnotationChanges,
    Expected,
    Hello,
    Label,
    Op,
    Path,
    PicturesOf,
    Positions,
    Request,
)
from worldkit.widgets.protocol.saving_requests import PlaceRequest

MAX_PROPERTY_LENGTH = 10_000
MAX_PROPERTY_EDITS = 200


class ItemOf(Request):
    """What a finding is about."""

    kind: str = ""
    id: str = ""
    field: str = ""


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
    positions: Annotated[Positions, BeforeValidator(lambda places: {} if places is None else places)] = Field({})
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

    name: Annotated[str | None, Field(max_length=MAX_PROPERTY_LENGTH)] = None
    text: Annotated[str | None, Field(max_length=MAX_PROPERTY_LENGTH)] = None
    rename: Annotated[str | None, Field(max_length=MAX_PROPERTY_LENGTH)] = None


class EditProperties(Request):
    """Change what is demanded of every run."""

    type: Literal["edit_properties"]
    edits: Annotated[
        list[PropertyEdit], Field(min_length=1, max_length=MAX_PROPERTY_EDITS), Expected("a list of up to 200 edits")
    ]


class ReadProperty(Request):
    """Ask what a text that is being typed means as a property."""

    type: Literal["read_property"]
    text: Annotated[str, Field(max_length=MAX_PROPERTY_LENGTH)]


class SuggestProperties(Request):
    """Ask for properties that hold today and are worth keeping."""

    type: Literal["suggest_properties"]


class Play(Request):
    """Open the world in a player."""

    type: Literal["play"]
    property: Annotated[str, Field(max_length=MAX_PROPERTY_LENGTH)] | None = None
    """The property whose run is opened; none for the world at its start."""


class ClosePlayer(Request):
    """Close the player that was opened here, so that the map no longer shows its run."""

    type: Literal["close_player"]


class Explore(Request):
    """Play the world through, and show what was found over the map."""

    type: Literal["explore"]


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
    | Play
    | ClosePlayer
    | PlaceRequest
    | GenerationRequest
)
