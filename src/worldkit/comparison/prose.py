"""Prose merged by line and sentence: two edits of one text laid together where they do not overlap."""

from __future__ import annotations

import re
from typing import NamedTuple

from worldkit.comparison.hunks import hunks, kept, woven

_SENTENCE = re.compile(
    # a sentence ends at its mark before a space, at a mark that needs no space behind it, or with its line;
    # a run of marks is looked at once, from its first, or a long one would take for ever
    r"(\s*)(\S[^\n]*?(?:(?<![.!?\u2026])[.!?\u2026]++[\"'\u201d\u2019)\]]*+(?=\s)"
    r"|[\u3002\uff01\uff1f]++[\u300d\u300f\u201d]*+|(?=\n)|\Z))"
)


class _Text(NamedTuple):
    """A text in sentences.

    Attributes:
        gaps: What stands before each sentence.
        sentences: The sentences.
        tail: What stands behind the last.
    """

    gaps: list[str]
    sentences: list[str]
    tail: str


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, without the space between them."""
    return _parted(text).sentences


def merged(base: str, ours: str, theirs: str) -> str | None:
    """Return a text with the edits of both sides, or None where they overlap.

    An edit is a sentence, or a line, changed, added or removed; edits of neighbouring sentences do not overlap.
    Two sentences put in at the same place do: nobody can say which comes first.

    Args:
        base: The text both began with.
        ours: One side's text.
        theirs: The other's.
    """
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    old, mine, other = map(_parted, (base, ours, theirs))
    made = woven(old.sentences, mine.sentences, other.sentences)
    if made is None:
        return None
    in_ours = kept(len(old.sentences), hunks(old.sentences, mine.sentences))
    in_theirs = kept(len(old.sentences), hunks(old.sentences, other.sentences))
    parts: list[str] = []
    for origin, at in made:
        if origin == "base":
            sentence = old.sentences[at]
            gap = _either(old.gaps[at], _gap(mine, in_ours, at), _gap(other, in_theirs, at))
        else:
            source = mine if origin == "ours" else other
            sentence, gap = source.sentences[at], source.gaps[at]
        if parts and not gap:
            gap = _joint(old, mine, other)
        parts += [gap, sentence]
    if parts:
        parts[0] = _either(*(text.gaps[0] if text.gaps else "" for text in (old, mine, other)))
    return "".join(parts) + _either(old.tail, mine.tail, other.tail)


def _parted(text: str) -> _Text:
    body = text.rstrip()
    found = [(match[1], match[2]) for match in _SENTENCE.finditer(body)]
    return _Text([gap for gap, _ in found], [sentence for _, sentence in found], text[len(body) :])


def _gap(text: _Text, places: dict[int, int], at: int) -> str | None:
    return text.gaps[places[at]] if at in places else None


def _either(base: str, ours: str | None, theirs: str | None) -> str:
    """Return what stands between two sentences; a change of ours goes before one of theirs."""
    return next((gap for gap in (ours, theirs) if gap is not None and gap != base), base)


def _joint(*texts: _Text) -> str:
    """Return what stands between sentences elsewhere, for two that nothing parts: a space in most scripts."""
    return next((gap for text in texts for gap in text.gaps[1:]), " ")
