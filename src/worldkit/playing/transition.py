"""Firing in the specification's order, as pure functions: from a press, stage by stage, to the landing.

A moment goes in, a moment comes out; what there is to tell of it goes into a ``Telling``. Nothing is
granted, used or moved before the landing. Both modes play through here: real time stage by stage as
the clock gets there, instant mode from press to landing at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from worldkit.core.errors import WorldError
from worldkit.playing import outputs, prompts
from worldkit.playing.clock import whole_ms
from worldkit.playing.compile import Action, Walk
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.game import Game
from worldkit.playing.machine import step, stops
from worldkit.playing.position import Position
from worldkit.playing.record import Moment, OpenConsole, Playing
from worldkit.playing.scheduler import later, stage_ends
from worldkit.playing.stages import Stage, beats, stages
from worldkit.playing.subscriptions import Happening
from worldkit.playing.trace import By, Evidence, Step

MOST_LOOKS = 100_000
"""A source is asked no more often than this, some 19 hours of play, before an arrival in instant mode is given up."""


@dataclass(slots=True)
class Telling:
    """What there is to tell, in order; nothing is worked out for a renderer when nobody listens."""

    game: Game
    heard: bool = True
    happenings: list[Happening] = field(default_factory=list)

    def say(self, *happenings: Happening) -> None:
        """Add what happened."""
        self.happenings += happenings

    def shows(self, before: Moment, after: Moment) -> None:
        """Add what is different between two moments in the line shown and the controls held."""
        if self.heard:
            self.happenings += outputs.shown(self.game, before, after)

    def sends(self, before: Moment, after: Moment) -> None:
        """Add the prompt sent, if it is another one than before."""
        if self.heard:
            self.happenings += outputs.sent(self.game, before, after)

    def follow(self, before: Moment, after: Moment) -> Moment:
        """Add all that is different for a renderer after another moment, and return that."""
        self.shows(before, after)
        self.sends(before, after)
        return after

    def outro(self, after: Moment, event: str | None) -> None:
        """Add that the outro is played."""
        closing = self.game.world.outro
        assert closing is not None
        self.say(Happening("outro", after.clock, after.position.state, event, text=closing.video))


def press(game: Game, now: Moment, found: Action | Walk, by: By, tell: Telling) -> Moment:
    """Return the moment something available is pressed: its line is shown, its drive applied, nothing landed.

    A console opens at once instead, and that is all it does.
    """
    here = now.position.state
    tell.say(Happening("fire", now.clock, here, found.name))
    if isinstance(found, Walk):
        played = beats(stops(game.table, found, game.past_endings))
        playing = Playing(found, by, now.clock, now.held, played, now, since=now.clock)
        return now.then(playing=playing, console=None, held=0, moving=False)
    rung = now.rung if by == "player" else now.rung | {found.index}
    if found.opens:
        return _open(now, found, by, rung, tell)
    event = found.event
    shown = found.cut is not None and found.cut_requires <= now.position.flags
    drive = outputs.held(event.drive) if event.drive is not None else ()
    release = None if not drive or event.drive_pulse_ms is None else now.clock + whole_ms(event.drive_pulse_ms)
    played = stages(game.table, found, found.cut if shown else None)
    playing = Playing(found, by, now.clock, now.held, played, now, drive, release, since=now.clock)
    line = event.narration if event.narration is not None else now.line
    if not played and not tell.heard:
        return _land(game, now, playing, line, rung, tell)
    after = now.then(playing=playing, console=None, held=0, moving=False, rung=rung, line=line)
    tell.shows(now, after)
    if played:
        return after
    tell.sends(now, after)
    return _land(game, now, playing, line, rung, tell, after)


def progress(game: Game, now: Moment, look: Source | None, tell: Telling) -> Moment:
    """Return the moment once all is done that is due by now of what plays: stages, controls let go, the landing."""
    while (playing := now.playing) is not None:
        if playing.stage is not None and playing.release is not None and now.clock >= playing.release:
            now = tell.follow(now, now.then(playing=replace(playing, drive=(), release=None)))
        elif playing.stage is not None and not _over(now, playing, playing.stage):
            break
        else:
            now = _next(game, now, playing, look, tell)
    return now


def played_out(game: Game, now: Moment, look: Source | None, tell: Telling) -> Moment:
    """Return the moment what plays has landed: the clock is put on by as long as it takes.

    Raises:
        WorldError: A source was asked 100,000 times and neither showed evidence nor let the time run out.
    """
    now = progress(game, now, look, tell)
    asked = 0
    while now.playing is not None:
        if look is not None and (asked := asked + 1) > MOST_LOOKS:
            raise WorldError(
                f"{now.playing.found.name!r} waits for evidence, the source was asked {MOST_LOOKS} times and showed "
                "none: give it a timeoutMs, or play in real time; nothing has changed"
            )
        now = progress(game, later(game, now, stage_ends(now, look is not None), False, look), look, tell)
    return now


def as_far(now: Moment) -> Step:
    """Return the step of what plays, as far as it has come."""
    playing = now.playing
    assert playing is not None
    return Step(
        event=playing.found.name,
        by=playing.by,
        at=playing.at,
        until=now.clock,
        origin=playing.before.position.state,
        state=now.position.state,
        through=playing.places,
        held=playing.held,
        line=(playing.found.event.narration or "") if isinstance(playing.found, Action) else "",
        playing=True,
    )


def _open(now: Moment, found: Action, by: By, rung: frozenset[int], tell: Telling) -> Moment:
    here = now.position.state
    made = Step(found.name, by, now.clock, now.clock, here, here, console=True, held=now.held)
    tell.say(Happening("land", now.clock, here, found.name))
    return now.then(console=OpenConsole(found), rung=rung, held=0, count=now.count + 1, step=made)


def _over(now: Moment, playing: Playing, stage: Stage) -> bool:
    if stage.gate is None:
        return now.clock >= playing.since + stage.ms
    return now.sample is None or playing.hits >= stage.gate.hits or now.clock >= playing.since + stage.gate.timeout_ms


def _next(game: Game, now: Moment, playing: Playing, look: Source | None, tell: Telling) -> Moment:
    stage = playing.stage
    if stage is not None and stage.gate is not None:
        outcome: Evidence = (
            "not observed" if now.sample is None else "observed" if playing.hits >= stage.gate.hits else "timed out"
        )
        tell.say(Happening("evidence", now.clock, now.position.state, playing.found.name, text=outcome))
        playing = replace(playing, evidence=_worse(playing.evidence, outcome))
    index = playing.index + 1
    if index == len(playing.stages):
        if isinstance(playing.found, Walk):
            return _land_walk(game, now, playing, playing.found, tell)
        return _land(game, now, playing, now.line, now.rung, tell)
    playing = replace(playing, index=index, since=now.clock, hits=0)
    coming, here, name = playing.stages[index], now.position.state, playing.found.name
    if coming.enters is not None:
        return _enter(game, now, playing, coming, look, tell)
    if coming.phase is not None:
        text = prompts.phase_prompt(coming.phase)
        tell.say(Happening("phase", now.clock, here, name, text=text, number=index + 1))
    if coming.cut is not None:
        tell.say(Happening("cutscene", now.clock, here, name, text=coming.cut.video))
    after = now.then(playing=playing, **_looked(now, coming, look))
    tell.sends(playing.before if index == 0 else now, after)
    return after


def _worse(one: Evidence | None, other: Evidence) -> Evidence:
    order: tuple[Evidence, ...] = ("timed out", "not observed", "observed")
    return other if one is None else min(one, other, key=order.index)


def _looked(now: Moment, coming: Stage, look: Source | None) -> dict[str, Sample | Observation]:
    """Return what a source sees as a gate begins: whether there is a picture at all."""
    if coming.gate is None or look is None:
        return {}
    found = look(now.clock)
    seen = None if found is None else Sample.of(found)
    if seen is None or seen == now.sample:
        return {}
    return {"sample": seen, "observed": Observation(now.clock, now.count, True, True, seen)}


def _enter(game: Game, now: Moment, playing: Playing, coming: Stage, look: Source | None, tell: Telling) -> Moment:
    assert coming.enters is not None
    left, place, name = now.position.state, coming.enters, playing.found.name
    tell.say(Happening("leave", now.clock, left, name), Happening("enter", now.clock, place, name))
    position = Position(place, now.position.flags, now.position.used)
    closing = not now.outro and game.closes(position)
    after = now.then(
        position=position,
        playing=replace(playing, places=(*playing.places, place), outro=playing.outro or closing),
        outro=now.outro or closing,
        line=game.line(place),
        **_afresh(now.clock),
        **_looked(now, coming, look),
    )
    tell.follow(now, after)
    if closing:
        tell.outro(after, name)
    return after


def _afresh(clock: int) -> dict[str, object]:
    """Return what begins anew when a state is entered."""
    return {
        "entered": clock,
        "travelled": 0,
        "rung": frozenset(),
        "near": frozenset(),
        "rows": {},
    }


def _land(
    game: Game,
    now: Moment,
    playing: Playing,
    line: str,
    rung: frozenset[int],
    tell: Telling,
    pressed: Moment | None = None,
) -> Moment:
    """Return the moment an event lands; of one that lands as it is pressed, ``pressed`` is what a renderer saw."""
    found, here, clock = playing.found, now.position.state, now.clock
    assert isinstance(found, Action)
    position, effects = step(now.position, found)
    narrated = found.event.narration
    entered = game.line(position.state) if effects.moved else ""
    closing = not now.outro and game.closes(position)
    made = Step(
        event=found.name,
        by=playing.by,
        at=playing.at,
        until=clock,
        origin=here,
        state=position.state,
        moved=effects.moved,
        granted=effects.granted,
        used=effects.used,
        evidence=playing.evidence,
        cutscene=None if effects.cut is None else effects.cut.id,
        skipped=effects.skipped,
        held=playing.held,
        line=narrated if narrated is not None else entered,
        outro=closing,
    )
    after = now.then(
        position=position,
        idle=clock,
        line=entered if effects.moved and narrated is None else line,
        console=None,
        playing=None,
        held=0,
        moving=False,
        outro=now.outro or closing,
        count=now.count + 1,
        step=made,
        **(_afresh(clock) if effects.moved else {"rung": rung}),
    )
    if effects.granted:
        tell.say(Happening("grant", clock, here, found.name, effects.granted))
    if effects.moved:
        tell.say(Happening("leave", clock, here, found.name), Happening("enter", clock, position.state, found.name))
    return _landed(game, pressed or now, after, made, tell)


def _land_walk(game: Game, now: Moment, playing: Playing, walk: Walk, tell: Telling) -> Moment:
    made = Step(
        event=walk.name,
        by=playing.by,
        at=playing.at,
        until=now.clock,
        origin=playing.before.position.state,
        state=now.position.state,
        moved=bool(playing.places),
        evidence=playing.evidence,
        through=playing.places,
        held=playing.held,
        line=now.line if playing.places else "",
        outro=playing.outro,
    )
    after = now.then(idle=now.clock, playing=None, count=now.count + 1, step=made)
    return _landed(game, now, after, replace(made, outro=False), tell)


def _landed(game: Game, now: Moment, after: Moment, made: Step, tell: Telling) -> Moment:
    here = after.position.state
    tell.say(Happening("land", made.until, here, made.event))
    tell.follow(now, after)
    if made.outro:
        tell.outro(after, made.event)
    if made.moved and here in game.table.endings:
        tell.say(Happening("end", made.until, here, made.event))
    return after
