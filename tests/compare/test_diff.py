"""A diff says what differs, and its operations make the one world the other, exactly."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import documents, event_bodies, json_values, names, states
from worldkit.compare import ABSENT, FieldChange, diff

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)
Json = dict[str, Any]

LANE = {"base": "A stone lane runs between dry walls under low cloud, and a lamp burns at its end."}
GATE = {"base": "An iron gate stands open on a field of wet barley, its latch swinging."}


def world(states: Json, events: list[Json], **fields: Any) -> wk.World:
    return wk.load({"scene": {"states": states, "events": events}, **fields})


def go(name: str, source: str, to: str, **fields: Any) -> Json:
    return {"name": name, "kind": "transition", "from": [source], "to": to, **fields}


BASE = world({"lane": LANE, "gate": GATE}, [go("walk", "lane", "gate")], entrance={"state": "lane"})


@st.composite
def edited(draw: st.DrawFn) -> tuple[Json, Json]:
    """Return a document and a copy in which a few things were done to it, sound or not."""
    before = draw(documents())
    after = copy.deepcopy(before)
    scene = after["scene"]
    for _ in range(draw(st.integers(0, 5))):
        ids = list(scene["states"])
        act = draw(st.sampled_from(range(12)))
        if act == 0:
            scene["states"][draw(names)] = draw(states())
        elif act == 1 and ids:
            del scene["states"][draw(st.sampled_from(ids))]
        elif act == 2 and ids:
            scene["states"][draw(st.sampled_from(ids))]["base"] = draw(st.text(max_size=5))
        elif act == 3 and ids:
            scene["states"][draw(st.sampled_from(ids))]["x"] = draw(json_values)
        elif act == 4:
            scene["states"] = {id: scene["states"][id] for id in draw(st.permutations(ids))}
        elif act == 5 and ids:
            old, new = draw(st.sampled_from(ids)), draw(names)
            scene["states"] = {new if id == old else id: body for id, body in scene["states"].items()}
            for event in scene["events"]:
                event["from"] = [new if s == old else s for s in event["from"]]
                if event.get("to") == old:
                    event["to"] = new
        elif act == 6 and ids:
            scene["events"].insert(
                draw(st.integers(0, len(scene["events"]))), {"name": draw(names), **draw(event_bodies(ids))}
            )
        elif act == 7 and scene["events"]:
            del scene["events"][draw(st.integers(0, len(scene["events"]) - 1))]
        elif act == 8:
            scene["events"] = list(draw(st.permutations(scene["events"])))
        elif act == 9 and scene["events"]:
            event = draw(st.sampled_from(scene["events"]))
            event[draw(st.sampled_from(["name", "to", "hotkey", "x"]))] = draw(names)
        elif act == 10:
            after[draw(st.sampled_from(["name", "x", "subject", "cover"]))] = draw(names)
        elif act == 11:
            after.pop(draw(st.sampled_from(["entrance", "cutscenes", "x", "name"])), None)
    return before, after


def check(a: wk.World, b: wk.World) -> None:
    found = diff(a, b)
    assert a.apply(found.ops) == b
    assert bool(found) == (a != b)
    assert json.loads(json.dumps(found.ops)) == list(found.ops)


@MANY
@given(edited())
def test_applying_the_ops_to_the_one_gives_the_other(pair: tuple[Json, Json]) -> None:
    check(wk.load(pair[0]), wk.load(pair[1]))
    check(wk.load(pair[1]), wk.load(pair[0]))


@MANY
@given(documents(), documents())
def test_so_it_does_between_any_two_worlds(a: Json, b: Json) -> None:
    check(wk.load(a), wk.load(b))


@MANY
@given(documents())
def test_a_world_does_not_differ_from_its_copy(document: Json) -> None:
    found = diff(wk.load(document), wk.load(json.dumps(document)))
    assert not found and len(found) == 0 and list(found.ops) == [] and repr(found) == "no difference"


@MANY
@given(edited())
def test_the_shown_forms_hold_no_markup_of_the_worlds(pair: tuple[Json, Json]) -> None:
    found = diff(*map(wk.load, pair))
    assert "<script" not in found._repr_html_()
    assert isinstance(repr(found), str)


def test_values_are_compared_by_json_s_types() -> None:
    for one, other in ((1, True), (1, 1.0), (0, False), ([1], [1.0])):
        a, b = world({"lane": {**LANE, "x": one}}, []), world({"lane": {**LANE, "x": other}}, [])
        assert diff(a, b).states.changed["lane"]
        check(a, b)


def test_added_removed_and_changed_are_told_by_field() -> None:
    after = world(
        {"lane": {**LANE, "narration": "Home."}, "pond": {"base": "Ice."}},
        [go("walk", "lane", "pond", hotkey="k"), go("back", "pond", "lane")],
        name="New",
        entrance={"state": "lane"},
    )
    found = diff(BASE, after)
    assert found.states.added == ("pond",)
    assert found.states.removed == ("gate",)
    assert found.states.changed == {"lane": (FieldChange("narration", ABSENT, "Home."),)}
    assert found.events.added == ("back",)
    assert [c.path for c in found.events.changed["walk"]] == ["to", "hotkey"]
    assert [str(c) for c in found.world] == ['name: absent → "New"']
    assert [op["op"] for op in found.ops] == [
        "update_state",
        "add_state",
        "put_world",
        "update_event",
        "add_event",
        "delete_state",
    ]


def test_a_renamed_state_is_one_rename_and_its_references_are_no_changes() -> None:
    after = world({"road": LANE, "gate": GATE}, [go("walk", "road", "gate")], entrance={"state": "road"})
    found = diff(BASE, after)
    assert list(found.ops) == [{"op": "rename_state", "from": "lane", "to": "road"}]
    assert found.states.renamed == {"lane": "road"} and not found.events.changed


def test_a_state_renamed_and_reworded_is_still_found() -> None:
    reworded = {"base": LANE["base"].replace("low cloud", "a high moon")}
    after = world({"road": reworded, "gate": GATE}, [go("walk", "road", "gate")], entrance={"state": "road"})
    found = diff(BASE, after)
    assert found.states.renamed == {"lane": "road"}
    assert [c.path for c in found.states.changed["road"]] == ["base"]


def test_a_renamed_event_is_one_patch_of_its_name() -> None:
    after = world({"lane": LANE, "gate": GATE}, [go("stroll", "lane", "gate")], entrance={"state": "lane"})
    found = diff(BASE, after)
    assert list(found.ops) == [{"op": "update_event", "name": "walk", "patch": {"name": "stroll"}}]
    assert found.events.renamed == {"walk": "stroll"}


def test_moving_one_event_of_many_is_one_event_put_elsewhere() -> None:
    events = [go(f"e{i}", "lane", "gate") for i in range(20)]
    a, b = world({"lane": LANE, "gate": GATE}, events), world({"lane": LANE, "gate": GATE}, events[1:] + events[:1])
    found = diff(a, b)
    assert len(found.ops) == 2 and repr(found) == "only the order differs"
    check(a, b)


def test_names_that_stand_twice_and_references_that_name_nothing_are_kept_exactly() -> None:
    a = world({"lane": LANE}, [go("x", "lane", "nowhere"), go("x", "ghost", "lane"), go("y", "lane", "lane")])
    b = world({"lane": LANE}, [go("y", "lane", "void"), go("x", "lane", "lane"), go("x", "lane", "nowhere")])
    check(a, b)
    check(b, a)


def test_the_text_of_a_diff_can_be_read() -> None:
    after = BASE.apply(
        [
            {"op": "set_field", "state": "lane", "field": "base", "value": "A lane."},
            {"op": "delete_event", "name": "walk"},
        ]
    )
    assert repr(diff(BASE, after)).splitlines() == [
        "2 differences, 2 operations",
        "~ state lane",
        f'    base: "{LANE["base"][:70]}… → "A lane."',
        "− event walk",
    ]


def test_the_ops_belong_to_the_caller() -> None:
    after = BASE.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
    found = diff(BASE, after)
    found.ops[0]["patch"]["base"] = "spoiled"
    assert after.states["lane"].base == "A lane."
