"""Runs inputs through the targets, and counts what became of them."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.fuzz.targets import TARGETS, Target

INPUTS_PER_BLOCK = 100
"""Inputs that are fed to one thing before the next one begins."""


class TooSlow(BaseException):
    """An input took more than its time."""


@dataclass
class Tally:
    """What became of a target's inputs.

    Attributes:
        outcomes: How many were taken, refused, failed.
        failures: An input that failed in each way, by the way, as its number and its traceback.
        slowest: Seconds of the processor that the slowest took, and its number.
        seconds: Seconds of the processor that all took.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, tuple[int, str]] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, -1)
    seconds: float = 0.0


def run(
    target: Target,
    seed: int,
    numbers: Iterable[int],
    limit_s: float = 10.0,
    progress: Callable[[int, Tally], None] = lambda *_: None,
) -> Tally:
    """Feed inputs to a target.

    Args:
        target: The target.
        seed: With the number of an input it decides the input.
        numbers: Which inputs, ascending.
        limit_s: Seconds of the processor an input may take; one that takes more has failed.
        told: Called after each block.
    """
    tally, block = Tally(), -1
    for number in numbers:
        if number // INPUTS_PER_BLOCK != block:
            if block >= 0:
                progress(number, tally)
            block = number // INPUTS_PER_BLOCK
            target.begin(Random(f"{seed}:{target.name}:block {block}"))
        rng = Random(f"{seed}:{target.name}:{number}")
        began = time.process_time()
        try:
            with _time_limit(limit_s):
                outcome = target.feed(rng)
        except (Exception, TooSlow) as error:
            outcome = "failed"
            tally.failures.setdefault(_way(error), (number, traceback.format_exc(limit=-12)))
            block = -1
        seconds = time.process_time() - began
        tally.outcomes[outcome] += 1
        tally.seconds += seconds
        tally.slowest = max(tally.slowest, (seconds, number))
    return tally


def _way(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "/worldkit/" in frame.filename] or list(frames)
    where = f"{inside[-1].filename.rpartition('/worldkit/')[2]}:{inside[-1].lineno}"
    return (
        f"{type(error).__name__} at {where}: {str(error)[:100]!r}"
        if type(error).__name__ == "Broken"
        else f"{type(error).__name__} at {where}"
    )


@contextmanager
def _time_limit(seconds: float) -> Any:
    def stop(*_: object) -> None:
        raise TooSlow(f"more than {seconds:g} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def table(tallies: dict[str, Tally]) -> str:
    """Return the tallies as a table of text."""
    lines = [f"{'target':10}{'inputs':>10}{'taken':>10}{'refused':>10}{'failed':>8}{'slowest s':>11}{'cpu s':>9}"]
    for name, tally in tallies.items():
        counts = tally.outcomes
        lines.append(
            f"{name:10}{counts.total():>10,}{counts['taken']:>10,}{counts['refused']:>10,}{counts['failed']:>8,}"
            f"{tally.slowest[0]:>11.3f}{tally.seconds:>9.0f}"
        )
    lines.append(f"{'all':10}{sum(tally.outcomes.total() for tally in tallies.values()):>10,}")
    return "\n".join(lines)


def shares(count: int) -> dict[type[Target], int]:
    """Return how many of so many inputs each target gets."""
    each, rest = divmod(count, len(TARGETS))
    return {target: each + (at < rest) for at, target in enumerate(TARGETS)}
