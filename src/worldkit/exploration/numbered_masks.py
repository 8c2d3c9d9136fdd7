"""Masks by number, in the order in which they are met: a set of masks is the bits of one integer."""

from __future__ import annotations

from worldkit.exploration.bits import bit_places


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
            self._passing.clear()
            for level in bit_places(mask):
                self._holders[level] |= 1 << number
        return number

    def passing(self, requires: int, forbids: int = 0) -> int:
        """Return the masks that hold all of ``requires`` and nothing of ``forbids``."""
        key = requires, forbids
        passing = self._passing.get(key)
        if passing is None:
            passing = self.all
            for level in bit_places(requires):
                passing &= self._holders[level]
            for level in bit_places(forbids):
                passing &= ~self._holders[level]
            self._passing[key] = passing
        return passing

    def holding(self, masks: int, requires: int, forbids: int = 0) -> int:
        """Return those of these masks that hold all of ``requires`` and nothing of ``forbids``."""
        return masks & self.passing(requires, forbids)

    def least(self, numbers: int) -> int | None:
        """Return the mask of some with the fewest bits, of those the least; None of no mask."""
        masks = (self.masks[number] for number in bit_places(numbers))
        return min(masks, key=lambda mask: (mask.bit_count(), mask), default=None)
