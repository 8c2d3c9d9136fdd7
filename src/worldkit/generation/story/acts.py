"""Cuts a text into acts: at its chapters and scene breaks, and inside a scene only where the scene is too long."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worldkit.generation.story.beats import FEWEST
from worldkit.generation.story.segment import parted, text_of, units
from worldkit.generation.text.word_sets import words

FEWEST_WORDS = 40
"""Words of an act at least: a sentence by itself has no beats."""
LONGEST_HEADING, LONGEST_TITLE = 60, 80
"""Characters of a heading and of the title of an act at most."""
PROSE = 0.8
"""The share of a text that is no headings, at least, for them to be headings."""
FULL, FAIR, SLIGHT = 1.5, 0.6, 0.35
"""Lengths of an act, in the length it should have: at most, from which a chapter ends it, and that makes no act."""

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_MARK = re.compile(r"[*#~=_+•·⁂◆❦§—–\-\s]+")
_COUNTED, _ORDERED = "|".join(words("acts", "counted")), "|".join(words("acts", "ordered"))
_NAME = r"(?:\s*[.:,–—-])?(?:\s+(?P<name>[A-Z\d\"“'‘].*))?"
_NUMBERED = re.compile(
    rf"(?:(?i:chapter|part|book|act|canto|section|stave) (?i:\d{{1,3}}|[ivxlc]+|{_COUNTED}|(?:the )?(?:{_ORDERED}))"
    rf"|(?i:the (?:{_ORDERED}) (?:chapter|part|book|act))|(?i:prologue|epilogue|interlude)){_NAME}"
)
_BARE_NUMBER = re.compile(r"(?:\d{1,3}|[IVXLC]+)(?:\.(?: (?P<name>[A-Z\"“'‘].*))?)?")
_END = re.compile(r"[.!?…,;:\"”’'»)]\Z")
"""What a paragraph ends in that is no heading."""


@dataclass(frozen=True, slots=True)
class TextAct:
    """A stretch of a text that becomes a world.

    Attributes:
        title: The titles of its chapters; empty when it has none.
        text: Its text, without headings and marks between scenes.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class _Scene:
    text: str
    chapter: str = ""
    begins_chapter: bool = False


def is_chapter_heading(line: str) -> bool:
    """Say whether a line heads a chapter and no whole story: a number, ``Chapter``, or a mark of Markdown."""
    return _numbered(line.strip()) is not None or line.startswith("##")


def _numbered(line: str) -> re.Match[str] | None:
    """Return how a line is a heading with a number; None when it is none."""
    if match := _NUMBERED.fullmatch(line):
        return match
    match = _BARE_NUMBER.fullmatch(line)
    return match if match and (not match["name"] or not _END.search(line)) else None


def acts(text: str, longest: int, act_length: int, most: int) -> list[TextAct]:
    """Return the acts of a text, one unless the text is long.

    Args:
        text: The text.
        longest: Characters that still make one act.
        act_length: About so many characters make an act of a longer text.
        most: Acts at most.
    """
    scenes = _scenes(text)
    is_short = sum(len(scene.text) for scene in scenes) <= longest
    if is_short or word_count(scene.text for scene in scenes) < 2 * FEWEST_WORDS:
        return [_whole(scenes)]
    count = max(2, min(most, round(len(text) / act_length)))
    if len(scenes) == 1:
        groups = [[scene] for scene in _cut(scenes[0], count)]
    else:
        groups = _grouped(scenes, len(text) / count, most)
    if all(word_count(scene.text for scene in group) >= FEWEST_WORDS for group in groups):
        return _titled(groups)
    return [_whole(scenes)]


def _whole(scenes: Sequence[_Scene]) -> TextAct:
    chapters = {scene.chapter for scene in scenes}
    return TextAct(chapters.pop() if len(chapters) == 1 else "", _text_of(scenes))


def _titled(groups: Sequence[Sequence[_Scene]]) -> list[TextAct]:
    """Return groups of scenes as acts: each has the titles of its chapters, numbered where several acts share one."""
    titles = [_title_of(group) for group in groups]
    counts = Counter[str]()
    result = []
    for title, group in zip(titles, groups, strict=True):
        counts[title] += 1
        number = f" {counts[title]}" if title and titles.count(title) > 1 else ""
        result.append(TextAct(f"{title}{number}", _text_of(group)))
    return result


def _text_of(scenes: Sequence[_Scene]) -> str:
    return "\n\n".join(scene.text for scene in scenes)


