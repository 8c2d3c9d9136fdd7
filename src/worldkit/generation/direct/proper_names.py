"""Which words of a model's answer are names: those keep their capitals inside a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from worldkit.generation.planning.chunking import LONGEST_TITLE, TITLE_AT_END
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import is_closed_word, tag

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_ENDS, _OPENING, _CLOSING = ".!?:…*#;", ('"', "“", "‘", "«", "(", "["), "\"”’'»)]_"
_PARAGRAPH = re.compile(r"\n\s*\n")
_CONTENT_TAGS = frozenset("ANVIGE")


@lru_cache(maxsize=32)
def proper_names(
    texts: tuple[str, ...], items: tuple[str, ...], deeds: tuple[str, ...] = (), *, is_weak: bool = True
) -> frozenset[str]:
    """Return the words of an answer that are names, given its sentences, its phrases of things, and those of deeds.

    A weak model begins phrases with a capital at random; a strong one that begins few so means a name, such as Justice.
    """
    names = {word for text in texts for word in inner_capitals(text)}
    names |= _first_names(texts, items)
    for phrases in (items, deeds):
        if not _is_title_case(phrases):
            names |= {word for phrase in phrases for word in inner_capitals(phrase)}
    if not _is_title_case(items):
        names |= {words[0] for item in items if len(words := _WORD.findall(item)) > 1 and words[1] in names}
        names |= set() if is_weak else _rare_beginnings(items)
    names |= {part for name in names for part in name.split("-")}
    return frozenset(name for name in names if name != "I")


def _rare_beginnings(items: tuple[str, ...]) -> set[str]:
    """Return the words with a capital that phrases begin with, where most of them begin with a small letter."""
    first_words = [match[0] for item in items if (match := _WORD.match(item))]
    capitals = [word for word in first_words if word[0].isupper()]
    return {word for word in capitals if not is_closed_word(word.lower())} if len(capitals) * 2 <= len(items) else set()


def inner_capitals(text: str) -> Iterable[str]:
    """Yield the words that have a capital though they begin no sentence."""
    for match in _WORD.finditer(text):
        if match[0][0].isupper() and not begins_sentence(text, match.start()):
            yield match[0]


def begins_sentence(text: str, at: int) -> bool:
    """Say whether a word, given with where it stands in a text, begins a sentence, and has its capital by that."""
    before = _PARAGRAPH.split(text[max(0, at - LONGEST_TITLE) : at])[-1]
    if before.endswith(_OPENING) or not before.strip(" —–-"):
        return True
    before = before.rstrip().rstrip(_CLOSING).rstrip()
    return not before or (before[-1] in _SENTENCE_ENDS and not TITLE_AT_END.search(before))


def _first_names(texts: tuple[str, ...], items: tuple[str, ...]) -> set[str]:
    """Return the first words that are names: no word of the lexicon, or the beginning of several texts."""
    first_words = Counter(
        match[0] for text in (*texts, *items) if (match := _WORD.match(text)) and match[0][0].isupper()
    )
    lower_words = {word for text in (*texts, *items) for word in _WORD.findall(text) if word.islower()}
    names = set()
    for word, times in first_words.items():
        is_known = lexicon().knows(word.lower())
        is_content = tag(word)[0].tag in _CONTENT_TAGS
        if is_content and word.lower() not in lower_words and (times > 1 or not is_known):
            names.add(word)
    return names


def _is_title_case(items: tuple[str, ...]) -> bool:
    """Say whether a model begins every word of its phrases with a capital: then a capital tells nothing."""
    long_items = [words for item in items if len(words := _WORD.findall(item)) > 1]
    capitals = [words for words in long_items if all(word[0].isupper() for word in words if len(word) > 3)]
    return len(capitals) * 2 > len(long_items)
