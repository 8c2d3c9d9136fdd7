"""The scheduler, as pure functions: what passing time changes, and when the next event happens by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from worldkit.playing.clock import TICK_MS, approach_ms, count_ticks
from worldkit.playing.evidence import Observation, Sample, Source
from worldkit.playing.machine import available_events
from worldkit.playing.moment import Moment, Playing, SelfFiring, next_self_firing
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.transition_table import Action


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """The next event that happens by itself while nothing plays.

    Attributes:
        fires_at: The clock then.
        kind: An event fires, a waypoint comes near, or the picture is looked at.
        self_firing: The event, and what fires it.
        approached_action: The waypoint's event.
    """

    fires_at: int
    kind: Literal["fire", "approach", "look"]
    self_firing: SelfFiring | None = None
    approached_action: Action | None = None


def advance(rules: PlayRules, now: Moment, clock: int, forward: bool, source: Source | None) -> Moment:
    """Return the moment after time has passed, in which nothing happens by itself.

    Args:
        rules: The world and its terms.
        now: The moment before.
        clock: The clock then; with a source, no later than the next tick.
        forward: Forward is held. While something plays that brings no waypoint nearer.
        source: The source, asked at a tick.
    """
    if clock <= now.clock:
        return now
    playing = now.playing
    sample, observation = now.sample, None
    zone_streaks, first_tick = now.zone_streaks, _ticks_since(now)
    tick_count = 0 if first_tick is None else count_ticks(first_tick, now.clock, clock)
    zones: tuple[Action, ...] = ()
    if tick_count and playing is None:
        zones = _active_zones(rules, now, source is not None)
        tick_count = tick_count if zones else 0
    if tick_count and source is not None:
        answer = source(clock)
        new_sample = None if answer is None else Sample.of(answer)
        if new_sample is not None and new_sample != sample:
            sample = new_sample
            observation = Observation(clock, now.step_count, playing is not None, True, new_sample)
    if playing is not None:
        gate = playing.stage.gate if playing.stage is not None else None
        if tick_count and gate is not None and gate.accepts(sample):
            playing = replace(playing, hits=min(gate.hits, playing.hits + tick_count))
        return now.successor(clock=clock, playing=playing, sample=sample, observed=observation)
    if zones:
        zone_streaks = {
            zone.index: min(zone.zone.hits, zone_streaks.get(zone.index, 0) + tick_count)
            for zone in zones
            if zone.zone is not None and zone.zone.accepts(sample)
        }
    forward_ms = clock - now.clock if forward else 0
    return now.successor(
        clock=clock,
        travelled_ms=now.travelled_ms + forward_ms,
        forward_ms=now.forward_ms + forward_ms,
        moving=forward,
        zone_streaks=zone_streaks,
        sample=sample,
        observed=observation,
    )


def next_stage_change(now: Moment, has_source: bool) -> int:
    """Return the clock of the next thing that the playing event does, if the picture shows nothing new.

    Args:
        now: The moment; something plays, and a stage of it has begun.
        has_source: There is a source, so that every tick counts.
    """
    playing = now.playing
    assert playing is not None and playing.stage is not None
    stage_end = _stage_end(now, playing, has_source)
    return stage_end if playing.release_at is None else min(stage_end, playing.release_at)


def _stage_end(now: Moment, playing: Playing, has_source: bool) -> int:
    stage = playing.stage
    assert stage is not None
    if stage.gate is None:
        return playing.stage_began + stage.ms
    last = playing.stage_began + stage.gate.timeout_ms
    if has_source:
        return min(last, _tick(playing.stage_began, now.clock, 1))
    if stage.gate.accepts(now.sample):
        return min(last, _tick(playing.stage_began, now.clock, stage.gate.hits - playing.hits))
    return last


def next_event(rules: PlayRules, now: Moment, forward: bool, has_source: bool) -> ScheduledEvent | None:
    """Return what happens by itself next while nothing plays.

    At one time the picture is looked at first, then waypoints come near, then events fire.

    Args:
        rules: The world and its terms.
        now: The moment.
        forward: Forward is held.
        has_source: There is a source, so that every tick counts.
    """
    if rules.is_over(now):
        return None
    candidates: list[ScheduledEvent] = []
    tick = _next_zone_tick(rules, now, has_source)
    if tick is not None:
        candidates.append(ScheduledEvent(tick, "look"))
    candidates += _upcoming_approaches(rules, now, forward)
    self_firing = next_self_firing(rules.table, now, forward, rules.past_endings)
    if self_firing is not None:
        candidates.append(ScheduledEvent(self_firing.when, "fire", self_firing=self_firing))
    return min(candidates, key=lambda candidate: candidate.fires_at, default=None)


def _ticks_since(now: Moment) -> int | None:
    """Return from when on ticks count at a moment; None when the picture is not looked at."""
    if now.playing is None:
        return now.entered_at
    stage = now.playing.stage
    return now.playing.stage_began if stage is not None and stage.gate is not None else None


def _tick(since: int, now: int, number: int) -> int:
    return since + ((now - since) // TICK_MS + number) * TICK_MS


def _active_zones(rules: PlayRules, now: Moment, has_source: bool) -> tuple[Action, ...]:
    """Return the trigger zones that may still fire here, locked ones too; none where there is no picture."""
    zones = rules.table.zones.get(now.position.state, ())
    if not zones or (now.sample is None and not has_source) or rules.is_over(now):
        return ()
    used_events = now.position.used
    return tuple(
        zone for zone in zones if zone.index not in now.self_fired and not (zone.one_shot and zone.name in used_events)
    )


def _next_zone_tick(rules: PlayRules, now: Moment, has_source: bool) -> int | None:
    zones = _active_zones(rules, now, has_source)
    if not zones:
        return None
    if has_source:
        return _tick(now.entered_at, now.clock, 1)
    missing_hits = [
        zone.zone.hits - now.zone_streaks.get(zone.index, 0)
        for zone in zones
        if zone.zone is not None and zone.zone.accepts(now.sample)
    ]
    return min((_tick(now.entered_at, now.clock, number) for number in missing_hits if number > 0), default=None)


def _upcoming_approaches(rules: PlayRules, now: Moment, forward: bool) -> list[ScheduledEvent]:
    if not forward and not now.travelled_ms:
        return []
    approaches: list[ScheduledEvent] = []
    for action in available_events(rules.table, now.position, rules.past_endings):
        if action.event.waypoint is None or action.index in now.near_waypoints:
            continue
        remaining = approach_ms(action.event.waypoint) - now.travelled_ms
        if remaining <= 0 or forward:
            approaches.append(ScheduledEvent(now.clock + max(0, remaining), "approach", approached_action=action))
    return approaches
