"""The few statistics of a playtest: shares with their 95 % interval, how long runs take, and how much was seen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.959963984540054
"""The normal deviate of a two-sided 95 % interval."""


MAX_PLAIN_NUMBER = 1e9
"""Numbers from here on are written with an exponent: nobody reads twenty digits."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The 10th, 50th and 90th percentile of something, each the value of a run (nearest rank)."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class EndingShare:
    """The share of an ending: how often it was reached, and how long that took.

    Attributes:
        state: The id of the ending's state.
        title: The ending's title.
        kind: ``"win"`` or ``"lose"``.
        runs: How many runs ended there.
        share: The part of all runs, 0 to 1.
        low: The lower bound of the share's 95 % interval (Wilson 1927).
        high: The upper bound.
        steps: Steps to it; None when no run got there.
        seconds: Seconds to it: what plays, what is waited for, and the time to choose.

    Example:
        >>> wk.playtest(world, runs=100).pacing()[0]
        EndingShare(state='two_mittens', title='TWO MITTENS', kind='win', runs=100, share=1.0, l...
    """

    state: str
    title: str
    kind: str
    runs: int
    share: float
    low: float
    high: float
    steps: Spread | None
    seconds: Spread | None


@dataclass(frozen=True, slots=True)
class ChoiceShare:
    """The share of a choice: how often it was taken where it was offered.

    Attributes:
        state: The id of the state.
        name: The event's name, or ``sequence:<id>``.
        label: What its button says.
        by: ``"player"`` when pressed, ``"timer"`` or ``"waypoint"`` when waited for.
        offered: At how many points of all runs it could be chosen.
        taken: How often it was.
        share: ``taken / offered``; 0 when it was never offered.

    Example:
        >>> wk.playtest(world, runs=100).choices("lane")[0].name
        'walk_up_the_lane'
    """

    state: str
    name: str
    label: str
    by: str
    offered: int
    taken: int
    share: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The part of the states, events or endings that was seen.

    Attributes:
        seen: How many were seen.
        total: How many the world has.
        reachable: How many can be reached at all; None when that is not known.

    Example:
        >>> coverage = wk.playtest(world, runs=100).coverage
        >>> coverage
        {'states': Coverage(seen=3, total=3, reachable=None), 'events': Coverage(seen=5, total=5...
    """

    seen: int
    total: int
    reachable: int | None

    @property
    def of(self) -> int:
        """The number that ``seen`` is measured by: of those that can be reached, if that is known, else of all."""
        return self.total if self.reachable is None else self.reachable

    @property
    def share(self) -> float:
        """The part that was seen, 0 to 1; 1 when there is nothing to see."""
        return self.seen / self.of if self.of else 1.0


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Args:
        count: How many times it happened.
        total: Out of how many; 0 says nothing, so the interval is (0, 1).
    """
    if not total:
        return 0.0, 1.0
    share, square = count / total, Z * Z / total
    middle = share + square / 2
    half = Z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    low = 0.0 if count == 0 else max(0.0, (middle - half) / (1 + square))
    high = 1.0 if count == total else min(1.0, (middle + half) / (1 + square))
    return low, high


def percentiles(values: Iterable[float]) -> Spread | None:
    """Return the percentiles of some values; None when there are none."""
    sorted_values = sorted(values)
    if not sorted_values:
        return None
    low, median, high = (sorted_values[max(0, math.ceil(part * len(sorted_values)) - 1)] for part in (0.1, 0.5, 0.9))
    return Spread(low, median, high)


def format_percent(count: float, total: float) -> str:
    """Return a share as text that never rounds something to nothing, or less than all to all."""
    if not total or not count:
        return "0 %"
    if count >= total:
        return "100 %"
    return f"{format_number(100 * count / total)} %"


def format_number(share: float) -> str:
    """Return a percentage with two digits that count, from either end: ``0.013``, ``4.2``, ``39``, ``99.98``."""
    edge = min(share, 100 - share)
    if edge <= 0:
        return f"{share:.0f}"
    digits = max(0, 1 - math.floor(math.log10(edge)))
    return f"{share:.{digits}f}"


def format_average(value: float) -> str:
    """Return an average number of steps or seconds as text: ``12.0``, ``1.73e+18``."""
    return f"{value:,.1f}" if value < MAX_PLAIN_NUMBER or math.isinf(value) else f"{value:.3g}"


def format_duration(seconds: float) -> str:
    """Return a duration as one reads it: ``8.4 s``, ``2 min 05 s``, ``1 h 10 min``, ``2.1e+20 h``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds >= 3600 * MAX_PLAIN_NUMBER:
        return f"{seconds / 3600:.3g} h"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60:02} s"
    return f"{total // 3600:,} h {total % 3600 // 60:02} min"
