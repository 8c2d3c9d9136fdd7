"""The networkx form holds every state and every move, with their fields."""

from __future__ import annotations

import networkx
from hypothesis import given, settings

from tests.export.worlds import move, world
from tests.strategies import documents
from worldkit import World, samples
from worldkit.drawing.networkx_graph import to_networkx
from worldkit.layout.moves import moves


@settings(max_examples=60, deadline=None)
@given(documents().map(World.from_dict))
def test_nodes_are_the_states_and_edges_the_moves(w: World) -> None:
    graph = to_networkx(w)
    assert list(graph) == list(w.states)
    assert sorted((u, v, data["event"]) for u, v, data in graph.edges(data=True)) == sorted(
        (m.source, m.target, m.event.name) for m in moves(w)
    )


def test_fields_are_attributes_whatever_they_are_called() -> None:
    states = {"a": {"base": "A.", "self": 1, "node_for_adding": 2, "x": [1]}, "b": {"base": "B."}}
    w = world(states, [move("go", "a", "b", requires=["key"], key=3, u_for_edge=4)], entrance={"state": "a"})
    graph = to_networkx(w)
    assert dict(graph.nodes["a"]) == {**states["a"], "start": True}
    edge = graph.edges["a", "b", "go"]
    assert edge["requires"] == ["key"] and edge["key"] == 3 and edge["event"] == "go" and "name" not in edge


def test_cutscenes_are_resolved() -> None:
    cutscenes = [{"id": "cut", "video": "v.mp4", "from": "a", "to": "b"}]
    events = [move("go", "a", "cut"), move("walk", "a", "b"), move("return", "b", "a")]
    graph = to_networkx(world(["a", "b"], events, cutscenes=cutscenes))
    assert graph.edges["a", "b", "go"]["cutscene"] == "cut" and graph.edges["a", "b", "go"]["to"] == "cut"
    assert graph.edges["a", "b", "walk"]["cutscene"] == "cut"  # it belongs to the pair of states
    assert graph.edges["b", "a", "return"]["cutscene"] is None


def test_moves_that_share_a_name_are_both_there() -> None:
    graph = to_networkx(world(["a", "b"], [move("go", "a", "b"), move("go", "a", "b")]))
    assert [key for _, _, key in graph.edges(keys=True)] == ["go", "go (2)"]


def test_what_leads_nowhere_is_no_edge() -> None:
    events = [move("lost", "a", "void"), {"name": "look", "kind": "override", "from": ["a"], "to": "a"}]
    assert to_networkx(world(["a"], events)).number_of_edges() == 0


def test_changing_the_graph_changes_no_world() -> None:
    w = world({"a": {"base": "A.", "ambient": ["x"]}})
    to_networkx(w).nodes["a"]["ambient"].append("y")
    assert w.to_dict()["scene"]["states"]["a"]["ambient"] == ["x"]


def test_a_library_question_can_be_asked() -> None:
    graph = to_networkx(samples.load("lighthouse"))
    assert networkx.has_path(graph, "landing", "steamer_turns")
