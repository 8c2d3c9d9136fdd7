"""What an editor shows of the properties of its world, and what it draws over it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import Diagnostic, Reply, message

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
