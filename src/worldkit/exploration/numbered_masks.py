"""Masks by number: a set of masks is the bits of one integer, a set of positions one such integer for each group."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from worldkit.exploration.bits import bit_places
from worldkit.exploration.mask_sets import Counts
from worldkit.exploration.quotient import QuotientGuard


class NumberedMasks:
    """Masks by number, and sets of them as the bits of one integer.

    Args:
        width: How many bits a mask has.
    """

    def __init__(self, width: int) -> None:
        self.masks: list[int] = []
        self.numbers: dict[int, int] = {}
        self._holders = [0] * width
        self._passing: dict[tuple[int, int], int] = {}

    def number(self, mask: int) -> int:
        """Return the number of a mask, a new one if it has none yet."""
        number = self.numbers.get(mask)
        if number is None:
            number = self.numbers[mask] = len(self.masks)
            self.masks.append(mask)
            self._passing.clear()
            for level in bit_places(mask):
                self._holders[level] |= 1 << number
        return number

    def passing(self, requires: int, forbids: int = 0) -> int:
        """Return the masks that hold all of ``requires`` and nothing of ``forbids``."""
        key = requires, forbids
        passing = self._passing.get(key)
        if passing is None:
            passing = (1 << len(self.masks)) - 1
            for level in bit_places(requires):
                passing &= self._holders[level]
            for level in bit_places(forbids):
                passing &= ~self._holders[level]
            self._passing[key] = passing
        return passing

    def least(self, numbers: int) -> int | None:
        """Return the mask of some with the fewest bits, of those the least; None of no mask."""
        masks = (self.masks[number] for number in bit_places(numbers))
        return min(masks, key=lambda mask: (mask.bit_count(), mask), default=None)


class GroupSets:
    """The masks of every group, by their numbers.

    Args:
        masks: The masks.
        masks_of: The masks every group is reached with.
        winning: Those of them with which an ending can be reached.
    """

    def __init__(self, masks: NumberedMasks, masks_of: list[int], winning: list[int]) -> None:
        self._masks = masks
        self._masks_of = masks_of
        self._lost = [masks_here & ~winners for masks_here, winners in zip(masks_of, winning, strict=True)]

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return 2 * len(self._masks_of) * (len(self._masks.masks) // 8 + 30)

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        number = self._masks.numbers.get(mask)
        return number is not None and bool(self._masks_of[group] >> number & 1)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        number = self._masks.numbers.get(mask)
        return number is not None and bool(self._lost[group] >> number & 1)

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self._masks_of[group].bit_count()

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self._lost[group].bit_count()

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        weights = {bit: (1 << share) - 1 for bit, share in shares.items() if share > 1}
        masks_by_weight: dict[int, int] = {}
        for number, mask in enumerate(self._masks.masks):
            weight = prod(times for bit, times in weights.items() if mask & bit)
            masks_by_weight[weight] = masks_by_weight.get(weight, 0) | 1 << number

        def total(masks: int) -> int:
            return sum(weight * (masks & alike).bit_count() for weight, alike in masks_by_weight.items())

        return lambda group: total(self._masks_of[group]), lambda group: total(self._lost[group])

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return self._masks.least(self._lost[group])

    def fewest_idle(self, group: int, guards: list[QuotientGuard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        return self._masks.least(self._idle(group, guards))

    def is_idle(self, group: int, guards: list[QuotientGuard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        return bool(self._idle(group, guards))

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        return bool(self._masks_of[group] & self._masks.passing(requires, forbids))

    def _idle(self, group: int, guards: list[QuotientGuard]) -> int:
        idle, passing = self._masks_of[group], self._masks.passing
        for requires, forbids, unless_all in guards:
            idle &= ~passing(requires, forbids) | (passing(unless_all) if unless_all else 0)
        return idle
