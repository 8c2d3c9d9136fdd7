"""Playing a world by the ten thousand: at random, for what is new, or by a script, and what came of it."""

from __future__ import annotations

from worldkit.play.playtest.many import playtest_many
from worldkit.play.playtest.pacing import ChoiceShare, Coverage, EndingShare, Spread
from worldkit.play.playtest.policies import Choice, View
from worldkit.play.playtest.result import Playtest
from worldkit.play.playtest.run import playtest

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
