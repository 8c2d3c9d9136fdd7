"""Whether the words of an ending agree with how it ends: a win in which the patient dies is none."""

from __future__ import annotations

import re
from typing import Literal

from worldkit.generation.text.english import stem

Outcome = Literal["win", "lose"]
OUTCOME_WORDS: dict[Outcome, str] = {"win": "won", "lose": "lost"}
"""How an ending of each outcome is called to a model."""

_FAILURE = re.compile(
    r"\b(?:die[sd]?|(?:dying|dead)(?! (?:light|night|day|leaves|wood|branch|tree|grass|fire|ember|calm|cent))"
    r"|death|drown(?:s|ed)?|perish(?:es|ed)?|fail(?:s|ed|ure)?|defeat(?:s|ed)?|los(?:es?|t)"
    r"|doom(?:s|ed)?|too late|trapped|ruin(?:s|ed)?|in vain|unsolved|unfinished|world ends|end of the world)\b",
    re.IGNORECASE,
)
_SUCCESS = re.compile(
    r"\b(?:saved?|saves|rescue[sd]?|win|wins|won|victor(?:y|ious)|succe(?:ss|eds?|eded)|triumph(?:s|ed|ant)?)\b",
    re.IGNORECASE,
)
_REVERSAL = re.compile(
    r"\b(?:not|no|never|nobody|without|nearly|almost|un(?:til|less)|instead|n't)\b|n't\b", re.IGNORECASE
)


def contradiction(outcome: Outcome, text: str, story: str) -> str:
    """Return the first word of an ending's text that says the contrary of its outcome; empty when there is none.

    Args:
        outcome: How it ends.
        text: A text of the ending.
        story: The premise and the goal. A word of theirs says what the story is about: the dead queen's ring.
    """
    story_stems = {stem(word) for word in re.findall(r"[\w'-]+", story.lower())}
    for part in re.split(r"[.!?;,]", text):
        if _REVERSAL.search(part):
            continue
        for match in (_FAILURE if outcome == "win" else _SUCCESS).finditer(part):
            if stem(match[0].lower()) not in story_stems:
                return match[0].lower()
    return ""
