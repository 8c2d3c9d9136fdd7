r"""Letters with the marks that belong to them: accents, and the vowel signs of Indic and other scripts.

For ``re``, a mark is no part of a word: ``\w`` cuts a Hindi word at each of its vowel signs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

_MARK_RANGES = (range(0x300, 0x20000), range(0xE0100, 0xE01F0))
_JOINERS = "\u200c\u200d"
_WORD_BREAK = "\u200b"
_DIRECTION_MARKS = "\u200e\u200f"
_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
"""The letters after a black flag that say of which part of a country it is."""

_INVISIBLE_PARTS = frozenset(_JOINERS + _WORD_BREAK + _DIRECTION_MARKS + _TAGS)


def is_mark(char: str) -> bool:
    """Say whether a character is a mark that belongs to the letter before it."""
    return not char.isascii() and unicodedata.category(char)[0] == "M"


@cache
def marks() -> str:
    r"""Return all marks as the inside of a character class, to be written beside ``\w``."""
    points = [point for points in _MARK_RANGES for point in points if is_mark(chr(point))]
    starts = [points[0], *(after for before, after in pairwise(points) if after != before + 1)]
    ends = [*(before for before, after in pairwise(points) if after != before + 1), points[-1]]
    return "".join(
        chr(start) if start == end else f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True)
    )


def first_characters(text: str, max_count: int) -> str:
    """Return the beginning of a text, of at most ``max_count`` code points; no letter is cut from its marks.

    Args:
        max_count: The limit.
    """
    if len(text) <= max_count:
        return text
    end = max_count
    while end > 0 and (is_mark(text[end]) or text[end] in _JOINERS or text[end - 1] == "\u200d"):
        end -= 1
    return text[: end or max_count]


def printable_line(text: str) -> str:
    """Return a text as one line: white space and what cannot be printed become single spaces.

    What is not seen, but belongs to the letters of a script or to a picture, stays: joiners, the breaks between Khmer
    words, the marks of Hebrew and Arabic, the letters of a flag. Alone it is nothing, and what turns the direction of
    the text after it, as overrides and isolates do, becomes a space.
    """
    printable = "".join(c if c.isprintable() or c in _INVISIBLE_PARTS else " " for c in text)
    return " ".join(word for word in printable.split() if not _INVISIBLE_PARTS.issuperset(word))


def shorten(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` code points, with an ellipsis where it is cut."""
    return text if len(text) <= limit else f"{first_characters(text, limit - 1)}…"


def shorten_middle(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` code points, with an ellipsis near its beginning where it is cut."""
    if len(text) <= limit:
        return text
    beginning = first_characters(text, limit // 4)
    return f"{beginning}…{text[len(beginning) + 1 - limit :]}"


def join_words(text: str, joint: str, others: str = "") -> str:
    """Return the words of a text, of any script, joined; what cannot be seen is left out.

    Args:
        joint: What stands between them.
        others: Signs that are part of words besides letters, their marks, digits and ``_``, for a character class.
    """
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    between, orphans = _patterns(others)
    words = (orphans.sub("", word) for word in between.split(visible))
    return joint.join(word for word in words if word)


@lru_cache(maxsize=16)
def _patterns(others: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what stands between words, and the marks that have no letter to belong to."""
    return re.compile(rf"[^\w{marks()}{others}]+"), re.compile(f"^[{marks()}]+")
