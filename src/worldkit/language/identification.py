"""Whether a text of a few words is English: by its common words, and by how many of the others the lexicon knows."""

from __future__ import annotations

import re

from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import is_closed_word
from worldkit.language.word_sets import word_set

COMMON = word_set("common")
"""The words English prose cannot do without; in any page of it they are a third to a half of all."""

_SHARED = word_set("shared")
"""Words, most of them common ones, that are just as common in other languages."""

FEWEST_WORDS = 4
"""Fewer words than these say nothing."""

_COMMON_SHARE = 0.1
_KNOWN_SHARE = 0.6
"""Headlines have no common words, and other languages share up to a half of their words with the lexicon."""

_MOST_CAPITALS = 2 / 3
"""Where more words than these begin with a capital, a capital makes no name."""

_WORD = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s\b")


def may_be_english(text: str) -> bool:
    """Say whether a text of a few words may be English, also one without a sentence.

    It is where a tenth of its words are common in English alone, or where most of those that are no names are English.

    Args:
        text: The text, which need not be whole sentences.

    Example:
        >>> may_be_english("Two rival chefs compete during village feast")
        True
        >>> may_be_english("Una bruja debe encender la vela antes del alba.")
        False
    """
    words = _WORD.findall(_POSSESSIVE.sub("", text))
    if len(words) < FEWEST_WORDS:
        return True
    lower_words = [word.lower() for word in words]
    if sum(word in COMMON and word not in _SHARED for word in lower_words) >= _COMMON_SHARE * len(words):
        return True
    has_names = sum(word[0].isupper() for word in words) <= _MOST_CAPITALS * len(words)
    known_count = unknown_count = 0
    for word, lower_word in zip(words, lower_words, strict=True):
        if lower_word in _SHARED:
            continue
        if _is_known(lower_word):
            known_count += 1
        elif not (has_names and word[0].isupper()):
            unknown_count += 1
    return known_count > 0 and known_count >= _KNOWN_SHARE * (known_count + unknown_count)


def _is_known(word: str) -> bool:
    # abbreviations of one or two letters, which the lexicon has, are the articles of other languages
    words = lexicon()
    return is_closed_word(word) or (len(word) > 2 and any(words.lemmas(word, pos) for pos in ("n", "v", "a", "r")))
