"""Cuts a text into its title and acts: at its chapters and scene breaks, in a scene only where that is too long."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worldkit.core.errors import WorldError
from worldkit.core.quoting import format_count
from worldkit.generation.planning.chunking import english
from worldkit.generation.story.segment import MIN_BEATS, split_units
from worldkit.generation.story.units import (
    heading_of,
    is_chapter_heading,
    is_set_apart,
    name_in,
    text_of,
    title_of,
    units,
)

MIN_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS = 400, 200_000
"""Characters of a text."""
MIN_ACT_WORDS = 40
"""Words of an act at least: a sentence by itself has no beats."""
MAX_TITLE_CHARACTERS = 80
"""Characters of the title of an act at most."""
MAX_HEADING_SHARE = 0.2
"""The share of a text that headings are at most; more of them are lines of verse or a list."""
MAX_ACT_LENGTHS, CHAPTER_END_LENGTHS, MIN_ACT_LENGTHS = 1.5, 0.6, 0.35
"""Lengths of an act, in the length it should have: at most, from which a chapter ends it, and that makes no act."""

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_MARK = re.compile(r"[*#~=_+•·⁂◆❦§—–\-\s]+")


_FIRST_PARAGRAPH = re.compile(r"\A(.+)\n[^\S\n]*\n\s*")

_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,2})([^\W_](?:[^*_\n]{0,200}[^\s*_])?)\1(?!\w)")
"""Words that Markdown sets apart."""


@dataclass(frozen=True, slots=True)
class TextAct:
    """A stretch of a text that becomes a world.

    Attributes:
        title: The titles of its chapters; empty when it has none.
        text: Its text, without marks between scenes, and without the headings above it that the title names.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """A scene, the headings above it, and the title of its chapter."""

    text: str
    headings: tuple[str, ...] = ()
    chapter: str = ""


def split_title(text: str) -> tuple[str, str]:
    """Return the title a text begins with, if it does, and the rest, as printable characters.

    Raises:
        WorldError: It is too short, too long, or not English.
    """
    clean_text = unicodedata.normalize("NFC", text[: MAX_TEXT_CHARACTERS * 2].encode("utf-8", "ignore").decode())
    clean_text = re.sub(r"\r\n?", "\n", clean_text)
    clean_text = "".join(c if c == "\n" or c.isprintable() else " " for c in clean_text).strip()
    clean_text = _EMPHASIS.sub(r"\2", clean_text)
    if len(clean_text) < MIN_TEXT_CHARACTERS:
        raise WorldError(
            f"the text has {len(clean_text)} characters; expected at least {MIN_TEXT_CHARACTERS}, a scene or a "
            "chapter. For less, wk.generate(text) takes it as a premise"
        )
    if len(clean_text) > MAX_TEXT_CHARACTERS:
        raise WorldError(
            f"the text has more than {MAX_TEXT_CHARACTERS:,} characters; give one part of the book at a time"
        )
    if not english(clean_text):
        raise WorldError(
            "the text is not in English, and its beats, people and places are found by English words; "
            "give a translation"
        )
    if (count := word_count([clean_text])) < MIN_ACT_WORDS:
        raise WorldError(
            f"the text has {format_count(count, 'word')}; expected at least {MIN_ACT_WORDS}, in English sentences"
        )
    first = _FIRST_PARAGRAPH.match(clean_text)
    heading = heading_of(first[1]) if first else ""
    # a chapter's heading is the title of an act
    if first and heading and not is_chapter_heading(heading) and len(clean_text) - first.end() >= MIN_TEXT_CHARACTERS:
        return heading.lstrip("# "), clean_text[first.end() :]
    return "", clean_text


def acts(text: str, longest: int, act_length: int, most: int) -> list[TextAct]:
    """Return the acts of a text, one unless the text is long.

    Args:
        text: The text.
        longest: Characters that still make one act.
        act_length: About so many characters make an act of a longer text.
        most: Acts at most.
    """
    scenes = _scenes(text) or [_Scene(text)]
    is_short = sum(len(scene.text) for scene in scenes) <= longest
    if is_short or word_count(scene.text for scene in scenes) < 2 * MIN_ACT_WORDS:
        return [_whole(scenes)]
    count = max(2, min(most, round(len(text) / act_length)))
    if len(scenes) == 1:
        groups = [[scene] for scene in _cut(scenes[0], count)]
    else:
        groups = _group(scenes, len(text) / count, most)
    if all(word_count(scene.text for scene in group) >= MIN_ACT_WORDS for group in groups):
        return _with_titles(groups)
    return [_whole(scenes)]


def _whole(scenes: Sequence[_Scene]) -> TextAct:
    chapters = {scene.chapter for scene in scenes}
    title = chapters.pop() if len(chapters) == 1 else ""
    return TextAct(title, _text_below(title, scenes))


def _with_titles(groups: Sequence[Sequence[_Scene]]) -> list[TextAct]:
    """Return groups of scenes as acts: each has the titles of its chapters, numbered where several acts share one."""
    titles = [_title_of(group) for group in groups]
    result = []
    for at, (title, group) in enumerate(zip(titles, groups, strict=True), 1):
        number = f" {titles[:at].count(title)}" if name_in(title) and titles.count(title) > 1 else ""
        result.append(TextAct(f"{title}{number}", _text_below(title, group)))
    return result


