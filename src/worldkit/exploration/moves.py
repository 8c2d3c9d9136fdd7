"""``SearchMove``: a transition of one state, with its guard and effect as bit masks; the moves that a search made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

Node = TypeVar("Node")


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


def labels_to(predecessors: Mapping[Node, tuple[Node, int] | None], node: Node, last: int | None = None) -> list[int]:
    """Return the labels of the moves that lead to a node from the one that has no predecessor.

    Args:
        predecessors: Of each node the one before it, with the label of the move between them; None for the first.
        node: Where the moves lead.
        last: The label of a further move, made there.
    """
    labels = [] if last is None else [last]
    step = predecessors[node]
    while step is not None:
        node, label = step
        labels.append(label)
        step = predecessors[node]
    return labels[::-1]
