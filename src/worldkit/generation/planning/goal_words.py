"""Words that goals are read with, and how a goal is cut so that nothing hangs at its end."""

from __future__ import annotations

import re

from worldkit.generation.text.word_sets import ARTICLES, HANGING_WORDS, word_set
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import Token, tag

MAX_GOAL_CHARACTERS, MAX_GOAL_WORDS = 64, 12
"""Characters and words that a goal may have."""
WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
ASIDE_WORDS, SUBJECT_PRONOUNS, OBJECT_PRONOUNS, POSSESSIVES, PARTICLES, RELATIVE_PRONOUNS, WORN_ADJECTIVES = (
    word_set("goal", name) for name in ("aside", "he", "him", "his", "particles", "relative", "worn")
)
SEARCH_VERBS = word_set("goal", "search")
"""Verbs of seeking."""
LEADING_WORDS = HANGING_WORDS | RELATIVE_PRONOUNS | WORN_ADJECTIVES | word_set("goal", "leading") - PARTICLES
"""Words that begin another phrase."""
ABSENCE_WORD = re.compile(r"\b(?:missing|lost|same|stolen) ")
"""What is said of a thing until it is found."""
_PLACE_PREPOSITIONS = word_set("goal", "placed")


def has_object(words: list[str]) -> bool:
    """Say whether a phrase says more than its verb: "win back" does not."""
    return not (LEADING_WORDS | PARTICLES | ASIDE_WORDS | ARTICLES).issuperset(words[1:])


def _is_long(words: list[str]) -> bool:
    return len(" ".join(words)) > MAX_GOAL_CHARACTERS or len(words) > MAX_GOAL_WORDS


def shortened(words: list[str], setting: str) -> list[str]:
    """Return a phrase that is not too long: without its chief place, without a relative clause, without an addition."""
    if _is_long(words) and setting:
        words = re.sub(rf" (?:in|at|of|on|aboard) the {re.escape(setting)}\b", "", " ".join(words)).split()
    while _is_long(words):
        related = next((at for at, word in enumerate(words) if at > 2 and word in RELATIVE_PRONOUNS), 0)
        ends = [at for at, word in enumerate(words) if at > 2 and (word in LEADING_WORDS or word == "from")]
        if not (related or ends):
            return []
        words = without_loose_end(words[: related or ends[-1]])
    return words


def without_loose_end(words: list[str]) -> list[str]:
    """Remove trailing words that begin another phrase, and put a particle behind its verb."""
    words = list(words)
    while len(words) > 1:
        last = words[-1]
        related = next((at for at, word in enumerate(words) if word in RELATIVE_PRONOUNS), 0)
        if last == "for" and related and words[related] == "what":
            words = [*words[:related], "why", *words[related + 1 : -1]]
        elif last == "why" and len(words) <= 3:
            words[-1:] = ["the", "reason"]
        elif last in PARTICLES | {"on", "off"} and (words[related] == "how" or words[-2] in ("back", "way")):
            break  # how to get the piano up, turn the power back on
        elif last in PARTICLES:
            words.pop()
            if len(words) > 2 and words[1] in ARTICLES and not LEADING_WORDS & set(words[2:]):
                words.insert(1, last)
        elif last in LEADING_WORDS and not _is_noun(last, words[-2]):
            words.pop()
        else:
            break
    return words


def _is_noun(word: str, before: str) -> bool:
    """Say whether a word that usually begins another phrase is a noun here: the will, the wrong one."""
    return (word == "will" and before in ARTICLES) or (word == "one" and before not in HANGING_WORDS)


def at_home(words: list[str], setting: str) -> list[str]:
    """Leave out where it is done when that is the chief place."""
    where = setting.split()
    start = len(words) - len(where)
    if not where or words[start:] != where:
        return words
    if words[start - 1] in ARTICLES:
        start -= 1
    if start <= 3 or words[start - 1] not in _PLACE_PREPOSITIONS:
        return words
    token_before = tag(" ".join(words))[start - 2]
    is_related = not RELATIVE_PRONOUNS.isdisjoint(words)
    if is_related and (token_before.tag in "VEG" or words[start - 3] in RELATIVE_PRONOUNS):
        return words  # what lives in the well, a man who is sitting in the hall
    # the treasure buried in the garden: without the garden it is the treasure
    is_cut = start > 4 and token_before.tag == "E" and is_said_of(token_before) and not is_related
    return words[: start - 2 if is_cut else start - 1]


def is_said_of(token: Token) -> bool:
    """Say whether a word behind a noun says how something is, and is no noun: hidden, lit, twice."""
    if token.tag not in "EGRV":
        return False
    words = lexicon()
    noun_count, verb_count = (
        next((words.counts(base).get(pos, 0) for base in words.lemmas(token.word, pos)), 0) for pos in ("n", "v")
    )
    return token.tag == "R" or noun_count <= verb_count
