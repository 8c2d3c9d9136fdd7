"""Misspelled words of a premise, read as the words that they are one slip away from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase
from typing import get_args

from worldkit.language.capitals import is_name_of_town
from worldkit.language.lexicon import PartOfSpeech, lexicon
from worldkit.language.tagging import is_closed_word
from worldkit.language.word_sets import word_set

MOST = 12
"""Unknown words that are looked at: a text with more of them is none that was misspelled."""
_SHORTEST, _SHORTEST_SWAPPED, _LONGEST = 6, 5, 14
"""Letters of a misspelled word: of any, of one with two letters swapped, and at most."""
_ENDINGS = ("s", "er", "est", "ly", "ish", "ness", "less", "like", "r", "ed", "ing")
_BEGINNINGS = ("un", "re")
"""What makes another word of a known one."""
_SHORTEST_PART = 4
"""Letters of each of two words that are written as one: a firebolt."""
_FEWEST_USES = 3
"""How often the lexicon counts a word before a form of it, such as its plural, is what was meant."""
_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
_NAME = re.compile(r"\b(?:named|called|nicknamed) ([a-z]+)")


def corrected(text: str) -> str:
    """Return a text with its misspelled words put right, where one slip explains them.

    A slip is a letter too many, one too few, a wrong one, or two that are swapped, but neither at the beginning nor at
    the end, where another letter makes another word. What has a capital is left alone, as is what stands after "named"
    or "called": it may be what somebody is called.

    Example:
        >>> corrected("a theif in the museam wants the dimond and doesnt run")
        "a thief in the museum wants the diamond and doesn't run"
    """
    words = corrections(text)
    return _WORD.sub(lambda match: words.get(match[0], match[0]), text)


def corrections(text: str) -> dict[str, str]:
    """Return the words of a text that ``corrected`` puts right, each with what it is read as.

    Example:
        >>> corrections("a theif in the museum")
        {'theif': 'thief'}
    """
    names = set(_NAME.findall(text))
    unknown = dict.fromkeys(word for word in _WORD.findall(text) if word not in names and _is_unknown(word))
    return {word: right for word in list(unknown)[:MOST] if (right := _correction(word)) != word}


@lru_cache(maxsize=4096)
def _is_unknown(word: str) -> bool:
    if word in _contractions():
        return True
    is_word = _is_known(word) or word in word_set("given_names")
    return not is_word and len(word) <= _LONGEST and not is_name_of_town(word)


def _is_known(word: str) -> bool:
    return lexicon().knows(word) or is_closed_word(word)


@lru_cache(maxsize=4096)
def _correction(word: str) -> str:
    if contraction := _contractions().get(word):
        return contraction
    if _is_derived(word):
        return word
    candidates = list(_swapped(word)) if len(word) >= _SHORTEST_SWAPPED else []
    candidates += _changed(word) if len(word) >= _SHORTEST else []
    frequencies = {candidate: _frequency(candidate) for candidate in dict.fromkeys(candidates)}
    best = max(frequencies, key=lambda candidate: frequencies[candidate], default=word)
    return best if frequencies.get(best) else word


def _is_derived(word: str) -> bool:
    """Say whether a word is made of known ones: others, an influencer, unhoused, a firebolt."""
    return (
        any(word.endswith(end) and _is_known(word.removesuffix(end)) for end in _ENDINGS)
        or any(word.startswith(start) and _is_known(word.removeprefix(start)) for start in _BEGINNINGS)
        or any(
            all(lexicon().lemmas(part, "n") for part in (word[:at], word[at:]))
            for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        )
    )


def _swapped(word: str) -> Iterator[str]:
    """Yield a word with two letters beside each other swapped, but for the first."""
    return (f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(1, len(word) - 1))


def _changed(word: str) -> Iterator[str]:
    """Yield a word without one of its letters, with another one, and with one more, but for the first and the last."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1 :]
        yield from (f"{word[:at]}{letter}{word[at + 1 :]}" for letter in ascii_lowercase)
    for at in range(1, len(word)):
        yield from (f"{word[:at]}{letter}{word[at:]}" for letter in ascii_lowercase)


def _frequency(word: str) -> int:
    """Return how often the lexicon counts a word; 0 for one that it hardly counts, or that is a town or a country.

    What is nearly the name of a town is more likely that of another town.
    """
    if is_name_of_town(word):
        return 0
    words = lexicon()
    count = sum(words.counts(base)[pos] for pos in get_args(PartOfSpeech) for base in words.lemmas(word, pos))
    return count if word in words or count >= _FEWEST_USES else 0


def _contractions() -> dict[str, str]:
    return {word.replace("'", ""): word for word in word_set("contractions")}
