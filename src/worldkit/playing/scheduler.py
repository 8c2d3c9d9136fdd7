"""Time passing, as pure functions: what it changes, and when the next thing happens by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from worldkit.playing.clock import TICK_MS, approach_ms, ticks
from worldkit.playing.compile import Action
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.game import Game
from worldkit.playing.machine import available
from worldkit.playing.record import Due, Moment, Playing, due


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens by itself next while nothing plays.

    Attributes:
        when: The clock then.
        what: An event fires, a waypoint comes near, or the picture is looked at.
        due: The event, and what fires it.
        near: The waypoint's event.
    """

    when: int
    what: Literal["fire", "approach", "look"]
    due: Due | None = None
    near: Action | None = None


def later(game: Game, now: Moment, clock: int, forward: bool, look: Source | None) -> Moment:
    """Return the moment after time has passed, in which nothing happens by itself.

    Args:
        game: The world and its terms.
        now: The moment before.
        clock: The clock then; with a source, no later than the next tick.
        forward: Forward is held. While something plays that brings no waypoint nearer.
        look: The source, asked at a tick.
    """
    if clock <= now.clock:
        return now
    playing = now.playing
    sample, observed = now.sample, None
    rows, since = now.rows, _watched(now)
    count = 0 if since is None else ticks(since, now.clock, clock)
    zones: tuple[Action, ...] = ()
    if count and playing is None:
        zones = _zones(game, now, look is not None)
        count = count if zones else 0
    if count and look is not None:
        found = look(clock)
        seen = None if found is None else Sample.of(found)
        if seen is not None and seen != sample:
            sample = seen
            observed = Observation(clock, now.count, playing is not None, True, seen)
    if playing is not None:
        gate = playing.stage.gate if playing.stage is not None else None
        if count and gate is not None and gate.holds(sample):
            playing = replace(playing, hits=min(gate.hits, playing.hits + count))
        return now.then(clock=clock, playing=playing, sample=sample, observed=observed)
    if zones:
        rows = {
            zone.index: min(zone.zone.hits, rows.get(zone.index, 0) + count)
            for zone in zones
            if zone.zone is not None and zone.zone.holds(sample)
        }
    held = clock - now.clock if forward else 0
    return now.then(
        clock=clock,
        travelled=now.travelled + held,
        held=now.held + held,
        moving=forward,
        rows=rows,
        sample=sample,
        observed=observed,
    )


def stage_ends(now: Moment, asking: bool) -> int:
    """Return the clock when something next comes of what plays, if the picture shows nothing new.

    Args:
        now: The moment; something plays, and a stage of it has begun.
        asking: There is a source, so that every tick counts.
    """
    playing = now.playing
    assert playing is not None and playing.stage is not None
    ends = _ends(now, playing, asking)
    return ends if playing.release is None else min(ends, playing.release)


def _ends(now: Moment, playing: Playing, asking: bool) -> int:
    stage = playing.stage
    assert stage is not None
    if stage.gate is None:
        return playing.since + stage.ms
    last = playing.since + stage.gate.timeout_ms
    if asking:
        return min(last, _tick(playing.since, now.clock, 1))
    if stage.gate.holds(now.sample):
        return min(last, _tick(playing.since, now.clock, stage.gate.hits - playing.hits))
    return last


def coming(game: Game, now: Moment, forward: bool, asking: bool) -> Coming | None:
    """Return what happens by itself next while nothing plays.

    At one time the picture is looked at first, then waypoints come near, then events fire.

    Args:
        game: The world and its terms.
        now: The moment.
        forward: Forward is held.
        asking: There is a source, so that every tick counts.
    """
    if game.over(now):
        return None
    found: list[Coming] = []
    tick = _zone_tick(game, now, asking)
    if tick is not None:
        found.append(Coming(tick, "look"))
    found += _approaches(game, now, forward)
    fires = due(game.table, now, forward, game.past_endings)
    if fires is not None:
        found.append(Coming(fires.when, "fire", due=fires))
    return min(found, key=lambda one: one.when, default=None)


def _watched(now: Moment) -> int | None:
    """Return from when on ticks count at a moment; None when the picture is not looked at."""
    if now.playing is None:
        return now.entered
    stage = now.playing.stage
    return now.playing.since if stage is not None and stage.gate is not None else None


def _tick(since: int, now: int, number: int) -> int:
    return since + ((now - since) // TICK_MS + number) * TICK_MS


def _zones(game: Game, now: Moment, asking: bool) -> tuple[Action, ...]:
    """Return the trigger zones that may still fire here, locked ones too; none where there is no picture."""
    zones = game.table.zones.get(now.position.state, ())
    if not zones or (now.sample is None and not asking) or game.over(now):
        return ()
    used = now.position.used
    return tuple(zone for zone in zones if zone.index not in now.rung and not (zone.one_shot and zone.name in used))


def _zone_tick(game: Game, now: Moment, asking: bool) -> int | None:
    zones = _zones(game, now, asking)
    if not zones:
        return None
    if asking:
        return _tick(now.entered, now.clock, 1)
    left = [
        zone.zone.hits - now.rows.get(zone.index, 0)
        for zone in zones
        if zone.zone is not None and zone.zone.holds(now.sample)
    ]
    return min((_tick(now.entered, now.clock, number) for number in left if number > 0), default=None)


def _approaches(game: Game, now: Moment, forward: bool) -> list[Coming]:
    if not forward and not now.travelled:
        return []
    found: list[Coming] = []
    for action in available(game.table, now.position, game.past_endings):
        if action.event.waypoint is None or action.index in now.near:
            continue
        left = approach_ms(action.event.waypoint) - now.travelled
        if left <= 0 or forward:
            found.append(Coming(now.clock + max(0, left), "approach", near=action))
    return found
