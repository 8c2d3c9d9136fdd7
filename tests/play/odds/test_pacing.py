"""The pacing of a story: the shortest ways, the choices that decide and what can be skipped, against plain searches."""

from __future__ import annotations

import re
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest

import worldkit as wk
from tests.play.explore.small import small
from worldkit.exploration.budget import Meter
from worldkit.exploration.routes import Pathfinder, Route
from worldkit.exploration.transition_system import build_system
from worldkit.simulation import story_pacing
from worldkit.simulation.pacing_text import way_text
from worldkit.simulation.story_pacing import story_graph
from worldkit.widgets.protocol import Address

LIGHTHOUSE = wk.samples.load("lighthouse")


def two_ways() -> wk.World:
    """A choice in the hall decides the ending; the window can be looked at, or not."""
    return wk.load(
        {
            "name": "Two ways",
            "entrance": {"state": "start"},
            "scene": {
                "states": {
                    "start": {"base": "A door."},
                    "hall": {"base": "A hall."},
                    "won": {"base": "Light.", "ending": {"kind": "win", "title": "WON"}},
                    "lost": {"base": "Dark.", "ending": {"kind": "lose", "title": "LOST"}},
                },
                "events": [
                    {"name": "enter", "kind": "transition", "from": ["start"], "to": "hall"},
                    {"name": "look", "kind": "override", "from": ["hall"], "base": "A window."},
                    {"name": "up", "kind": "transition", "from": ["hall"], "to": "won"},
                    {"name": "down", "kind": "transition", "from": ["hall"], "to": "lost"},
                ],
            },
        }
    )


def test_a_story_says_how_far_its_endings_are_what_decides_and_what_can_be_skipped() -> None:
    pacing = wk.pacing(two_ways())
    assert (pacing.shortest, pacing.longest_necessary, pacing.choices) == (2, 2, ("hall",))
    assert pacing.dead_weight == ("look",) and pacing.events == 4
    assert [(ending.state, ending.decisions) for ending in pacing.endings] == [("won", (2,)), ("lost", (2,))]
    assert [ending.chance.value for ending in pacing.endings] == pytest.approx([0.5, 0.5])


def test_the_shortest_ways_are_those_of_exhaustive_play() -> None:
    for seed in range(12):
        world = small(seed)
        if build_system(world).omitted_events:
            continue
        exploration = wk.explore(world)
        for ending in wk.pacing(world).endings:
            route = exploration.route_to(ending.state)
            assert ending.steps == (None if route is None else len(route)), (seed, ending.state)
            if ending.run is not None:
                assert wk.replay(world, ending.run).state == ending.state


def test_dead_weight_is_what_lengthens_no_shortest_way_when_it_is_gone() -> None:
    pacing = wk.pacing(LIGHTHOUSE)
    assert pacing.dead_weight
    without = LIGHTHOUSE.apply([{"op": "delete_event", "name": name} for name in pacing.dead_weight])
    lengths = {ending.state: ending.steps for ending in pacing.endings}
    assert {ending.state: ending.steps for ending in wk.pacing(without).endings} == lengths


def test_an_edit_is_told_by_what_it_does_to_the_pacing() -> None:
    world = two_ways()
    locked_world = world.apply([{"op": "update_event", "name": "up", "patch": {"requires": ["key"]}}])
    sentences = wk.pacing(world).changes(wk.pacing(locked_world))
    assert any("no longer decides the ending" in line for line in sentences)
    assert any('the ending "LOST" in 100 % of all plays, 50 % before' in line for line in sentences)
    view = wk.compare(world, locked_world)
    assert set(sentences) <= set(view.answer({"type": "play"}, Address("1", "a"))["sentences"])


def test_a_world_with_too_many_positions_says_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = wk.pacing(LIGHTHOUSE)
    monkeypatch.setattr(story_pacing, "MAX_POSITIONS", 5)
    pacing = wk.pacing(LIGHTHOUSE)
    assert pacing.choices is None and pacing.dead_weight is None
    assert [ending.steps for ending in pacing.endings] == [ending.steps for ending in whole.endings]
    assert "Pacing of" in repr(pacing)


