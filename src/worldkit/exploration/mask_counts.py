"""Counting for every group the masks that have it, where a row is a mask and its groups as the bits of one integer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from worldkit.exploration.mask_sets import Counts


def weighted_counts(rows: Iterable[tuple[int, int]], shares: Mapping[int, int], width: int) -> Counts:
    """Return what counts the masks of a group, each as often as its bits stand for others.

    Args:
        rows: Masks, and groups as bits.
        shares: How many bits each stands for, one of which at least is held where it is held.
        width: How many groups there are.
    """
    weights = {bit: (1 << share) - 1 for bit, share in shares.items() if share > 1}
    filter_mask = sum(weights)
    by_bits: dict[int, list[int]] = {}
    for mask, groups in rows:
        by_bits.setdefault(mask & filter_mask, []).append(groups)
    totals = [0] * width
    for weighted_bits, groups_of_masks in by_bits.items():
        weight = prod(times for bit, times in weights.items() if weighted_bits & bit)
        for group, count in enumerate(count_bits(groups_of_masks, width)):
            totals[group] += weight * count
    return totals.__getitem__


def count_bits(rows: Iterable[int], width: int) -> list[int]:
    """Return for every bit in how many integers it is set.

    The counts are kept upright, the n-th digits of all of them in one integer, so that adding a row takes two steps
    on average, however many bits it has.
    """
    digits: list[int] = []
    for row in rows:
        for place, digit in enumerate(digits):
            digits[place], row = digit ^ row, digit & row
            if not row:
                break
        else:
            if row:
                digits.append(row)
    return [sum((digit >> bit & 1) << place for place, digit in enumerate(digits)) for bit in range(width)]
