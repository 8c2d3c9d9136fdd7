"""Cards never overlap, what a person placed never moves, and a picture keeps a usable shape."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.worlds import chain, move, tangle, world
from tests.strategies import documents
from worldkit import World
from worldkit.layout import placement as layout_module
from worldkit.layout.free_slots import Slots
from worldkit.layout.placement import CARD_H, CARD_W, Position, layout

HYPOTHESIS_SETTINGS = settings(max_examples=60, deadline=None)

worlds = documents(max_states=9, max_events=12).map(World.from_dict)
spots = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))


def overlaps(places: Mapping[str, Position], against: Mapping[str, Position] | None = None) -> list[tuple[str, str]]:
    overlaps = []
    for a, (x, y) in places.items():
        for b, (u, v) in (against or places).items():
            if a != b and abs(x - u) < CARD_W and abs(y - v) < CARD_H:
                overlaps.append((a, b))
    return overlaps


def size(places: Mapping[str, Position]) -> tuple[float, float]:
    xs, ys = zip(*places.values(), strict=True)
    return max(xs) - min(xs) + CARD_W, max(ys) - min(ys) + CARD_H


@HYPOTHESIS_SETTINGS
@given(worlds)
def test_every_state_has_a_place_of_its_own_on_the_grid(w: World) -> None:
    places = layout(w)
    assert list(places) == list(w.states)
    assert not overlaps(places)
    assert all(value % 8 == 0 for place in places.values() for value in place)


@HYPOTHESIS_SETTINGS
@given(documents(max_states=9, max_events=12))
def test_the_same_world_gives_the_same_picture(document: dict[str, Any]) -> None:
    assert layout(World.from_dict(document)) == layout(World.from_dict(document))


@HYPOTHESIS_SETTINGS
@given(worlds, st.data())
def test_what_is_kept_stays_and_nothing_new_lies_on_it(w: World, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from(list(w.states)), unique=True))
    keep = {id: data.draw(spots) for id in ids}
    places = layout(w, keep)
    assert list(places) == list(w.states)
    assert {id: places[id] for id in keep} == keep
    fresh = {id: place for id, place in places.items() if id not in keep}
    assert not overlaps(fresh)
    assert not overlaps(fresh, keep)


@HYPOTHESIS_SETTINGS
@given(worlds, st.data())
def test_adding_a_state_moves_no_other(w: World, data: st.DataObject) -> None:
    before = layout(w)
    source = data.draw(st.sampled_from(list(w.states)))
    raw = w.to_dict()
    raw["scene"]["states"]["a new one"] = {"base": "New."}
    raw["scene"]["events"].append(move("a new move", source, "a new one"))
    after = layout(World.from_dict(raw), keep=before)
    assert {id: after[id] for id in before} == before
    assert not overlaps(after)


@given(worlds, st.data())
def test_one_state_is_put_where_a_fresh_picture_would_have_it_put(w: World, data: st.DataObject) -> None:
    ids = list(w.states)
    if len(ids) < 3:
        return
    whole = layout(w)
    new = data.draw(st.sampled_from(ids))
    places_without_new = {id: place for id, place in whole.items() if id != new}
    out = layout_module._successors(w, ids)
    fresh = layout_module._lay_out_all(out, ids.index(w.start) if w.start is not None else 0)
    places_of_all = layout_module._place_missing(
        out, fresh, {at: places_without_new[id] for at, id in enumerate(ids) if id in places_without_new}
    )
    assert layout(w, places_without_new)[new] == places_of_all[ids.index(new)]


def test_a_new_state_stands_right_of_the_one_that_leads_to_it() -> None:
    keep = {"a": (40.0, 80.0), "b": (1000.0, 80.0)}
    w = world(["a", "b", "c"], [move("go", "a", "b"), move("on", "b", "c")])
    x, y = layout(w, keep)["c"]
    assert x > keep["b"][0] + CARD_W and y == 80


def test_the_entrance_is_leftmost_and_moves_lead_right() -> None:
    w = world(["z", "b", "a"], [move("1", "a", "b"), move("2", "b", "z")], entrance={"state": "a"})
    places = layout(w)
    assert places["a"][0] < places["b"][0] < places["z"][0]
    assert len({y for _, y in places.values()}) == 1


def test_rooms_joined_both_ways_spread_from_the_entrance() -> None:
    side = 5
    ids = [f"{x},{y}" for x in range(side) for y in range(side)]
    doors = [((x, y), (x + a, y + b)) for x in range(side) for y in range(side) for a, b in ((1, 0), (0, 1))]
    events = [
        move(f"{number}{way}", "{},{}".format(*a), "{},{}".format(*b))
        for number, (one, other) in enumerate(doors)
        if max(other) < side
        for way, (a, b) in enumerate(((one, other), (other, one)))
    ]
    places = layout(world(ids, events))
    assert len({x for x, _ in places.values()}) == 2 * side - 1


def test_an_ending_stands_right_of_everything_that_leads_to_it() -> None:
    ids = ["a", "b", "c", "end"]
    steps = [move("1", "a", "b"), move("2", "b", "c"), move("quit", ["a", "b", "c"], "end")]
    places = layout(world(ids, steps))
    assert all(places[id][0] < places["end"][0] for id in ids[:3])


def test_a_cutscene_leads_where_it_lands() -> None:
    cutscenes = [{"id": "cut", "video": "v.mp4", "from": "a", "to": "b"}]
    places = layout(world(["a", "b"], [move("go", "a", "cut")], cutscenes=cutscenes))
    assert places["b"][0] > places["a"][0] and places["b"][1] == places["a"][1]


def test_states_that_nothing_leads_to_stand_below() -> None:
    places = layout(world(["a", "b", "lone", "x", "y"], [move("1", "a", "b"), move("2", "x", "y")]))
    floor = max(places["a"][1], places["b"][1]) + CARD_H
    assert all(places[id][1] > floor for id in ("lone", "x", "y"))
    assert places["x"][1] == places["y"][1]


def test_a_chain_of_two_hundred_is_folded_into_lines_that_read_like_text() -> None:
    places = layout(chain(200))
    wide, high = size(places)
    assert 1 < wide / high < 3
    rows = sorted({y for _, y in places.values()})
    in_order = sorted(places, key=lambda id: (places[id][1], places[id][0]))
    assert in_order == [f"s{at}" for at in range(200)] and len(rows) > 5


def test_a_hub_with_many_leaves_does_not_become_one_tall_column() -> None:
    leaves = [f"leaf{at}" for at in range(100)]
    wide, high = size(layout(world(["hub", *leaves], [move(leaf, "hub", leaf) for leaf in leaves])))
    assert high < 4 * wide


def test_a_thousand_lone_states_fill_a_sheet() -> None:
    wide, high = size(layout(world([f"s{at}" for at in range(1000)])))
    assert 0.3 < wide / high < 4


def test_a_world_without_states_has_no_places() -> None:
    assert layout(world([])) == {}


def test_what_is_kept_for_other_worlds_or_is_no_number_is_left_out() -> None:
    w = world(["a", "b"], [move("go", "a", "b")])
    places = layout(w, {"zebra": (0.0, 0.0), "a": (math.nan, 0.0), "b": (5.5, 7.25)})
    assert places["b"] == (5.5, 7.25) and math.isfinite(places["a"][0]) and "zebra" not in places
    assert not overlaps(layout(w, {"a": (1e300, -1e300)}))


def test_cards_kept_on_one_heap_do_not_hold_up_the_others() -> None:
    w = tangle(300, 900)
    keep = {f"s{at}": (0.0, 0.0) for at in range(200)}
    places = layout(w, keep)
    fresh = {id: place for id, place in places.items() if id not in keep}
    assert not overlaps(fresh) and not overlaps(fresh, {"s0": (0.0, 0.0)})


@HYPOTHESIS_SETTINGS
@given(st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), max_size=40), st.lists(spots, max_size=6))
def test_a_new_card_takes_the_nearest_place_that_is_far_enough_from_every_other(
    occupied: list[Position], wanted: list[Position]
) -> None:
    slots, taken = Slots(occupied), list(occupied)

    def is_free(left: float, top: float) -> bool:
        return all(abs(left - u) >= CARD_W + 40 or abs(top - v) >= CARD_H + 40 for u, v in taken)

    for x, y in wanted:
        x, y = round(x / 8) * 8.0, round(y / 8) * 8.0
        rings = (
            (ring, across, down)
            for ring in count()
            for across in range(-ring, ring + 1)
            for down in range(-ring, ring + 1)
            if max(abs(across), abs(down)) == ring
        )
        ring = next(ring for ring, across, down in rings if is_free(x + across * 252, y + down * 120))
        left, top = slots.take(x, y)
        assert is_free(left, top)
        assert max(abs(left - x) / 252, abs(top - y) / 120) == ring
        taken.append((left, top))


def test_large_worlds_are_laid_out(capsys: Any) -> None:
    for states, events in ((1000, 5000), (10_000, 20_000)):
        w = tangle(states, events)
        began = time.perf_counter()
        places = layout(w)
        seconds = time.perf_counter() - began
        assert len(places) == states
        with capsys.disabled():
            sys.stdout.write(f"\n  layout of {states:,} states, {events:,} events: {seconds * 1000:.0f} ms")
