"""Three-way merge of prose by line and sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

from worldkit.comparison.hunks import hunks, map_unchanged, merge_sequences

_SENTENCE = re.compile(
    # a sentence ends at its mark before a space, at a mark of a script without spaces, or with its line;
    # possessive quantifiers keep a long run of marks from taking quadratic time
    r"(\s*)(\S[^\n]*?(?:(?<![.!?\u2026])[.!?\u2026]++[\"'\u201d\u2019)\]]*+(?=\s)"
    r"|[\u3002\uff01\uff1f]++[\u300d\u300f\u201d]*+|(?=\n)|\Z))"
)


class _TextSentences(NamedTuple):
    """A text in sentences.

    Attributes:
        gaps: The white space before each sentence.
        tail: The white space after the last.
    """

    gaps: list[str]
    sentences: list[str]
    tail: str


def sentences_and_gaps(text: str) -> list[str]:
    """Return the sentences and lines of a text and the white space between them, in order; joined they are the text."""
    parts = _sentences_of(text)
    pairs = zip(parts.gaps, parts.sentences, strict=True)
    return [part for part in (*(part for pair in pairs for part in pair), parts.tail) if part]


def merge_prose(base: str, ours: str, theirs: str) -> str | None:
    """Return a text with the edits of both sides, or None where they overlap.

    An edit is a sentence, or a line, changed, added or removed; edits of neighbouring sentences do not overlap.
    Two sentences inserted at the same position do, since their order is undecided.

    Args:
        ours: One side's text.
    """
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    base_text, our_text, their_text = map(_sentences_of, (base, ours, theirs))
    items = merge_sequences(base_text.sentences, our_text.sentences, their_text.sentences)
    if items is None:
        return None
    in_ours = map_unchanged(len(base_text.sentences), hunks(base_text.sentences, our_text.sentences))
    in_theirs = map_unchanged(len(base_text.sentences), hunks(base_text.sentences, their_text.sentences))
    parts: list[str] = []
    for origin, index in items:
        if origin == "base":
            sentence = base_text.sentences[index]
            gap = _merge_gaps(base_text.gaps[index], _gap(our_text, in_ours, index), _gap(their_text, in_theirs, index))
        else:
            source = our_text if origin == "ours" else their_text
            sentence, gap = source.sentences[index], source.gaps[index]
        if parts and not gap:
            gap = _default_gap(base_text, our_text, their_text)
        parts += [gap, sentence]
    if parts:
        parts[0] = _merge_gaps(*(text.gaps[0] if text.gaps else "" for text in (base_text, our_text, their_text)))
    return "".join(parts) + _merge_gaps(base_text.tail, our_text.tail, their_text.tail)


def _sentences_of(text: str) -> _TextSentences:
    body = text.rstrip()
    matches = [(match[1], match[2]) for match in _SENTENCE.finditer(body)]
    return _TextSentences([gap for gap, _ in matches], [sentence for _, sentence in matches], text[len(body) :])


def _gap(text: _TextSentences, index_of: dict[int, int], index: int) -> str | None:
    return text.gaps[index_of[index]] if index in index_of else None


def _merge_gaps(base: str, ours: str | None, theirs: str | None) -> str:
    """Return the gap between two sentences; our change wins over theirs."""
    return next((gap for gap in (ours, theirs) if gap is not None and gap != base), base)


def _default_gap(*texts: _TextSentences) -> str:
    """Return the usual gap of the texts, for sentences that have none between them: a space in most scripts."""
    return next((gap for text in texts for gap in text.gaps[1:]), " ")
