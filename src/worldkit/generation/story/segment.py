"""Parting a text where its scene changes: words in common across a gap, new times and places, and an even length.

The gaps are scored as Hearst's TextTiling does (1997), by how little the sentences before and after have in common, and
the best set of them is found by dynamic programming, so that no part gets all of the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from operator import itemgetter

from worldkit.generation.story.units import Unit, heading_of, units
from worldkit.generation.text.word_sets import HANGING_WORDS, word_set
from worldkit.language.identification import COMMON_WORDS

WINDOW_SENTENCES = 4
"""Sentences on each side of a gap that are compared."""

MIN_BEATS, MAX_BEATS = 4, 8
WORDS_OF_BEAT = 70
"""About so many words of a text make a beat."""

MAX_UNITS = 160
"""So many units are looked at; neighbours of a longer text are put together first."""

EVENNESS_WEIGHT = 0.6
"""What it costs, in gaps, that a part is twice as long as it should be."""

HEADING_WEIGHT = 0.7
"""What it is worth that a part begins with a heading; that one ends with it costs twice as much."""

_TIMES = word_set("segment", "times")
MOVEMENT_VERBS = word_set("segment", "moves")
_SKIPPED_WORDS = HANGING_WORDS | COMMON_WORDS | word_set("segment", "skipped")


def divide_by_code(text: str) -> list[list[Unit]]:
    """Return the sentences of each beat of a text, as code divides it."""
    text_units = units(text, MIN_BEATS)
    beat_count = max(MIN_BEATS, min(MAX_BEATS, round(len(text.split()) / WORDS_OF_BEAT)))
    return split_units(text_units, min(beat_count, len(text_units)))


def split_units(story_units: Sequence[Unit], parts: int) -> list[list[Unit]]:
    """Return units in so many parts, none empty, in order; there are at least as many units as parts."""
    size = -(-len(story_units) // max(parts, MAX_UNITS))
    blocks = [story_units[at : at + size] for at in range(0, len(story_units), size)]
    count = len(blocks)
    parts = min(parts, count)
    sizes = [sum(len(unit.text.split()) for unit in block) for block in blocks]
    scores = _scores(blocks)
    ideal = max(1.0, sum(sizes) / parts)
    upto = list(accumulate(sizes, initial=0))

    def cost(start: int, end: int) -> float:
        return EVENNESS_WEIGHT * ((upto[end] - upto[start]) / ideal - 1) ** 2

    @cache
    def best(part_count: int, end: int) -> tuple[float, tuple[int, ...]]:
        """Return the worth of the best parting of the blocks up to one, and where its parts start."""
        if part_count == 1:
            return -cost(0, end), (0,)
        options = []
        for start in range(part_count - 1, end):
            worth, starts = best(part_count - 1, start)
            options.append((worth + scores[start] - cost(start, end), (*starts, start)))
        return max(options, key=itemgetter(0))

    cuts = [*best(parts, count)[1], count]
    return [[unit for block in blocks[start:end] for unit in block] for start, end in pairwise(cuts)]


def words(text: str) -> list[str]:
    """Return the words of a text that say what it is about, cut to their stems."""
    return [word[:6] for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 3 and word not in _SKIPPED_WORDS]


def _scores(blocks: Sequence[Sequence[Unit]]) -> list[float]:
    """Return for every block how good a place to part the text lies before it."""
    bags = [Counter(words(" ".join(unit.text for unit in block))) for block in blocks]
    counts = Counter(word for bag in bags for word in bag)
    rare = {word: math.log(1 + len(bags) / count) for word, count in counts.items()}
    scores = [0.0]
    is_heading = [bool(heading_of(block[-1].text)) for block in blocks]
    for at in range(1, len(blocks)):
        before: Counter[str] = sum(bags[max(0, at - WINDOW_SENTENCES) : at], Counter())
        after: Counter[str] = sum(bags[at : at + WINDOW_SENTENCES], Counter())
        first = blocks[at][0]
        new_scene = (
            0.3 * first.opens
            + HEADING_WEIGHT * (bool(heading_of(first.text)) - 2 * is_heading[at - 1])
            + 0.5 * (not _TIMES.isdisjoint(re.findall(r"[a-z]+", first.text.lower())[:4]))  # by evening, the next day
            + 0.2 * (not MOVEMENT_VERBS.isdisjoint(re.findall(r"\w+", first.text.lower())))
        )
        scores.append(1 - _similarity(before, after, rare) + new_scene)
    return scores


def _similarity(one: Counter[str], other: Counter[str], rare: dict[str, float]) -> float:
    # in the order of the text, since a sum of fractions depends on it
    common = sum(count * other[word] * rare[word] ** 2 for word, count in one.items() if word in other)
    norms = [math.sqrt(sum((n * rare[word]) ** 2 for word, n in bag.items())) for bag in (one, other)]
    return common / (norms[0] * norms[1]) if norms[0] and norms[1] else 0.0
