"""A diff says what differs, by key and by field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compare.worlds import BASE, GATE, LANE, go, world
from worldkit import FieldChange, World, diff, samples
from worldkit.comparison import ABSENT


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), ([1], [1.0]), ({"a": 0}, {"a": False})])
def test_values_are_compared_by_json_s_types(one: Any, other: Any) -> None:
    a, b = world({"lane": {**LANE, "x": one}}, []), world({"lane": {**LANE, "x": other}}, [])
    assert diff(a, b).states.changed["lane"] and a.apply(diff(a, b).ops) == b


def test_one_type_among_many_equal_bodies_is_found() -> None:
    states = {f"s{at}": {"base": "Rain.", "n": at} for at in range(500)}
    other = {**states, "s321": {"n": 321.0, "base": "Rain."}, "s5": {"n": 5, "base": "Rain."}}
    assert list(diff(world(states, []), world(other, [])).states.changed) == ["s321"]


def test_the_order_of_keys_is_no_difference() -> None:
    a = world({"lane": {"base": "Rain.", "narration": "Wet."}}, [go("walk", "lane", "lane")], name="N")
    b = world(
        {"lane": {"narration": "Wet.", "base": "Rain."}}, [dict(reversed(go("walk", "lane", "lane").items()))], name="N"
    )
    assert a == b and not diff(a, b)


def test_added_removed_and_changed_are_told_by_field() -> None:
    after = world(
        {"lane": {**LANE, "narration": "Home."}, "pond": {"base": "Ice."}},
        [go("walk", "lane", "pond", hotkey="k"), go("back", "pond", "lane")],
        name="New",
        entrance={"state": "lane"},
    )
    difference = diff(BASE, after)
    assert difference.states.added == ("pond",)
    assert difference.states.removed == ("gate",)
    assert difference.states.changed == {"lane": (FieldChange("narration", ABSENT, "Home."),)}
    assert difference.events.added == ("back",)
    assert difference.events.changed["walk"] == (FieldChange("to", "gate", "pond"), FieldChange("hotkey", ABSENT, "k"))
    assert [str(change) for change in difference.world] == ['name: absent → "New"']
    assert len(difference) == 6 and len(difference.states) == 3


def test_paths_lead_into_objects_and_lists() -> None:
    before = {**LANE, "camera": {"static": "Low.", "dynamic": "Following."}, "ambient": ["rain", "wind"]}
    after = {**LANE, "camera": {"static": "High.", "dynamic": "Following."}, "ambient": ["rain", "gulls"]}
    difference = diff(world({"lane": before}, []), world({"lane": after}, []))
    assert [change.path for change in difference.states.changed["lane"]] == ["camera.static", "ambient[1]"]


def test_the_world_s_own_fields_and_the_scene_s_are_told() -> None:
    a = world({"lane": LANE}, [], entrance={"state": "lane"}, cover="a.png")
    raw = a.to_dict()
    raw["cover"] = None
    raw["scene"]["music"] = "slow"
    del raw["entrance"]
    difference = diff(a, world(raw["scene"]["states"], [], cover=None))
    assert [change.path for change in difference.world] == ["entrance", "cover"]


def test_a_move_is_told_by_as_few_items_as_explain_it() -> None:
    events = [go(f"e{at}", "lane", "gate") for at in range(20)]
    a, b = world({"lane": LANE, "gate": GATE}, events), world({"gate": GATE, "lane": LANE}, events[1:] + events[:1])
    difference = diff(a, b)
    assert difference.events.moved == ("e0",) and len(difference.states.moved) == 1
    assert not difference.events.changed and len(difference) == 2


def test_events_that_share_a_name_are_told_apart() -> None:
    a = world({"lane": LANE}, [go("x", "lane", "lane"), go("x", "lane", "lane", hidden=True)])
    b = world({"lane": LANE}, [go("x", "lane", "lane"), go("x", "lane", "lane", hidden=False), go("x", "lane", "lane")])
    difference = diff(a, b)
    assert a.apply(difference.ops) == b
    assert len(difference.events.added) == 1 and len(difference) == 2
    assert not diff(a, world({"lane": LANE}, [go("x", "lane", "lane"), go("x", "lane", "lane", hidden=True)]))


def test_what_a_departing_state_takes_along_is_told_too() -> None:
    a = world({"lane": LANE, "gate": GATE}, [go("walk", "lane", "gate"), go("back", "gate", "lane")])
    difference = diff(a, a.apply([{"op": "delete_state", "id": "gate"}]))
    assert difference.states.removed == ("gate",) and difference.events.removed == ("back",)
    assert difference.events.changed == {"walk": (FieldChange("to", "gate", ABSENT),)}


def test_a_world_and_itself_do_not_differ() -> None:
    assert not diff(BASE, BASE) and not diff(BASE, BASE).states and not diff(BASE, BASE).world


def test_allowed_findings_that_do_not_follow_a_renamed_state_are_told_as_a_change() -> None:
    before = World.from_dict(
        {**samples.load("bench").to_dict(), "kernel": {"allow": {"state[lane].base": ["negation"]}}}
    )
    with_allowances = before.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    without_allowances = with_allowances.apply([{"op": "put_world", "set": {"kernel": before.to_dict()["kernel"]}}])
    for after in (with_allowances, without_allowances):
        difference = diff(before, after)
        assert difference.states.renamed == {"lane": "road"} and before.apply(difference.ops) == after
