"""Decision diagrams are sets of masks: every operation does what it does to a Python set."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worldkit.exploration.bdd import ALL, EMPTY, NODES_PER_TICK, Diagrams, MoveEffect, recursion_limit_for
from worldkit.exploration.budget import BudgetSpent

WIDTH = 5
ALL_MASKS = frozenset(range(1 << WIDTH))
masks = st.frozensets(st.integers(0, (1 << WIDTH) - 1), max_size=20)
mask = st.integers(0, (1 << WIDTH) - 1)
modest = settings(max_examples=150, deadline=None)


def diagram_of(diagrams: Diagrams, members: frozenset[int]) -> int:
    """Return the diagram of a Python set."""
    total = EMPTY
    for member in members:
        total = diagrams.union(total, diagrams.singleton(member))
    return total


def read(diagrams: Diagrams, a: int) -> frozenset[int]:
    """Return the Python set of a diagram."""
    return frozenset(member for member in ALL_MASKS if diagrams.has(a, member))


@modest
@given(masks, masks)
def test_union_common_and_difference_are_those_of_sets(a: frozenset[int], b: frozenset[int]) -> None:
    diagrams = Diagrams(WIDTH)
    x, y = diagram_of(diagrams, a), diagram_of(diagrams, b)
    assert read(diagrams, x) == a
    assert read(diagrams, diagrams.union(x, y)) == a | b
    assert read(diagrams, diagrams.difference(x, y)) == a - b


@modest
@given(masks, masks)
def test_equal_sets_are_equal_numbers(a: frozenset[int], b: frozenset[int]) -> None:
    diagrams = Diagrams(WIDTH)
    x, y = diagram_of(diagrams, a), diagram_of(diagrams, b)
    assert (x == y) == (a == b)
    assert diagrams.union(diagrams.difference(x, y), diagrams.difference(x, diagrams.difference(x, y))) == x
    assert diagrams.difference(ALL, diagrams.difference(ALL, x)) == x


@modest
@given(masks, masks, mask, mask, mask)
def test_an_effect_is_the_image_and_the_preimage_of_a_move(
    a: frozenset[int], b: frozenset[int], need: int, gain: int, bar: int
) -> None:
    need &= ~bar
    diagrams = Diagrams(WIDTH)
    effect = MoveEffect(diagrams, need, gain, bar)
    can = {m for m in ALL_MASKS if m & need == need and not m & bar}
    for members in (a, b):
        assert read(diagrams, effect.after(diagram_of(diagrams, members))) == {m | gain for m in members & can}
        assert read(diagrams, effect.before(diagram_of(diagrams, members))) == {m for m in can if m | gain in members}


@modest
@given(masks, mask, mask)
def test_within_and_meets_are_the_masks_that_hold_all_and_nothing(a: frozenset[int], need: int, bar: int) -> None:
    diagrams = Diagrams(WIDTH)
    can = {m for m in ALL_MASKS if m & need == need and not m & bar}
    assert read(diagrams, diagrams.cube(need, bar)) == can
    assert diagrams.meets_cube(diagram_of(diagrams, a), need, bar) == bool(a & can)
    assert not a or diagrams.large_mask(diagram_of(diagrams, a)) in a


@modest
@given(masks, st.permutations(range(WIDTH)))
def test_counts_are_exact_and_the_fewest_bits_are_found(a: frozenset[int], order: list[int]) -> None:
    diagrams = Diagrams(WIDTH)
    x = diagram_of(diagrams, a)
    names = [1 << place for place in order]
    masks = {sum(names[level] for level in range(WIDTH) if member >> level & 1) for member in a}
    assert diagrams.count(x) == len(a)
    assert diagrams.fewest(x, names) == min(masks, key=lambda m: (m.bit_count(), m), default=None)


def test_a_thousand_bits_are_counted_exactly() -> None:
    diagrams = Diagrams(1000)
    with recursion_limit_for(1000):
        x = diagrams.union(diagrams.singleton(0), diagrams.cube((1 << 1000) - 1, 0))
        assert diagrams.count(x) == 2
        assert diagrams.count(diagrams.difference(ALL, x)) == 2**1000 - 2
        assert diagrams.fewest(diagrams.difference(ALL, x), [1 << i for i in range(1000)]) == 1


def test_the_recursion_limit_stays_raised_until_the_last_one_needs_it_no_longer() -> None:
    before = sys.getrecursionlimit()
    with ExitStack() as later:
        with recursion_limit_for(before):
            later.enter_context(recursion_limit_for(before))
        assert sys.getrecursionlimit() >= 4 * before
    assert sys.getrecursionlimit() == before


def test_a_store_stops_at_its_most_nodes_and_looks_at_the_clock() -> None:
    ticks: list[int] = []
    diagrams = Diagrams(40, max_nodes=10_000, tick=lambda: ticks.append(1))

    def fill() -> None:
        total = EMPTY
        for bits in chain.from_iterable(combinations(range(40), size) for size in (3, 4)):
            total = diagrams.union(total, diagrams.singleton(sum(1 << bit for bit in bits)))

    with pytest.raises(BudgetSpent, match="10,000 nodes"):
        fill()
    assert len(ticks) == 10_000 // NODES_PER_TICK
    diagrams.release_limits()
    assert diagrams.union(diagrams.singleton(1), diagrams.singleton(2)) > ALL
