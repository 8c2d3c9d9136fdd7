"""An oracle for properties: every position through the stepper, and CTL by plain fixpoints of sets.

It shares with worldkit the stepper and the values that properties are, and nothing of how they are checked: no bit, no
compiled system, no monitor. A moment is a position with what happened just now and with what has ever been true.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from worldkit import Condition, Position, Property, Session, Trace, World
from worldkit.playing.machine import end_of_sequence, fireable_by_name, is_over, reached_beats, step
from worldkit.playing.transition_table import Action, table_of
from worldkit.properties.conditions import And, Anything, Available, Named, Not, Once, Or, Over
from worldkit.properties.statements import (
    Always,
    AlwaysPossible,
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Until,
    Within,
    conditions_of,
)

Moment = tuple[Position, str, tuple[str, ...], frozenset[Condition]]
"""A position, the event fired just now, the states passed on the way, and every ``once`` that is true by now."""

Moments = set[Moment]


def subconditions(condition: Condition) -> Iterable[Condition]:
    """Yield a condition after all conditions in it."""
    match condition:
        case Not(part) | Once(part):
            yield from subconditions(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from subconditions(part)
    yield condition


def is_true(world: World, condition: Condition, moment: Moment) -> bool:
    """Say whether a condition is true at a moment."""
    position, event, passing, been = moment
    here = (position.state, *passing)
    match condition:
        case Anything():
            return True
        case Named("state", name):
            return name in here
        case Named("ending", name):
            return any((e := world.states[s].ending) and (s == name or e.title == name) for s in here)
        case Named("event", name):
            return name == event
        case Named("flag", name):
            return name in position.flags
        case Available(name):
            return any(what.name == name for what in fireable_by_name(table_of(world), position))
        case Over(kind):
            return any((e := world.states[s].ending) and kind in ("any", e.kind) for s in here)
        case Not(part):
            return not is_true(world, part, moment)
        case And(parts):
            return all(is_true(world, part, moment) for part in parts)
        case Or(parts):
            return any(is_true(world, part, moment) for part in parts)
        case Once():
            return condition in been
    raise TypeError(condition)


@dataclass
class Oracle:
    """Every moment of a world's runs, as far as some conditions tell them apart."""

    world: World
    conditions: tuple[Condition, ...]
    most: int = 30_000
    after: dict[Moment, set[Moment]] = field(default_factory=dict)
    depth: dict[Moment, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inner = dict.fromkeys(each for condition in self.conditions for each in subconditions(condition))
        self.onces = [each for each in inner if isinstance(each, Once)]
        self.table = table_of(self.world)
        start = self._moment(Session(self.world).position, "", (), frozenset())
        self.start = start
        self.depth[start] = 0
        queue = deque([start])
        while queue:
            moment = queue.popleft()
            self.after[moment] = set()
            for following in self._following(moment):
                self.after[moment].add(following)
                if following not in self.depth:
                    self.depth[following] = self.depth[moment] + 1
                    queue.append(following)
            if len(self.depth) > self.most:
                raise OverflowError

    def _moment(self, position: Position, event: str, passing: tuple[str, ...], been: frozenset[Condition]) -> Moment:
        for once in self.onces:
            assert isinstance(once, Once)
            if is_true(self.world, once.part, (position, event, passing, been)):
                been |= {once}
        return position, event, passing, been

    def _following(self, moment: Moment) -> Iterable[Moment]:
        position, _, _, been = moment
        for what in fireable_by_name(self.table, position):
            if isinstance(what, Action):
                yield self._moment(step(position, what)[0], what.name, (), been)
            else:
                passing = tuple(beat.state for beat in reached_beats(self.table, what)[1:])
                yield self._moment(end_of_sequence(self.table, position, what), what.name, passing, been)

    # ---- CTL -------------------------------------------------------------------------------

    @property
    def all(self) -> Moments:
        return set(self.after)

    def where(self, condition: Condition) -> Moments:
        return {moment for moment in self.after if is_true(self.world, condition, moment)}

    def over(self) -> Moments:
        return {moment for moment in self.after if is_over(self.table, moment[0])}

    def ex(self, goal: Moments) -> Moments:
        return {moment for moment, following in self.after.items() if following & goal}

    def eu(self, along: Moments, goal: Moments) -> Moments:
        satisfying = set(goal)
        while True:
            more = (self.ex(satisfying) & along) - satisfying
            if not more:
                return satisfying
            satisfying |= more

    def ef(self, goal: Moments) -> Moments:
        return self.eu(self.all, goal)

    def af_within(self, goal: Moments, steps: int) -> Moments:
        good = set(goal)
        for _ in range(steps):
            good = goal | {m for m, following in self.after.items() if following and following <= good}
        return good

    def holds(self, statement: Property) -> bool:
        """Say whether a property holds for every run, by its meaning in CTL."""
        at, start, everything = self.where, self.start, self.all
        match statement:
            case Never(c, None):
                return start not in self.ef(at(c))
            case Never(c, steps):
                soon = at(c)
                for _ in range(steps or 0):
                    soon |= self.ex(soon)
                return start not in soon
            case Always(c):
                return start not in self.ef(everything - at(c))
            case Possible(c):
                return start in self.ef(at(c))
            case AlwaysPossible(c):
                return start not in self.ef(everything - self.over() - self.ef(at(c)))
            case Before(a, b):
                return start not in self.eu(everything - at(a), at(b) - at(a))
            case Until(a, b):
                return start not in self.eu(everything - at(b), everything - at(a) - at(b))
            case NeverAfter(a, b):
                return start not in self.ef(at(a) & self.ex(self.ef(at(b))))
            case LeadsTo(a, b):
                losing = everything - self.ef(at(b))
                return start not in self.ef(at(a) & self.eu(everything - at(b), losing))
            case Within(c, steps, None):
                return start in self.af_within(at(c), steps)
            case Within(c, steps, of):
                assert of is not None
                return start not in self.ef(at(of) - self.af_within(at(c), steps))
            case AtMost(count, conditions):
                breaking = {m for m in everything if sum(Once(c) in m[3] for c in conditions) > count}
                return start not in self.ef(breaking)
        raise TypeError(statement)

    # ---- shortest runs -----------------------------------------------------------------------

    def shortest(self, statement: Property) -> int | None:
        """Return how many steps the shortest run has that breaks a property, or shows what is possible."""
        at, everything = self.where, self.all
        match statement:
            case Never(c, _) | Possible(c):
                return self.nearest(at(c))
            case Always(c):
                return self.nearest(everything - at(c))
            case AlwaysPossible(c):
                return self.nearest(everything - self.over() - self.ef(at(c)))
            case Before(a, b):
                return self.nearest(at(b) - at(a), everything - at(a))
            case Until(a, b):
                return self.nearest(everything - at(a) - at(b), everything - at(b))
            case NeverAfter(a, b):
                to_second = self.distances(at(b))
                return least(self.depth[m] + 1 + to_second[n] for m in at(a) for n in self.after[m] if n in to_second)
            case LeadsTo(a, b):
                to_lost = self.distances(everything - self.ef(at(b)), everything - at(b))
                return least(self.depth[m] + to_lost[m] for m in at(a) if m in to_lost)
            case Within(c, steps, of):
                begin = {self.start} if of is None else at(of)
                waits = self.waiting(at(c), steps)
                return least(self.depth[m] + waits[m] for m in begin if m in waits)
            case AtMost(count, conditions):
                return self.nearest({m for m in everything if sum(Once(c) in m[3] for c in conditions) > count})
        raise TypeError(statement)

    def nearest(self, goal: Moments, along: Moments | None = None) -> int | None:
        """Return how many steps it is from the start to a goal along some moments."""
        distances = self.distances(goal, along)
        return distances.get(self.start)

    def distances(self, goal: Moments, along: Moments | None = None) -> dict[Moment, int]:
        """Return how many steps it is to a goal along some moments, from each from where one gets there."""
        along = self.all if along is None else along
        distances = dict.fromkeys(goal, 0)
        within_reach, count = set(goal), 0
        while True:
            count += 1
            more = (self.ex(within_reach) & along) - within_reach
            if not more:
                return distances
            distances |= dict.fromkeys(more, count)
            within_reach |= more

    def waiting(self, good: Moments, steps: int) -> dict[Moment, int]:
        """Return the fewest steps after which it is clear, from each moment, that nothing good came in time."""
        waits: dict[int, dict[Moment, int]] = {0: {m: 0 for m in self.after if m not in good}}
        for steps_left in range(1, steps + 1):
            waits[steps_left] = {}
            for m, following in self.after.items():
                if m in good:
                    continue
                if not following:
                    waits[steps_left][m] = 0
                    continue
                best = least(1 + waits[steps_left - 1][n] for n in following if n in waits[steps_left - 1])
                if best is not None:
                    waits[steps_left][m] = best
        return waits[steps]


def least(values: Iterable[int]) -> int | None:
    return min(values, default=None)


def oracle_for(world: World, statement: Property, most: int = 30_000) -> Oracle | None:
    """Return the oracle for one property; None when there are too many moments."""
    conditions: tuple[Condition, ...] = conditions_of(statement)
    if isinstance(statement, AtMost):
        conditions = tuple(Once(condition) for condition in conditions)
    try:
        return Oracle(world, conditions, most)
    except OverflowError:
        return None


# ---- one run ------------------------------------------------------------------------------------


def moments_of(world: World, run: Trace, onces: list[Once]) -> list[Moment]:
    """Return the moments of a run, by firing it in a session."""
    session = Session(world)
    table = table_of(world)
    been: frozenset[Condition] = frozenset()
    moments: list[Moment] = []

    def note(event: str, passing: tuple[str, ...]) -> None:
        nonlocal been
        for once in onces:
            if is_true(world, once.part, (session.position, event, passing, been)):
                been |= {once}
        moments.append((session.position, event, passing, been))

    note("", ())
    for event in run.events:
        passing: tuple[str, ...] = ()
        for sequence in table.sequences.get(session.state, ()):
            if sequence.name == event:
                passing = tuple(beat.state for beat in reached_beats(table, sequence)[1:])
                break
        session.fire(event)
        note(event, passing)
    return moments


def breaks(world: World, statement: Property, run: Trace, is_lost: Callable[[Moment], bool]) -> bool:
    """Say whether a run breaks a property, by looking at its moments one after the other.

    Args:
        world: The world.
        statement: The property.
        run: The run.
        lost: Whether what a property waits for cannot be reached from a moment any more.
    """
    conditions = conditions_of(statement)
    if isinstance(statement, AtMost):
        conditions = tuple(Once(condition) for condition in conditions)
    inner = dict.fromkeys(each for condition in conditions for each in subconditions(condition))
    moments = moments_of(world, run, [each for each in inner if isinstance(each, Once)])

    def at(condition: Condition) -> list[bool]:
        return [is_true(world, condition, moment) for moment in moments]

    last = len(moments) - 1
    match statement:
        case Never(c, steps):
            return at(c)[last] and (steps is None or last <= steps)
        case Always(c):
            return not at(c)[last]
        case AlwaysPossible(_):
            return is_lost(moments[last])
        case Before(a, b):
            return at(b)[last] and not any(at(a))
        case Until(a, b):
            return not at(a)[last] and not any(at(b))
        case NeverAfter(a, b):
            return at(b)[last] and any(at(a)[:last])
        case LeadsTo(a, b):
            firsts, seconds = at(a), at(b)
            return is_lost(moments[last]) and any(firsts[i] and not any(seconds[i:]) for i in range(last + 1))
        case Within(c, steps, of):
            good = at(c)
            begins = [True] + [False] * last if of is None else at(of)
            is_end = not fireable_by_name(table_of(world), moments[last][0])
            return any(begins[i] and not any(good[i:]) and (last - i >= steps or is_end) for i in range(last + 1))
        case AtMost(count, conditions):
            return sum(any(at(c)) for c in conditions) > count
    raise TypeError(statement)
