"""Edges go round cards, and names of moves cover neither cards nor one another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.worlds import chain, move, world
from tests.strategies import documents
from worldkit import World, samples
from worldkit.drawing.edge_labels import make_label, place_labels
from worldkit.layout.curves import Path
from worldkit.layout.gaps import Column, cheapest_heights, free_heights
from worldkit.layout.moves import moves
from worldkit.layout.occupancy import RectIndex
from worldkit.layout.placement import CARD_H, CARD_W, layout
from worldkit.layout.routing import routes


def lay_out(w: World) -> tuple[dict[str, tuple[float, float]], list[Path]]:
    places = layout(w)
    return places, [route.path for route in routes(places, [(m.source, m.target) for m in moves(w)])]


@pytest.mark.parametrize("name", ["bench", "delivery", "lighthouse", "archive"])
def test_no_edge_of_a_sample_runs_over_a_card(name: str) -> None:
    places, paths = lay_out(samples.load(name))
    for path in paths:
        for x, y in path.points:
            assert not [
                id for id, (u, v) in places.items() if u + 1 < x < u + CARD_W - 1 and v + 1 < y < v + CARD_H - 1
            ]


@pytest.mark.parametrize("name", ["bench", "delivery", "lighthouse"])
def test_no_name_of_a_move_covers_a_card_or_another_name(name: str) -> None:
    w = samples.load(name)
    places, paths = lay_out(w)
    labels = [make_label(m, path) for m, path in zip(moves(w), paths, strict=True)]
    cards = [(x, y, x + CARD_W, y + CARD_H) for x, y in places.values()]
    obstacles = RectIndex(cards)
    for place in place_labels(labels, paths, RectIndex(cards)):
        assert place is not None
        one, at = place
        assert not obstacles.touches(one.rect(at))
        obstacles.add(one.rect(at))


def test_a_name_is_as_long_as_the_room_beside_it_allows() -> None:
    name = "Descend to the conservatory by the narrow stair"
    w = world(["hall", "cellar"], [move(name, "hall", "cellar")])
    path = routes({"hall": (0, 0), "cellar": (0, 600)}, [("hall", "cellar")])[0].path
    label = make_label(moves(w)[0], path)
    assert label.text != name
    cards = [(0.0, 0.0, 280.0, 168.0), (0.0, 600.0, 280.0, 768.0)]
    free, in_a_gap = (
        place_labels([label], [path], RectIndex([*cards, *walls]))[0]
        for walls in ([], [(x, 168.0, x + 60.0, 600.0) for x in (-20.0, 240.0)])
    )
    assert free is not None and free[0].text == name
    assert in_a_gap is not None and len(in_a_gap[0].text) < len(name)


def test_names_that_are_optional_are_left_out_where_they_would_cover_something() -> None:
    w = world(["a", "b"], [move("go", "a", "b")])
    path = routes({"a": (0, 0), "b": (504, 0)}, [("a", "b")])[0].path
    everywhere = RectIndex([(-500.0, -500.0, 1500.0, 1500.0)])
    assert place_labels([make_label(moves(w)[0], path)], [path], everywhere, optional=True) == [None]
    assert place_labels([make_label(moves(w)[0], path)], [path], everywhere) != [None]


@settings(max_examples=80, deadline=None)
@given(documents(max_states=8, max_events=12).map(World.from_dict))
def test_every_edge_leaves_its_source_and_reaches_its_target(w: World) -> None:
    places, paths = lay_out(w)
    for m, path in zip(moves(w), paths, strict=True):
        for id, (x, y), reach in ((m.source, path.points[0], 1), (m.target, path.points[-1], 12)):
            u, v = places[id]
            assert u - reach <= x <= u + CARD_W + reach and v - reach <= y <= v + CARD_H + reach


CORNERS = st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000)).map(lambda at: (at[0] / 2, at[1] / 2))


@settings(max_examples=150, deadline=None)
@given(st.lists(CORNERS, min_size=1, max_size=8), st.data())
def test_wherever_cards_are_an_edge_is_one_line_between_the_borders_of_its_cards(
    corners: list[tuple[float, float]], data: st.DataObject
) -> None:
    cards = {str(index): corner for index, corner in enumerate(corners)}
    ids = st.sampled_from(list(cards))
    edges = data.draw(st.lists(st.tuples(ids, st.none() | ids), max_size=12))
    for (source, target), route in zip(edges, routes(cards, edges), strict=True):
        parts = route.path.parts
        assert all(a[3] == b[0] for a, b in pairwise(parts))
        for id, (x, y) in ((source, parts[0][0]), (target, parts[-1][3])):
            if id is not None:
                u, v = cards[id]
                assert x in (u, u + CARD_W) or y in (v, v + CARD_H)
                assert u <= x <= u + CARD_W and v <= y <= v + CARD_H
        assert abs(route.path.end[0]) == 1 or abs(route.path.end[1]) == 1 or route.decision.kind == "loop"


def test_parallel_edges_lie_apart() -> None:
    w = world(["a", "b"], [move(str(n), "a", "b") for n in range(4)] + [move("back", "b", "a")])
    _, paths = lay_out(w)
    heights = sorted(path.points[0][1] for path in paths[:4])
    assert all(b - a >= 20 for a, b in pairwise(heights))


def test_a_state_that_leads_to_itself_has_a_loop_above_it() -> None:
    w = world(["a"], [move("1", "a", "a"), move("2", "a", "a")])
    _, (one, other) = lay_out(w)
    assert min(y for _, y in one.points) < 0 and one.points[0] != other.points[0]


def test_the_end_of_a_line_leads_round_to_the_beginning_of_the_next() -> None:
    w = chain(200)
    places, paths = lay_out(w)
    for m, path in zip(moves(w), paths, strict=True):
        if places[m.target][0] < places[m.source][0]:
            assert path.points[0][0] == places[m.source][0] + CARD_W and path.end == (1, 0)


@given(
    st.lists(st.lists(st.integers(-5, 5), min_size=1, max_size=5, unique=True), max_size=4),
    st.integers(-800, 800),
    st.integers(-800, 800),
)
def test_a_way_through_columns_lies_in_their_gaps(rows: list[list[int]], start: int, end: int) -> None:
    columns = [
        Column(at * 500, at * 500 + CARD_W, tuple(free_heights(row * 200.0 for row in column)))
        for at, column in enumerate(rows)
    ]
    way = cheapest_heights((-200, start), (500 * len(rows), end), columns)
    assert len(way) == len(columns)
    assert all(column.gap(y) is not None for column, y in zip(columns, way, strict=True))


def test_a_way_with_nothing_in_it_stays_level() -> None:
    columns = [Column(0, 280, tuple(free_heights([0.0]))), Column(500, 780, tuple(free_heights([40.0])))]
    assert cheapest_heights((-200, 400), (1000, 400), columns) == [400, 400]
