"""What differs between two texts, word by word, and between two lists, item by item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from worldkit.comparison.hunks import hunks

Tag = Literal["same", "del", "ins"]

Piece = tuple[Tag, str]
"""A stretch of text, and whether both texts have it, only the first, or only the second."""

_TOKEN = re.compile(
    # scripts that put no spaces between words are compared by character
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|\s+|[\w\u0300-\u036f]+(?:['\u2019][\w\u0300-\u036f]+)*|[^\w\s]"
)
_MOST = 4_000_000  # tokens of one text times tokens of the other, above which what differs is taken whole
_ALIKE = 0.35  # less alike than this, of 1, two texts read better one after the other than woven together
_SHORT = 2  # word characters of a stretch that is lost between two changes


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return one text turned into another, in pieces; what went stands before what came in its place.

    The first text is what is ``same`` and ``del``, the second what is ``same`` and ``ins``.

    Args:
        before: The first text.
        after: The second.
    """
    if before == after:
        return (("same", before),) if before else ()
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    return tuple((tag, "".join(tokens)) for tag, tokens in _woven(old, new))


def items(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """Return one list of texts turned into another, an item a piece.

    Args:
        before: The first list.
        after: The second.
    """
    made: list[Piece] = []
    reached = 0
    for hunk in hunks(before, after):
        made += [("same", item) for item in before[reached : hunk.start]]
        made += [("del", item) for item in before[hunk.start : hunk.end]]
        made += [("ins", item) for item in after[hunk.first : hunk.last]]
        reached = hunk.end
    made += [("same", item) for item in before[reached:]]
    return tuple(made)


def _woven(old: list[str], new: list[str]) -> list[tuple[Tag, list[str]]]:
    ahead = _alike(old, new)
    behind = _alike(old[ahead:][::-1], new[ahead:][::-1])
    was, now = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    middle = _between(was, now)
    kept = ahead + behind + sum(len(tokens) for tag, tokens in middle if tag == "same")
    if middle and 2 * kept < _ALIKE * (len(old) + len(new)):
        return _parted(old, new)
    return _joined([("same", old[:ahead]), *middle, ("same", old[len(old) - behind :])])


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _parted(was: list[str], now: list[str]) -> list[tuple[Tag, list[str]]]:
    parts: list[tuple[Tag, list[str]]] = [("del", was), ("ins", now)]
    return [(tag, tokens) for tag, tokens in parts if tokens]


def _between(was: list[str], now: list[str]) -> list[tuple[Tag, list[str]]]:
    if not was or not now or len(was) * len(now) > _MOST:
        return _parted(was, now)
    codes = SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes()
    made: list[tuple[Tag, list[str]]] = []
    for at, (tag, low, high, first, last) in enumerate(codes):
        lost = 0 < at < len(codes) - 1 and _letters(was[low:high]) <= _SHORT
        if tag == "equal" and not lost:
            made.append(("same", was[low:high]))
        else:
            made += _parted(was[low:high], now[first:last])
    return made


def _letters(tokens: Iterable[str]) -> int:
    return sum(char.isalnum() for token in tokens for char in token)


def _joined(parts: Iterable[tuple[Tag, list[str]]]) -> list[tuple[Tag, list[str]]]:
    """Return neighbouring changes as one: all that went, then all that came."""
    made: list[tuple[Tag, list[str]]] = []
    for same, run in groupby(parts, key=lambda part: part[0] == "same"):
        held = list(run)
        tags: tuple[Tag, ...] = ("same",) if same else ("del", "ins")
        for tag in tags:
            tokens = [token for kind, some in held if kind == tag for token in some]
            if tokens:
                made.append((tag, tokens))
    return made
