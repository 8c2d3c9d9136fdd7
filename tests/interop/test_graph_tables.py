"""Worlds made of graphs and tables that other programs hold."""

from __future__ import annotations

from functools import partial
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from worldkit import InvalidWorld, WrongArgument

numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")


@pytest.mark.parametrize("name", ["bench", "lighthouse", "delivery", "archive"])
def test_the_graph_of_a_sample_gives_the_same_world_again(name: str) -> None:
    world = wk.samples.load(name)
    graph = world.to_networkx()
    assert wk.from_networkx(graph) == world
    assert (
        wk.from_networkx(networkx.node_link_graph(networkx.node_link_data(graph, edges="edges"), edges="edges"))
        == world
    )


def test_fields_of_the_world_that_hold_nothing_come_back() -> None:
    world = wk.World.from_dict({**wk.samples.load("bench").to_dict(), "cover": None, "x": [None]})
    assert wk.from_networkx(world.to_networkx()) == world


def go(sources: Any, to: str, **fields: Any) -> dict[str, Any]:
    return {"name": "go", "kind": "transition", "from": sources, "to": to, **fields}


def two_states(*events: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"scene": {"states": {"a": {"base": "A."}, "b": {"base": "B."}}, "events": [*events]}, **fields}


@pytest.mark.parametrize(
    "document",
    [
        two_states(go("a", "b"), entrance={"state": "b"}, schemaVersion="1.0"),
        two_states(go(["a", "a"], "b"), entrance={"state": "a"}, schemaVersion="1.0"),
        two_states(go(["b", "a", "b"], "b"), entrance={"state": "a"}, schemaVersion="1.0"),
        two_states(entrance={"state": "b"}),
        two_states(schemaVersion="1.0"),
        two_states(entrance={"state": "nowhere"}, schemaVersion="1.0"),
    ],
    ids=[
        "one source as text",
        "a source twice",
        "two sources, one twice",
        "no version",
        "no entrance",
        "no such start",
    ],
)
def test_a_world_comes_back_as_it_is_written(document: dict[str, Any]) -> None:
    world = wk.World.from_dict(document)
    again = wk.from_networkx(world.to_networkx())
    assert again == world and again.to_dict() == document


def test_a_start_that_moved_becomes_the_entrance() -> None:
    graph = wk.World.from_dict(two_states()).to_networkx()
    graph.graph["entrance"] = "b"
    assert wk.from_networkx(graph).to_dict()["entrance"] == {"state": "b"}
    graph = wk.World.from_dict(two_states(entrance={"state": "b", "look": "left"})).to_networkx()
    graph = networkx.relabel_nodes(graph, {"b": "c"})
    assert wk.from_networkx(graph).to_dict()["entrance"] == {"state": "c", "look": "left"}


@pytest.mark.parametrize(("edited", "sources"), [("a", ["a", "bc"]), ("b", ["ac", "b"]), ("c", ["ab", "c"])])
def test_an_edge_that_was_changed_leaves_the_others_of_its_event_together(edited: str, sources: list[str]) -> None:
    document = two_states(go(["a", "b", "c"], "b", oneShot=True))
    document["scene"]["states"]["c"] = {"base": "C."}
    graph = wk.World.from_dict(document).to_networkx()
    graph.edges[edited, "b", "go"]["narration"] = "You go."
    events = wk.from_networkx(graph).events
    assert [(event.name, "".join(event.from_)) for event in events] == [("go", sources[0]), ("go_2", sources[1])]
    assert all(event.one_shot for event in events)


def test_edges_of_one_name_become_an_event_for_each_place_they_lead_to() -> None:
    graph = networkx.DiGraph()
    for source, target in ["ax", "by", "cy", "dx", "ey"]:
        graph.add_edge(source, target, event="go")
    events = wk.from_networkx(graph).events
    assert [(event.name, event.from_, event.to) for event in events] == [
        ("go", ("a", "d"), "x"),
        ("go_2", ("b", "c", "e"), "y"),
    ]


def test_what_was_changed_in_a_graph_is_changed_in_the_world() -> None:
    world = wk.samples.load("lighthouse")
    graph = world.to_networkx()
    graph.graph["name"] = "Another"
    graph.add_edge("landing", "steamer_turns", event="swim")
    removed = next(event.name for event in world.events if event.kind == "transition" and world.landing(event.to))
    graph.remove_edges_from([edge[:3] for edge in graph.edges(keys=True, data=True) if edge[3]["event"] == removed])
    again = wk.from_networkx(graph)
    assert again.name == "Another" and again.subject == world.subject and again.missions == world.missions
    names = [event.name for event in world.events]
    assert [event.name for event in again.events] == [*(name for name in names if name != removed), "swim"]


REFERENCE_RULES = {
    "dangling-ref",
    "duplicate-event",
    "entrance-missing-state",
    "no-entrance",
    "orphan-event",
    "sequence-beat-missing",
    "transition-needs-to",
}
"""The rules of what a world refers to; what a removed event granted is missed by others, and rightly so."""

