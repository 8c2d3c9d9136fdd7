"""``Moment``: one instant of a run, linked to the one before it; undo is going back along the links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from worldkit.play.compile import Action, Table
from worldkit.play.machine import available
from worldkit.play.position import Position
from worldkit.play.trace import By, Step


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
class Moment:
    """One instant of a run. It never changes, so any number of runs may share a past.

    Attributes:
        position: The position.
        clock: ms since the run began.
        entered: The clock when the state was entered.
        travelled: ms for which forward was held since the state was entered.
        rung: Events that time or travel has fired since the state was entered, by index.
        line: The line shown.
        console: The console that is open, if any.
        held: ms for which forward was held since the last step.
        count: How many steps led here.
        step: The step that made this moment; None when only time passed or words were said.
        before: The moment before it.
    """

    position: Position
    clock: int = 0
    entered: int = 0
    travelled: int = 0
    rung: frozenset[int] = frozenset()
    line: str = ""
    console: OpenConsole | None = None
    held: int = 0
    count: int = 0
    step: Step | None = None
    before: Moment | None = None

    def later(self, ms: int, forward: bool) -> Moment:
        """Return the moment after so much time, with forward held or not."""
        held = ms if forward else 0
        return replace(
            self,
            clock=self.clock + ms,
            travelled=self.travelled + held,
            held=self.held + held,
            step=None,
            before=self,
        )

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


@dataclass(frozen=True, slots=True)
class Due:
    """What fires by itself next: when, which event, and what fires it."""

    when: int
    action: Action
    by: By


def due(table: Table, moment: Moment, forward: bool, past_endings: bool) -> Due | None:
    """Return what fires by itself next, if nothing else happens.

    A timer counts from entering the state and fires when it is due and the event available: one that
    comes due while its event is locked, or while another event plays, fires as soon as it can. Of
    several, the one due first fires first, then world order decides. Each fires once an entry.

    Args:
        table: The compiled world.
        moment: Now.
        forward: Forward is held, so that waypoints come nearer.
        past_endings: Play goes on past endings.
    """
    best: tuple[int, int] | None = None
    found: Due | None = None
    for action in available(table, moment.position, past_endings):
        if (action.timer_ms is None and action.travel_ms is None) or action.index in moment.rung:
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
