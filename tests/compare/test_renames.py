"""What is the same under another name is one rename, and what only looks alike is not."""

from __future__ import annotations

from tests.compare.worlds import BASE, GATE, LANE, go, kinds, world
from worldkit import diff

REWORDED = {"base": LANE["base"].replace("low cloud", "a high moon")}


def test_a_renamed_state_is_one_rename_and_its_references_are_no_changes() -> None:
    after = world({"road": LANE, "gate": GATE}, [go("walk", "road", "gate")], entrance={"state": "road"})
    delta = diff(BASE, after)
    assert list(delta.ops) == [{"op": "rename_state", "from": "lane", "to": "road"}]
    assert delta.states.renamed == {"lane": "road"} and not delta.events and not delta.world and len(delta) == 1


def test_a_state_renamed_and_reworded_is_still_found() -> None:
    after = world({"road": REWORDED, "gate": GATE}, [go("walk", "road", "gate")], entrance={"state": "road"})
    delta = diff(BASE, after)
    assert delta.states.renamed == {"lane": "road"}
    assert [change.path for change in delta.states.changed["road"]] == ["base"]
    assert kinds(delta) == ["rename_state", "update_state"] and len(delta) == 1


def test_a_state_with_other_prose_or_another_place_is_another_state() -> None:
    other = world({"road": {"base": "Gulls over a tin roof."}, "gate": GATE}, [go("walk", "road", "gate")])
    assert not diff(BASE, other).states.renamed
    elsewhere = world({"road": REWORDED, "gate": GATE}, [go("row", "gate", "road")], entrance={"state": "gate"})
    assert not diff(BASE, elsewhere).states.renamed


def test_of_several_copies_the_one_in_the_same_place_is_taken() -> None:
    a = world({"a": LANE, "b": LANE, "gate": GATE}, [go("in", "gate", "a"), go("out", "b", "gate")])
    b = world({"y": LANE, "x": LANE, "gate": GATE}, [go("in", "gate", "x"), go("out", "y", "gate")])
    assert diff(a, b).states.renamed == {"a": "x", "b": "y"}


def test_a_renamed_event_is_one_patch_of_its_name() -> None:
    after = world({"lane": LANE, "gate": GATE}, [go("stroll", "lane", "gate")], entrance={"state": "lane"})
    delta = diff(BASE, after)
    assert list(delta.ops) == [{"op": "update_event", "name": "walk", "patch": {"name": "stroll"}}]
    assert delta.events.renamed == {"walk": "stroll"} and not delta.events.changed


def test_an_event_renamed_together_with_its_states_is_found() -> None:
    after = world({"road": LANE, "field": GATE}, [go("stroll", "road", "field")], entrance={"state": "road"})
    delta = diff(BASE, after)
    assert kinds(delta) == ["rename_state", "rename_state", "update_event"]
    assert delta.events.renamed == {"walk": "stroll"}


def test_an_event_of_another_kind_is_another_event() -> None:
    prose = "She walks slowly up the lane to the gate and lifts the latch."
    a = world({"lane": LANE}, [go("walk", "lane", "lane", base=prose)])
    b = world({"lane": LANE}, [{"name": "stop", "kind": "override", "from": ["lane"], "base": prose}])
    assert not diff(a, b).events.renamed


def test_a_name_that_cannot_be_given_is_no_rename() -> None:
    a = world({"lane": LANE, "gate": GATE}, [], cutscenes=[{"id": "cut", "video": "v", "from": "gate", "to": "gate"}])
    for name in (" ", "cut"):
        b = world({name: LANE, "gate": GATE}, [], cutscenes=a.to_dict()["cutscenes"])
        delta = diff(a, b)
        assert not delta.states.renamed and a.apply(delta.ops) == b


def test_prose_without_spaces_is_compared_by_its_characters() -> None:
    text = "静かな部屋に雨の音が聞こえる。窓の外には古い灯台が立っている。"
    a, b = world({"部屋": {"base": text}}, []), world({"室": {"base": text.replace("古い", "白い")}}, [])
    assert diff(a, b).states.renamed == {"部屋": "室"}
