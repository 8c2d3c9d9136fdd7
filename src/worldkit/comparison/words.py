"""Differences between two texts, word by word, and between two lists, item by item."""

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
_MAX_COMPARISONS = 4_000_000  # product of the lengths above which the differing stretch is not compared by word
_MIN_SIMILARITY = 0.35  # texts that are less similar than this, of 1, are shown one after the other
_MAX_SHORT_STRETCH = 2  # word characters of a common stretch that is too short to keep between two changes


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the difference of two texts in pieces; a deletion comes before its replacement.

    The first text consists of the ``same`` and ``del`` pieces, the second of the ``same`` and ``ins`` pieces.

    Args:
        before: The first text.
        after: The second.
    """
    if before == after:
        return (("same", before),) if before else ()
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    return tuple((tag, "".join(tokens)) for tag, tokens in _compare_tokens(old, new))


def items(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """Return the difference of two lists of texts, one piece per item.

    Args:
        before: The first list.
        after: The second.
    """
    pieces: list[Piece] = []
    position = 0
    for hunk in hunks(before, after):
        pieces += [("same", item) for item in before[position : hunk.start]]
        pieces += [("del", item) for item in before[hunk.start : hunk.end]]
        pieces += [("ins", item) for item in after[hunk.first : hunk.last]]
        position = hunk.end
    pieces += [("same", item) for item in before[position:]]
    return tuple(pieces)


def _compare_tokens(old: list[str], new: list[str]) -> list[tuple[Tag, list[str]]]:
    prefix = _common_prefix_length(old, new)
    suffix = _common_prefix_length(old[prefix:][::-1], new[prefix:][::-1])
    old_middle, new_middle = old[prefix : len(old) - suffix], new[prefix : len(new) - suffix]
    middle = _diff_tokens(old_middle, new_middle)
    shared_count = prefix + suffix + sum(len(tokens) for tag, tokens in middle if tag == "same")
    if middle and 2 * shared_count < _MIN_SIMILARITY * (len(old) + len(new)):
        return _delete_and_insert(old, new)
    return _join_changes([("same", old[:prefix]), *middle, ("same", old[len(old) - suffix :])])


def _common_prefix_length(old: Sequence[str], new: Sequence[str]) -> int:
    return next((index for index, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _delete_and_insert(deleted: list[str], inserted: list[str]) -> list[tuple[Tag, list[str]]]:
    parts: list[tuple[Tag, list[str]]] = [("del", deleted), ("ins", inserted)]
    return [(tag, tokens) for tag, tokens in parts if tokens]


def _diff_tokens(old: list[str], new: list[str]) -> list[tuple[Tag, list[str]]]:
    if not old or not new or len(old) * len(new) > _MAX_COMPARISONS:
        return _delete_and_insert(old, new)
    codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    parts: list[tuple[Tag, list[str]]] = []
    for index, (tag, low, high, first, last) in enumerate(codes):
        is_noise = 0 < index < len(codes) - 1 and _letters(old[low:high]) <= _MAX_SHORT_STRETCH
        if tag == "equal" and not is_noise:
            parts.append(("same", old[low:high]))
        else:
            parts += _delete_and_insert(old[low:high], new[first:last])
    return parts


def _letters(tokens: Iterable[str]) -> int:
    return sum(char.isalnum() for token in tokens for char in token)


def _join_changes(parts: Iterable[tuple[Tag, list[str]]]) -> list[tuple[Tag, list[str]]]:
    """Join neighbouring changes: all deletions, then all insertions."""
    runs: list[tuple[Tag, list[str]]] = []
    for is_shared, run in groupby(parts, key=lambda part: part[0] == "same"):
        stretch = list(run)
        tags: tuple[Tag, ...] = ("same",) if is_shared else ("del", "ins")
        for tag in tags:
            tokens = [token for kind, items in stretch if kind == tag for token in items]
            if tokens:
                runs.append((tag, tokens))
    return runs
