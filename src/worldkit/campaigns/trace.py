"""What happened in a run through a campaign: a trace for every act, as one value that replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, ValidationError

from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import Json
from worldkit.core.model import OptionalNotNull, Part, Switch, Text
from worldkit.core.problems import problems, validate
from worldkit.core.quoting import format_count
from worldkit.playing.position import Position
from worldkit.playing.trace import Step, Trace, TraceError
from worldkit.playing.trace_schema import Ms, PositionRow, TraceRow

FORMAT = "smworld-campaign-trace"
VERSION = 1


@shown_briefly
@dataclass(frozen=True, slots=True)
class Segment:
    """One act of a run.

    Attributes:
        act: The act's id.
        trace: What happened in its world, on its own clock; its start holds the flags carried.
        edge: The edge taken out of it, by its place among the campaign's edges from 0; None when none was.
        rewound: It came to a dead end, and began again.
        start: Where the act began, of a run that began in the middle of it; None when that is where the trace begins.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> session = wk.CampaignSession(campaign, {"w": world})
        >>> step = session.fire("walk_up_the_lane")
        >>> [(segment.act, len(segment.trace)) for segment in session.trace.segments]
        [('a', 1)]
    """

    act: str
    trace: Trace
    edge: int | None = None
    rewound: bool = False
    start: Position | None = None

    def to_dict(self) -> Json:
        """Return the segment as JSON values."""
        data: Json = {"act": self.act, "trace": self.trace.to_dict()}
        if self.edge is not None:
            data["edge"] = self.edge
        if self.rewound:
            data["rewound"] = True
        if self.start is not None:
            data["start"] = self.start.to_dict()
        return data


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True)
class CampaignTrace:
    """A run through a campaign as a value; ``len(trace)`` counts the events fired.

    Attributes:
        segments: The acts played, in order; there is at least one.
        seed: The run's seed.
        clock: ms since the run began, all acts together.
        past_endings: Play was allowed to go on past endings.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> session = wk.CampaignSession(campaign, {"w": world})
        >>> step = session.fire("walk_up_the_lane")
        >>> len(session.trace)
        1
        >>> wk.CampaignTrace.from_json(session.trace.to_json()) == session.trace
        True
    """

    segments: tuple[Segment, ...]
    seed: int = 0
    clock: int = 0
    past_endings: bool = False

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts played, in order; one that was played twice stands there twice."""
        return tuple(segment.act for segment in self.segments)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The events fired, in order; the times of each are those of its act's clock."""
        return tuple(step for segment in self.segments for step in segment.trace.steps)

    @property
    def events(self) -> tuple[str, ...]:
        """The names fired, in order."""
        return tuple(step.event for step in self.steps)

    def __len__(self) -> int:
        return sum(len(segment.trace) for segment in self.segments)

    def to_dict(self) -> Json:
        """Return the trace as JSON values."""
        data: Json = {"format": FORMAT, "version": VERSION, "seed": self.seed}
        if self.past_endings:
            data["pastEndings"] = True
        return {**data, "segments": [segment.to_dict() for segment in self.segments], "clock": self.clock}

    def to_json(self, indent: int | None = 2) -> str:
        """Return the trace as JSON text.

        Args:
            indent: Spaces a level, or None for one line.

        Example:
            >>> print(wk.CampaignSession(campaign, worlds).trace.to_json(indent=None))
            {"format": "smworld-campaign-trace", "version": 1, "seed": 0, "segments": [{"act": "first", ...}], ...}
        """
        return json_values.dumps(self.to_dict(), indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CampaignTrace:
        """Read a trace from JSON values, as ``to_dict`` writes them.

        Raises:
            TraceError: With every problem and its path.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.fire("walk_up_the_lane")
            >>> wk.CampaignTrace.from_dict(session.trace.to_dict()).events
            ('walk_up_the_lane',)
        """
        try:
            document = validate(CampaignTraceRow, data)
        except ValidationError as error:
            problem_lines = "\n".join(f"  {problem}" for problem in problems(error, limit=20))
            raise TraceError(None, f"not a readable trace of a campaign:\n{problem_lines}") from None
        traces = [Trace.from_dict(segment["trace"]) for segment in data["segments"]]
        segments = tuple(_segment_of(row, trace) for row, trace in zip(document.segments, traces, strict=True))
        clock = sum(trace.clock for trace in traces)
        return cls(segments, document.seed, clock if document.clock is None else document.clock, document.past_endings)

    @classmethod
    def from_json(cls, text: str) -> CampaignTrace:
        """Read a trace from JSON text.

        Raises:
            TraceError: It is not JSON, or not a trace of a campaign.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.fire("walk_up_the_lane")
            >>> trace = wk.CampaignTrace.from_json(session.trace.to_json())
            >>> wk.replay_campaign(campaign, worlds, trace).state
            'bench'
        """
        try:
            data = json_values.parse_text(text, "the trace")
        except InvalidWorld as error:
            raise TraceError(None, f"not a readable trace: {'; '.join(map(str, error.problems))}") from None
        return cls.from_dict(data)

    def __repr__(self) -> str:
        count = len(self)
        lines = [f"CampaignTrace of {format_count(count, 'event')}, {self.clock} ms, seed {self.seed}"]
        for segment in self.segments:
            exit_text = "" if segment.edge is None else f", left by edge {segment.edge}"
            exit_text = ", to a dead end" if segment.rewound else exit_text
            start = segment.trace.start
            lines.append(
                f"  act {segment.act!r} from {start.state!r} holding {sorted(start.flags) or 'nothing'}{exit_text}"
            )
            lines += [f"    {number:3} {step!r}" for number, step in enumerate(segment.trace, 1)]
        return "\n".join(lines)


class SegmentRow(Part):
    """One act in a trace of a campaign."""

    act: Text
    edge: OptionalNotNull[Annotated[int, Strict(), Field(ge=0)]] = None
    rewound: Switch = False
    start: OptionalNotNull[PositionRow] = None
    trace: TraceRow


class CampaignTraceRow(Part):
    """A whole trace of a campaign."""

    format: Literal["smworld-campaign-trace"]
    version: Literal[1]
    seed: Annotated[int, Strict()] = 0
    past_endings: Switch = False
    segments: Annotated[tuple[SegmentRow, ...], Field(min_length=1)]
    clock: OptionalNotNull[Ms] = None


def _segment_of(row: SegmentRow, trace: Trace) -> Segment:
    start = (
        None if row.start is None else Position(row.start.state, frozenset(row.start.flags), frozenset(row.start.used))
    )
    return Segment(row.act, trace, row.edge, row.rewound, start)
