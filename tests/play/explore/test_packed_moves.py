"""Moves and rows that are kept in a few lists, against lists of lists; and what building them costs."""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import FAMILIES, MAX_GROWTH, growth
from tests.play.explore.families import shape
from worldkit.exploration import reuse
from worldkit.exploration.moves import FlatRows, PackedMoves, SearchMove, grouped
from worldkit.exploration.quotient import QuotientSystem, quotient_of
from worldkit.exploration.transition_system import build_system

moves = st.builds(SearchMove, *(st.integers(0, 1 << 70) for _ in range(4)), st.integers(-5, 99))
rows = st.lists(st.lists(moves, max_size=4).map(tuple), max_size=6)


@given(rows)
def test_packed_moves_are_the_moves_they_were_made_of(out: list[tuple[SearchMove, ...]]) -> None:
    packed = PackedMoves.of(out)
    assert (len(packed), list(packed), packed[:]) == (len(out), out, tuple(out))
    assert [packed[state] for state in range(len(out))] == out
    assert PackedMoves.of(packed) is packed
    assert packed == PackedMoves.of(list(out)) and hash(packed) == hash(PackedMoves.of(list(out)))


@given(rows, rows)
def test_packed_moves_are_equal_when_they_hold_the_same(
    one: list[tuple[SearchMove, ...]], other: list[tuple[SearchMove, ...]]
) -> None:
    assert (PackedMoves.of(one) == PackedMoves.of(other)) == (one == other)


@given(st.integers(1, 6).flatmap(lambda count: st.tuples(st.just(count), st.lists(st.integers(0, count - 1)))))
def test_grouped_items_stay_in_their_order(case: tuple[int, list[int]]) -> None:
    count, row_of = case
    table = FlatRows(*grouped(row_of, count))
    expected = [[item for item, row in enumerate(row_of) if row == number] for number in range(count)]
    assert (len(table), list(table), [table[number] for number in range(count)]) == (count, expected, expected)


def _quotient(document: dict[str, Any]) -> QuotientSystem:
    return quotient_of(build_system(wk.World.from_dict(document)))


@pytest.mark.parametrize("family", ["parallel", "loops", "star", "funnel", "chain", "complete", "sequences"])
def test_preparing_a_world_for_search_costs_as_much_as_it_has_events(family: str) -> None:
    assert growth(lambda count: partial(_quotient, FAMILIES[family](count)), 400) <= MAX_GROWTH


def test_exploring_a_large_world_makes_few_objects_that_the_collector_visits() -> None:
    states, events = 2_000, 4_000
    text = wk.load(shape("hub", states, events, 5)).to_json()
    wk.explore(wk.load(text))  # what is imported and kept on the way is there from now on
    reuse.forget()
    world = wk.load(text)
    gc.collect()
    gc.disable()
    try:
        before = gc.get_count()[0]
        exploration = wk.explore(world)
        created = gc.get_count()[0] - before
    finally:
        gc.enable()
    assert exploration.complete
    assert created < 2.5 * (states + events)
