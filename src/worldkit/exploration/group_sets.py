"""The masks of every group, as one integer of each: a set of masks is the bits of one integer."""

from __future__ import annotations

from collections.abc import Mapping

from worldkit.exploration.all_masks import AllMasks
from worldkit.exploration.mask_sets import Counts
from worldkit.exploration.numbered_masks import NumberedMasks
from worldkit.exploration.quotient import QuotientGuard


class GroupSets:
    """The masks of every group, by their numbers.

    Args:
        masks: The masks.
        reached_sets: The masks every group is reached with.
        lost_sets: Those of them with which no ending can be reached.
    """

    def __init__(self, masks: NumberedMasks | AllMasks, reached_sets: list[int], lost_sets: list[int]) -> None:
        self._masks = masks
        self._reached = reached_sets
        self._lost = lost_sets

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return 2 * len(self._reached) * (len(self._masks) // 8 + 30)

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        number = self._masks.find(mask)
        return number is not None and bool(self._reached[group] >> number & 1)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        number = self._masks.find(mask)
        return number is not None and bool(self._lost[group] >> number & 1)

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self._reached[group].bit_count()

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self._lost[group].bit_count()

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        masks_by_weight = {1: self._masks.all}
        for bit, share in shares.items():
            if share > 1:
                masks_by_weight = self._weighed(masks_by_weight, bit, (1 << share) - 1)

        def total(masks: int) -> int:
            return sum(weight * (masks & alike).bit_count() for weight, alike in masks_by_weight.items())

        return lambda group: total(self._reached[group]), lambda group: total(self._lost[group])

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
        return bool(self._masks.holding(self._reached[group], requires, forbids))

    def _idle(self, group: int, guards: list[QuotientGuard]) -> int:
        idle, holding = self._reached[group], self._masks.holding
        for requires, forbids, unless_all in guards:
            if not idle:
                break
            allowed = holding(idle, requires, forbids)
            idle ^= allowed ^ (holding(allowed, unless_all) if unless_all else 0)
        return idle

    def _weighed(self, masks_by_weight: dict[int, int], bit: int, factor: int) -> dict[int, int]:
        """Return masks by weight after those that hold a bit have become so many times as heavy."""
        result: dict[int, int] = {}
        for weight, masks in masks_by_weight.items():
            holders = self._masks.holding(masks, bit)
            for product, alike in ((weight, masks ^ holders), (weight * factor, holders)):
                if alike:
                    result[product] = result.get(product, 0) | alike
        return result
