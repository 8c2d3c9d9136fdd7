"""Differences between two texts, by sentence and word by word, and between two lists, item by item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from worldkit.comparison.hunks import Hunk, common_ends, hunks
from worldkit.comparison.prose import sentences_and_gaps

Tag = Literal["same", "del", "ins"]

Piece = tuple[Tag, str]
"""A stretch of text, and whether both texts have it, only the first, or only the second."""

Stretch = tuple[Piece, ...]
"""Sentences that both texts have, as one ``same`` piece, or sentences of one that became sentences of the other."""

Separator = Literal["", "space", "line"]
"""What stands between two pieces that are shown."""

_TOKEN = re.compile(
    # scripts that put no spaces between words are compared by character
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|\s+|[\w\u0300-\u036f]+(?:['\u2019][\w\u0300-\u036f]+)*|[^\w\s]"
)
_MAX_COMPARISONS = 4_000_000  # pairs of words of a text that are compared; what is left is not compared by word
_MIN_SIMILARITY = 0.35  # texts that are less similar than this, of 1, are shown one after the other
_MIN_REVISION_SIMILARITY = (
    0.5  # sentences that share less of their words than this, of 1, are no revision of one another
)
_MAX_PAIRS = 10_000  # pairs of sentences of a text that are compared; in what is left no revised ones are sought
_MAX_WORDS_IN_LINE = 5  # so many deleted words are followed by those in their place, more stand above them
_MAX_SHORT_STRETCH = 2  # word characters of a common stretch that is too short to keep between two changes


class _PairBudget:
    """How much of a text may still be compared closely."""

    def __init__(self) -> None:
        self._words, self._sentences = _MAX_COMPARISONS, _MAX_PAIRS

    def takes_words(self, count: int) -> bool:
        """Say whether so many pairs of words may be compared, and count them."""
        if count > self._words:
            return False
        self._words -= count
        return True

    def takes_sentences(self, count: int) -> bool:
        """Say whether so many pairs of sentences may be compared, and count them."""
        if count > self._sentences:
            return False
        self._sentences -= count
        return True


def stretches(before: str, after: str) -> tuple[Stretch, ...]:
    """Return the difference of two texts in stretches of whole sentences, unchanged and changed ones in turn."""
    old, new = sentences_and_gaps(before), sentences_and_gaps(after)
    result: list[Stretch] = []
    budget = _PairBudget()
    position = 0
    for start, end, first, last in joined_hunks(old, new):
        if start > position:
            result.append((("same", "".join(old[position:start])),))
        result.append(tuple(_changed_pieces(old[start:end], new[first:last], budget)))
        position = end
    if position < len(old):
        result.append((("same", "".join(old[position:])),))
    return tuple(result)


def separated(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[Separator, str, str]]:
    """Yield pieces as they are shown one after another, each with what stands before it.

    A whole sentence and the one in its place are read below each other. Shorter ones are apart by a space, which is
    copied and read aloud as well: "dry" and "wet" are no "drywet".

    Args:
        pieces: The tag and the text of each.
    """
    deleted_text = ""
    for tag, text in pieces:
        separator: Separator = ""
        if tag == "ins" and deleted_text:
            is_apart = deleted_text[-1:].isspace() or text[:1].isspace()
            separator = "line" if len(deleted_text.split()) > _MAX_WORDS_IN_LINE else "" if is_apart else "space"
        yield separator, tag, text
        deleted_text = text if tag == "del" else ""


def items(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """Return the difference of two lists of texts, one piece per item."""
    pieces: list[Piece] = []
    position = 0
    for hunk in hunks(before, after):
        pieces += [("same", item) for item in before[position : hunk.start]]
        pieces += [("del", item) for item in before[hunk.start : hunk.end]]
        pieces += [("ins", item) for item in after[hunk.first : hunk.last]]
        position = hunk.end
    pieces += [("same", item) for item in before[position:]]
    return tuple(pieces)


def joined_hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return the stretches in which two texts differ; those with only white space between them are one."""
    result: list[Hunk] = []
    for hunk in hunks(_distinct_gaps(old), _distinct_gaps(new)):
        start, end, first, last = hunk
        if start < end and first < last and old[start] == new[first]:  # the white space before both stayed
            hunk = Hunk(start + 1, end, first + 1, last)
        if result and not "".join(old[result[-1].end : hunk.start]).strip():
            before = result.pop()
            result.append(Hunk(before.start, hunk.end, before.first, hunk.last))
        else:
            result.append(hunk)
    return result


