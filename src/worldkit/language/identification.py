"""Whether a text of a few words is English: by its common words, and by how many of the others the lexicon knows."""

from __future__ import annotations

import re
from typing import get_args

from worldkit.language.lexicon import PartOfSpeech, lexicon
from worldkit.language.tagging import is_closed_word
from worldkit.language.word_sets import word_set

COMMON_WORDS = word_set("common")
"""The words English prose cannot do without; in any page of it they are a third to a half of all."""

_SHARED_WORDS = word_set("shared")
"""Words, most of them common ones, that are just as common in other languages."""

MIN_WORDS = 4
"""Fewer words than these say nothing."""

_WORDS_AFTER_VERBS = ("a", "an", "for", "of", "to")
"""Shared words that are English behind a verb that the lexicon knows: in "plots to steal"."""

_COMMON_SHARE = 0.1
_KNOWN_SHARE = 0.6
"""Headlines have no common words, and other languages share up to a half of their words with the lexicon."""

_MAX_CAPITAL_SHARE = 2 / 3
"""Where more words than these begin with a capital, a capital makes no name."""

_ENGLISH_PHRASE = re.compile(
    r"\b(?i:in|at|as|is|by|has|had|with|into|and) an? |\b(?i:was) a |\b(?:named|called) [A-Z]"
    # in other languages "a" and "an" begin a sentence too, before a name, or before "on a volé"
    r"|\A(?:An|Two|Three|A (?!la\b)(?=[a-z]))\b[^.]*[^.,] on an? "
    r"|\A[Aa]n? (?!la\b)(?:[a-z]+ ){1,3}of "
)
"""What is English in any text, also where every single word of it stands in other languages too."""

_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s\b")


def may_be_english(text: str) -> bool:
    """Say whether a text of a few words may be English, also one without a sentence.

    It is where a tenth of its words are common in English alone, where most of those that are no names are English, or
    where it has a phrase such as "in a". A text without a letter from A to Z is not.

    Args:
        text: The text, which need not be whole sentences.
    """
    words = _WORD.findall(_POSSESSIVE.sub("", text))
    if words and not _LATIN.search(text):
        return False
    if len(words) < MIN_WORDS:
        return True
    lower_words = [word.lower() for word in words]
    has_foreign_letters = any(not word.isascii() and not _is_known(word) for word in words if word[0].islower())
    if _ENGLISH_PHRASE.search(text) and not has_foreign_letters:
        return True
    if sum(word in COMMON_WORDS and word not in _SHARED_WORDS for word in lower_words) >= _COMMON_SHARE * len(words):
        return True
    has_names = sum(word[0].isupper() for word in words) <= _MAX_CAPITAL_SHARE * len(words)
    known_count = unknown_count = 0
    for number, (word, lower_word) in enumerate(zip(words, lower_words, strict=True)):
        if lower_word in _SHARED_WORDS:
            known_count += number > 0 and lower_word in _WORDS_AFTER_VERBS and _is_known(lower_words[number - 1], "v")
        elif _is_known(lower_word):
            known_count += 1
        elif not (has_names and word[0].isupper()):
            unknown_count += 1
    return known_count > 0 and known_count >= _KNOWN_SHARE * (known_count + unknown_count)


def _is_known(word: str, *parts_of_speech: PartOfSpeech) -> bool:
    # abbreviations of one or two letters, which the lexicon has, are the articles of other languages
    words = lexicon()
    return is_closed_word(word) or (
        len(word) > 2 and any(words.lemmas(word, pos) for pos in parts_of_speech or get_args(PartOfSpeech))
    )