def _title_of(group: Sequence[_Scene]) -> str:
    sizes = Counter[str]()
    for scene in group:
        sizes[scene.chapter] += len(scene.text)
    begun_chapters = list(dict.fromkeys(scene.chapter for scene in group if scene.begins_chapter))
    joint_title = "; ".join(begun_chapters)
    is_whole = len(begun_chapters) == len(sizes) and len(joint_title) <= LONGEST_TITLE
    return joint_title if is_whole else sizes.most_common(1)[0][0]


def _scenes(text: str) -> list[_Scene]:
    """Return the scenes of a text; the first of a chapter has its title."""
    scenes: list[_Scene] = []
    titles: list[str] = []
    paragraphs: list[str] = []

    def close() -> None:
        if paragraphs:
            chapter = _title(titles) if titles else scenes[-1].chapter if scenes else ""
            scenes.append(_Scene("\n\n".join(paragraphs), chapter, bool(titles)))
            titles.clear()
            paragraphs.clear()

    for paragraph in _PARAGRAPHS.split("\n".join(map(_set_apart, text.split("\n")))):
        if _MARK.fullmatch(paragraph):
            close()
        elif heading := _heading(paragraph, paragraphs):
            close()
            titles.append(heading)
        else:
            paragraphs.append(paragraph)
    close()
    # where many paragraphs look like headings, they are lines of verse or a list
    is_prose = sum(len(scene.text) for scene in scenes) >= PROSE * len(text)
    return scenes if is_prose else [_Scene(text)]


def _set_apart(line: str) -> str:
    """Return a mark or the heading of a chapter between blank lines, and any other line as it is."""
    is_mark = bool(line.strip()) and bool(_MARK.fullmatch(line))
    is_heading = len(line) <= LONGEST_HEADING and (line.startswith("#") or bool(_NUMBERED.fullmatch(line.strip())))
    return f"\n{line}\n" if is_mark or is_heading else line


def _heading(paragraph: str, paragraphs_before: Sequence[str]) -> str:
    """Return a paragraph that is a heading, in one line; empty when it is none."""
    text = " ".join(paragraph.split())
    if not text or len(text) > LONGEST_HEADING:
        return ""
    if _numbered(text):
        return text
    # a name below a letter ends like a heading, and follows a comma
    is_after_comma = bool(paragraphs_before) and paragraphs_before[-1].endswith(",")
    begins = text.startswith("#") or (text[0].isupper() and "\n" not in paragraph.strip())
    return text if begins and not is_after_comma and not _END.search(text) else ""


def _title(headings: Sequence[str]) -> str:
    """Return the title in some headings: their words without a number where there are some."""
    lines = [heading.lstrip("# ").rstrip(".: ") for heading in headings]
    names = [match["name"] or "" if (match := _numbered(line)) else line for line in lines]
    return next((name for name in reversed(names) if name), lines[-1])


def _cut(scene: _Scene, count: int) -> list[_Scene]:
    """Return a scene in so many parts, or in fewer where one of them would be a sentence by itself."""
    for part_count in range(count, 1, -1):
        parts = parted(units(scene.text, part_count * FEWEST), part_count)
        texts = [text_of(part) for part in parts]
        if all(word_count([text]) >= FEWEST_WORDS for text in texts):
            return [
                _Scene(text, scene.chapter, scene.begins_chapter and not number) for number, text in enumerate(texts)
            ]
    return [scene]


def _grouped(scenes: Sequence[_Scene], length: float, most: int) -> list[list[_Scene]]:
    """Return scenes in groups of about some length, at most so many; a chapter begins a group where it can."""
    pieces = [
        piece
        for scene in scenes
        for piece in (_cut(scene, round(len(scene.text) / length)) if len(scene.text) > FULL * length else [scene])
    ]
    rests = [0]  # the characters up to the next chapter, from each piece on
    for piece, next_piece in reversed(list(pairwise([*pieces, _Scene("", begins_chapter=True)]))):
        rests.append(len(piece.text) + (0 if next_piece.begins_chapter else rests[-1]))
    groups: list[list[_Scene]] = []
    size = 0
    for piece, rest in zip(pieces, reversed(rests), strict=False):
        piece_size = len(piece.text)
        is_full = size + piece_size > FULL * length or (size + piece_size / 2 > length and size + rest > FULL * length)
        if not groups or (size >= SLIGHT * length and is_full) or (size >= FAIR * length and piece.begins_chapter):
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += piece_size
    if len(groups) > 1 and size < SLIGHT * length:
        groups[-2:] = [[*groups[-2], *groups[-1]]]
    return groups if len(groups) <= most else _grouped(scenes, length * 1.25, most)


def word_count(texts: Iterable[str]) -> int:
    """Return how many words texts have that hold a letter."""
    return sum(any(character.isalpha() for character in word) for text in texts for word in text.split())
