"""``Tally``: what was counted over a number of runs, as plain numbers; tallies of runs in a row add up."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

ENDED, STUCK, OUT_OF_STEPS, STOPPED, REFUSED = range(5)
OUTCOMES = ("ended", "stuck", "out of steps", "stopped", "refused")
LONGEST_CLOCK = 2**63 - 1


@dataclass(slots=True, eq=False)
class Tally:
    """What was counted over runs ``0 .. runs - 1``.

    Attributes:
        taken: How often each edge was taken.
        offered: How often it could have been.
        first: The first run that took an edge, by edge.
        steps: How many steps each run took.
        waits: How many of those fired by themselves.
        clocks: The stepper's clock at the end of each run, in ms.
        ends: The index of the state each run ended in.
        outcomes: How it ended, as an index into ``OUTCOMES``.
        refusals: How often a script was refused: state, and why.
    """

    taken: list[int]
    offered: list[int]
    first: dict[int, int] = field(default_factory=dict)
    steps: array[int] = field(default_factory=lambda: array("I"))
    waits: array[int] = field(default_factory=lambda: array("I"))
    clocks: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("I"))
    outcomes: array[int] = field(default_factory=lambda: array("B"))
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def runs(self) -> int:
        """How many runs were counted."""
        return len(self.steps)

    def add(self, later: Tally) -> None:
        """Add the runs that come after these."""
        self.taken = [a + b for a, b in zip(self.taken, later.taken, strict=True)]
        self.offered = [a + b for a, b in zip(self.offered, later.offered, strict=True)]
        self.first = later.first | self.first
        for mine, theirs in (
            (self.steps, later.steps),
            (self.waits, later.waits),
            (self.clocks, later.clocks),
            (self.ends, later.ends),
            (self.outcomes, later.outcomes),
        ):
            mine.extend(theirs)
        self.refusals.update(later.refusals)
