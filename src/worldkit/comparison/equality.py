"""Equality by JSON's types at speed, over many values at once."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, TypeVar

from pydantic_core import to_json

from worldkit.core.json_values import json_equal

K = TypeVar("K")
Pair = tuple[K, Any, Any]
"""A key, the value before and the value after."""

_MAX_UNSPLIT_PAIRS = 8


TEXT_FIELDS = frozenset(
    (
        *("name", "kind", "from", "to", "base", "detail", "camera", "movement", "narration", "lockedHint"),
        *("requires", "grants", "hotkey"),
    )
)
"""Fields of an event that hold texts, or lists of texts, in every valid document."""


def find_differing(pairs: Sequence[Pair[K]], texts: Set[str] = frozenset()) -> list[Pair[K]]:
    """Return those pairs whose values differ by JSON's types, in their order.

    Python's ``==`` runs at C speed but treats 1, 1.0 and true as equal. So it finds the values that surely
    differ, and serialising all the others at once shows whether any of them differ in type.

    Args:
        texts: Where all values are objects: fields known to hold only texts. For objects with only such fields
            ``==`` is sufficient.
    """
    possibly_equal: list[int] = []
    different: list[int] = []
    for index, (_, a, b) in enumerate(pairs):
        if a is not b:
            if a != b:
                different.append(index)
            elif not (texts and a.keys() <= texts):
                possibly_equal.append(index)
    return [pairs[index] for index in sorted(different + _find_unequal(pairs, possibly_equal))]


def _find_unequal(pairs: Sequence[Pair[K]], indices: list[int]) -> list[int]:
    """Return the indices of those pairs, equal by ``==``, that are not equal."""
    if not indices or to_json([pairs[index][1] for index in indices]) == to_json(
        [pairs[index][2] for index in indices]
    ):
        return []
    # A type or only the order of keys differs somewhere: halve until few are left, and compare those.
    if len(indices) <= _MAX_UNSPLIT_PAIRS:
        return [index for index in indices if not json_equal(pairs[index][1], pairs[index][2])]
    half = len(indices) // 2
    return _find_unequal(pairs, indices[:half]) + _find_unequal(pairs, indices[half:])
