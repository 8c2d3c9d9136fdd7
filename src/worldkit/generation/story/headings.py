"""Headings of a text: the lines that name its chapters and scenes, and the title in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.generation.text.word_sets import words

LONGEST_HEADING = 60
"""Characters of a heading at most."""

_COUNTED, _ORDERED = "|".join(words("acts", "counted")), "|".join(words("acts", "ordered"))
_NAME = r"(?:\s*[.:,–—-])?(?:\s+(?P<name>[A-Z\d\"“'‘].*))?"
_NUMBERED = re.compile(
    rf"(?:(?i:chapter|part|book|act|canto|section|stave) (?i:\d{{1,3}}|[ivxlc]+|{_COUNTED}|(?:the )?(?:{_ORDERED}))"
    rf"|(?i:the (?:{_ORDERED}) (?:chapter|part|book|act))|(?i:prologue|epilogue|interlude)|INT|EXT){_NAME}"
)
_BARE_NUMBER = re.compile(r"(?:\d{1,3}|[IVXLC]+)(?:\.(?: (?P<name>[A-Z\"“'‘].*))?)?")
_END = re.compile(r"[.!?…,;:\"”’'»)]\Z")
"""What a paragraph ends in that is no heading."""


def is_chapter_heading(line: str) -> bool:
    """Say whether a line heads a chapter and no whole story: a number, ``Chapter``, or a mark of Markdown."""
    return line.startswith("##") or _numbered(line.lstrip("# ").rstrip()) is not None


def is_set_apart(line: str) -> bool:
    """Say whether a line is a heading also where no blank lines are around it."""
    return len(line) <= LONGEST_HEADING and (line.startswith("#") or bool(_NUMBERED.fullmatch(line.strip())))


def heading_of(paragraph: str, paragraph_before: str = "") -> str:
    """Return a paragraph that can be a heading, in one line; empty when it is none."""
    text = " ".join(paragraph.split())
    if not text or len(text) > LONGEST_HEADING:
        return ""
    if is_chapter_heading(text):
        return text
    # a name below a letter follows a comma, and what somebody reads a colon
    is_announced = paragraph_before.endswith((",", ":"))
    begins = text.startswith("#") or (text[0].isupper() and "\n" not in paragraph.strip())
    return text if begins and not is_announced and not _END.search(text) else ""


def title_of(headings: Sequence[str]) -> str:
    """Return the title in some headings: their words without a number where there are some."""
    names = (name_in(heading) for heading in reversed(headings))
    return next(filter(None, names), _bare(headings[-1]) if headings else "")


def name_in(heading: str) -> str:
    """Return the words of a heading without its number; empty where it has no others."""
    line = _bare(heading)
    return (match["name"] or "") if (match := _numbered(line)) else line


def _bare(heading: str) -> str:
    return heading.lstrip("# ").rstrip(".: ")


def _numbered(line: str) -> re.Match[str] | None:
    """Return how a line is a heading with a number; None when it is none."""
    if match := _NUMBERED.fullmatch(line):
        return match
    match = _BARE_NUMBER.fullmatch(line)
    return match if match and (not match["name"] or not _END.search(line)) else None
