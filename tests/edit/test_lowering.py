"""Lowering: the nine operations of a hosted server make the world that was edited locally, or an error says why not."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.api.hosted_double import HOSTED_OPS, apply_nine
from tests.edit.ops_strategy import operations, rich_documents
from tests.strategies import documents
from worldkit import Lowered, NotExpressible, OpError, lower
from worldkit.editing import hosted_operations
from worldkit.editing.likeness import changed_fields, is_alike, unlike_items
from worldkit.editing.lowering import first_op_that_changes
from worldkit.editing.partial import apply_in_part

Json = dict[str, Any]
LAWS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PAIR = {"static": "Wide.", "dynamic": "Wide."}


def applied_by_the_double(before: wk.World, lowering: Lowered[wk.World]) -> wk.World:
    """Return what the double of the hosted server makes of a world; it must take every operation."""
    world, errors = apply_nine(before.to_dict(), lowering.ops)
    assert errors == []
    assert {op["op"] for op in lowering.ops} <= set(HOSTED_OPS)
    messages = [str(error) for error in apply_in_part(before, lowering.ops).errors]
    # a whole document may have what our own server takes in no operation; anything else it applies
    assert [reason for reason in messages if "has at least one visible character" not in reason] == []
    return wk.World.from_dict(world)


def holds_the_law(before: wk.World, after: wk.World) -> None:
    """Check that the lowered operations make the edited world, or that what is refused really cannot be expressed."""
    partial = lower(before, after, partial=True)
    assert list(unlike_items(partial.expected.to_dict(), applied_by_the_double(before, partial).to_dict())) == []
    if partial.unsent:
        with pytest.raises(NotExpressible) as error:
            lower(before, after)
        assert set(error.value.fields) == {one.field for one in partial.unsent}
        return
    lowering = lower(before, after)
    assert lowering.ops == partial.ops
    result = applied_by_the_double(before, lowering)
    for item in unlike_items(after.to_dict(), result.to_dict()):
        # only what a hosted server requires was added to the edited world
        cuts = {cutscene["id"] for cutscene in after.to_dict().get("cutscenes", ())}
        old = after.states[item.id] if item.kind == "state" else after.events_by_name[item.id]
        assert item.field in ("camera", "movement") or (item.field == "to" and getattr(old, "to", None) in cuts)


@given(st.data())
@LAWS
def test_any_batch_of_local_operations_lowers_to_the_same_world_or_is_named(data: st.DataObject) -> None:
    before = wk.World.from_dict(data.draw(rich_documents()))
    batch = data.draw(st.lists(operations(before.raw), min_size=1, max_size=4))
    try:
        after = before.apply(batch)
    except OpError:
        return
    holds_the_law(before, after)


@given(documents(), documents())
@LAWS
def test_any_graph_lowers_to_any_other_graph(old: Json, new: Json) -> None:
    fields = {key: value for key, value in old.items() if key not in ("scene", "entrance", "cutscenes")}
    entrance = {"entrance": new["entrance"]} if "entrance" in new else {}
    beside = {key: value for key, value in old["scene"].items() if key not in ("states", "events")}
    scene = {"states": new["scene"]["states"], "events": new["scene"]["events"], **beside}
    before = wk.World.from_dict({**{key: value for key, value in old.items() if key != "cutscenes"}})
    after = wk.World.from_dict({**fields, **entrance, "scene": scene})
    landing_in_nothing = {event.get("to") for event in scene["events"]} - {None, *scene["states"]}
    if landing_in_nothing:
        return  # it led to a cutscene, which is not taken over here
    lower(before, after)  # everything in a graph can be expressed
    holds_the_law(before, after)


def world(*events: Json, **fields: Any) -> wk.World:
    states = {id: {"base": f"The {id}.", "camera": PAIR, "movement": PAIR} for id in ("hall", "yard", "attic")}
    document = {"entrance": {"state": "hall"}, "scene": {"states": states, "events": list(events)}, **fields}
    return wk.World.from_dict(document)


def way(name: str, source: str = "hall", to: str = "yard") -> Json:
    return {"name": name, "kind": "transition", "from": [source], "to": to}


def ops_of(before: wk.World, *ops: Json) -> list[Json]:
    return lower(before, before.apply(list(ops))).ops


def test_a_state_is_deleted_after_everything_that_named_it_has_changed() -> None:
    before = world(way("out"), way("back", "yard", "hall"))
    assert [op["op"] for op in ops_of(before, {"op": "rename_state", "from": "hall", "to": "lobby"})] == [
        "add_state",
        "update_event",
        "update_event",
        "set_entrance",
        "delete_state",
    ]
    ops = ops_of(before, {"op": "delete_state", "id": "yard"})
    assert ops == [
        {"op": "update_event", "name": "out", "patch": {"to": None}},
        {"op": "delete_event", "name": "back"},
        {"op": "delete_state", "id": "yard"},
    ]


def test_a_renamed_event_keeps_its_place() -> None:
    before = world(way("a"), way("b"), way("c"))
    assert ops_of(before, {"op": "update_event", "name": "b", "patch": {"name": "bee"}}) == [
        {"op": "update_event", "name": "b", "patch": {"name": "bee"}}
    ]


def test_only_events_out_of_order_are_taken_out_and_added_again() -> None:
    before, after = world(way("a"), way("b"), way("c")), world(way("a"), way("c"), way("b"))
    ops = lower(before, after).ops
    assert [(op["op"], op["name"]) for op in ops] == [("delete_event", "b"), ("add_event", "b")]


def test_a_whole_top_level_field_is_sent_and_a_field_that_goes_is_null() -> None:
    before = world(way("a"))
    assert ops_of(before, {"op": "set_field", "state": "hall", "field": "camera.static", "value": "Close."}) == [
        {"op": "update_state", "id": "hall", "patch": {"camera": {"static": "Close.", "dynamic": "Wide."}}}
    ]
    world_with_hint = before.apply([{"op": "set_event_locked_hint", "event": "a", "hint": "Locked."}])
    assert ops_of(world_with_hint, {"op": "set_event_locked_hint", "event": "a", "hint": None}) == [
        {"op": "update_event", "name": "a", "patch": {"lockedHint": None}}
    ]


def test_missing_pairs_are_filled_as_a_hosted_server_requires() -> None:
    added = ops_of(world(), {"op": "add_state", "id": "loft", "base": "A loft.", "camera": {**PAIR, "static": "Low."}})
    assert added == [
        {"op": "add_state", "id": "loft", "base": "A loft.", "camera": {**PAIR, "static": "Low."}, "movement": PAIR}
    ]


def test_emptying_both_halves_of_a_pair_does_not_send_the_entrances() -> None:
    pairs = {"camera": PAIR, "movement": PAIR}
    raw = world().to_dict()
    raw["scene"]["states"] = {id: {**state, **pairs} for id, state in raw["scene"]["states"].items()}
    halves = ("static", "dynamic")
    batch = [{"op": "set_field", "state": "attic", "field": f"camera.{half}", "value": None} for half in halves]
    (op,) = ops_of(wk.World.from_dict(raw), *batch)
    assert op == {"op": "update_state", "id": "attic", "patch": {"camera": {"static": "", "dynamic": ""}}}


def test_an_event_to_a_cutscene_leads_where_the_cutscene_does() -> None:
    cutscene = {"id": "climb", "video": "https://example.org/climb.mp4", "from": "hall", "to": "attic"}
    (op,) = ops_of(world(cutscenes=[cutscene]), {"op": "add_event", **way("up", "hall", "climb")})
    assert op["to"] == "attic"


def test_the_framing_of_an_event_is_sent_as_a_pair() -> None:
    (op,) = ops_of(world(), {"op": "add_event", **way("a"), "camera": "Low angle."})
    assert op["camera"] == {"static": "Low angle.", "dynamic": "Low angle."}


@pytest.mark.parametrize(
    ("op", "field"),
    [
        ({"op": "set_subject", "subject": "A courier."}, "subject"),
        ({"op": "set_subject", "styleTail": "Low light."}, "styleTail"),
        ({"op": "set_narrate", "narrate": True}, "narrate"),
        ({"op": "set_story", "logline": "A courier is late."}, "story"),
        ({"op": "set_intro", "video": "https://example.org/a.mp4"}, "introVideo"),
        ({"op": "set_intro", "static": True}, "introStatic"),
        ({"op": "set_outro", "video": "https://example.org/a.mp4", "flag": "key", "state": "yard"}, "outro"),
        (
            {"op": "add_sequence", "id": "s", "title": "Walk", "beats": [{"state": "hall"}, {"state": "yard"}]},
            "sequences",
        ),
        (
            {
                "op": "add_cutscene",
                "id": "c",
                "video": "https://example.org/a.mp4",
                "from": "hall",
                "to": "yard",
            },
            "cutscenes",
        ),
        (
            {"op": "add_mission", "id": "m", "title": "Fetch", "objectives": [{"id": "o", "text": "Fetch it."}]},
            "missions",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_hosted_server_has_no_operation_for_is_named_with_its_operation(op: Json, field: str) -> None:
    before = world(way("a"))
    after = before.apply([op])
    with pytest.raises(NotExpressible, match=f'no operation for the world\'s "{field}"') as error:
        lower(before, after)
    assert (error.value.op, error.value.fields) == (op["op"], (field,))
    assert pickle.loads(pickle.dumps(error.value)).fields == (field,)
    partial = lower(before, after, partial=True)
    assert [one.field for one in partial.unsent] == [field] and field not in changed_fields(
        before.to_dict(), partial.expected.to_dict()
    )


def test_an_event_to_two_cutscenes_with_one_id_leads_where_the_first_does() -> None:
    cutscene = {"id": "climb", "video": "https://example.org/climb.mp4", "from": "hall", "to": "attic"}
    before = world(cutscenes=[cutscene, {**cutscene, "to": "yard"}])
    (op,) = ops_of(before, {"op": "add_event", **way("up", "hall", "climb")})
    assert op["to"] == "attic"


def test_a_state_that_a_cutscene_of_the_server_names_cannot_be_deleted() -> None:
    cutscene = {"id": "climb", "video": "https://example.org/climb.mp4", "from": "hall", "to": "attic"}
    before = world(cutscenes=[cutscene])
    with pytest.raises(NotExpressible) as error:
        lower(before, before.apply([{"op": "delete_state", "id": "attic"}]))
    assert error.value.fields == ("cutscenes", "attic")


def test_the_operation_to_blame_is_found_among_exact_ones_that_need_each_other() -> None:
    before = world(way("a"))
    batch: list[Json] = [
        {"op": "put_event", "event": way("up", "hall", "loft")},
        {"op": "put_state", "id": "loft", "state": {"base": "A loft."}},
        {"op": "put_world", "set": {"music": "a.ogg"}},
    ]
    (part,) = lower(before, before.apply(batch), partial=True).unsent
    assert first_op_that_changes(before, batch, part.path) == 2


def test_events_of_one_name_cannot_be_addressed() -> None:
    before = world(way("a"), way("a", "yard", "hall"))
    after = before.apply([{"op": "put_event", "index": 0, "event": way("b"), "force": True}])
    with pytest.raises(NotExpressible, match='several are called "a"'):
        lower(before, after)


@pytest.mark.parametrize("field", ["patch", "expectedRev"])
def test_a_body_whose_field_is_called_like_an_argument_is_nested(field: str) -> None:
    before = world()
    (op,) = ops_of(before, {"op": "put_state", "id": "loft", "state": {"base": "A loft.", field: 1}})
    assert op == {"op": "add_state", "id": "loft", "state": {"base": "A loft.", field: 1, **op_pairs()}}


@pytest.mark.parametrize("value", ["loft", "other", 7])
def test_a_field_of_a_state_that_is_called_id_is_not_lost(value: Any) -> None:
    before = world()
    loft = {"base": "A loft.", "id": value}
    for batch in (
        [{"op": "put_state", "id": "loft", "state": loft}],
        [{"op": "put_state", "id": "cellar", "state": loft}, {"op": "rename_state", "from": "cellar", "to": "loft"}],
    ):
        holds_the_law(before, before.apply(batch))
        (op,) = ops_of(before, *batch)
        assert op == {"op": "add_state", "id": "loft", "state": {**loft, **op_pairs()}}


def test_a_new_state_with_the_id_of_a_cutscene_is_named() -> None:
    before = world(cutscenes=[{"id": "climb", "video": "https://example.org/climb.mp4", "from": "hall", "to": "attic"}])
    raw = before.to_dict()
    raw["scene"]["states"] = {**raw["scene"]["states"], "climb": {"base": "A climb."}}
    after = wk.World.from_dict(raw)
    holds_the_law(before, after)
    (unsent,) = lower(before, after, partial=True).unsent
    assert (unsent.op, unsent.field) == ("add_state", "climb")
    edit = [{"op": "set_field", "state": "climb", "field": "base", "value": "A long climb."}]
    assert [op["op"] for op in lower(after, after.apply(edit)).ops] == ["update_state"]


def op_pairs() -> Json:
    return {"camera": PAIR, "movement": PAIR}


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (None, None, True),
        ({"x": None}, {}, True),
        ([{"x": None}], [{}], True),
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("", None, False),
        ([], None, False),
        ([1, 2], [2, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)
def test_what_a_server_may_write_in_its_own_way_is_no_difference(a: Any, b: Any, same: bool) -> None:
    assert is_alike(a, b) is is_alike(b, a) is same


def test_operations_are_lowered_as_the_world_they_make_and_the_result_can_be_unpacked() -> None:
    before = wk.World.from_dict({"scene": {"states": {"a": {"base": "A."}}, "events": []}, "entrance": {"state": "a"}})
    batch = [{"op": "set_field", "state": "a", "field": "base", "value": "B."}]
    ops, expected = lower(before, batch)
    assert (ops, expected) == tuple(lower(before, before.apply(batch)))


def test_the_first_operation_that_cannot_be_expressed_is_named() -> None:
    before = wk.World.from_dict({"scene": {"states": {"a": {"base": "A."}}, "events": []}, "entrance": {"state": "a"}})
    batch = [
        {"op": "set_field", "state": "a", "field": "base", "value": "B."},
        {"op": "set_narrate", "narrate": True},
    ]
    with pytest.raises(NotExpressible) as error:
        lower(before, batch)
    assert (error.value.index, error.value.op, list(error.value.fields)) == (1, "set_narrate", ["narrate"])


def test_events_that_all_have_another_name_and_body_are_compared_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = 10 * hosted_operations.MAX_CANDIDATES
    compared: list[Json] = []
    patch = hosted_operations._patch

    def counting_patch(before: Json, after: Json) -> Json:
        compared.append(before)
        return patch(before, after)

    monkeypatch.setattr(hosted_operations, "_patch", counting_patch)
    states = {"a": {"base": "A."}, "b": {"base": "B."}}
    before, after = (
        wk.World.from_dict(
            {
                "entrance": {"state": "a"},
                "scene": {
                    "states": states,
                    "events": [
                        {"name": f"{name} {k}", "kind": "transition", "from": ["a"], "to": "b", "base": f"{name}."}
                        for k in range(count)
                    ],
                },
            }
        )
        for name in ("go", "walk")
    )
    ops, expected = wk.lower(before, after)
    assert before.apply(ops) == expected and {op["op"] for op in ops} == {"update_event"}
    assert len(compared) <= count * (hosted_operations.MAX_CANDIDATES + 2)
