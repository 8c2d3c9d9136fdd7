"""Misspelled words of a premise, read as the words that they are one slip away from.

A rare word that the lexicon lacks looks like a misspelled one: a merrow is no marrow. Which it is depends on how likely
the slip is, on how often what may be meant is used, and on the length of the word, since a long one seldom has another
beside it by chance. The numbers were found with the words of SCOWL and the misspelled words of codespell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import zip_longest
from string import ascii_lowercase
from typing import Literal, get_args

from worldkit.language.capitals import is_name_of_town
from worldkit.language.lexicon import PartOfSpeech, lexicon
from worldkit.language.tagging import is_closed_word
from worldkit.language.word_sets import word_set

MAX_UNKNOWN_WORDS = 12
"""Unknown words that are looked at, the first of a text; more of them are hardly all misspelled."""
_MIN_LENGTH, _MIN_SWAPPED_LENGTH, _MAX_LENGTH = 6, 5, 14
"""Letters of a misspelled word: of any, of one with two letters swapped, and at most."""
_MIN_PART_LENGTH = 4
"""Letters of each of two words that are written as one, such as a firebolt, and of what is left of a derived one."""
Slip = Literal["likely", "vowel", "hand", "other"]
_MIN_USES: dict[Slip, tuple[int, int, int]] = {
    "likely": (3, 1, 1),
    "vowel": (3, 3, 3),
    "hand": (10, 3, 1),
    "other": (50, 10, 3),
}
"""How often the lexicon counts what is meant at least, for a slip in a word of up to 6 letters, up to 8, and more."""
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
_NAME = re.compile(r"\b(?:named|called|nicknamed) ([a-z]+)")


def corrected(text: str) -> str:
    """Return a text with its misspelled words put right, where one slip explains them.

    A slip is two letters that are swapped, or a letter too many, one too few or a wrong one, but these neither at the
    beginning nor at the end, where another letter makes another word. What has a capital is left alone, as is what
    stands after "named" or "called": it may be what somebody is called.

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
    return {word: right for word in list(unknown)[:MAX_UNKNOWN_WORDS] if (right := _correction(word)) != word}


@lru_cache(maxsize=4096)
def _is_unknown(word: str) -> bool:
    if word in _contractions():
        return True
    is_word = _is_known(word) or word in word_set("given_names")
    return not is_word and len(word) <= _MAX_LENGTH and not is_name_of_town(word)


def _is_known(word: str) -> bool:
    return lexicon().knows(word) or is_closed_word(word)


@lru_cache(maxsize=4096)
def _correction(word: str) -> str:
    if contraction := _contractions().get(word):
        return contraction
    if _is_derived(word):
        return word
    candidates = list(_swapped(word)) if len(word) >= _MIN_SWAPPED_LENGTH else []
    candidates += _changed(word) if len(word) >= _MIN_LENGTH else []
    slips = get_args(Slip)[:1] if _is_compound(word) else get_args(Slip)
    length = 0 if len(word) < 7 else 1 if len(word) < 9 else 2
    meant = [
        (slips.index(slip), -frequency, candidate)
        for candidate in dict.fromkeys(candidates)
        if (frequency := _frequency(candidate))
        and (slip := _slip(word, candidate)) in slips
        and frequency >= _MIN_USES[slip][length]
    ]
    return min(meant, default=(0, 0, word))[2]


def _is_derived(word: str) -> bool:
    """Say whether a word is made of a known one by what begins or ends words: others, clumpier, unhoused."""
    for ending, parts in _endings().items():
        if word.endswith(ending) and any(_may_be(base, parts) for base in _bases(word.removesuffix(ending), ending)):
            return True
    return any(word.startswith(start) and _may_be(word.removeprefix(start), "nvar") for start in word_set("beginnings"))


def _may_be(base: str, parts: str) -> bool:
    """Say whether a word is one of some parts of speech, or is itself derived."""
    known_parts = (part for part in get_args(PartOfSpeech) if lexicon().lemmas(base, part))
    return len(base) >= _MIN_PART_LENGTH and (any(part in parts for part in known_parts) or _is_derived(base))


def _bases(stem: str, ending: str) -> Iterator[str]:
    """Yield what a word may have been before its ending: a cook and clumpy; before a vowel also gauze and a pot."""
    yield stem
    if stem.endswith("i"):
        yield f"{stem[:-1]}y"
    if ending[0] in "aeioy":
        yield f"{stem}e"
        if stem[-1:] == stem[-2:-1]:
            yield stem[:-1]


def _is_compound(word: str) -> bool:
    """Say whether a word is two nouns written as one, such as a firebolt."""
    return any(
        all(lexicon().lemmas(part, "n") for part in (word[:at], word[at:]))
        for at in range(_MIN_PART_LENGTH, len(word) - _MIN_PART_LENGTH + 1)
    )


def _swapped(word: str) -> Iterator[str]:
    """Yield a word with two letters beside each other swapped."""
    return (f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1))


def _changed(word: str) -> Iterator[str]:
    """Yield a word without one of its letters, with another one, and with one more, but for the first and the last."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1 :]
        yield from (f"{word[:at]}{letter}{word[at + 1 :]}" for letter in ascii_lowercase)
    for at in range(1, len(word)):
        yield from (f"{word[:at]}{letter}{word[at:]}" for letter in ascii_lowercase)


def _slip(word: str, right: str) -> Slip:
    """Return which slip leads from a right word to a misspelled one.

    Likely ones are a letter left out, one doubled and two swapped; then come a wrong vowel behind the first of a word,
    and a letter too many or one beside the right one on a keyboard.
    """
    at = next(at for at, (wrong, letter) in enumerate(zip_longest(word, right)) if wrong != letter)
    if len(word) > len(right):
        return "likely" if word[at] == word[at - 1] else "hand"
    if len(word) < len(right) or word[at : at + 2] == right[at : at + 2][::-1]:
        return "likely"
    if {word[at], right[at]} <= set("aeiou") and not set("aeiouy").isdisjoint(word[:at]):
        return "vowel"
    return "hand" if right[at] in _beside(word[at]) else "other"


def _beside(letter: str) -> str:
    """Return the letters around one on a keyboard."""
    row = next(number for number, keys in enumerate(_KEYBOARD) if letter in keys)
    at = _KEYBOARD[row].index(letter)
    above, below = "".join(_KEYBOARD[row - 1 : row]), "".join(_KEYBOARD[row + 1 : row + 2])
    return _KEYBOARD[row][max(at - 1, 0) : at + 2] + above[at : at + 2] + below[max(at - 1, 0) : at + 1]


def _frequency(word: str) -> int:
    """Return how often the lexicon counts a word; 0 for one that it does not count, or that is a town or a country.

    What is nearly the name of a town is more likely that of another town.
    """
    if is_name_of_town(word):
        return 0
    words = lexicon()
    return sum(words.counts(base)[pos] for pos in get_args(PartOfSpeech) for base in words.lemmas(word, pos))


@cache
def _endings() -> dict[str, str]:
    """Return the endings that make another word of a known one, each with the parts of speech of that one."""
    return {ending: parts for parts, _, ending in (item.partition("-") for item in word_set("endings"))}


def _contractions() -> dict[str, str]:
    return {word.replace("'", ""): word for word in word_set("contractions")}
