"""Maps have few lines that cross: fewer than the order of barycentres alone gives."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.worlds import rooms, tangle
from worldkit import World, samples
from worldkit.layout.crossings import count_crossings
from worldkit.layout.long_edges import LongEdgeOrder
from worldkit.layout.measures import Position
from worldkit.layout.moves import moves
from worldkit.layout.placement import layout

coordinates = st.integers(-20, 20)


def crossings(w: World, *, quick: bool = False) -> int:
    places = list(layout(w, quick=quick).values())
    number = {id: index for index, id in enumerate(w.states)}
    pairs = {tuple(sorted((number[m.source], number[m.target]))) for m in moves(w) if m.source != m.target}
    return count_crossings([(a, b) for a, b in pairs], dict(enumerate(places)))


def test_the_archive_has_as_few_crossings_as_elk_gives_it() -> None:
    assert crossings(samples.load("archive")) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_a_map_of_rooms_has_less_than_half_the_crossings_that_barycentres_leave(seed: int) -> None:
    w = rooms(200, seed)
    assert crossings(w) < crossings(w, quick=True) / 2


@pytest.mark.parametrize("seed", range(2))
def test_a_map_of_a_thousand_rooms_has_less_than_a_third_of_the_crossings_that_barycentres_leave(seed: int) -> None:
    w = rooms(1000, seed)
    assert crossings(w) < crossings(w, quick=True) / 3


@pytest.mark.parametrize("w", [tangle(40, 60, 1), tangle(60, 110, 2), rooms(60, 3)])
def test_looking_for_an_order_never_makes_it_worse(w: World) -> None:
    assert crossings(w) <= crossings(w, quick=True)


@settings(deadline=None)
@given(st.lists(st.tuples(coordinates, coordinates), min_size=4, max_size=9), st.data())
def test_crossings_are_counted_as_by_the_solution_of_two_equations(points: list[Position], data: st.DataObject) -> None:
    nodes = range(len(points))
    edges = data.draw(st.lists(st.sampled_from(list(combinations(nodes, 2))), unique=True, max_size=8))
    expected = 0
    for (a, b), (c, d) in combinations(edges, 2):
        if {a, b} & {c, d}:
            continue
        (x1, y1), (x2, y2), (x3, y3), (x4, y4) = (points[node] for node in (a, b, c, d))
        determinant = (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)
        if determinant:
            first = (x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)
            second = (x3 - x1) * (y2 - y1) - (y3 - y1) * (x2 - x1)
            low, high = sorted((0, determinant))
            expected += low < first < high and low < second < high
    assert count_crossings(edges, dict(enumerate(points))) == expected


@settings(deadline=None)
@given(st.integers(2, 7), st.data())
def test_an_order_keeps_every_node_in_its_column(columns: int, data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=columns, max_size=columns))
    numbers = iter(range(sum(sizes)))
    given_columns = [[next(numbers) for _ in range(size)] for size in sizes]
    pairs = list(combinations(range(sum(sizes)), 2))
    edges = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))
    order = LongEdgeOrder(given_columns, edges)
    before = order.crossings
    order.improve()
    own = [sorted(node for node in column if node >= 0) for column in order.columns]
    assert own == given_columns and order.crossings <= before