def _text_below(title: str, scenes: Sequence[_Scene]) -> str:
    """Return the text of scenes; a heading that the title does not name stays in it, since it may be a sign."""
    first, *others = scenes
    title_names = title.split("; ")
    paragraphs = []
    for heading in first.headings:
        name = name_in(heading)
        if name in title_names:
            title_names.remove(name)
        elif name:
            paragraphs.append(heading)
    paragraphs.append(first.text)
    for scene in others:
        paragraphs += [*scene.headings, scene.text]
    return "\n\n".join(paragraphs)


def _title_of(group: Sequence[_Scene]) -> str:
    sizes = Counter[str]()
    for scene in group:
        sizes[scene.chapter] += len(scene.text)
    begun_chapters = list(dict.fromkeys(scene.chapter for scene in group if scene.headings))
    joint_title = "; ".join(begun_chapters)
    is_whole = len(begun_chapters) == len(sizes) and len(joint_title) <= MAX_TITLE_CHARACTERS
    return joint_title if is_whole else sizes.most_common(1)[0][0]


def _scenes(text: str) -> list[_Scene]:
    """Return the scenes of a text with their headings: every line that may be one, unless too many may."""
    paragraphs = _PARAGRAPHS.split("\n".join(map(_set_apart, text.split("\n"))))
    lines = [
        "" if _MARK.fullmatch(paragraph) else heading_of(paragraph, before)
        for before, paragraph in pairwise(["", *paragraphs])
    ]
    counts = Counter(lines)  # what stands there twice is the name below a letter, or who speaks
    sure_headings = [line if is_chapter_heading(line) else "" for line in lines]
    headings = [line if counts[line] == 1 else heading for line, heading in zip(lines, sure_headings, strict=True)]
    for some_headings in (headings, sure_headings):
        if sum(map(len, some_headings)) <= MAX_HEADING_SHARE * len(text):
            return _split_scenes(paragraphs, some_headings)
    return _split_scenes(paragraphs, [""] * len(paragraphs))


def _split_scenes(paragraphs: Sequence[str], headings: Sequence[str]) -> list[_Scene]:
    """Return the scenes of paragraphs, of which some are headings: a heading or a mark begins one."""
    parts: list[tuple[list[str], list[str]]] = [([], [])]
    for paragraph, heading in zip(paragraphs, headings, strict=True):
        is_mark = bool(_MARK.fullmatch(paragraph))
        if (heading or is_mark) and parts[-1][1]:
            parts.append(([], []))
        if heading:
            parts[-1][0].append(heading.lstrip("# "))
        elif paragraph and not is_mark:
            parts[-1][1].append(paragraph)
    scenes: list[_Scene] = []
    chapter = ""
    for part_headings, texts in parts:
        chapter = title_of(part_headings) if part_headings and texts else chapter
        # nothing is below the last headings
        scenes.append(_Scene("\n\n".join(texts or part_headings), tuple(part_headings) if texts else (), chapter))
    return [scene for scene in scenes if scene.text]


def _set_apart(line: str) -> str:
    """Return a mark or the heading of a chapter between blank lines, and any other line as it is."""
    is_mark = bool(line.strip()) and bool(_MARK.fullmatch(line))
    return f"\n{line}\n" if is_mark or is_set_apart(line) else line


def _cut(scene: _Scene, count: int) -> list[_Scene]:
    """Return a scene in so many parts, or in fewer where one of them would be a sentence by itself."""
    for part_count in range(count, 1, -1):
        parts = split_units(units(scene.text, part_count * MIN_BEATS), part_count)
        texts = [text_of(part) for part in parts]
        if all(word_count([text]) >= MIN_ACT_WORDS for text in texts):
            return [_Scene(text, () if number else scene.headings, scene.chapter) for number, text in enumerate(texts)]
    return [scene]


def _group(scenes: Sequence[_Scene], length: float, most: int) -> list[list[_Scene]]:
    """Return scenes in groups of about some length, at most so many; a chapter begins a group where it can."""
    pieces = [
        piece
        for scene in scenes
        for piece in (
            _cut(scene, round(len(scene.text) / length)) if len(scene.text) > MAX_ACT_LENGTHS * length else [scene]
        )
    ]
    rests = [0]  # the characters up to the next chapter, from each piece on
    for piece, next_piece in reversed(list(pairwise([*pieces, _Scene("", ("end",))]))):
        rests.append(len(piece.text) + (0 if next_piece.headings else rests[-1]))
    groups: list[list[_Scene]] = []
    size = 0
    for piece, rest in zip(pieces, reversed(rests), strict=False):
        piece_size = len(piece.text)
        is_full = size + piece_size > MAX_ACT_LENGTHS * length or (
            size + piece_size / 2 > length and size + rest > MAX_ACT_LENGTHS * length
        )
        if (
            not groups
            or (size >= MIN_ACT_LENGTHS * length and is_full)
            or (size >= CHAPTER_END_LENGTHS * length and piece.headings)
        ):
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += piece_size
    if len(groups) > 1 and size < MIN_ACT_LENGTHS * length:
        groups[-2:] = [[*groups[-2], *groups[-1]]]
    return groups if len(groups) <= most else _group(scenes, length * 1.25, most)


def word_count(texts: Iterable[str]) -> int:
    """Return how many words texts have that hold a letter."""
    return sum(any(character.isalpha() for character in word) for text in texts for word in text.split())
