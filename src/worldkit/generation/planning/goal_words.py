"""Words that goals are read and cut with, and what a goal may be."""

from __future__ import annotations

import re

from worldkit.generation.text.constraints import clean
from worldkit.generation.text.word_sets import HANGING, word_set

LONGEST, MOST = 64, 12
"""Characters and words that a goal may have."""
WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
ASIDE = word_set("goal", "aside")
HE = word_set("goal", "he")
HIM = word_set("goal", "him")
HIS = word_set("goal", "his")
PARTICLES = word_set("goal", "particles")
RELATIVE = word_set("goal", "relative")
SEARCH = word_set("goal", "search")
"""Verbs of seeking."""
WORN = word_set("goal", "worn")
LEADING = HANGING | RELATIVE | WORN | word_set("goal", "leading") - PARTICLES
"""Words that begin another phrase."""


def allowed_goal(goal: str) -> str:
    """Return a goal if it is short enough and the prose rules allow it; else an empty text."""
    return goal if clean(goal) and len(goal) <= LONGEST else ""