def _distinct_gaps(parts: Sequence[str]) -> list[tuple[str, str]]:
    """Return parts of a text, white space with what follows it: alone it is everywhere, and slow to compare."""
    return [
        (part, "" if part.strip() else "".join(parts[position + 1 : position + 2]))
        for position, part in enumerate(parts)
    ]


def _changed_pieces(old: Sequence[str], new: Sequence[str], budget: _PairBudget) -> Iterator[Piece]:
    """Yield the pieces of changed sentences: a revised one word by word, others as a whole."""
    position = first = 0
    runs: list[tuple[Tag, list[str]]] = []
    for at, to in [*_revised(old, new, budget), (len(old), len(new))]:
        runs += _replace(old[position:at], new[first:to])
        if at < len(old):
            runs += _compare_tokens(_TOKEN.findall(old[at]), _TOKEN.findall(new[to]), budget)
        position, first = at + 1, to + 1
    yield from ((tag, "".join(tokens)) for tag, tokens in _join_changes(runs))


def _replace(old: Sequence[str], new: Sequence[str]) -> list[tuple[Tag, list[str]]]:
    """Return sentences and those in their place; the white space that both begin or end with stays."""
    prefix, suffix = common_ends(old, new)
    middle = _delete_and_insert([*old[prefix : len(old) - suffix]], [*new[prefix : len(new) - suffix]])
    return [("same", [*old[:prefix]]), *middle, ("same", [*old[len(old) - suffix :]])]


def _revised(old: Sequence[str], new: Sequence[str], budget: _PairBudget) -> list[tuple[int, int]]:
    """Return which sentences are revisions of which, by their indices, in the order of both texts."""
    if not budget.takes_sentences(len(old) * len(new)):
        return []
    old_words, new_words = ([_word_lengths(text) for text in side] for side in (old, new))
    pairs: list[tuple[int, int]] = []
    position = 0
    for to, its_words in enumerate(new_words):
        likeness = [_likeness(other_words, its_words) for other_words in old_words[position:]]
        best = max(likeness, default=0.0)
        if best >= _MIN_REVISION_SIMILARITY:
            position += likeness.index(best)
            pairs.append((position, to))
            position += 1
    return pairs


def _word_lengths(text: str) -> Counter[str]:
    """Return the words of a text, each counted by its letters."""
    counts = Counter(_TOKEN.findall(text.casefold()))
    return Counter({word: _letters([word]) * count for word, count in counts.items() if _letters([word])})


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return how much of two texts is words of both, from 0 to 1."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0


def _compare_tokens(old: list[str], new: list[str], budget: _PairBudget) -> list[tuple[Tag, list[str]]]:
    prefix, suffix = common_ends(old, new)
    old_middle, new_middle = old[prefix : len(old) - suffix], new[prefix : len(new) - suffix]
    middle = _diff_tokens(old_middle, new_middle, budget)
    shared_count = prefix + suffix + sum(len(tokens) for tag, tokens in middle if tag == "same")
    if middle and 2 * shared_count < _MIN_SIMILARITY * (len(old) + len(new)):
        return _delete_and_insert(old, new)
    return _join_changes([("same", old[:prefix]), *middle, ("same", old[len(old) - suffix :])])


def _delete_and_insert(deleted_words: list[str], inserted_words: list[str]) -> list[tuple[Tag, list[str]]]:
    parts: list[tuple[Tag, list[str]]] = [("del", deleted_words), ("ins", inserted_words)]
    return [(tag, tokens) for tag, tokens in parts if tokens]


def _diff_tokens(old: list[str], new: list[str], budget: _PairBudget) -> list[tuple[Tag, list[str]]]:
    if not old or not new or not budget.takes_words(len(old) * len(new)):
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