def test_an_ending_without_a_run_says_whether_that_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    world = two_ways().apply([{"op": "update_event", "name": "up", "patch": {"requires": ["key"]}}])
    proven = {ending.state: way_text(ending) for ending in wk.pacing(world).endings}
    assert proven["won"] == "no run gets there"
    assert proven["lost"].startswith("2 steps")
    monkeypatch.setattr(Pathfinder, "route", lambda *arguments: Route(None, "the search gave up"))
    monkeypatch.setattr(story_pacing, "MAX_POSITIONS", 1)
    pacing = wk.pacing(world)
    ways_by_ending = {ending.state: (ending.reachable, way_text(ending)) for ending in pacing.endings}
    assert ways_by_ending == {"won": (False, "no run gets there"), "lost": (True, "no run was found in time")}
    assert "no run to one was found in time" in repr(pacing)
    assert "No run to an ending was found in time." in pacing._repr_html_()


def test_an_ending_has_no_run_but_is_reachable_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.0, inf, inf])  # of the graph and of the runs: their start, and then one look for each ending
    monkeypatch.setattr(story_pacing, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    pacing = wk.pacing(two_ways())
    assert [(ending.run, ending.decisions, ending.reachable) for ending in pacing.endings] == [(None, None, True)] * 2
    assert pacing.choices == ("hall",)


def test_the_futures_of_positions_are_those_of_a_plain_search() -> None:
    for seed in range(20):
        system = build_system(small(seed))
        graph = story_graph(system, Meter("test", inf), 10_000)
        assert graph is not None
        bits = {ending: 1 << number for number, ending in enumerate(sorted(system.endings))}
        for position, future in enumerate(graph.futures):
            visited, queue = {position}, [position]
            while queue:
                successors = {successor for successor, _ in graph.successors[queue.pop()]} - visited
                visited |= successors
                queue += successors
            assert future == sum(bits[state] for state in {graph.states[at] for at in visited} & bits.keys())


def test_the_chart_escapes_texts_and_stands_in_the_page_of_an_exploration() -> None:
    world = two_ways().apply([{"op": "set_state_ending", "id": "won", "kind": "win", "title": "<b>WON</b>"}])
    chart = wk.pacing(world)._repr_html_()
    assert "&lt;b&gt;WON" in chart and "<b>WON" not in chart
    assert "How far the endings are" in wk.explore(world).to_html()


def test_a_world_without_scenes_has_no_pacing() -> None:
    with pytest.raises(wk.InvalidWorld):
        wk.pacing(wk.World.from_dict({"scene": {"states": {}, "events": []}}))


def test_the_heading_says_how_many_endings_have_a_way() -> None:
    states: dict[str, Any] = {id: {"base": "A place."} for id in ("lane", "home", "sea", "hill")}
    for id in ("home", "sea", "hill"):
        states[id]["ending"] = {"kind": "win", "title": id}

    def heading(*ways: tuple[str, str], locked: str = "") -> tuple[str, str]:
        events = [{"name": f"go {b}", "kind": "transition", "from": [a], "to": b} for a, b in ways]
        events += [{**events[0], "name": "open", "to": locked, "requires": ["key"]}] if locked else []
        ids = {"lane", locked, *(id for way in ways for id in way)} - {""}
        scene = {"states": {id: states[id] for id in states if id in ids}, "events": events}
        pacing = wk.pacing(wk.load({"entrance": {"state": "lane"}, "scene": scene}))
        return re.sub("<[^>]*>", "", pacing._repr_html_().split("</p>")[0]), repr(pacing)

    one = heading(("lane", "home"), locked="sea")
    assert one[0] == "1 of 2 endings is 1 step away." and "2 endings, 1 of them 1 step away" in one[1]
    assert heading(("lane", "home"), ("lane", "hill"), locked="sea")[0] == "2 of 3 endings are 1 step away."
    assert heading(("lane", "home"), ("lane", "hill"))[0] == "The endings are 1 step away."
    states["wood"] = {"base": "A dark wood."}
    assert heading(("lane", "home"), ("lane", "wood"), ("wood", "sea"))[0] == (
        "The nearest ending is 1 step away, the farthest 2."
    )


def test_pacing_can_be_cancelled_and_says_what_it_knows_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    world = wk.samples.load("lighthouse")
    polls = 0

    def cancel() -> bool:
        nonlocal polls
        polls += 1
        return True

    monkeypatch.setattr(story_pacing, "story_graph", lambda system, meter, most: meter.tick())  # type: ignore[func-returns-value]
    pacing = wk.pacing(world, cancel=cancel)
    assert polls > 0 and pacing.choices is None
    assert {pace.state for pace in pacing.endings} == {id for id, state in world.states.items() if state.ending}
