"""Sets of masks as truth tables against sets of numbers."""

from __future__ import annotations

from math import prod

from hypothesis import given
from hypothesis import strategies as st

from worldkit.exploration.group_sets import AllMasks, GroupSets, NumberedMasks

WIDTHS = st.integers(0, 7)


def places(masks: int) -> set[int]:
    return {mask for mask in range(masks.bit_length()) if masks >> mask & 1}


@given(WIDTHS, st.data())
def test_what_passes_a_guard_holds_all_it_requires_and_nothing_it_forbids(width: int, data: st.DataObject) -> None:
    masks = AllMasks(width)
    requires, forbids = (data.draw(st.integers(0, len(masks) - 1)) for _ in range(2))
    expected = {mask for mask in range(len(masks)) if mask & requires == requires and not mask & forbids}
    some = data.draw(st.integers(0, masks.all))
    assert places(masks.holding(some, requires, forbids)) == expected & places(some)


@given(WIDTHS, st.data())
def test_the_least_mask_has_the_fewest_bits(width: int, data: st.DataObject) -> None:
    masks = AllMasks(width)
    some = data.draw(st.integers(0, masks.all))
    expected = min(places(some), key=lambda mask: (mask.bit_count(), mask), default=None)
    assert masks.least(some) == expected


@given(WIDTHS, st.data())
def test_masks_count_as_often_as_their_bits_stand_for_others(width: int, data: st.DataObject) -> None:
    shares = data.draw(st.dictionaries(st.integers(0, width - 1), st.integers(1, 5))) if width else {}
    known_masks = data.draw(st.lists(st.integers(0, (1 << width) - 1), unique=True))
    numbered = NumberedMasks(width)
    numbers = sum(1 << numbered.number(mask) for mask in known_masks)
    every = AllMasks(width)
    expected = sum(prod((1 << share) - 1 for bit, share in shares.items() if mask >> bit & 1) for mask in known_masks)
    for masks, reached in ((numbered, numbers), (every, sum(1 << mask for mask in known_masks))):
        count, count_lost = GroupSets(masks, [reached], [0]).counts({1 << bit: share for bit, share in shares.items()})
        assert (count(0), count_lost(0)) == (expected, 0)
