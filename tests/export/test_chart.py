"""The bare map: every state and move on it, whatever the size, and marks that say what they mean."""

from __future__ import annotations

import re
from xml.etree import ElementTree as xml

import pytest
from hypothesis import HealthCheck, given, settings

from tests.strategies import documents
from worldkit import World, samples
from worldkit.drawing.chart import make_chart
from worldkit.drawing.coverage import (
    CoverageMarks,
    RunStep,
    draw_ground,
    draw_run,
    view_of_states,
    web_paths,
    whole_view,
)
from worldkit.layout.measures import CARD_H, CARD_W
from worldkit.layout.moves import moves


def crowd(count: int) -> World:
    states = {f"s{n}": {"base": "A table."} for n in range(count)}
    events = [
        {"name": f"e{n}", "kind": "transition", "from": [f"s{n}"], "to": f"s{(n * 7 + 1) % count}"}
        for n in range(count)
    ]
    return World.from_dict({"entrance": {"state": "s0"}, "scene": {"states": states, "events": events}})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(documents())
def test_every_state_and_move_is_on_the_map_and_inside_its_box(document: dict[str, object]) -> None:
    world = World.from_dict(document)
    chart = make_chart(world)
    assert [card.id for card in chart.cards] == list(world.states)
    assert [(line.event, line.source, line.target) for line in chart.lines] == [
        (move.event.name, move.source, move.target) for move in moves(world)
    ]
    left, top, right, bottom = chart.box
    assert all(left <= card.x and card.x + CARD_W <= right for card in chart.cards)
    assert all(top <= card.y and card.y + CARD_H <= bottom for card in chart.cards)
    svg = draw_ground(world, chart, CoverageMarks(dict.fromkeys(world.states, "reached")), "x")
    xml.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{svg}</svg>')


@pytest.mark.parametrize(("count", "detail"), [(30, "full"), (600, "titles"), (2_000, "dots")])
def test_a_larger_world_is_drawn_with_less_detail(count: int, detail: str) -> None:
    world = crowd(count)
    chart = make_chart(world)
    assert chart.detail == detail and bool(chart.lines) == (detail == "full")
    lines = web_paths(chart, CoverageMarks(dict.fromkeys(world.states, "reached"), dead_events={"e1"}))
    assert bool(lines["plain"]) == (detail != "full") and bool(lines["dead"]) == (detail != "full")
    assert all(card.lines for card in chart.cards) == (detail != "dots")


def test_a_card_counts_what_can_never_happen_there_also_where_nothing_moves() -> None:
    events = [{"name": "look", "kind": "override", "from": ["hall"], "requires": ["key"]}]
    world = World.from_dict({"scene": {"states": {"hall": {"base": "A hall."}}, "events": events}})
    svg = draw_ground(world, make_chart(world), CoverageMarks({"hall": "reached"}, dead_events={"look"}), "x")
    assert "1 event here can never happen" in svg and "wkm-on-silent" in svg


def test_a_view_of_some_states_holds_them_and_a_view_of_none_is_none() -> None:
    chart = make_chart(samples.load("lighthouse"))
    by_id = {card.id: card for card in chart.cards}
    view = view_of_states(chart, ["yard", "kitchen"])
    assert view is not None and view_of_states(chart, ["moon"]) is None
    left, top, wide, high = view
    for id in ("yard", "kitchen"):
        card = by_id[id]
        assert left < card.x and card.x + CARD_W < left + wide and top < card.y and card.y + CARD_H < top + high
    assert whole_view(chart)[2] > chart.box[2] - chart.box[0]


def test_a_run_lies_on_the_lines_of_its_events_with_its_steps_numbered_apart() -> None:
    chart = make_chart(samples.load("lighthouse"))
    there_and_back = [
        RunStep("step_into_the_kitchen", "yard", "kitchen"),
        RunStep("take_down_a_hand_lamp", "kitchen", "kitchen"),
        RunStep("step_out_to_the_yard", "kitchen", "yard"),
        RunStep("sequence:x", "yard", "gallery", ("tower_foot", "watch_room", "gallery")),
    ]
    svg = draw_run(chart, there_and_back, 2, ["yard"])
    line = next(line for line in chart.lines if line.event == "step_into_the_kitchen")
    assert line.d in svg and svg.count("wkm-ring") == 1
    spots = [tuple(map(float, spot)) for spot in re.findall(r'circle cx="([^"]+)" cy="([^"]+)"', svg)]
    assert len(spots) == 4
    assert all(abs(a[0] - b[0]) >= 56 or abs(a[1] - b[1]) >= 56 for at, a in enumerate(spots) for b in spots[at + 1 :])
    assert svg.count("wkm-cross") == 3


def test_two_lines_between_two_cards_differ() -> None:
    chart = make_chart(samples.load("lighthouse"))
    mids = [line.mid for line in chart.lines]
    assert len(set(mids)) == len(mids)
