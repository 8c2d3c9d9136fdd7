"""Plays a world thousands of times, at random, towards new events, or by a script, and summarises the runs."""

from __future__ import annotations

from worldkit.simulation.chain_odds import odds
from worldkit.simulation.chance import BrokenChances, Chance, OddsComparison
from worldkit.simulation.odds_result import Odds
from worldkit.simulation.policies import Choice, View
from worldkit.simulation.result import Playtest
from worldkit.simulation.run import playtest, playtest_many
from worldkit.simulation.weights import WeightedPolicy, fit_policy

__all__ = [
    "BrokenChances",
    "Chance",
    "Choice",
    "Odds",
    "OddsComparison",
    "Playtest",
    "View",
    "WeightedPolicy",
    "fit_policy",
    "odds",
    "playtest",
    "playtest_many",
]
