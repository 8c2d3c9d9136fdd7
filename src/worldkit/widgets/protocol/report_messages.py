"""What the kernel sends to a report: all it holds, and runs asked for later."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.drawing.chart import Detail
from worldkit.widgets.protocol.common import Reply, Severity, message


@message
class RunHop(TypedDict):
    """One step of a run; ``through`` holds the states a sequence walks on the way."""

    event: str
    label: str
    origin: str
    state: str
    through: list[str]


@message
class ReportRun(TypedDict):
    """A run as it is shown."""

    start: str
    hops: list[RunHop]
    more: int
    """How many steps follow that are not shown."""
    crossing: int | None
    """Which step crosses the point of no return, from 0."""
    length: int
    moment: int
    """How many steps are played before the player is handed over."""


@message
class ReportEntry(TypedDict):
    """One finding."""

    index: int
    kind: str
    severity: Severity
    message: str
    fix: str
    states: list[str]
    event: str
    before: list[str] | None
    run: ReportRun | None
    later: bool
    """Whether a run may be had by asking for it."""


@message
class ReportGroup(TypedDict):
    """The findings of one kind, and how many more there are."""

    kind: str
    title: str
    entries: list[ReportEntry]
    more: int


@message
class ReportEnding(TypedDict):
    """One ending; ``reached`` is null where that is not decided, and ``kind`` may be a word of a later version."""

    state: str
    kind: str
    title: str
    reached: bool | None
    run: ReportRun | None
    later: bool


@message
class ReportCover(TypedDict):
    """Runs that together fire every event that can be fired."""

    sentence: str
    runs: list[ReportRun]
    more: int


StateMark = TypeAliasType("StateMark", Literal["reached", "unreached", "unseen"])
ChartCard = TypeAliasType(
    "ChartCard",
    Annotated[
        tuple[str, int, int, list[str], int],
        Field(description="A state: its id, its top-left corner, its name as lines, and their size."),
    ],
)
ChartLine = TypeAliasType(
    "ChartLine",
    Annotated[
        tuple[str, str, str, str, str, int, int],
        Field(description="A move: the event, the two states, its path, its arrow head's path, and a point on it."),
    ],
)
ChartBox = TypeAliasType(
    "ChartBox", Annotated[tuple[int, int, int, int], Field(description="Left, top, right and bottom.")]
)
ChartEnding = TypeAliasType(
    "ChartEnding",
    Annotated[tuple[str, str, str], Field(description="An ending: its state, its kind and its title.")],
)


@message
class ChartWeb(TypedDict):
    """The paths of all moves that can happen, of those that cannot, and of those without a source."""

    plain: str
    dead: str
    lost: str


@message
class ReportChart(TypedDict):
    """The map of a report."""

    detail: Detail
    card: tuple[int, int]
    """The width and the height of a card."""
    cards: list[ChartCard]
    lines: list[ChartLine]
    web: ChartWeb
    """Drawn where there are too many lines."""
    box: ChartBox


@message
class ReportSeed(TypedDict):
    """Everything a report shows."""

    protocol: int
    title: str
    mark: Literal["good", "wrong", "open"]
    worst: Severity
    verdict: str
    figures: list[tuple[str, str]]
    """The few figures that matter, each a value and a noun."""
    groups: list[ReportGroup]
    endings: list[ReportEnding]
    endings_more: int
    start: str | None
    marks: list[StateMark]
    """What is known of every state, in the order of the chart's cards."""
    ends: list[ChartEnding]
    stuck: list[str]
    idle: list[str]
    dead: list[str]
    exact: bool
    """Whether what can be reached is known exactly."""
    chart: ReportChart


@message
class RouteReply(Reply):
    """A run that was asked for; null when there is none."""

    type: Literal["route"]
    run: ReportRun | None


@message
class CoverReply(Reply):
    """The runs that cover everything."""

    type: Literal["cover"]
    cover: ReportCover
