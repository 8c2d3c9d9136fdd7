"""Equality by JSON's types at speed, over many values at once."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, TypeVar

from pydantic_core import to_json

from worldkit.core.json_values import json_equal

K = TypeVar("K")
Pair = tuple[K, Any, Any]
"""A key, the value before and the value after."""

_FEW = 8


TEXTS = frozenset(
    (
        *("name", "kind", "from", "to", "base", "detail", "camera", "movement", "narration", "lockedHint"),
        *("requires", "grants", "hotkey"),
    )
)
"""Fields of an event that hold texts, or lists of texts, in every valid document."""


def differing(pairs: Sequence[Pair[K]], texts: Set[str] = frozenset()) -> list[Pair[K]]:
    """Return those pairs whose values differ by JSON's types, in their order.

    Python's ``==`` runs at C speed but takes 1, 1.0 and true for equal. So it sorts out what surely differs,
    and writing all the rest as JSON, in one go, tells whether any of it differs in type.

    Args:
        pairs: The pairs.
        texts: Where all values are objects: fields known to hold nothing but texts. Objects of such fields alone
            are equal when ``==`` says so.
    """
    alike: list[int] = []
    unlike: list[int] = []
    for at, (_, a, b) in enumerate(pairs):
        if a is not b:
            if a != b:
                unlike.append(at)
            elif not (texts and a.keys() <= texts):
                alike.append(at)
    return [pairs[at] for at in sorted(unlike + _mistaken(pairs, alike))]


def _mistaken(pairs: Sequence[Pair[K]], alike: list[int]) -> list[int]:
    """Return which of the pairs that ``==`` takes for equal are not."""
    if not alike or to_json([pairs[at][1] for at in alike]) == to_json([pairs[at][2] for at in alike]):
        return []
    # Another type somewhere, or only another order of keys: halve until few are left, and look at those.
    if len(alike) <= _FEW:
        return [at for at in alike if not json_equal(pairs[at][1], pairs[at][2])]
    half = len(alike) // 2
    return _mistaken(pairs, alike[:half]) + _mistaken(pairs, alike[half:])
