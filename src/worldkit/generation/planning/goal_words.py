"""Words that goals are read with: those that begin another phrase, and those whose meaning changes the reading."""

from __future__ import annotations

from worldkit.generation.text.word_sets import HANGING, word_set

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
