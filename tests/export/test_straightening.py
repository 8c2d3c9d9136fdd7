"""Cards that hang on one other card stand beside it, where their column has room."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from worldkit.layout.measures import PITCH_X, PITCH_Y, Position
from worldkit.layout.straightening import straighten


def test_two_endings_that_are_a_little_off_move_beside_their_scenes() -> None:
    positions: dict[int, Position] = {0: (0, 240), 1: (0, 480), 2: (PITCH_X, 224), 3: (PITCH_X, 464)}
    expected = {**positions, 2: (PITCH_X, 240), 3: (PITCH_X, 480)}
    assert straighten(positions, [[2, 1], [3, 0], [0], [1]]) == expected


def test_a_card_stays_where_its_column_has_no_room_and_where_it_has_several_neighbours() -> None:
    blocked: dict[int, Position] = {0: (0, 40), 1: (PITCH_X, 20), 2: (PITCH_X, 20 + PITCH_Y), 3: (-PITCH_X, 0)}
    assert straighten(blocked, [[1, 3], [0], [], []]) == blocked
    joined: dict[int, Position] = {0: (0, 40), 1: (PITCH_X, 20), 2: (2 * PITCH_X, 0)}
    assert straighten(joined, [[1], [0, 2], [1]])[1] == joined[1]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 80), st.integers(0, 13)), min_size=1, max_size=14),
)
def test_no_two_cards_come_nearer_than_they_may_and_the_order_of_a_column_stays(
    cards: list[tuple[int, int, int]],
) -> None:
    columns: dict[float, list[float]] = {}
    positions: dict[int, Position] = {}
    for node, (column, gap, _) in enumerate(cards):
        heights = columns.setdefault(column * PITCH_X, [])
        heights.append((heights[-1] + PITCH_Y if heights else 0) + gap)
        positions[node] = (column * PITCH_X, heights[-1])
    after = straighten(positions, [[other % len(cards)] for *_, other in cards])
    for node, (x, _) in positions.items():
        assert after[node][0] == x
    for x in columns:
        in_order = [after[node][1] for node in positions if positions[node][0] == x]
        assert all(lower - upper >= PITCH_Y for upper, lower in pairwise(in_order))