WORLDS = {
    **{name: wk.samples.load(name) for name in ("bench", "lighthouse", "delivery")},
    "cutscene": wk.World.from_dict(
        {
            "schemaVersion": "1.0",
            "entrance": {"state": "a"},
            "outro": {"video": "o.mp4", "flag": "key", "state": "c"},
            "cutscenes": [{"id": "k", "video": "k.mp4", "from": "a", "to": "b"}],
            "sequences": [{"id": "s", "title": "S", "beats": [{"state": "b"}, {"state": "c"}]}],
            "story": {"logline": "A walk.", "arc": [], "beats": [{"summary": "It began.", "states": ["a", "c"]}]},
            "scene": {
                "states": {id: {"base": f"A {id}."} for id in "abc"},
                "events": [
                    {"name": "go", "kind": "transition", "from": ["a", "c"], "to": "k", "grants": ["key"]},
                    {"name": "look", "kind": "override", "from": ["a", "b"], "base": "You look."},
                    {"name": "on", "kind": "transition", "from": ["b"], "to": "c"},
                    {"name": "wave", "kind": "override", "from": ["c"], "base": "You wave."},
                ],
            },
        }
    ),
    "broken": wk.World.from_dict(
        {
            "schemaVersion": "1.0",
            "entrance": {"state": "a"},
            "cutscenes": [{"id": "k", "video": "k.mp4", "from": "x", "to": "y"}],
            "scene": {
                "states": {id: {"base": f"A {id}."} for id in "ab"},
                "events": [
                    {"name": "go", "kind": "transition", "from": ["a"], "to": "b"},
                    {"name": "go", "kind": "override", "from": ["x"], "base": "You look."},
                    {"name": "on", "kind": "transition", "from": ["x"], "to": "b"},
                    {"name": "off", "kind": "transition", "from": ["b"], "to": "y"},
                ],
            },
        }
    ),
}


def errors_of_references(world: wk.World) -> set[tuple[str, str]]:
    errors = (*world.lint("hosted").of("error"), *world.lint("studio").of("error"))
    return {(error.lint, error.message) for error in errors if error.lint in REFERENCE_RULES}


def test_what_named_no_state_before_comes_back() -> None:
    for world in WORLDS.values():
        assert wk.from_networkx(world.to_networkx()) == world


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(WORLDS)), st.data())
def test_an_edited_graph_gives_a_world_without_new_errors_of_references(name: str, data: st.DataObject) -> None:
    world = WORLDS[name]
    graph = world.to_networkx()
    labels = [*(event.name for event in world.events), "new"]
    cutscenes = [cutscene.id for cutscene in world.cutscenes or ()]
    for _ in range(data.draw(st.integers(1, 4), label="edits")):
        nodes = st.sampled_from([*graph, "new"])
        match data.draw(st.sampled_from(["relabel", "subgraph", "remove", "add", "cut"])):
            case "relabel":
                new_names = st.sampled_from(["other", *cutscenes, *(f"{node}_2" for node in graph)])
                graph = networkx.relabel_nodes(graph, data.draw(st.dictionaries(nodes, new_names)))
            case "subgraph":
                graph = graph.subgraph(data.draw(st.sets(nodes))).copy()
            case "remove":
                graph.remove_nodes_from([data.draw(nodes)])
            case "add":
                graph.add_edge(data.draw(nodes), data.draw(nodes), event=data.draw(st.sampled_from(labels)))
            case "cut" if graph.edges:
                graph.remove_edge(*data.draw(st.sampled_from(list(graph.edges(keys=True)))))
    assert errors_of_references(wk.from_networkx(graph)) <= errors_of_references(world)


def test_what_remains_of_the_rest_is_what_the_graph_still_has() -> None:
    graph = WORLDS["cutscene"].to_networkx()
    again = wk.from_networkx(graph.subgraph(["a", "b"]).copy())
    assert [(event.name, event.from_) for event in again.events] == [("go", ("a",)), ("look", ("a", "b"))]
    assert again.cutscenes == WORLDS["cutscene"].cutscenes and again.outro is None
    relabelled = wk.from_networkx(networkx.relabel_nodes(graph, {"a": "start"}))
    assert relabelled.start == "start" and relabelled.cutscenes == ()
    assert [(event.name, event.from_, event.to) for event in relabelled.events] == [
        ("go", ("start", "c"), "b"),
        ("look", ("b",), None),
        ("on", ("b",), "c"),
        ("wave", ("c",), None),
    ]


def test_an_edge_over_two_cutscenes_with_one_id_stays_as_it_was() -> None:
    document = WORLDS["cutscene"].to_dict()
    document["cutscenes"].append({"id": "k", "video": "l.mp4", "from": "a", "to": "c"})
    world = wk.World.from_dict(document)
    assert wk.from_networkx(world.to_networkx()) == world


