"""``SearchMove``: a transition of one state, with its guard and effect as bit masks."""

from __future__ import annotations

from typing import NamedTuple


class SearchMove(NamedTuple):
    """A transition that starts in one state.

    Attributes:
        target: The index of the state it leads to; the same state when it stays.
        requires: Bits that must be held.
        sets: Bits held afterwards, its use among them.
        forbids: Bits that must not be held: the use of a one-shot, and what would make another event of its name
            available.
        label: The index of its event in world order; ``-1 - k`` for the k-th of ``TransitionSystem.sequences``.
    """

    target: int
    requires: int
    sets: int
    forbids: int
    label: int
