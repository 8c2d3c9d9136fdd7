"""What a text is made of: headings of its chapters and scenes, and sentences that tell or are said by somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.word_sets import words

MAX_HEADING_CHARACTERS = 60
"""Characters of a heading at most."""

_CARDINALS, _ORDINALS = "|".join(words("acts", "counted")), "|".join(words("acts", "ordered"))
_NAME = r"(?:\s*[.:,–—-])?(?:\s+(?P<name>[A-Z\d\"“'‘].*))?"
_NUMBERED_HEADING = re.compile(
    rf"(?:(?i:chapter|part|book|act|canto|section|stave) (?i:\d{{1,3}}|[ivxlc]+|{_CARDINALS}|(?:the )?(?:{_ORDINALS}))"
    rf"|(?i:the (?:{_ORDINALS}) (?:chapter|part|book|act))|(?i:prologue|epilogue|interlude)|INT|EXT){_NAME}"
)
_BARE_NUMBER = re.compile(r"(?:\d{1,3}|[IVXLC]+)(?:\.(?: (?P<name>[A-Z\"“'‘].*))?)?")
_END = re.compile(r"[.!?…,;:\"”’'»)]\Z")
"""What a paragraph ends in that is no heading."""

QUOTATION_MARK = re.compile(r"[\"“”«»]")

_CUE = re.compile(r"[A-Z][A-Z'’]+(?: [A-Z'’]+){0,2}(?:[.:]| \([^)]{1,40}\))* (?=[A-Z][^A-Z]|[\"“])")
"""Who speaks in a play or a script, before what is said."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or a part of one: whether a paragraph begins with it, and whether any of it is said by somebody."""

    text: str
    opens: bool
    is_said: bool = False


def units(text: str, least: int = 1) -> list[Unit]:
    """Return a text in ``least`` units or more, if it has the words: sentences, else clauses, else runs of words.

    A speech that a paragraph does not close ends with it.
    """
    paragraphs = [sentences(paragraph) for paragraph in re.split(r"\n\s*\n", text)]
    if sum(map(len, paragraphs)) < least:
        one_line = " ".join(text.split())
        clauses = [part for part in re.split(r"(?<=[,;:—–])\s+", one_line) if part]
        all_words = one_line.split()
        size = max(1, len(all_words) // least)
        runs = [" ".join(all_words[at : at + size]) for at in range(0, len(all_words), size)]
        paragraphs = [clauses if len(clauses) >= least else runs]
    return [unit for paragraph in paragraphs for unit in _units(paragraph)]


def _units(paragraph: Sequence[str]) -> Iterable[Unit]:
    is_open = False
    is_speech = bool(_CUE.match(" ".join(paragraph)))
    for at, text in enumerate(paragraph):
        is_said = is_open or is_speech
        for mark in QUOTATION_MARK.findall(text):
            is_said = True
            is_open = mark in "“«" or (mark == '"' and not is_open)
        yield Unit(text, at == 0, is_said)


def text_of(story_units: Sequence[Unit]) -> str:
    """Return the text of units, in its paragraphs."""
    return "".join(("\n\n" if unit.opens else " ") + unit.text for unit in story_units).strip()


def without_speech(text: str) -> str:
    """Return a text without what is said in it; a mark that nothing closes opens no speech."""
    for opening, closing in ('""', "“”", "«»"):
        # behind the last mark that closes a speech, each one that opens another would be looked at to the end
        end = text.rfind(closing) + 1
        text = re.sub(f"{opening}[^{closing}]*{closing}", " ", text[:end]) + text[end:]
    return text


# ---- headings ----------------------------------------------------------------------------------------


def is_chapter_heading(line: str) -> bool:
    """Say whether a line heads a chapter and no whole story: a number, ``Chapter``, or a mark of Markdown."""
    return line.startswith("##") or _numbered(line.lstrip("# ").rstrip()) is not None


def is_set_apart(line: str) -> bool:
    """Say whether a line is a heading also where no blank lines are around it."""
    return len(line) <= MAX_HEADING_CHARACTERS and (
        line.startswith("#") or bool(_NUMBERED_HEADING.fullmatch(line.strip()))
    )


def heading_of(paragraph: str, paragraph_before: str = "") -> str:
    """Return a paragraph that can be a heading, in one line; empty when it is none."""
    text = " ".join(paragraph.split())
    if not text or len(text) > MAX_HEADING_CHARACTERS:
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
    if match := _NUMBERED_HEADING.fullmatch(line):
        return match
    match = _BARE_NUMBER.fullmatch(line)
    return match if match and (not match["name"] or not _END.search(line)) else None
