"""What happened in a run: ``Step``, one event that fired, and ``Trace``, a run as a value that replays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from pydantic import ValidationError

from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import InvalidWorld, WorldError
from worldkit.core.json_values import Json
from worldkit.core.problems import problems, validate
from worldkit.playing import trace_text
from worldkit.playing.evidence import Observation, Sample
from worldkit.playing.position import Position
from worldkit.playing.trace_schema import ObservationRow, PlayingRow, StepRow, TraceRow

By = Literal["player", "timer", "waypoint", "zone", "author"]
Evidence = Literal["observed", "timed out", "not observed"]
Mode = Literal["instant", "real-time"]

FORMAT = "smworld-trace"
VERSION = 1


class TraceError(WorldError):
    """A trace cannot be read, or no longer holds in this world.

    Attributes:
        index: The first step that no longer holds, from 0; the number of steps when all of them hold
            but not the time after the last; None when the trace cannot be read at all.
        reason: What was found, what was expected and what to do.

    Example:
        >>> trace = wk.Session(world).trace.to_dict() | {"start": {"state": "attic"}}
        >>> try:
        ...     wk.replay(world, trace)
        ... except wk.TraceError as error:
        ...     print(error)
        step 0 no longer holds: the run cannot begin: this world has no state 'attic' to begin i...
    """

    def __init__(self, index: int | None, reason: str) -> None:
        self.index = index
        self.reason = reason
        super().__init__(reason if index is None else f"step {index} no longer holds: {reason}")


@shown_briefly
@dataclass(frozen=True, slots=True)
class Step:
    """One event that fired, with its effects; ``Session.fire`` returns the step it made.

    Attributes:
        event: The event's name, or ``sequence:<id>``; by the author ``author:grant``, ``author:revoke``,
            ``author:variant``, ``author:say``, ``author:stop``, ``author:apply`` or ``author:rebase``.
        by: Who pressed: ``"player"`` (a button, a key or code), ``"timer"``, ``"waypoint"`` or ``"zone"``; or
            ``"author"``: a handler or a tester changed something.
        at: When it was pressed, in ms of the run's clock.
        until: When it landed.
        origin: The state it was pressed in.
        state: The state after it.
        moved: It landed in a state, perhaps the same one again.
        granted: The flags it added that were not held before.
        used: It is a one-shot, used up now.
        evidence: The outcome of waiting for evidence in the picture: ``"observed"``; ``"timed out"``, and it
            landed unverified; ``"not observed"`` when there was no picture to look at. None when there was
            nothing to wait for.
        cutscene: The cutscene whose clip played.
        skipped: That clip was skipped, because its flags are not held.
        through: For a sequence, the states walked, the first one left out.
        console: It opened a console and changed nothing else.
        held: Forward was held for so many ms since the step before.
        line: The line it showed; empty when it showed none.
        revoked: The flags the author took away.
        variant: The variant the author chose for the state's prompt; None for its own prompt.
        outro: The outro was played.
        ops: The operations by which the author changed the world.
        playing: It has not landed yet: this is the step as far as it has come. Never so in ``Trace.steps``.

    Example:
        >>> step = wk.Session(world).fire("pick_up_the_red_mitten")
        >>> step.event, step.granted
        ('pick_up_the_red_mitten', ('mitten',))
    """

    event: str
    by: By
    at: int
    until: int
    origin: str
    state: str
    moved: bool = False
    granted: tuple[str, ...] = ()
    used: bool = False
    evidence: Evidence | None = None
    cutscene: str | None = None
    skipped: bool = False
    through: tuple[str, ...] = ()
    console: bool = False
    held: int = 0
    line: str = ""
    revoked: tuple[str, ...] = ()
    variant: str | None = None
    outro: bool = False
    ops: tuple[Json, ...] = field(default=(), hash=False)
    playing: bool = False

    def to_dict(self) -> Json:
        """Return the step as JSON values; what is false, empty or as one would expect is left out."""
        data: Json = {"event": self.event, "by": self.by, "at": self.at}
        if self.until != self.at:
            data["until"] = self.until
        data |= {"from": self.origin, "state": self.state}
        for name in _OPTIONAL_FIELDS:
            value = getattr(self, name)
            if name == "ops" and value:
                data[name] = json_values.deep_copy(list(value))
            elif value or (name == "variant" and value is not None):
                data[name] = list(value) if isinstance(value, tuple) else value
        return data

    def __repr__(self) -> str:
        return trace_text.step_text(self)


_OPTIONAL_FIELDS = (
    "moved",
    "granted",
    "used",
    "evidence",
    "cutscene",
    "skipped",
    "through",
    "console",
    "held",
    "line",
    "revoked",
    "variant",
    "outro",
    "ops",
)


@dataclass(frozen=True, slots=True)
class PressedEvent:
    """What was playing when a trace was taken, and had not landed.

    Attributes:
        event: Its name, or ``sequence:<id>``.
        by: Who pressed.
        at: When, in ms of the run's clock.
        held: Forward was held for so many ms between the step before and the press.
    """

    event: str
    by: By
    at: int
    held: int = 0

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        data: Json = {"event": self.event, "by": self.by, "at": self.at}
        return data | ({"held": self.held} if self.held else {})


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True)
class Trace(Sequence[Step]):
    """A run as a value: its steps are the events that fired, so ``len(trace)`` counts those.

    Time between steps is told by their ``at``; ``replay`` waits accordingly.

    Attributes:
        steps: The events fired, in order.
        seed: The run's seed.
        start: The position it began in.
        clock: The clock at the end, in ms.
        held: Forward was held for so many ms since the last step.
        past_endings: Play was allowed to go on past endings.
        mode: How it was played: ``"instant"`` or ``"real-time"``.
        seen: What was seen in the picture, in order, each from when it was first so.
        playing: What was playing at the end and had not landed; None when nothing was.

    Example:
        >>> session = wk.Session(world)
        >>> step = session.fire("walk_up_the_lane")
        >>> session.trace
        Trace of 1 event, 5000 ms, from 'lane', seed 0
            1 Step('walk_up_the_lane', 'lane' -> 'bench', at 0 to 5000 ms, arrival not observed)
        >>> wk.Trace.from_json(session.trace.to_json()) == session.trace
        True
    """

    steps: tuple[Step, ...]
    start: Position
    seed: int = 0
    clock: int = 0
    held: int = 0
    past_endings: bool = False
    mode: Mode = "instant"
    seen: tuple[Observation, ...] = ()
    playing: PressedEvent | None = None

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return self.steps[index]

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    @property
    def events(self) -> tuple[str, ...]:
        """The names fired, in order."""
        return tuple(step.event for step in self.steps)

    @property
    def states(self) -> tuple[str, ...]:
        """The states visited, in order: the start, then what every move landed in.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.trace.states
            ('lane', 'bench')
        """
        states = [self.start.state]
        for step in self.steps:
            states += step.through or ((step.state,) if step.moved else ())
        return tuple(states)

    def to_dict(self) -> Json:
        """Return the trace as JSON values.

        Example:
            >>> wk.Session(world).trace.to_dict()["start"]
            {'state': 'lane', 'flags': [], 'used': []}
        """
        data: Json = {"format": FORMAT, "version": VERSION, "seed": self.seed, "start": self.start.to_dict()}
        if self.past_endings:
            data["pastEndings"] = True
        if self.mode != "instant":
            data["mode"] = self.mode
        if self.seen:
            data["seen"] = [observation.to_dict() for observation in self.seen]
        data["steps"] = [step.to_dict() for step in self.steps]
        data["clock"] = self.clock
        if self.held:
            data["held"] = self.held
        if self.playing is not None:
            data["playing"] = self.playing.to_dict()
        return data

    def to_json(self, indent: int | None = 2) -> str:
        """Return the trace as JSON text.

        Args:
            indent: Spaces a level, or None for one line.

        Example:
            >>> print(wk.Session(world).trace.to_json(indent=None))
            {"format": "smworld-trace", "version": 1, "seed": 0, "start": {"state": "lane", ...}, "steps": [], ...}
        """
        return json_values.dumps(self.to_dict(), indent)

    @classmethod
    def from_dict(cls, data: Any) -> Trace:
        """Read a trace from JSON values, as ``to_dict`` writes them.

        Raises:
            TraceError: With every problem and its path.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> wk.Trace.from_dict(session.trace.to_dict()).events
            ('walk_up_the_lane',)
        """
        trace_row, observations = _checked_rows(data)
        steps = tuple(_step_of(row) for row in trace_row.steps)
        start = Position(trace_row.start.state, frozenset(trace_row.start.flags), frozenset(trace_row.start.used))
        last = steps[-1].until if steps else 0
        clock = last if trace_row.clock is None else trace_row.clock
        playing = None if trace_row.playing is None else _pressed_of(trace_row.playing)
        return cls(
            steps,
            start,
            trace_row.seed,
            clock,
            trace_row.held,
            trace_row.past_endings,
            trace_row.mode,
            observations,
            playing,
        )

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """Read a trace from JSON text.

        Raises:
            TraceError: It is not JSON, or not a trace.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> wk.Trace.from_json(session.trace.to_json()) == session.trace
            True
        """
        try:
            data = json_values.parse_text(text, "the trace")
        except InvalidWorld as error:
            raise TraceError(None, f"not a readable trace: {'; '.join(map(str, error.problems))}") from None
        return cls.from_dict(data)

    def __repr__(self) -> str:
        return trace_text.text(self)

    def _repr_html_(self) -> str:
        return trace_text.page(self)


def _checked_rows(data: Any) -> tuple[TraceRow, tuple[Observation, ...]]:
    """Return the JSON values of a trace as typed rows, and what was seen; refuse what is no trace."""
    try:
        trace_row = validate(TraceRow, data)
    except ValidationError as error:
        problem_lines = "\n".join(f"  {problem}" for problem in problems(error, limit=20))
        raise TraceError(None, f"not a readable trace:\n{problem_lines}") from None
    try:
        observations = tuple(_observation_of(row) for row in trace_row.seen)
    except WorldError as error:
        raise TraceError(None, f"not a readable trace: {error}") from None
    try:
        json_values.check_json([[dict(op) for op in row.ops] for row in trace_row.steps], "steps")
    except InvalidWorld as error:
        raise TraceError(None, f"not a readable trace: {'; '.join(map(str, error.problems))}") from None
    return trace_row, observations


def _step_of(row: StepRow) -> Step:
    until = row.at if row.until is None else row.until
    rest = {name: getattr(row, name) for name in _OPTIONAL_FIELDS}
    rest["ops"] = tuple(json_values.deep_copy(dict(op)) for op in row.ops)
    return Step(row.event, row.by, row.at, until, row.from_, row.state, **rest)


def _observation_of(row: ObservationRow) -> Observation:
    sample = Sample(row.luminance, row.motion, tuple(row.labels.items()))
    return Observation(row.at, row.after, row.during, row.asked, sample)


def _pressed_of(row: PlayingRow) -> PressedEvent:
    return PressedEvent(row.event, row.by, row.at, row.held)