def test_an_edge_with_the_name_of_another_event_gets_a_name_of_its_own() -> None:
    graph = WORLDS["cutscene"].to_networkx()
    graph.add_edge("a", "c", event="look")
    graph.add_edge("b", "c", event="look")
    names = [(event.name, event.from_) for event in wk.from_networkx(graph).events]
    assert ("look", ("a", "b")) in names and ("look_2", ("a", "b")) in names and len(names) == 5


@pytest.mark.parametrize("value", [7, {"scene": 7}, "a world"])
def test_an_attribute_world_that_is_none_is_left_out(value: Any) -> None:
    assert list(wk.from_networkx(networkx.DiGraph([("a", "b")], world=value)).states) == ["a", "b"]


@pytest.mark.parametrize("value", [{"scene": {}, "cutscenes": 7}, {"scene": {"events": [7]}}, {"scene": {"events": 7}}])
def test_a_world_beside_a_graph_is_checked_like_any_other(value: Any) -> None:
    with pytest.raises(InvalidWorld):
        wk.from_networkx(networkx.DiGraph([("a", "b")], world=value))


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


def test_a_bare_node_is_described_by_its_name_with_its_capitals() -> None:
    graph = networkx.DiGraph([("mission_control_of_NASA", "éTAGE")])
    bases = [state.base for state in wk.from_networkx(graph).states.values()]
    assert bases == ["Mission control of NASA.", "ÉTAGE."]


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


def test_what_holds_nothing_for_pandas_is_left_out_of_a_graph() -> None:
    graph = networkx.DiGraph([("a", "b")], name=pandas.NA, entrance=pandas.NA)
    graph.nodes["a"].update(base=pandas.NA, start=pandas.NA, detail=pandas.NaT)
    graph.edges["a", "b"].update(event=pandas.NA, narration=float("nan"), grants=numpy.array(["key", "lamp"]))
    world = wk.from_networkx(graph)
    assert world.name is None and world.start == "a" and world.states["a"].base == "A."
    assert world.events[0].name == "go_to_b" and world.events[0].grants == ("key", "lamp")


def test_an_attribute_that_cannot_be_compared_is_refused_with_its_place() -> None:
    class Incomparable:
        def __ne__(self, other: object) -> bool:
            raise RuntimeError

    graph = networkx.DiGraph([("a", "b")])
    graph.nodes["a"]["base"] = Incomparable()
    with pytest.raises(WrongArgument, match='node "a", base: expected a JSON value'):
        wk.from_networkx(graph)


@pytest.mark.parametrize("sources", [["hall"], ["hall", "attic"], ["hall", "attic", "loft"]])
def test_a_cell_may_hold_an_array(sources: list[str]) -> None:
    states = [{"id": id, "base": f"The {id}."} for id in ("hall", "attic", "loft", "roof")]
    events = pandas.DataFrame([{"from": numpy.array(sources), "to": "roof", "minPlayMs": numpy.int64(5)}])
    for table in (events, events.to_dict("records")):
        (event,) = wk.from_frames(states, table).events
        assert event.from_ == tuple(sources) and event.min_play_ms == 5


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


def test_ids_may_be_whole_numbers() -> None:
    states = [{"id": 1, "base": "x"}, {"id": 2, "base": "y"}, {"id": 3, "base": "z"}]
    events = [{"from": 1, "to": 2}, {"from": [1, "2"], "to": 3}, {"from": 3}]
    for world in (
        wk.from_frames(states, events),
        wk.from_frames(pandas.DataFrame(states), pandas.DataFrame(events)),
        wk.from_frames([{**state, "id": float(state["id"])} for state in states], events),
    ):
        assert list(world.states) == ["1", "2", "3"]
        assert [(event.from_, event.to) for event in world.events] == [
            (("1",), "2"),
            (("1", "2"), "3"),
            (("3",), None),
        ]
        assert world.lint().of("error") == wk.from_frames(states, events).lint().of("error")


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


@pytest.mark.parametrize("columns", [["camera.static", "camera.dynamic", "camera"], ["camera", "camera.static"]])
def test_a_column_beside_columns_of_its_parts_is_refused_in_any_order(columns: list[str]) -> None:
    with pytest.raises(WrongArgument, match='events: expected the column "camera" or columns of its parts; got both'):
        wk.from_frames([{"id": "a", "base": "A."}], [{"from": "a", **dict.fromkeys(columns, "Wide.")}])


@pytest.mark.parametrize("table", [5, "states.csv", {"hall": "x"}, [5]])
def test_what_is_no_table_is_refused(table: Any) -> None:
    with pytest.raises(WrongArgument, match="states: expected a data frame, or a list of dicts"):
        wk.from_frames(table, [])


def test_many_edges_of_one_name_take_time_in_proportion_to_them() -> None:
    def graph(count: int) -> networkx.DiGraph:
        edges = networkx.DiGraph()
        edges.add_edges_from(("hub", f"s{number}", {"event": "go"}) for number in range(count))
        return edges

    assert growth(lambda count: partial(wk.from_networkx, graph(count)), 500) <= MAX_GROWTH
