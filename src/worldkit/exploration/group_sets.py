"""Sets of masks as the bits of one integer: of all masks there could be, a truth table, or of those that were met."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from worldkit.exploration.bits import bit_places
from worldkit.exploration.mask_sets import Counts
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
        self._reached_sets = reached_sets
        self._lost_sets = lost_sets

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return 2 * len(self._reached_sets) * (len(self._masks) // 8 + 30)

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        number = self._masks.find(mask)
        return number is not None and bool(self._reached_sets[group] >> number & 1)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        number = self._masks.find(mask)
        return number is not None and bool(self._lost_sets[group] >> number & 1)

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self._reached_sets[group].bit_count()

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self._lost_sets[group].bit_count()

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

        return lambda group: total(self._reached_sets[group]), lambda group: total(self._lost_sets[group])

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return self._masks.least(self._lost_sets[group])

    def fewest_idle(self, group: int, guards: list[QuotientGuard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        return self._masks.least(self._idle(group, guards))

    def is_idle(self, group: int, guards: list[QuotientGuard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        return bool(self._idle(group, guards))

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        return bool(self._masks.holding(self._reached_sets[group], requires, forbids))

    def _idle(self, group: int, guards: list[QuotientGuard]) -> int:
        idle, masks_holding = self._reached_sets[group], self._masks.holding
        for requires, forbids, unless_all in guards:
            if not idle:
                break
            allowed_masks = masks_holding(idle, requires, forbids)
            idle ^= allowed_masks ^ (masks_holding(allowed_masks, unless_all) if unless_all else 0)
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


class AllMasks:
    """All masks of some width, and sets of them as the bits of one integer: the place of a mask is the mask itself.

    Operations on whole sets are a few steps on long integers. See Knuth, *The Art of Computer Programming*, 7.1.3,
    on the truth tables of projections.

    Args:
        width: How many bits a mask has.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self.all = (1 << (1 << width)) - 1
        self._holders = [_projection(bit, width) for bit in range(width)]

    def __len__(self) -> int:
        return 1 << self._width

    def find(self, mask: int) -> int | None:
        """Return the place of a mask; None of a mask of more bits."""
        return mask if mask < len(self) else None

    def holding(self, masks: int, requires: int, forbids: int = 0) -> int:
        """Return those of these masks that hold all of ``requires`` and nothing of ``forbids``."""
        for bit in bit_places(requires):
            masks &= self._holders[bit]
        for bit in bit_places(forbids):
            masks ^= masks & self._holders[bit]
        return masks

    def gains(self, sets: int) -> list[tuple[int, int]]:
        """Return, for each bit that is gained, the masks that hold it, and by how much the others are moved."""
        return [(self._holders[bit], 1 << bit) for bit in bit_places(sets)]

    def least(self, masks: int) -> int | None:
        """Return the one of these masks with the fewest bits, of those the least; None of no mask."""
        for level in self._levels if masks else ():
            least_masks = masks & level
            if least_masks:
                return (least_masks & -least_masks).bit_length() - 1
        return None

    @cached_property
    def _levels(self) -> list[int]:
        """The masks by how many bits they have."""
        levels = [1]
        for bit in range(self._width):
            higher_levels = [0, *(masks << (1 << bit) for masks in levels)]
            levels = [masks | higher for masks, higher in zip([*levels, 0], higher_levels, strict=True)]
        return levels


def _projection(bit: int, width: int) -> int:
    """Return the masks of a width that hold a bit."""
    size = 1 << bit
    masks = ((1 << size) - 1) << size
    while (size := size * 2) < 1 << width:
        masks |= masks << size
    return masks


class NumberedMasks:
    """Masks by number, and sets of them as the bits of one integer.

    Args:
        width: How many bits a mask has.
    """

    def __init__(self, width: int) -> None:
        self.masks: list[int] = []
        self.numbers: dict[int, int] = {}
        self._holders = [0] * width
        self._passing_masks: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.masks)

    @property
    def all(self) -> int:
        """The set of all masks that have a number."""
        return (1 << len(self.masks)) - 1

    def find(self, mask: int) -> int | None:
        """Return the number of a mask; None if it has none."""
        return self.numbers.get(mask)

    def number(self, mask: int) -> int:
        """Return the number of a mask, a new one if it has none yet."""
        number = self.numbers.get(mask)
        if number is None:
            number = self.numbers[mask] = len(self.masks)
            self.masks.append(mask)
            self._passing_masks.clear()
            for level in bit_places(mask):
                self._holders[level] |= 1 << number
        return number

    def passing(self, requires: int, forbids: int = 0) -> int:
        """Return the masks that hold all of ``requires`` and nothing of ``forbids``."""
        key = requires, forbids
        masks = self._passing_masks.get(key)
        if masks is None:
            masks = self.all
            for level in bit_places(requires):
                masks &= self._holders[level]
            for level in bit_places(forbids):
                masks &= ~self._holders[level]
            self._passing_masks[key] = masks
        return masks

    def holding(self, masks: int, requires: int, forbids: int = 0) -> int:
        """Return those of these masks that hold all of ``requires`` and nothing of ``forbids``."""
        return masks & self.passing(requires, forbids)

    def least(self, numbers: int) -> int | None:
        """Return the mask of some with the fewest bits, of those the least; None of no mask."""
        masks = (self.masks[number] for number in bit_places(numbers))
        return min(masks, key=lambda mask: (mask.bit_count(), mask), default=None)
