"""Text in drawings: cleaned for XML, measured without a font, wrapped and shortened by whole characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from xml.sax.saxutils import escape

# Advance widths of Helvetica in thousandths of an em, U+0020 to U+007E (Adobe Core 14 font metrics). The fonts
# that browsers choose for the stack in palette.py are within a few hundredths of it, which WIDTH_MARGIN covers.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_ASCII_WIDTHS = {chr(32 + at): int(width) / 1000 for at, width in enumerate(_WIDTHS.split())}
_SPACE_WIDTH = _ASCII_WIDTHS[" "]
WIDTH_MARGIN = 1.04
BOLD_WIDTH_RATIO = 1.08
ELLIPSIS = "\u2026"

_MARKUP = re.compile('[&<>"]')
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, limit: int = 2000) -> str:
    """Return text for one line: white space joined, without characters that XML forbids or that reorder text.

    Args:
        text: Any text.
        limit: The most characters used.
    """
    text = text[:limit]
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    characters = []
    for char in text:
        if char in _BIDI:
            continue
        if char.isspace():
            characters.append(" ")
        elif unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Co") and char != "\ufeff":
            characters.append(char)
    return " ".join("".join(characters).split())


def xml(text: str) -> str:
    """Return text safe between tags and between double quotes."""
    return escape(text, {'"': "&quot;"}) if _MARKUP.search(text) else text


def clusters(text: str) -> Iterator[str]:
    """Yield the grapheme clusters of a text: with accents, joined emoji and flags in one piece.

    The common part of Unicode Standard Annex 29.
    """
    cluster = ""
    for char in text:
        if cluster and _extends(cluster, char):
            cluster += char
        else:
            if cluster:
                yield cluster
            cluster = char
    if cluster:
        yield cluster


def _extends(cluster: str, char: str) -> bool:
    if char == _JOINER or ord(char) in _SKIN_TONES or unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if ord(char) in _REGIONAL_INDICATORS:
        return len(cluster) == 1 and ord(cluster) in _REGIONAL_INDICATORS
    return cluster[-1] == _JOINER and ord(cluster[0]) > 0x2000


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the estimated width of a text in pixels, rounded up a little."""
    return _ems(text) * size * WIDTH_MARGIN * (BOLD_WIDTH_RATIO if bold else 1)


_MAX_CACHED_CHARACTERS = 64
"""Longer texts are measured anew: remembered, a few thousand of a hostile world would keep its memory."""


def _ems(text: str) -> float:
    return _ems_of_short(text) if len(text) <= _MAX_CACHED_CHARACTERS else _measure(text)


@lru_cache(maxsize=4096)  # the same words and names again and again, in one picture and from one to the next
def _ems_of_short(text: str) -> float:
    return _measure(text)


def _measure(text: str) -> float:
    if text.isascii() and text.isprintable():
        return sum(map(_ASCII_WIDTHS.__getitem__, text))
    return sum(_ASCII_WIDTHS.get(cluster) or _wide(cluster) for cluster in clusters(text))


def _wide(cluster: str) -> float:
    char = cluster[0]
    if char in _ASCII_WIDTHS:
        return _ASCII_WIDTHS[char]
    code = ord(char)
    if code >= 0x1F000 or "\ufe0f" in cluster:
        return 1.35
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.0
    base_char = unicodedata.normalize("NFD", char)[0]
    return _ASCII_WIDTHS.get(base_char, 0.66)


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return the text, or as much of its beginning as fits with an ellipsis."""
    if width(text, size, bold) <= room:
        return text
    room_left = room - width(ELLIPSIS, size, bold)
    beginning = ""
    for cluster in clusters(text):
        room_left -= width(cluster, size, bold)
        if room_left < 0:
            break
        beginning += cluster
    return beginning.rstrip(" _-,.;:") + ELLIPSIS


def wrap(text: str, room: float, size: float, lines: int) -> list[str]:
    """Return the text in at most so many lines, broken at spaces where there are any; the last may be shortened."""
    words = text.split(" ") if text else []
    words.reverse()
    most_ems = room / (size * WIDTH_MARGIN)
    result: list[str] = []
    while words and len(result) < lines:
        line, rest = words.pop(), ""
        ems = _ems(line)
        if ems > most_ems:
            line, rest = _break_word(line, room, size)
        while words and not rest and (ems := ems + _SPACE_WIDTH + _ems(words[-1])) <= most_ems:
            line = f"{line} {words.pop()}"
        if rest:
            words.append(rest)
        result.append(line)
    if words:
        result[-1] = _with_ellipsis(result[-1], room, size)
    return result


def wrap_name(name: str, room: float, size: float, lines: int) -> list[str]:
    """Return a bold name in at most so many lines, broken after spaces, underscores and hyphens where there are any."""
    parts = re.findall(r"[^ _-]*[ _-]+|[^ _-]+$", name)
    result = [""]
    for part in parts:
        fits = not result[-1] or width(result[-1] + part.rstrip(), size, bold=True) <= room
        if fits or len(result) == lines:
            result[-1] += part
        else:
            result.append(part)
    return [shorten(line.rstrip(" "), room, size, bold=True) for line in result]


def _with_ellipsis(line: str, room: float, size: float) -> str:
    """Return a line with an ellipsis, without its last words or characters if there is no room for it."""
    while width(line + ELLIPSIS, size) > room:
        head, space, _ = line.rpartition(" ")
        if not space:
            return shorten(line + ELLIPSIS, room, size)
        line = head
    return line.rstrip(" ,;:.") + ELLIPSIS


def _break_word(word: str, room: float, size: float) -> tuple[str, str]:
    line, parts = "", list(clusters(word))
    for index, part in enumerate(parts):
        if line and width(line + part, size) > room:
            return line, "".join(parts[index:])
        line += part
    return line, ""
