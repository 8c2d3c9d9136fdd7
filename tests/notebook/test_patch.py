"""A patch between two worlds, applied to a list-of-entries model of the first, gives the second."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notebook.client import Copy
from tests.strategies import documents
from worldkit import World
from worldkit.core.document import json_of
from worldkit.editing.batch import apply
from worldkit.widgets.patch import patch, splices

lists = st.lists(st.integers(0, 12), max_size=12)


def apply_splices(before: list[Any], splices: list[Any]) -> list[Any]:
    after = list(before)
    for at, remove, insert in splices:
        assert 0 <= at <= len(after) and 0 <= remove <= len(after) - at
        after[at : at + remove] = insert
    return after


@settings(max_examples=200, deadline=None)
@given(lists, lists)
def test_splices_turn_any_list_into_any_other_even_with_repeats(before: list[int], after: list[int]) -> None:
    assert apply_splices(before, splices(before, after, lambda entry: entry)) == after


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(), max_size=20, unique=True), st.data())
def test_splices_send_no_more_than_what_is_new(before: list[int], data: st.DataObject) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(before), max_size=len(before)))
    after = [entry for entry, is_kept in zip(before, keep, strict=True) if is_kept]
    assert sum(len(insert) for _, _, insert in splices(before, after, lambda entry: entry)) == 0


@settings(max_examples=100, deadline=None)
@given(documents(), documents())
def test_a_patch_between_unrelated_worlds_gives_the_second(a: dict[str, Any], b: dict[str, Any]) -> None:
    before, after = World.from_dict(a), World.from_dict(b)
    copy = Copy.of(before.raw)
    copy.take(patch(json_of(before), json_of(after)))
    assert copy.same_as(after.raw)


@settings(max_examples=50, deadline=None)
@given(documents())
def test_a_world_and_itself_have_an_empty_patch(document: dict[str, Any]) -> None:
    world = World.from_dict(document)
    nothing = {"states": [], "events": [], "world": {"set": {}, "remove": []}}
    assert patch(json_of(world), json_of(world)) == nothing


def test_fields_of_the_scene_and_fields_that_look_like_them_stay_apart() -> None:
    before = World.from_dict({"scene": {"states": {}, "events": [], "music": 1}, "scene.music": 1, "/scene.x": 1})
    after = World.from_dict({"scene": {"states": {}, "events": [], "music": True}, "scene.music": 2})
    changes = patch(json_of(before), json_of(after))
    assert changes["world"] == {"set": {"/scene.music": 2, "scene.music": True}, "remove": ["//scene.x"]}
    copy = Copy.of(before.raw)
    copy.take(changes)
    assert copy.same_as(after.raw)


def test_a_rename_that_touches_events_all_over_sends_only_those(large: World) -> None:
    last = list(large.states)[-2]
    result = apply(large, [{"op": "rename_state", "from": last, "to": "renamed"}])
    changes = patch(json_of(large), json_of(result.world))
    events_named = [e for e in large.raw["scene"]["events"] if last in e["from"] or e.get("to") == last]
    assert sum(len(insert) for _, _, insert in changes["events"]) == len(events_named)
    assert sum(len(insert) for _, _, insert in changes["states"]) == 1
