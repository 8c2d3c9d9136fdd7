"""Maps have few lines that cross: fewer than the order of barycentres alone gives."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.worlds import rooms, tangle
from worldkit import World, samples
from worldkit.layout.crossings import Edge, count_crossings, count_path_crossings
from worldkit.layout.long_edges import LongEdgeOrder
from worldkit.layout.measures import CARD_H, CARD_W, Position
from worldkit.layout.moves import moves
from worldkit.layout.placement import layout
from worldkit.layout.routing import routes

coordinates = st.integers(-20, 20)


def pairs(w: World) -> list[Edge]:
    number = {id: index for index, id in enumerate(w.states)}
    edges: dict[frozenset[int], Edge] = {}
    for m in moves(w):
        if m.source != m.target:
            edges.setdefault(frozenset((number[m.source], number[m.target])), (number[m.source], number[m.target]))
    return list(edges.values())


def crossings(w: World, *, quick: bool = False) -> int:
    return count_crossings(pairs(w), dict(enumerate(layout(w, quick=quick).values())))


def routed_crossings(w: World, *, quick: bool = False) -> int:
    ids, edges = list(w.states), pairs(w)
    drawn = routes(layout(w, quick=quick), [(ids[a], ids[b]) for a, b in edges])
    return count_path_crossings((edge, route.path.points) for edge, route in zip(edges, drawn, strict=True))


def zoom(w: World, *, quick: bool = False) -> float:
    places = layout(w, quick=quick).values()
    width = max(x for x, _ in places) - min(x for x, _ in places) + CARD_W
    height = max(y for _, y in places) - min(y for _, y in places) + CARD_H
    return min(848 / width, 560 / height)


def test_the_archive_has_fewer_crossings_than_elk_gives_it() -> None:
    w = samples.load("archive")
    assert crossings(w) <= 1 and routed_crossings(w) <= 3


@pytest.mark.parametrize("count", [30, 60, 100])
def test_routed_lines_of_a_small_map_cross_less_than_half_as_often(count: int) -> None:
    maps = [rooms(count, seed) for seed in range(4)]
    assert sum(map(routed_crossings, maps)) < sum(routed_crossings(w, quick=True) for w in maps) / 2


@pytest.mark.parametrize("count", [30, 60, 100])
def test_fewer_crossings_do_not_make_a_small_map_much_smaller(count: int) -> None:
    for seed in range(4):
        w = rooms(count, seed)
        assert zoom(w) >= 0.6 * zoom(w, quick=True)


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
@given(st.lists(st.tuples(coordinates, coordinates), min_size=4, max_size=9, unique=True), st.data())
def test_a_path_without_corners_crosses_as_a_straight_line(points: list[Position], data: st.DataObject) -> None:
    pair = st.sampled_from(list(combinations(range(len(points)), 2)))
    edges = data.draw(st.lists(pair, unique=True, max_size=8))
    paths = [((a, b), [points[a], points[b]]) for a, b in edges]
    assert count_path_crossings(paths) == count_crossings(edges, dict(enumerate(points)))


def test_paths_are_counted_each_time_they_cross() -> None:
    wave: list[Position] = [(0, 0), (1, 2), (2, -2), (3, 2), (4, 0)]
    assert count_path_crossings([((0, 1), wave), ((2, 3), [(0, 1), (4, 1)])]) == 4
    assert count_path_crossings([((0, 1), wave), ((1, 3), [(0, 1), (4, 1)])]) == 0


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
