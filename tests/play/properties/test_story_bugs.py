"""Mistakes seeded into the samples are caught by the properties in the samples' files."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

import worldkit as wk
from tests.play.properties.mutations import KINDS, Bug, bugs

SMALL = ("bench", "delivery", "lighthouse")
ALL_STORY_BUGS = bool(os.environ.get("WORLDKIT_ALL_STORY_BUGS"))
"""Whether all mistakes are made, and 100 in the sample archive, which takes minutes; else 60 small ones."""
LONG_BUDGET = wk.Budget(seconds=300)
"""On a busy machine a second of work can take ten."""


def properties_broken_by(bug: Bug) -> list[str]:
    """Return the names of the properties that a mistake breaks; the error for one that names what is gone."""
    try:
        return [
            result.name
            for result in wk.check(bug.world, wk.samples.load(bug.sample).properties, budget=LONG_BUDGET).broken
        ]
    except wk.PropertyError as error:
        return [str(error)]


@pytest.mark.parametrize("name", ["bench", "delivery", "lighthouse", "archive"])
def test_the_properties_of_a_sample_hold_and_say_something(name: str) -> None:
    results = wk.check(wk.samples.load(name), budget=LONG_BUDGET)
    assert len(results) >= 10
    assert {result.outcome for result in results} == {"holds"}


def test_every_seeded_story_bug_is_caught_by_a_property_of_the_sample() -> None:
    rng = random.Random(18)
    seeded = [bug for name in SMALL for bug in bugs(name)]
    seeded = [*seeded, *rng.sample(bugs("archive"), 100)] if ALL_STORY_BUGS else rng.sample(seeded, 60)
    misses = [bug[:4] for bug in seeded if not properties_broken_by(bug)]
    assert not misses
    counts = Counter(bug.kind for bug in seeded)
    assert set(counts) == set(KINDS) and len(seeded) >= 60
