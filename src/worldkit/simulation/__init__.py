"""Playing a world by the ten thousand: at random, for what is new, or by a script, and what came of it."""

from __future__ import annotations

from worldkit.simulation.batch import playtest_many
from worldkit.simulation.pacing import ChoiceShare, Coverage, EndingShare, Spread
from worldkit.simulation.policies import Choice, View
from worldkit.simulation.result import Playtest
from worldkit.simulation.run import playtest

__all__ = [
    "Choice",
    "ChoiceShare",
    "Coverage",
    "EndingShare",
    "Playtest",
    "Spread",
    "View",
    "playtest",
    "playtest_many",
]
