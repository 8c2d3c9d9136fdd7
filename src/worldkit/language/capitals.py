"""Sentence case for titles and for what is written in capitals: only what must be a name keeps its capital."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import COMMON_ENDINGS
from worldkit.language.tagging import is_closed_word, tags_of_closed_word
from worldkit.language.word_sets import word_set

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_OPENING = re.compile(r"(?:\A|[.!?:;])[\s\"“‘'(]*\Z")
_MIN_WORD_LENGTH = 4
"""Letters of a word that is no abbreviation, nor one of those that have small letters in a title."""
_VOWELS = frozenset("aeiouy")
_MIN_USES = 8
"""How often the lexicon counts a word that is a common one before it is what somebody is called: a rose, but no tom."""
_WORDS_BEFORE_NAMES = word_set("before_names")
_HEADING = re.compile(r"[^.!?:;]{1,80}[.!?:](?=\s+\S)")


def in_sentence_case(text: str) -> str:
    """Return a text whose words have capitals as in a sentence, also where it is a title or in capitals.

    Example:
        >>> in_sentence_case("A Nurse From Hamburg Must Find Doctor Okafor in the Old Mill")
        'A nurse from Hamburg must find Doctor Okafor in the old mill'
        >>> in_sentence_case("FIND THE KEY! It is under the CARPET, Mr. Kowalski.")
        'Find the key! It is under the carpet, Mr. Kowalski.'
        >>> in_sentence_case("a story about my daughter emma in paris")
        'a story about my daughter Emma in Paris'
    """
    matches = list(_WORD.finditer(text))
    words = [match[0] for match in matches]
    lower_words = [word.lower().replace("’", "'") for word in words]
    # what a mark stands between does not belong together
    gaps = [text[one.end() : other.start()].strip() for one, other in pairwise(matches)]
    gaps = ["" if word in _WORDS_BEFORE_NAMES else gap for word, gap in zip(lower_words, gaps, strict=False)]
    heading = _HEADING.match(text)
    title_end = len(text) if _is_title(text, matches) else 0
    if not title_end and heading and _is_title(heading[0], list(_WORD.finditer(heading[0]))):
        title_end = heading.end()
    if text.islower():
        names = (at for at in range(len(matches)) if _is_name_in_small_letters(lower_words, gaps, at))
        starts = {matches[at].start() for at in names}
        return "".join(char.upper() if at in starts else char for at, char in enumerate(text))
    is_shouted = text.isupper()
    pieces, end = [], 0
    for at, (match, word) in enumerate(zip(matches, words, strict=True)):
        is_abbreviation = not is_shouted and _is_abbreviation(word)
        if (match.start() < title_end and not is_abbreviation) or _is_shouted(words, at):
            word = _cased(word, lower_words, gaps, at, is_first=_opens_sentence(text, match.start()))
        pieces += [text[end : match.start()], word]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _is_title(text: str, matches: list[re.Match[str]]) -> bool:
    """Say whether every word has a capital, common ones too, but for those that have none in titles."""
    has_common_capital = False
    for match in matches:
        word, lower_word = match[0], match[0].lower()
        if is_closed_word(lower_word):
            continue
        if word[0].islower() and len(word) >= _MIN_WORD_LENGTH:
            return False
        is_inside = not _opens_sentence(text, match.start())
        has_common_capital = has_common_capital or (is_inside and word[0].isupper() and _is_common(lower_word))
    return has_common_capital


def _is_shouted(words: list[str], at: int) -> bool:
    """Say whether a word has only capitals and is no abbreviation: it is long, or beside one that is."""
    nearby_words = words[max(0, at - 2) : at + 3]
    return words[at].isupper() and any(
        word.isupper() and len(word) >= _MIN_WORD_LENGTH and word.lower() not in word_set("abbreviations")
        for word in nearby_words
    )


def _is_abbreviation(word: str) -> bool:
    """Say whether a word in capitals is short, and no article of a title, or one of the longer abbreviations."""
    is_short = len(word) <= _MIN_WORD_LENGTH and word != "A"
    return word.isupper() and (is_short or word.lower() in word_set("abbreviations"))


def _opens_sentence(text: str, start: int) -> bool:
    return _SENTENCE_OPENING.search(text, max(0, start - 4), start) is not None


def _cased(word: str, lower_words: list[str], gaps: list[str], at: int, *, is_first: bool) -> str:
    """Return a word of a title as it is written in a sentence."""
    is_name = _is_name_at(lower_words, gaps, at)
    if is_name or is_first or word in ("I", "I'm", "I'll", "I've", "I'd"):
        return _capitalized(word) if word.isupper() else word
    return word.lower()


def _capitalized(word: str) -> str:
    if word.isalpha() and _VOWELS.isdisjoint(word.lower()):
        return word  # JFK
    return "'".join(part if part == "s" else part[:1].upper() + part[1:] for part in word.lower().split("'"))


def _is_name_at(words: list[str], gaps: list[str], at: int) -> bool:
    """Say whether a word, in small letters, is a name or a part of one, by those beside it."""
    before = words[at - 1] if at and not gaps[at - 1] else ""
    after = words[at + 1] if at + 1 < len(words) and not gaps[at] else ""
    word = words[at].removesuffix("'s")
    if word in _WORDS_BEFORE_NAMES:
        return True
    if is_closed_word(word):
        return False
    if _is_day_or_language(word):
        return True
    if _is_name(word):
        is_known = lexicon().knows(word) and (not _is_town(word) or _is_also_common(word))  # the hippo
        return "D" not in tags_of_closed_word(before) or not is_known
    if before in ("named", "called") or before in word_set("before_place_names"):
        return True
    if _is_town(f"{before} {word}") or _is_town(f"{word} {after}"):
        return True
    counts = lexicon().counts(word)
    is_verb = counts.get("v", 0) > counts.get("n", 0)  # reach Rome
    is_place = not is_verb and any(sense.kind == "l" for sense in lexicon().senses(word)[:2])
    # Hyde Park, Emma Wagner; Doctor Okafor
    if (_is_name(before) and is_place) or ((_is_name(before) or _is_person(before)) and _is_unknown(word)):
        return True
    if at == 1 and _is_name(before) and not _is_town(before) and counts.get("n", 0) > counts.get("v", 0):
        return all(sense.kind not in "pa" for sense in lexicon().senses(word)[:1])  # Emma Stone, but a netrunner thief
    is_person = _is_person(word)
    is_named_next = (_is_name(after) or (is_person and _is_unknown(after))) and "D" not in tags_of_closed_word(before)
    # Captain Nemo, Castle Grimm; Loch Ness
    return (is_named_next and (is_person or is_place)) or (
        word in word_set("before_place_names") and bool(after) and not is_closed_word(after)
    )


def _is_name_in_small_letters(words: list[str], gaps: list[str], at: int) -> bool:
    """Say whether a word is a name where nothing has a capital: a town, a day, or somebody by the words beside it."""
    before = words[at - 1] if at and not gaps[at - 1] else ""
    after = words[at + 1] if at + 1 < len(words) and not gaps[at] else ""
    word = words[at].removesuffix("'s")
    if at == 0 and _is_person(word):
        return _is_unknown(after)  # captain nemo
    is_called = before in ("named", "called") or _is_person(before) or at == 0
    is_called = is_called or (before == "and" and word in word_set("given_names"))
    is_called = is_called or (word != words[at] and "D" not in tags_of_closed_word(before))  # find anna's ring
    if (
        _is_day_or_language(word)
        or _is_town_of_two_words(before, word)
        or _is_town_of_two_words(word, after.removesuffix("'s"))
    ):
        return True
    if _is_town(word):
        return "D" not in tags_of_closed_word(before) or not _is_also_common(word)
    return is_called and not is_closed_word(word) and _is_name(word)


def _is_unknown(word: str) -> bool:
    return len(word) > 2 and not is_closed_word(word) and not lexicon().knows(word)


@lru_cache(maxsize=4096)
def _is_person(word: str) -> bool:
    return any(sense.kind == "p" for sense in lexicon().senses(word)[:1])


@lru_cache(maxsize=4096)
def _is_common(word: str) -> bool:
    return lexicon().knows(word.removesuffix("'s")) and (not _is_name(word) or _is_also_common(word))


@lru_cache(maxsize=4096)
def _is_name(word: str) -> bool:
    """Say whether a word in small letters can only be what somebody or some place is called."""
    words = lexicon()
    if word in word_set("given_names"):
        return sum(words.counts(word).values()) < _MIN_USES
    is_unknown = _is_unknown(word) and not words.knows(word.rpartition("-")[2])
    return _is_town(word) or (is_unknown and not word.endswith(COMMON_ENDINGS))


@lru_cache(maxsize=4096)
def is_name_of_town(name: str) -> bool:
    """Say whether a name in small letters is that of a town or a country, without an article: old Paris, no sahara."""
    words = name.split()
    towns = (end for end in (" ".join(words[-2:]), *words[-1:]) if _is_town(end) and not _is_also_common(end))
    return " of " not in name and any(
        _kinds("kinds_of_lands").isdisjoint(lexicon().parents(lexicon().senses(town)[0].id)) for town in towns
    )


def is_name_of_owner(word: str) -> bool:
    """Say whether a word with a capital that no article stands before says by a name whose something is: Dean's prize.

    A word that is no name says so with an article: the dean's prize. Death's door is open without one.
    """
    owner = word.lower().removesuffix("'s")
    if owner == word.lower() or not word[0].isupper():
        return False
    senses = lexicon().senses(owner)
    return _is_name(owner) or owner in word_set("given_names") or (bool(senses) and senses[0].kind in "pa")


@lru_cache(maxsize=4096)
def _is_town(name: str) -> bool:
    """Say whether the lexicon has a name first as that of a town, a state, an island or a country."""
    words = lexicon()
    if is_closed_word(name) or name.replace(" ", "_") in word_set("no_towns"):
        return False
    senses = words.senses(name)[:1]
    if not senses or senses[0].kind != "l" or words.counts(name).keys() - {"n"}:
        return False
    if len(name) < _MIN_WORD_LENGTH and not senses[0].frequency:
        return False  # id, for Idaho
    return not _kinds_of_towns().isdisjoint(words.parents(senses[0].id))


def _is_town_of_two_words(first: str, second: str) -> bool:
    """Say whether two words are a town and not both common ones: new york, but no silver city."""
    is_any_name = any(_is_name(word) or not lexicon().knows(word) for word in (first, second))
    return is_any_name and _is_town(f"{first} {second}")


@lru_cache(maxsize=4096)
def _is_day_or_language(word: str) -> bool:
    """Say whether a word is first a day, a month or a language, and what is of its speakers: Monday, French."""
    words = lexicon()
    senses, counts = words.senses(word)[:1], words.counts(word)
    if not senses or len(word) < _MIN_WORD_LENGTH or word in word_set("no_languages"):
        return False
    if senses[0].kind == "m":
        return not counts.keys() - {"n"} and not _kinds("kinds_of_days").isdisjoint(words.parents(senses[0].id))
    is_language = senses[0].kind == "c" and not _kinds("languages").isdisjoint(words.ancestors(senses[0].id))
    return is_language and counts.get("v", 0) <= counts.get("a", -1)


@lru_cache(maxsize=4096)
def _is_also_common(town: str) -> bool:
    """Say whether the name of a town that is not often spoken of is also a word for a thing or an animal: the hippo."""
    senses = lexicon().senses(town)
    return _is_town(town) and senses[0].frequency <= 1 and any(sense.kind in "tap" for sense in senses)


@cache
def _kinds_of_towns() -> frozenset[int]:
    words = lexicon()
    # of some countries it says no more than that; "country" itself is the people first
    return _kinds("kinds_of_towns").union(words.parents(words.senses("european country")[0].id))


@cache
def _kinds(name: str) -> frozenset[int]:
    return frozenset(lexicon().senses(kind.replace("_", " "))[0].id for kind in word_set(name))
