"""The orders that keep decision diagrams small: of the bits they test, and of the moves whose effects are added."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.play.explore.families import counters
from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.diagram_order import depth_first, first_rounds, order_bits
from worldkit.exploration.fixpoint_core import Transition
from worldkit.exploration.quotient import quotient_of
from worldkit.exploration.transition_system import build_system

MASKS = st.integers(0, 63)


@pytest.mark.parametrize("seed", range(5))
def test_the_steps_of_a_counter_are_tested_side_by_side_however_they_are_listed(seed: int) -> None:
    document = counters(8, 10)
    random.Random(seed).shuffle(document["scene"]["events"])
    system = build_system(wk.World.from_dict(document))
    order = [system.flags[bit.bit_length() - 1] for bit in order_bits(quotient_of(system), Meter("", math.inf))]
    assert len(order) == 80
    assert len([*groupby(order, key=lambda flag: flag.split("_")[1])]) == 8


@pytest.mark.parametrize("seed", range(3))
def test_counters_are_counted_whole_however_their_steps_are_listed(seed: int) -> None:
    document = counters(24, 10)
    random.Random(seed).shuffle(document["scene"]["events"])
    exploration = wk.explore(wk.World.from_dict(document))
    assert exploration.positions_complete and exploration.positions == 11**24 + 1


@given(st.sets(st.tuples(MASKS, MASKS, MASKS), max_size=12), MASKS)
def test_a_move_is_in_the_round_in_which_it_can_first_be_made(kinds: set[Transition], mask: int) -> None:
    rounds = first_rounds(kinds, mask)
    assert rounds.keys() == kinds
    for number in range(len(kinds) + 1):
        possible = {kind for kind in kinds if not kind[0] & ~mask}
        assert possible == {kind for kind in kinds if rounds[kind] <= number} or number == len(kinds)
        for _, sets, _ in possible:
            mask |= sets
    assert all(rounds[kind] == len(kinds) for kind in kinds if kind[0] & ~mask)


@given(st.lists(st.integers(0, 30), unique=True), st.data())
def test_every_bit_is_ordered_once_and_those_that_hang_together_side_by_side(
    names: list[int], data: st.DataObject
) -> None:
    group = st.lists(st.sampled_from(names), unique=True, max_size=5) if names else st.just([])
    groups = data.draw(st.lists(group, max_size=6))
    order = depth_first(names, groups)
    assert sorted(order) == sorted(names)
    component = {name: name for name in names}
    for _ in names:
        for bits in groups:
            component.update(dict.fromkeys(bits, min((component[bit] for bit in bits), default=0)))
    assert len([*groupby(order, key=component.__getitem__)]) == len(set(component.values()))


def test_ordering_stops_when_the_time_is_up() -> None:
    system = quotient_of(build_system(wk.World.from_dict(counters(24, 40))))
    with pytest.raises(BudgetSpent):
        order_bits(system, Meter("", 0.0))


def test_ordering_takes_time_in_proportion_to_what_moves_require() -> None:
    def order_names(size: int) -> Callable[[], object]:
        groups = [[*range(size)], *([at, at + 1] for at in range(size - 1))]
        return lambda: depth_first(range(size), groups)

    def order_moves(size: int) -> Callable[[], object]:
        kinds = {(1 << at % 60 | 1 << at // 60 % 60, 1 << (at % 60 + 1), at) for at in range(size)}
        return lambda: first_rounds(kinds, 1)

    assert growth(order_names, 1_000) < MAX_GROWTH
    assert growth(order_moves, 1_000) < MAX_GROWTH
