"""What an editor shows of the properties of its world, and what is answered about one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import Reply, message

PropertyOutcome = TypeAliasType(
    "PropertyOutcome",
    Annotated[
        Literal["holds", "vacuous", "broken", "undecided", "waiting", "invalid"],
        Field(
            description="``vacuous``: it holds of nothing. ``waiting``: it is not checked yet. ``invalid``: it names "
            "what the world does not have."
        ),
    ],
)
PropertyStep = TypeAliasType(
    "PropertyStep",
    Annotated[
        tuple[str, str, str, list[str]],
        Field(description="The event fired, the state it is fired in, the one after it, and those passed on the way."),
    ],
)


@message
class PropertyRun(TypedDict):
    """A run that breaks a property, or that shows what is possible: where it begins, and its steps."""

    start: str
    steps: list[PropertyStep]
    more: int
    """How many steps more it has than are listed."""


@message
class PropertyRow(TypedDict):
    """One property, and what became of it."""

    name: str
    text: str
    outcome: PropertyOutcome
    note: str
    """Why, for a person."""
    run: PropertyRun | None


@message
class PropertyList(TypedDict):
    """The properties of the world that is edited."""

    rows: list[PropertyRow]
    checking: bool
    """They are being checked; the outcomes are those of the world before the last edit."""
    place: str
    """The file that keeps them; empty when they live in the notebook only."""
    trouble: str
    """Why they cannot be read or saved; empty when all is well."""
    readable: bool
    """Whether they could be read; what could not be read is not edited."""
    tags: list[str]
    """The tags that properties may name."""


@message
class PropertyTextReply(Reply):
    """What a text that is being typed means: the property as it is written down, or what is wrong with it."""

    type: Literal["property_text"]
    text: str
    error: str


@message
class PropertySuggestion(TypedDict):
    """A property that holds today and is worth keeping."""

    name: str
    text: str


@message
class PropertySuggestionsReply(Reply):
    """Properties that hold today and are worth keeping."""

    type: Literal["property_suggestions"]
    suggestions: list[PropertySuggestion]


@message
class PlayedReply(Reply):
    """Where the world was opened: in a player in a cell of its own, or in one to be shown by the view that asked."""

    type: Literal["played"]
    player: str | None
    """The id of the model of the player to show; null when the run was opened in one that a cell shows."""
