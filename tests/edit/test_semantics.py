"""What each operation means beyond its plain example: what null clears, what is kept, what is made up."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.edit.house import HOUSE, apply_to_house, changes, house
from worldkit import OpError, World
from worldkit.editing.batch import apply
from worldkit.editing.partial import apply_in_part

Json = dict[str, Any]
EMPTY = World.from_dict({"scene": {"states": {}, "events": []}})
S, E = "scene.states.", "scene.events"


def difference(*ops: Json) -> Json:
    return changes(HOUSE, apply(house(), ops).world.to_dict())


# ---- ids made up -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "id"),
    [
        ("Rain on the Lane, cold light.", "rain_on_the_lane"),
        ("A stone lane runs between walls.", "a_stone_lane_runs_between_walls"),
        ("Don't look — the café's LAMP!", "don_t_look_the_caf_s_lamp"),
        (". , ;", "state"),
        ("Lane", "lane"),
        ("Lane;gate", "lane"),
        ("x" * 300, "x" * 64),
        ("x" * 63 + " y", "x" * 63),
        ("霧の中", "state"),
        ("", "state"),
        ("<b>../..</b>", "b"),
    ],
)
def test_row_16_an_id_is_made_of_the_first_clause_of_the_base(base: str, id: str) -> None:
    result = apply(EMPTY, [{"op": "add_state", "base": base}])
    assert list(result.world.states) == [id]
    assert result.ops == [{"op": "add_state", "id": id, "state": {"base": base}}]


def test_an_id_made_up_gets_a_number_past_states_and_cutscenes() -> None:
    world = apply(house(), [{"op": "add_state", "base": "Hall"}, {"op": "add_state", "base": "hall!"}]).world
    assert list(world.states)[3:] == ["hall_2", "hall_3"]
    assert list(apply(house(), [{"op": "add_state", "base": "Fall"}]).world.states)[3:] == ["fall_2"]


# ---- states ------------------------------------------------------------------------------------


def test_a_half_that_is_cleared_is_emptied_and_the_pair_stays() -> None:
    static = {"op": "set_field", "state": "hall", "field": "camera.static", "value": None}
    dynamic = {"op": "set_field", "state": "hall", "field": "camera.dynamic", "value": None}
    assert difference(static) == {S + "hall.camera.static": ""}
    assert difference(static, dynamic) == {S + "hall.camera.static": "", S + "hall.camera.dynamic": ""}
    assert difference({**static, "state": "attic"}) == {}


def test_an_ending_keeps_what_is_not_given_and_a_null_kind_clears_it() -> None:
    op: Json = {"op": "set_state_ending", "state": "attic"}
    assert difference({**op, "kind": "lose"}) == {S + "attic.ending.kind": "lose"}
    assert difference({**op, "kind": None, "title": None}) == {S + "attic.ending": ...}


def test_an_absent_picture_keeps_the_current_one_and_unknown_fields_of_the_entrance() -> None:
    assert difference({"op": "set_entrance", "state": "stairs"}) == {"entrance.state": "stairs"}
    changes_without_image = difference({"op": "set_entrance", "state": "stairs", "image": None})
    assert changes_without_image == {"entrance.state": "stairs", "entrance.image": ...}
    assert difference({"op": "set_entrance", "state": None}) == {"entrance": ...}


DOUBLED_LABELS = World.from_dict(
    {
        "entrance": {"state": "hall"},
        "scene": {
            "states": {
                "hall": {"base": "A hall."},
                "attic": {"base": "Dust.", "variants": [{"label": "B", "base": "x"}, {"label": "B", "base": "y"}]},
            },
            "events": [],
        },
    }
)


@pytest.mark.parametrize(
    "op",
    [
        {"op": "remove_variant", "state": "attic", "index": 1},
        {"op": "update_state", "id": "attic", "patch": {"variants": None}},
        {"op": "update_state", "id": "attic", "patch": {"variants": [{"label": "C", "base": "z"}], "narration": "x"}},
        {"op": "set_variant_field", "state": "attic", "label": "B", "field": "label", "value": "C"},
        {"op": "delete_state", "id": "attic"},
        {"op": "rename_state", "from": "attic", "to": "loft"},
        {"op": "put_state", "id": "attic", "state": {"base": "x"}},
    ],
)
def test_an_edit_of_a_state_with_doubled_labels_is_undone(op: Json) -> None:
    result = apply(DOUBLED_LABELS, [op])
    back = apply(result.world, result.inverse)
    assert back.world.to_json() == DOUBLED_LABELS.to_json()
    assert apply(back.world, back.inverse).world == result.world


def test_what_is_refused_in_part_leaves_a_state_with_doubled_labels_as_it_was() -> None:
    twice = [{"label": "C", "base": "x"}, {"label": "C", "base": "y"}]
    refused = {"op": "update_state", "id": "attic", "patch": {"variants": twice}}
    result = apply_in_part(DOUBLED_LABELS, [refused, {"op": "update_state", "id": "hall", "patch": {"base": "Big."}}])
    assert [one.index for one in result.errors] == [0] and 'there is already a variant "C"' in result.errors[0].reason
    assert (
        result.world == apply(DOUBLED_LABELS, [{"op": "update_state", "id": "hall", "patch": {"base": "Big."}}]).world
    )


def test_two_variants_of_one_label_are_refused_however_they_are_written() -> None:
    twice = [{"label": "B", "base": "x"}, {"label": "B", "base": "y"}]
    for op in (
        {"op": "update_state", "id": "hall", "patch": {"variants": twice}},
        {"op": "add_state", "id": "loft", "base": "x", "variants": twice},
        {"op": "add_variant", "state": "hall", "variant": twice[0]},
    ):
        with pytest.raises(OpError, match='already a variant "B"'):
            apply_to_house(**op)


# ---- events ------------------------------------------------------------------------------------


def test_no_axis_removes_the_drive_and_its_pulse_and_an_axis_replaces_the_others() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][0] |= {"drive": {"movement": "back", "x": 1}, "drivePulseMs": 300}
    world = World.from_dict(document)
    op: Json = {"op": "set_event_drive", "event": "climb"}
    event_after = apply(world, [{**op, "lookHorizontal": "left"}]).world.raw["scene"]["events"][0]
    assert (event_after["drive"], event_after["drivePulseMs"]) == ({"x": 1, "lookHorizontal": "left"}, 300)
    with_drive = apply(world, [{**op, "movement": "back", "pulseMs": None}])
    assert changes(document, with_drive.world.to_dict()) == {E + "[0].drivePulseMs": ...}
    for spelling in (op, {**op, "movement": None}):
        assert changes(document, apply(world, [spelling]).world.to_dict()) == {
            E + "[0].drive": ...,
            E + "[0].drivePulseMs": ...,
        }


def test_a_pulse_alone_keeps_the_drive_and_is_refused_where_there_is_none() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][0]["drive"] = {"movement": "back"}
    world = World.from_dict(document)
    op: Json = {"op": "set_event_drive", "event": "climb", "pulseMs": 500}
    result = apply(world, [op])
    assert changes(document, result.world.to_dict()) == {E + "[0].drivePulseMs": 500}
    assert (
        apply(world, [{**op, "pulseMs": None}]).world.to_dict()
        == apply(world, [{**op, "movement": None}]).world.to_dict()
    )
    assert "drive" not in apply(result.world, [{**op, "movement": None}]).world.raw["scene"]["events"][0]
    with pytest.raises(OpError, match='event "climb" has no drive to release; give an axis, too'):
        apply(house(), [op])


@pytest.mark.parametrize("hidden", ["climb", "enter stairs"])
def test_a_hidden_event_does_not_hold_its_hotkey(hidden: str) -> None:
    world = house().apply([{"op": "update_event", "name": hidden, "patch": {"hidden": True, "autoAfterMs": 5}}])
    edited = world.apply([{"op": "set_event_hotkey", "event": "enter stairs", "value": "k"}])
    assert [event.hotkey for event in edited.events[:2]] == ["k", "k"]
    assert "clashing-hotkey" not in {d.lint for d in edited.lint()}
    with pytest.raises(OpError, match='"k" is the hotkey of event "climb"'):
        house().apply([{"op": "set_event_hotkey", "event": "enter stairs", "value": "k"}])


def test_an_anchor_is_patched_and_a_null_label_clears_it() -> None:
    op: Json = {"op": "set_event_anchor", "event": "look"}
    result = {**op, "label": "rail", "aliases": ["banister"], "minProximity": 0.2}
    assert difference(result, {**op, "aliases": None, "minProximity": 0.3}) == {
        E + "[3].anchor": {"label": "rail", "minProximity": 0.3}
    }
    assert difference(result, {**op, "label": None}) == {}


def test_an_event_made_an_override_loses_its_destination_and_a_note_says_so() -> None:
    result = apply_to_house(op="set_event_kind", event="climb", kind="override", to="hall")
    assert "to" not in result.world.raw["scene"]["events"][0]
    assert [note.message for note in result.notes] == [
        'event "climb" lost its destination "hall": an override has none',
    ]


def test_an_event_made_something_else_keeps_its_destination_unless_one_is_given() -> None:
    op: Json = {"op": "set_event_kind", "event": "climb", "kind": "terminal"}
    assert difference(op) == {E + "[0].kind": "terminal"}
    assert difference({**op, "to": "fall"}) == {E + "[0].kind": "terminal", E + "[0].to": "fall"}
    assert difference({**op, "to": None}) == {E + "[0].kind": "terminal", E + "[0].to": ...}


def test_an_override_is_added_without_its_destination_and_a_note_says_so() -> None:
    result = apply_to_house(op="add_override", name="sit", **{"from": "hall"}, to="nowhere")
    assert [note.item.id for note in result.notes] == ["sit"]
    assert "to" not in result.world.raw["scene"]["events"][-1]


@pytest.mark.parametrize("op", [{"op": "remove_cutscene", "id": "fall"}, {"op": "delete_state", "id": "stairs"}])
@pytest.mark.parametrize("second", ["hall", "attic"])
def test_an_event_does_not_play_the_second_cutscene_of_an_id_once_the_first_is_removed(op: Json, second: str) -> None:
    cutscene = HOUSE["cutscenes"][0]
    world = World.from_dict({**HOUSE, "cutscenes": [cutscene, {**cutscene, "to": second}]})
    result = apply(world, [op])
    target = "stairs" if op["op"] == "remove_cutscene" else None
    assert (result.world.events_by_name["descend"].to, len(result.world.cutscenes or ())) == (target, 1)
    assert any(note.item.id == "descend" and "was deleted" in note.message for note in result.notes)
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()


@pytest.mark.parametrize("others", [[{"to": "hall", "from": "stairs"}], [{}]])
def test_an_event_keeps_the_first_cutscene_of_an_id_when_a_later_one_or_an_equal_one_is_removed(others: Any) -> None:
    first = {"id": "fall", "video": "fall.mp4", "from": "attic", "to": "attic"}
    world = World.from_dict({**HOUSE, "cutscenes": [first, *({**first, **other} for other in others)]})
    operation = {"op": "delete_state", "id": "stairs"} if others[0] else {"op": "remove_cutscene", "id": "fall"}
    result = apply(world, [operation])
    assert result.world.events_by_name["descend"].to == "fall"
    assert [cutscene.to for cutscene in result.world.cutscenes or ()] == ["attic"]


def test_a_destination_may_be_a_cutscene() -> None:
    assert difference({"op": "update_event", "name": "climb", "patch": {"to": "fall"}}) == {E + "[0].to": "fall"}


@pytest.mark.parametrize("field", ["name", "kind", "from"])
def test_what_an_event_needs_cannot_be_removed(field: str) -> None:
    with pytest.raises(OpError, match=f'"{field}" cannot be removed: an event always has one'):
        apply_to_house(op="update_event", name="climb", patch={field: None})


# ---- the rest ----------------------------------------------------------------------------------


def test_a_null_in_a_new_body_means_leaving_the_field_out() -> None:
    op = {"op": "add_event", "name": "sit", "kind": "override", "from": ["hall"], "to": None, "hotkey": None, "x": None}
    result = apply_to_house(**op).world.raw["scene"]["events"][-1]
    assert result == {"name": "sit", "kind": "override", "from": ["hall"]}


def test_an_outro_is_patched_and_a_null_video_clears_it_whatever_else_is_given() -> None:
    assert difference({"op": "set_outro", "flag": "done"}) == {"outro.flag": "done"}
    clearing = {"op": "set_outro", "video": None, "flag": None, "state": None}
    assert difference(clearing) == {"outro": ...}
    with pytest.raises(OpError, match=r"outro\.flag: required, and missing"):
        apply_to_house(op="set_outro", flag=None)


def test_a_first_story_beat_begins_a_story_and_a_note_says_so() -> None:
    result = apply(EMPTY, [{"op": "add_story_beat", "summary": "You came."}])
    assert result.world.raw["story"] == {"logline": "", "beats": [{"summary": "You came."}]}
    assert [note.item.field for note in result.notes] == ["story"]


def test_null_clears_the_fields_of_the_world() -> None:
    setting_ops = [
        {"op": "set_subject", "subject": "A courier.", "styleTail": "Rain."},
        {"op": "set_intro", "video": "in.mp4", "static": True},
        {"op": "set_narrate", "narrate": True},
    ]
    clearing_ops = [
        {"op": "set_subject", "subject": None, "styleTail": None},
        {"op": "set_intro", "intro": None},
        {"op": "set_narrate", "narrate": None},
    ]
    assert difference(*setting_ops, *clearing_ops) == {}


def test_fields_of_the_scene_may_have_any_name() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"] |= {"cls": 1, "self": 2, "_fields_set": ["x"], "model_config": {}}
    result = apply(World.from_dict(document), [{"op": "set_narrate", "narrate": True}])
    assert result.world.scene == World.from_dict(result.world.to_dict()).scene
    assert changes(document, result.world.to_dict()) == {"narrate": True}
