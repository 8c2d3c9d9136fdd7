"""What threatens in a premise: before the storm, before the bank takes it."""

from __future__ import annotations

import re

from worldkit.generation.planning.goal_words import HE
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean
from worldkit.language.tagging import tag

_TIMES = [[time] for time in word_sets.words("premise", "times")]
_DAYS = word_sets.word_set("premise", "days")
_PARTICLES = word_sets.word_set("premise", "particles")
_DEADLINE = re.compile(r"\bbefore ((?:[a-z'-]+ ?)+)")
_LONGEST_DEADLINE = 9
"""Words of a deadline, without "before"."""
_TOO_LATE = "before it is too late"


def read_deadline(text: str, goal: str) -> str:
    """Return what threatens, such as ``"before the storm"``; empty when nothing does."""
    match = _DEADLINE.search(text)
    if not match:
        return ""
    words = _DEADLINE_END.split(match[1])[0].split()
    words = words[: words.index("to")] if "to" in words else words
    subject_at = next((at for at, word in enumerate(words) if at and word in HE), len(words))
    words = words[:subject_at]
    if len(words) > _LONGEST_DEADLINE:
        # what comes after the verb may go: the army marches
        verb_at = next((at for at, token in enumerate(tag(" ".join(words))) if token.tag in "VXIE"), len(words))
        ends = [at for at, word in enumerate(words) if at > verb_at and word in word_sets.HANGING - _PARTICLES]
        words = words[: ends[0] if ends and ends[0] <= _LONGEST_DEADLINE else 0]
    lost_object = ""
    while words and words[-1] in word_sets.HANGING - _PARTICLES | _OBJECTS:
        lost_object = words.pop()
    if lost_object in _OBJECTS and len(words) > 1:
        # the bank takes it: without "it" that is no clause
        is_known = lost_object in ("it", "them") and goal and goal.split()[-1] in text[: match.start()]
        words = [*words, lost_object] if is_known else _TOO_LATE.split()[1:]
    words = ["the" if word in ("his", "her", "their", "my", "our", "your") else word for word in words]
    phrase = " ".join(["before", *(word.capitalize() if word in _DAYS else word for word in words)])
    return phrase if (len(words) > 1 or words in _TIMES) and clean(phrase) else ""


_DEADLINE_END = re.compile(r"\b(?:before|while|but|until|because|when|after|so|if|and|or|then|lest|though|although)\b")
_OBJECTS = frozenset(["it", "him", "her", "them", "me", "us", "you"])
