"""All masks of a few bits: a set of them is a truth table, the bits of one integer."""

from __future__ import annotations

from functools import cached_property

from worldkit.exploration.bits import bit_places


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
