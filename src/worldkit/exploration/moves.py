"""``Move``: one thing that can be done in one state, in bits."""

from __future__ import annotations

from typing import NamedTuple


class Move(NamedTuple):
    """One thing that can be done in one state.

    Attributes:
        target: The index of the state it leads to; the same state when it stays.
        need: Bits that must be held.
        gain: Bits held afterwards, its use among them.
        bar: Bits that must not be held: the use of a one-shot, and what would make another event of its name available.
        label: The index of its event in world order; ``-1 - k`` for the k-th walk of ``System.walks``.
    """

    target: int
    need: int
    gain: int
    bar: int
    label: int
