"""``Moment``: one instant of a run, linked to the one before it; undo is going back along the links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from worldkit.core.model import Phase
from worldkit.playing.event_stages import EventStage
from worldkit.playing.evidence import Observation, Sample
from worldkit.playing.handlers import ByHandler
from worldkit.playing.machine import available_events
from worldkit.playing.position import Position
from worldkit.playing.trace import By, Evidence, Step
from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable

if TYPE_CHECKING:
    from worldkit.playing.play_rules import PlayRules


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
        action: The event or the sequence.
        by: Who pressed.
        pressed_at: The clock at the press.
        forward_ms: ms for which forward was held between the step before and the press.
        stages: Its stages.
        before: The moment it was pressed in.
        drive: The controls it holds now.
        release_at: The clock when they are released; None when they are held to the end, or released.
        index: The stage that plays; -1 before the first.
        stage_began: The clock when that stage began.
        hits: Ticks with evidence in that stage.
        evidence: The outcome of each gate that was passed.
        entered_states: For a sequence, the states entered.
        outro: The outro was played on the way.
    """

    action: Action | SequenceAction
    by: By
    pressed_at: int
    forward_ms: int
    stages: tuple[EventStage, ...]
    before: Moment
    drive: tuple[str, ...] = ()
    release_at: int | None = None
    index: int = -1
    stage_began: int = 0
    hits: int = 0
    evidence: Evidence | None = None
    entered_states: tuple[str, ...] = ()
    outro: bool = False

    @property
    def stage(self) -> EventStage | None:
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
        rules: The world as it is at this moment, and its terms.
        home: Those a new run begins with: changes made in the run alone are not in them.
        position: The position.
        clock: ms since the run began.
        entered_at: The clock when the state was entered.
        idle_since: The clock since when nothing has played in it.
        travelled_ms: ms for which forward was held since the state was entered.
        moving: Forward was held in the time that passed last.
        self_fired: Events that fired by themselves since the state was entered, by index.
        near_waypoints: Waypoints that came near since the state was entered, by index.
        zone_streaks: How many ticks in a row the picture has shown what a trigger zone waits for, by the zone's index;
            never more than the zone needs.
        line: The line shown.
        console: The console that is open, if any.
        playing: What plays and has not landed, if anything.
        sample: What is seen in the picture; None without one.
        variants: The variant chosen for the prompt of a state, by its id.
        outro_played: The outro has been played.
        stopped: The run was stopped by a handler or the author, with these words; None when it was not.
        forward_ms: ms for which forward was held since the last step.
        step_count: How many steps led here.
        step: The step that made this moment; None when only time passed or words were said.
        observed: What was newly seen in this moment.
        by_handler: It is the end of something that a handler did; see ``ByHandler``.
        before: The moment before it.
    """

    rules: PlayRules
    home: PlayRules
    position: Position
    clock: int = 0
    entered_at: int = 0
    idle_since: int = 0
    travelled_ms: int = 0
    moving: bool = False
    self_fired: frozenset[int] = frozenset()
    near_waypoints: frozenset[int] = frozenset()
    zone_streaks: Mapping[int, int] = field(default_factory=dict)
    line: str = ""
    console: OpenConsole | None = None
    playing: Playing | None = None
    sample: Sample | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    outro_played: bool = False
    stopped: str | None = None
    forward_ms: int = 0
    step_count: int = 0
    step: Step | None = None
    observed: Observation | None = None
    by_handler: ByHandler = False
    before: Moment | None = None

    def successor(self, **changes: Any) -> Moment:
        """Return the moment after this one, with something changed."""
        # a third of the time of dataclasses.replace, and most of the time of a firing
        values = dict(zip(_FIELDS, _VALUES_GETTER(self), strict=True))
        return Moment(**{**values, "step": None, "observed": None, "by_handler": False, "before": self, **changes})

    def history(self) -> Iterator[Moment]:
        """Yield this moment and those before it."""
        moment: Moment | None = self
        while moment is not None:
            yield moment
            moment = moment.before

    def checkpoints(self) -> list[Moment]:
        """Return the first moment and every moment that a step made, in order: the trail."""
        moments = [moment for moment in self.history() if moment.step is not None or moment.before is None]
        return moments[::-1]

    def observations(self) -> tuple[Observation, ...]:
        """Return what was seen in the picture, in order; of several at once what was said last, and no repetition."""
        observations: list[Observation] = []
        for moment in reversed(list(self.history())):
            observation = moment.observed
            if observation is None:
                continue
            if observations and replace(observations[-1], sample=observation.sample) == observation:
                observations.pop()
            if not observations or observations[-1].sample != observation.sample:
                observations.append(observation)
        return tuple(observations)


_FIELDS = tuple(field.name for field in fields(Moment))
_VALUES_GETTER = attrgetter(*_FIELDS)


@dataclass(frozen=True, slots=True)
class UnlinkedMoments:
    """Moments in a list, with numbers for the links between them: a long run is linked too deeply to be pickled.

    Attributes:
        moments: The values of each moment; of those linked to, the number. Links lead to what stands before it.
        playings: What plays in them, likewise.
    """

    moments: tuple[tuple[Any, ...], ...]
    playings: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, moments: Iterable[Moment]) -> tuple[UnlinkedMoments, tuple[int, ...]]:
        """Return moments with all those before them, and the number of each moment given."""
        roots = tuple(moments)
        numbers: dict[int, int] = {}
        playing_numbers: dict[int, int] = {}
        rows: list[tuple[Any, ...]] = []
        playing_rows: list[tuple[Any, ...]] = []
        stack = list(roots)
        while stack:
            moment = stack[-1]
            playing = moment.playing
            moments_before = (moment.before, None if playing is None else playing.before)
            unseen = [one for one in moments_before if one is not None and id(one) not in numbers]
            if unseen:
                stack += unseen
                continue
            stack.pop()
            if id(moment) in numbers:
                continue
            if playing is not None and id(playing) not in playing_numbers:
                playing_numbers[id(playing)] = len(playing_rows)
                values = dict(zip(_PLAYING_FIELDS, _PLAYING_VALUES_GETTER(playing), strict=True))
                playing_rows.append(tuple({**values, "before": numbers[id(playing.before)]}.values()))
            links = {
                "before": None if moment.before is None else numbers[id(moment.before)],
                "playing": None if playing is None else playing_numbers[id(playing)],
            }
            numbers[id(moment)] = len(rows)
            rows.append(tuple({**dict(zip(_FIELDS, _VALUES_GETTER(moment), strict=True)), **links}.values()))
        return cls(tuple(rows), tuple(playing_rows)), tuple(numbers[id(moment)] for moment in roots)

    def link(self) -> list[Moment]:
        """Return the moments, linked again."""
        moments: list[Moment] = []
        playings: dict[int, Playing] = {}
        for row in self.moments:
            values = dict(zip(_FIELDS, row, strict=True))
            before, number = values["before"], values["playing"]
            if number is not None and number not in playings:
                playing_values = dict(zip(_PLAYING_FIELDS, self.playings[number], strict=True))
                playings[number] = Playing(**{**playing_values, "before": moments[playing_values["before"]]})
            links = {
                "before": None if before is None else moments[before],
                "playing": None if number is None else playings[number],
            }
            moments.append(Moment(**{**values, **links}))
        return moments


_PLAYING_FIELDS = tuple(field.name for field in fields(Playing))
_PLAYING_VALUES_GETTER = attrgetter(*_PLAYING_FIELDS)


@dataclass(frozen=True, slots=True)
class SelfFiring:
    """What fires by itself next: when, which event, and what fires it."""

    when: int
    action: Action
    by: By


def next_self_firing(table: TransitionTable, moment: Moment, forward: bool, past_endings: bool) -> SelfFiring | None:
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
    best_firing: SelfFiring | None = None
    for action in available_events(table, moment.position, past_endings):
        if action.timer_ms is None and action.travel_ms is None and action.zone is None:
            continue
        if action.index in moment.self_fired:
            continue
        for at, by in _firing_times(action, moment, forward):
            if best is None or (at, action.index) < best:
                best = (at, action.index)
                best_firing = SelfFiring(max(at, moment.clock), action, by)
    return best_firing


def _firing_times(action: Action, moment: Moment, forward: bool) -> Iterator[tuple[int, By]]:
    if action.timer_ms is not None:
        yield moment.entered_at + action.timer_ms, "timer"
    if action.travel_ms is not None:
        remaining = action.travel_ms - moment.travelled_ms
        if remaining <= 0 or forward:
            yield moment.clock + max(0, remaining), "waypoint"
    if action.zone is not None and moment.zone_streaks.get(action.index, 0) >= action.zone.hits:
        yield moment.clock, "zone"
