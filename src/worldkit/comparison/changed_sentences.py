"""What each of two texts says that the other does not, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.comparison.hunks import Hunk
from worldkit.comparison.prose import sentences_and_gaps
from worldkit.comparison.words import common_prefix_length, joined_hunks

_MAX_COMPARED = 40_000  # characters of two texts, but for how they begin and end alike, compared sentence by sentence


class AllStayed:
    """The sentences of a text that the other text has too, all of them."""

    def __repr__(self) -> str:
        return "…"


ALL_STAYED = AllStayed()


def changed_sentences(before: str, after: str) -> tuple[str | AllStayed, str | AllStayed]:
    """Return the sentences of each text that the other has not, with an ellipsis for those that both have.

    Args:
        before: The first text.
        after: The second.
    """
    old, new = sentences_and_gaps(before), sentences_and_gaps(after)
    sides: tuple[list[str | AllStayed], ...] = ([], [])
    position = 0
    for hunk in [*_hunks_in_time(old, new), Hunk(len(old), len(old), len(new), len(new))]:
        has_stayed = bool("".join(old[position : hunk.start]).strip())
        hunk_texts = ("".join(old[hunk.start : hunk.end]), "".join(new[hunk.first : hunk.last]))
        for side, text in zip(sides, hunk_texts, strict=True):
            # between two places where one text has more, the other has stayed as it was
            if has_stayed and side[-1:] != [ALL_STAYED]:
                side.append(ALL_STAYED)
            if text.strip():
                side.append(text.strip())
        position = hunk.end
    was, is_now = (ALL_STAYED if side == [ALL_STAYED] else " ".join(map(str, side)) for side in sides)
    return was, is_now


def _hunks_in_time(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return the stretches in which two texts differ: one stretch where it would take long to look for several."""
    prefix = common_prefix_length(old, new)
    suffix = common_prefix_length(old[prefix:][::-1], new[prefix:][::-1])
    whole_change = Hunk(prefix, len(old) - suffix, prefix, len(new) - suffix)
    length = sum(map(len, [*old[whole_change.start : whole_change.end], *new[whole_change.first : whole_change.last]]))
    return [whole_change] if length > _MAX_COMPARED else joined_hunks(old, new)
