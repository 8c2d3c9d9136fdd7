"""The virtual clock: whole milliseconds, and how long the parts of an event take (docs/spec/runtime.md#time)."""

from __future__ import annotations

import math

from worldkit.core.argument_ranges import expect_amount
from worldkit.core.model import Event, Phase, Waypoint

MAX_MS = 2**53 - 1
"""No single duration is longer than this many ms: the largest whole number every JSON reader keeps."""

PHASE_MS = 5000
MIN_PHASE_MS = 1000
WAYPOINT_SPEED = 14.0
APPROACH_M = 200.0
APPROACH_SHARE = 0.35

TICK_MS = 700
"""A picture is looked at so often, in ms, while something waits for evidence or a trigger zone is near."""

TIMEOUT_MS = 20_000
"""How long an arrival waits for evidence when it does not say."""

AMBIENT_MS = 10_000
"""How long the player lingers before an ambient line is streamed, and before each one after it."""


def whole_ms(value: float) -> int:
    """Return a duration as whole milliseconds, rounded up, so that a clock never holds a fraction."""
    return math.ceil(min(value, MAX_MS))


def checked_ms(value: float, argument: str = "ms") -> int:
    """Return a duration that a caller asked for as whole milliseconds.

    Args:
        value: The duration.
        argument: The name of the argument.

    Raises:
        WrongArgument: It is not a finite number of at least 0.
    """
    expect_amount(value, argument, 0, MAX_MS, unit="of milliseconds ")
    return math.ceil(value)


def playing_ms(event: Event) -> int:
    """Return how long an event plays before it lands: its phases, then ``minPlayMs``.

    A cutscene's clip and the wait for evidence have no known length and count as nothing.
    """
    minimum_ms = whole_ms(event.min_play_ms) if event.min_play_ms else 0
    return minimum_ms + sum(phase_ms(phase) for phase in event.phases) if event.phases else minimum_ms


def phase_ms(phase: Phase) -> int:
    """Return how long one phase plays: its ``minMs``, 5000 ms when it has none, at least 1000 ms."""
    return PHASE_MS if phase.min_ms is None else max(MIN_PHASE_MS, whole_ms(phase.min_ms))


def timer_ms(event: Event) -> int | None:
    """Return how long after entering a state the event fires by itself, or None when it does not.

    ``autoAfterMs: 0`` counts as 1 ms: some time must pass, so that two states that lead to each other
    at once cannot stop the clock for good.
    """
    return None if event.auto_after_ms is None else max(1, whole_ms(event.auto_after_ms))


def travel_ms(waypoint: Waypoint | None) -> int | None:
    """Return how long forward must be held to reach a waypoint, or None when there is none."""
    if waypoint is None:
        return None
    speed = waypoint.speed_ms if waypoint.speed_ms is not None else WAYPOINT_SPEED
    return max(1, whole_ms(waypoint.distance_m / speed * 1000))


def approach_m(waypoint: Waypoint) -> float:
    """Return how near a waypoint counts as near: its ``approachM``, else min(200, 0.35 ``distanceM``) metres."""
    if waypoint.approach_m is not None:
        return waypoint.approach_m
    return min(APPROACH_M, APPROACH_SHARE * waypoint.distance_m)


def approach_ms(waypoint: Waypoint) -> int:
    """Return how long forward must be held until a waypoint is near; 0 when it is near from the start."""
    speed = waypoint.speed_ms if waypoint.speed_ms is not None else WAYPOINT_SPEED
    return whole_ms(max(0.0, waypoint.distance_m - approach_m(waypoint)) / speed * 1000)


def remaining_m(waypoint: Waypoint, forward_ms: int) -> float:
    """Return how many metres a waypoint is away after forward was held for so many ms."""
    speed = waypoint.speed_ms if waypoint.speed_ms is not None else WAYPOINT_SPEED
    return max(0.0, waypoint.distance_m - speed * forward_ms / 1000)


def count_ticks(since: int, start: int, end: int) -> int:
    """Return how many ticks fall after ``start`` and up to ``end``; there is one every 700 ms from ``since``."""
    return (end - since) // TICK_MS - (start - since) // TICK_MS
