"""``Moment``: one instant of a run, linked to the one before it; undo is going back along the links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

from worldkit.core.model import Phase
from worldkit.playing.compile import Action, Table, Walk
from worldkit.playing.evidence import Observation, Sample
from worldkit.playing.machine import available
from worldkit.playing.position import Position
from worldkit.playing.stages import Stage
from worldkit.playing.trace import By, Evidence, Step


@dataclass(frozen=True, slots=True)
class OpenConsole:
    """A console that is open.

    Attributes:
        action: The event that opened it.
        log: What was said: who (``"you"`` or ``"console"``), and the text.
    """

    action: Action
    log: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Playing:
    """What plays and has not landed.

    Attributes:
        found: The event or the sequence.
        by: Who pressed.
        at: The clock at the press.
        held: ms for which forward was held between the step before and the press.
        stages: Its stages.
        before: The moment it was pressed in.
        drive: The controls it holds now.
        release: The clock when they are released; None when they are held to the end, or released.
        index: The stage that plays; -1 before the first.
        since: The clock when that stage began.
        hits: Ticks with evidence in that stage.
        evidence: What came of the gates passed.
        places: For a sequence, the states entered.
        outro: The outro was played on the way.
    """

    found: Action | Walk
    by: By
    at: int
    held: int
    stages: tuple[Stage, ...]
    before: Moment
    drive: tuple[str, ...] = ()
    release: int | None = None
    index: int = -1
    since: int = 0
    hits: int = 0
    evidence: Evidence | None = None
    places: tuple[str, ...] = ()
    outro: bool = False

    @property
    def stage(self) -> Stage | None:
        """The stage that plays; None before the first."""
        return self.stages[self.index] if self.index >= 0 else None

    @property
    def phase(self) -> Phase | None:
        """The phase that plays, or is about to play first; None once all have played."""
        return self.stages[max(0, self.index)].phase if self.stages else None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Moment:
    """One instant of a run. It never changes, so any number of runs may share a past.

    Attributes:
        position: The position.
        clock: ms since the run began.
        entered: The clock when the state was entered.
        idle: The clock since when nothing has played in it.
        travelled: ms for which forward was held since the state was entered.
        moving: Forward was held in the time that passed last.
        rung: Events that fired by themselves since the state was entered, by index.
        near: Waypoints that came near since the state was entered, by index.
        rows: For how many ticks in a row the picture has shown what a trigger zone waits for, by index; at most as
            many as it needs.
        line: The line shown.
        console: The console that is open, if any.
        playing: What plays and has not landed, if anything.
        sample: What is seen in the picture; None without one.
        variants: The variant chosen for the prompt of a state, by its id.
        outro: The outro has been played.
        held: ms for which forward was held since the last step.
        count: How many steps led here.
        step: The step that made this moment; None when only time passed or words were said.
        observed: What was newly seen in this moment.
        before: The moment before it.
    """

    position: Position
    clock: int = 0
    entered: int = 0
    idle: int = 0
    travelled: int = 0
    moving: bool = False
    rung: frozenset[int] = frozenset()
    near: frozenset[int] = frozenset()
    rows: Mapping[int, int] = field(default_factory=dict)
    line: str = ""
    console: OpenConsole | None = None
    playing: Playing | None = None
    sample: Sample | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    outro: bool = False
    held: int = 0
    count: int = 0
    step: Step | None = None
    observed: Observation | None = None
    before: Moment | None = None

    def then(self, **changes: Any) -> Moment:
        """Return the moment after this one, with something changed."""
        # a third of the time of dataclasses.replace, and most of the time of a firing
        kept = dict(zip(_FIELDS, _VALUES(self), strict=True))
        return Moment(**{**kept, "step": None, "observed": None, "before": self, **changes})

    def back(self) -> Iterator[Moment]:
        """Yield this moment and those before it."""
        moment: Moment | None = self
        while moment is not None:
            yield moment
            moment = moment.before

    def marks(self) -> list[Moment]:
        """Return the first moment and every moment that a step made, in order: the trail."""
        found = [moment for moment in self.back() if moment.step is not None or moment.before is None]
        return found[::-1]

    def seen(self) -> tuple[Observation, ...]:
        """Return what was seen in the picture, in order; of several at once what was said last, and no repetition."""
        kept: list[Observation] = []
        for moment in reversed(list(self.back())):
            new = moment.observed
            if new is None:
                continue
            if kept and replace(kept[-1], sample=new.sample) == new:
                kept.pop()
            if not kept or kept[-1].sample != new.sample:
                kept.append(new)
        return tuple(kept)


_FIELDS = tuple(field.name for field in fields(Moment))
_VALUES = attrgetter(*_FIELDS)


@dataclass(frozen=True, slots=True)
class Due:
    """What fires by itself next: when, which event, and what fires it."""

    when: int
    action: Action
    by: By


def due(table: Table, moment: Moment, forward: bool, past_endings: bool) -> Due | None:
    """Return what fires by itself next, if nothing else happens and the picture shows nothing new.

    A timer counts from entering the state and fires when it is due and the event available: one that
    comes due while its event is locked, or while another event plays, fires as soon as it can. Of
    several, the one due first fires first, then world order decides. Each fires once an entry.

    Args:
        table: The compiled world.
        moment: Now; nothing plays.
        forward: Forward is held, so that waypoints come nearer.
        past_endings: Play goes on past endings.
    """
    best: tuple[int, int] | None = None
    found: Due | None = None
    for action in available(table, moment.position, past_endings):
        if action.timer_ms is None and action.travel_ms is None and action.zone is None:
            continue
        if action.index in moment.rung:
            continue
        for at, by in _dues(action, moment, forward):
            if best is None or (at, action.index) < best:
                best = (at, action.index)
                found = Due(max(at, moment.clock), action, by)
    return found


def _dues(action: Action, moment: Moment, forward: bool) -> Iterator[tuple[int, By]]:
    if action.timer_ms is not None:
        yield moment.entered + action.timer_ms, "timer"
    if action.travel_ms is not None:
        left = action.travel_ms - moment.travelled
        if left <= 0 or forward:
            yield moment.clock + max(0, left), "waypoint"
    if action.zone is not None and moment.rows.get(action.index, 0) >= action.zone.hits:
        yield moment.clock, "zone"
