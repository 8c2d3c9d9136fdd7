"""Worlds made of graphs and tables that other programs hold."""

from __future__ import annotations

from functools import partial
from typing import Any

import networkx
import pytest

import worldkit as wk
from tests.growing import MOST, growth
from worldkit import InvalidWorld, WrongArgument

pandas = pytest.importorskip("pandas")


@pytest.mark.parametrize("name", ["bench", "lighthouse", "delivery", "archive"])
def test_the_graph_of_a_sample_comes_back_with_its_states_and_moves(name: str) -> None:
    world = wk.samples.load(name)
    again = wk.from_networkx(world.to_networkx())
    assert again.start == world.start
    assert again.raw["scene"]["states"] == world.raw["scene"]["states"]
    moves = {event.name: event for event in world.events if world.landing(event.to) and event.kind == "transition"}
    assert set(again.events_by_name) == set(moves)
    for event in again.events:
        original = moves[event.name]
        assert sorted(event.from_) == sorted(original.from_)
        assert event.to == world.landing(original.to)
        assert (event.base, event.requires, event.grants) == (original.base, original.requires, original.grants)
    assert set(wk.explore(again).states) <= set(world.states)


def test_a_bare_graph_becomes_a_world_that_can_be_played() -> None:
    graph = networkx.DiGraph([("hall", "old_cellar"), ("old_cellar", "hall")])
    world = wk.from_networkx(graph)
    assert world.states["old_cellar"].base == "Old cellar."
    assert [(event.name, event.from_, event.to) for event in world.events] == [
        ("go_to_old_cellar", ("hall",), "old_cellar"),
        ("go_to_hall", ("old_cellar",), "hall"),
    ]
    session = wk.Session(world)
    assert session.fire("go_to_old_cellar").state == "old_cellar"


def test_parallel_edges_and_nodes_that_are_numbers() -> None:
    graph = networkx.MultiDiGraph()
    graph.add_edge(1, 2, event="jump", grants=["bruise"])
    graph.add_edge(1, 2, event="climb")
    world = wk.from_networkx(graph)
    assert list(world.states) == ["1", "2"]
    assert [event.name for event in world.events] == ["jump", "climb"]
    assert list(world.events[0].grants or ()) == ["bruise"]


@pytest.mark.parametrize("graph", [networkx.Graph([("a", "b")]), {"a": ["b"]}, None, "graph"])
def test_what_is_no_directed_graph_is_refused(graph: Any) -> None:
    with pytest.raises(WrongArgument, match="graph: expected a directed graph of networkx"):
        wk.from_networkx(graph)


def test_an_attribute_that_is_no_json_is_refused_with_its_place() -> None:
    graph = networkx.DiGraph([("a", "b")])
    graph.nodes["a"]["base"] = {1, 2}
    with pytest.raises(WrongArgument, match='node "a", base: expected a JSON value'):
        wk.from_networkx(graph)


def test_two_data_frames_become_a_world() -> None:
    states = pandas.DataFrame(
        [
            {"id": "hall", "base": "A hall.", "camera.static": "Wide.", "camera.dynamic": "Gliding."},
            {"id": "attic", "base": "An attic.", "ending.kind": "win", "ending.title": "Home"},
        ]
    )
    events = pandas.DataFrame(
        [
            {"from": "hall", "to": "attic", "requires": "key; lamp", "minPlayMs": 1500},
            {"from": "hall", "name": "look", "base": "You look.", "oneShot": True},
        ]
    )
    world = wk.from_frames(states, events)
    assert world.to_dict() == {
        "schemaVersion": "1.0",
        "entrance": {"state": "hall"},
        "scene": {
            "states": {
                "hall": {"base": "A hall.", "camera": {"static": "Wide.", "dynamic": "Gliding."}},
                "attic": {"base": "An attic.", "ending": {"kind": "win", "title": "Home"}},
            },
            "events": [
                {"from": ["hall"], "to": "attic", "requires": ["key", "lamp"], "minPlayMs": 1500.0}
                | {"kind": "transition", "name": "go_to_attic"},
                {"from": ["hall"], "name": "look", "base": "You look.", "oneShot": True, "kind": "override"},
            ],
        },
    }


def test_a_name_with_a_semicolon_is_one_source() -> None:
    world = wk.from_frames([{"id": "a;b", "base": "x"}, {"id": "c", "base": "y"}], [{"from": "a;b", "to": "c"}])
    assert world.events[0].from_ == ("a;b",)


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ([{"ID": "hall"}], r"states\[0\].id: required, and missing"),
        ([{"id": "hall", "base": "x"}, {"id": "hall", "base": "y"}], r'"hall" is the id of a row before it'),
    ],
)
def test_a_row_without_an_id_of_its_own_is_refused(states: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InvalidWorld, match=message):
        wk.from_frames(states, [])


@pytest.mark.parametrize("table", [5, "states.csv", {"hall": "x"}, [5]])
def test_what_is_no_table_is_refused(table: Any) -> None:
    with pytest.raises(WrongArgument, match="states: expected a data frame, or a list of dicts"):
        wk.from_frames(table, [])


def test_many_edges_of_one_name_take_time_in_proportion_to_them() -> None:
    def graph(count: int) -> networkx.DiGraph:
        edges = networkx.DiGraph()
        edges.add_edges_from(("hub", f"s{number}", {"event": "go"}) for number in range(count))
        return edges

    assert growth(lambda count: partial(wk.from_networkx, graph(count)), 500) <= MOST
