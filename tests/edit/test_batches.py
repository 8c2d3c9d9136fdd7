"""Batches: atomic, strict, against a revision, with notes and a readable inverse."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edit.house import HOUSE, apply_to_house, changes, house
from tests.growing import BATCHES, MAX_GROWTH, Work, crowded, growth
from worldkit import Conflict, OpError, RuleViolation, World
from worldkit.core.document import json_of
from worldkit.editing.batch import apply
from worldkit.ruleset import refuse_new_errors

Json = dict[str, Any]
EMPTY: Json = {"scene": {"states": {}, "events": []}}


def messages(notes: Any) -> list[str]:
    return [note.message for note in notes]


# ---- all or none -------------------------------------------------------------------------------


def test_a_refused_batch_changes_nothing_and_names_the_operation_by_index_and_kind() -> None:
    world = house()
    batch = [
        {"op": "delete_state", "id": "hall"},
        {"op": "set_narrate", "narrate": True},
        {"op": "remove_event", "id": 3},
    ]
    with pytest.raises(OpError, match=r"operation 2 \(remove_event\) was refused, nothing was changed") as error:
        apply(world, batch)
    assert (error.value.index, error.value.op) == (2, "remove_event")
    assert world.to_dict() == HOUSE
    assert pickle.loads(pickle.dumps(error.value)).index == 2


def test_later_operations_see_what_earlier_ones_did() -> None:
    world = apply(
        World.from_dict(EMPTY),
        [
            {"op": "add_state", "base": "A quiet lane."},
            {"op": "add_state", "id": "gate", "base": "A gate."},
            {"op": "add_transition", "name": "walk", "from": "a_quiet_lane", "to": "gate"},
            {"op": "rename_state", "from": "gate", "to": "yard"},
        ],
    ).world
    assert world.to_dict()["scene"]["events"][0]["to"] == "yard"
    assert world.start == "a_quiet_lane"


def test_the_world_shares_nothing_with_the_operations_or_with_its_own_record_of_them() -> None:
    op: Json = {"op": "add_state", "id": "loft", "state": {"base": "x", "ambient": ["a"]}}
    result = apply(house(), [op])
    op["state"]["ambient"].append("b")
    result.ops[0]["state"]["ambient"].append("c")
    back = apply(result.world, [{"op": "delete_state", "id": "loft"}])
    back.inverse[0]["state"]["ambient"].append("d")
    assert result.world.raw["scene"]["states"]["loft"]["ambient"] == ["a"]
    assert back.inverse[0]["state"]["ambient"] == ["a", "d"]


def test_what_was_not_touched_is_shared_with_the_old_world() -> None:
    world = house()
    after = apply(world, [{"op": "set_field", "state": "hall", "field": "base", "value": "x"}]).world
    assert json_of(after)["scene"]["states"]["attic"] is json_of(world)["scene"]["states"]["attic"]
    assert after.states["attic"] is world.states["attic"]
    assert after.events[0] is world.events[0]


def test_an_empty_batch_is_no_write() -> None:
    result = apply(house(), [])
    assert result.world == house()
    assert (result.world.rev, result.inverse, result.label, len(result.notes)) == ("0", [], "No changes", 0)


# ---- revisions ---------------------------------------------------------------------------------


def test_every_batch_moves_the_revision_by_one_and_a_stale_one_is_refused() -> None:
    one = house().apply([{"op": "set_narrate", "narrate": True}], rev="0")
    two = one.apply([{"op": "set_narrate", "narrate": False}, {"op": "set_intro", "video": "x"}], rev="1")
    assert (one.rev, two.rev) == ("1", "2")
    with pytest.raises(Conflict) as stale:
        two.apply([{"op": "set_narrate", "narrate": True}], rev="1")
    assert (stale.value.expected, stale.value.current) == ("1", "2")


def test_taking_a_batch_back_is_a_new_revision_of_an_equal_world() -> None:
    result = apply_to_house(op="delete_state", id="hall")
    back = apply(result.world, result.inverse).world
    assert (back.rev, back.to_json()) == ("2", house().to_json())


# ---- strict ------------------------------------------------------------------------------------


def test_a_strict_batch_that_introduces_an_error_is_refused_with_only_the_new_ones() -> None:
    world = apply(house(), [{"op": "update_event", "name": "climb", "patch": {"to": None}}]).world
    batch = [{"op": "update_event", "name": "enter stairs", "patch": {"to": None}}]
    with pytest.raises(RuleViolation) as error:
        apply(world, batch, accept=refuse_new_errors)
    assert [(d.lint, d.item.id) for d in error.value.diagnostics] == [("transition-needs-to", "enter stairs")]
    assert apply(world, batch).world.rev == "2"


RENAMES: list[Json] = [
    {"op": "rename_event", "from": "climb", "to": "go up"},
    {"op": "update_event", "name": "climb", "patch": {"name": "go up"}},
]


@pytest.mark.parametrize("op", RENAMES)
@pytest.mark.parametrize("twice", [False, True])
def test_a_strict_batch_may_rename_what_has_an_error(op: Json, twice: bool) -> None:
    document = copy.deepcopy(HOUSE)
    for event in document["scene"]["events"] if twice else document["scene"]["events"][:1]:
        event.update(name="climb", kind="transition")
        event.pop("to", None)
    world = World.from_dict(document)
    assert {d.item.id for d in world.lint().errors} >= {"climb"}
    assert world.apply([op], strict=True) == world.apply([op])
    mistake = {"op": "add_event", "event": {"name": "climb", "kind": "transition", "from": ["stairs"]}}
    if not twice:
        with pytest.raises(RuleViolation, match=r"climb\.to|event\[climb\]\.to"):
            world.apply([op, mistake], strict=True)


def test_a_strict_batch_may_rename_a_state_that_has_an_error() -> None:
    states = {"hall": {"base": "A hall."}, "pit": {"base": "A pit.", "ending": {"kind": "lose", "title": "Under"}}}
    events = [{"name": "fall", "kind": "transition", "from": ["hall"], "to": "pit"}]
    world = World.from_dict({"entrance": {"state": "hall"}, "scene": {"states": states, "events": events}})
    assert [d.item.id for d in world.lint().errors] == ["hall"]
    renamed = world.apply([{"op": "rename_state", "from": "hall", "to": "lobby"}], strict=True)
    assert [d.item.id for d in renamed.lint().errors] == ["lobby"]


def test_a_strict_batch_may_give_events_that_share_a_name_their_own() -> None:
    document = copy.deepcopy(HOUSE)
    for event in document["scene"]["events"]:
        event.update(name="climb", kind="transition")
        event.pop("to", None)
    world = World.from_dict(document)
    fix = next(d.fix() for d in world.lint() if d.fixable and d.item.field == "name")
    assert len({event.name for event in world.apply(fix, strict=True).events}) == 4


def test_an_error_in_what_takes_a_name_over_is_new() -> None:
    world = apply(house(), [{"op": "update_event", "name": "climb", "patch": {"to": None}}]).world
    batch = [
        {"op": "delete_event", "name": "climb"},
        {"op": "rename_event", "from": "enter stairs", "to": "climb"},
        {"op": "update_event", "name": "climb", "patch": {"to": None}},
    ]
    with pytest.raises(RuleViolation):
        world.apply(batch, strict=True)


def test_a_strict_batch_may_leave_old_errors_and_new_warnings() -> None:
    world = apply(house(), [{"op": "update_event", "name": "climb", "patch": {"to": None}}]).world
    batch = [{"op": "add_state", "id": "loft", "base": "Beams meet over bare boards."}]
    result = apply(world, batch, accept=refuse_new_errors)
    assert "unreachable-state" in {d.lint for d in result.world.lint().warnings}


# ---- cascades ----------------------------------------------------------------------------------


def test_deleting_a_state_reports_everything_that_went_or_stayed_with_it() -> None:
    result = apply_to_house(op="delete_state", id="stairs")
    assert messages(result.notes) == [
        'event "climb" is no longer offered in "stairs"',
        'event "enter stairs" lost its destination "stairs"',
        'event "look" was deleted: it had no source left',
        'cutscene "fall" was deleted: it played next to "stairs"',
        'event "descend" lost its destination: cutscene "fall" was deleted',
        'sequence "tour" still walks through "stairs", which was deleted; edit its beats',
        'mission "m" still places an objective in "stairs", which was deleted',
    ]
    assert {(note.lint, note.severity) for note in result.notes} == {("cascade", "info")}
    assert (result.notes[0].path, result.notes[0].item.field) == ("event[climb].from", "from")
    assert result.world.diagnostics == result.notes
    assert result.world.raw["sequences"] == HOUSE["sequences"]
    assert result.world.raw["missions"] == HOUSE["missions"]


def test_deleting_the_entrance_clears_it_and_reports_story_and_outro() -> None:
    assert 'the entrance was cleared: it was "hall"' in messages(apply_to_house(op="delete_state", id="hall").notes)
    assert 'story beat 1 still names "hall", which was deleted' in messages(
        apply_to_house(op="delete_state", id="hall").notes
    )
    attic = messages(apply_to_house(op="delete_state", id="attic").notes)
    assert 'the outro still waits in "attic", which was deleted; set or clear it' in attic


def test_an_event_through_a_cutscene_survives_it_when_only_its_start_is_deleted() -> None:
    batch = [{"op": "update_event", "name": "look", "patch": {"kind": "transition", "to": "fall"}}]
    result = apply(apply(house(), batch).world, [{"op": "delete_state", "id": "attic"}])
    assert result.world.events_by_name["look"].to == "stairs"
    assert 'event "look" now leads straight to "stairs": cutscene "fall" was deleted' in messages(result.notes)


def test_removing_a_sequence_reports_the_story_beat_that_names_it() -> None:
    assert messages(apply_to_house(op="remove_sequence", id="tour").notes) == [
        'story beat 1 still names sequence "tour", which was deleted'
    ]


def test_the_first_state_of_a_world_without_entrance_becomes_it_and_a_note_says_so() -> None:
    result = apply(World.from_dict(EMPTY), [{"op": "add_state", "id": "lane", "base": "x"}])
    assert result.world.raw["entrance"] == {"state": "lane"}
    assert messages(result.notes) == ['state "lane" is the first, so it became the entrance']
    assert len(apply(result.world, [{"op": "add_state", "id": "gate", "base": "x"}]).notes) == 0


def test_notes_belong_to_the_batch_that_made_them() -> None:
    world = apply_to_house(op="delete_state", id="hall").world
    assert len(world.apply([{"op": "set_narrate", "narrate": True}]).diagnostics) == 0


# ---- renaming ----------------------------------------------------------------------------------


def test_renaming_a_state_leaves_the_old_id_nowhere() -> None:
    for id in HOUSE["scene"]["states"]:
        text = apply_to_house(op="rename_state", **{"from": id}, to="elsewhere").world.to_json()
        document = apply_to_house(op="rename_state", **{"from": id}, to="elsewhere").world.raw
        assert list(document["scene"]["states"]).index("elsewhere") == list(HOUSE["scene"]["states"]).index(id)
        assert f'"{id}"' not in text


def test_renaming_repoints_cutscene_ends_outro_and_mission_locations() -> None:
    attic = apply_to_house(op="rename_state", **{"from": "attic"}, to="loft").world.raw
    stairs = apply_to_house(op="rename_state", **{"from": "stairs"}, to="steps").world.raw
    assert (attic["cutscenes"][0]["from"], attic["outro"]["state"]) == ("loft", "loft")
    assert stairs["cutscenes"][0]["to"] == "steps"
    assert stairs["missions"][0]["objectives"][0]["location"] == "steps"


def test_a_from_that_is_a_single_string_stays_one_when_its_state_is_renamed() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][3]["from"] = "stairs"
    result = apply(World.from_dict(document), [{"op": "rename_state", "from": "stairs", "to": "steps"}])
    assert result.world.raw["scene"]["events"][3]["from"] == "steps"


def test_a_destination_that_a_cutscene_of_the_same_id_takes_is_not_repointed() -> None:
    document = copy.deepcopy(HOUSE)
    document["cutscenes"][0]["id"] = "hall"
    document["scene"]["events"][2]["to"] = "hall"
    result = apply(World.from_dict(document), [{"op": "rename_state", "from": "hall", "to": "lobby"}])
    assert result.world.raw["scene"]["events"][2]["to"] == "hall"
    assert apply(result.world, result.inverse).world.to_dict() == document


# ---- inverses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "inverse"),
    [
        ({"op": "add_state", "id": "loft", "base": "x"}, [{"op": "delete_state", "id": "loft"}]),
        (
            {"op": "set_field", "state": "hall", "field": "base", "value": "x"},
            [{"op": "update_state", "id": "hall", "patch": {"base": "A tiled hall under one lamp."}}],
        ),
        (
            {"op": "rename_state", "from": "hall", "to": "lobby"},
            [{"op": "rename_state", "from": "lobby", "to": "hall"}],
        ),
        (
            {"op": "update_event", "name": "climb", "patch": {"name": "go", "detail": "x"}},
            [{"op": "update_event", "name": "go", "patch": {"detail": None, "name": "climb"}}],
        ),
        ({"op": "delete_event", "name": "look"}, [{"op": "add_event", "event": HOUSE["scene"]["events"][3]}]),
        (
            {"op": "add_override", "name": "sit", "from": ["hall"]},
            [{"op": "delete_event", "name": "sit"}],
        ),
        (
            {"op": "set_entrance", "state": "attic", "image": None},
            [{"op": "put_world", "set": {"entrance": HOUSE["entrance"]}}],
        ),
        ({"op": "set_entrance", "state": "attic"}, [{"op": "set_entrance", "state": "hall"}]),
        ({"op": "set_subject", "subject": "x"}, [{"op": "set_subject", "subject": None}]),
        (
            {"op": "add_sequence", "id": "s", "title": "", "beats": [{"state": "hall"}, {"state": "attic"}]},
            [{"op": "remove_sequence", "id": "s"}],
        ),
        (
            {"op": "delete_event", "name": "climb"},
            [{"op": "put_event", "event": HOUSE["scene"]["events"][0], "at": 0}],
        ),
    ],
    ids=str,
)
def test_the_inverse_is_a_contract_operation_wherever_one_says_it_exactly(op: Json, inverse: list[Json]) -> None:
    assert apply_to_house(**op).inverse == inverse


def test_an_edit_that_mends_a_dangling_reference_can_be_taken_back() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][0]["to"] = "loft"
    for batch in (
        [{"op": "add_state", "id": "loft", "base": "x"}],
        [{"op": "rename_state", "from": "attic", "to": "loft"}],
        [{"op": "update_event", "name": "climb", "patch": {"to": "attic"}}],
        [{"op": "add_cutscene", "id": "loft", "video": "v", "from": "hall", "to": "attic"}],
        [{"op": "delete_event", "name": "climb"}],
    ):
        result = apply(World.from_dict(document), batch)
        assert apply(result.world, result.inverse).world.to_dict() == document


def test_a_state_that_a_single_string_from_already_named_leaves_without_a_cascade_when_taken_back() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][3]["from"] = "loft"
    result = apply(World.from_dict(document), [{"op": "add_state", "id": "loft", "base": "x"}])
    assert apply(result.world, result.inverse).world.to_dict() == document


def test_an_entrance_whose_picture_comes_first_is_put_back_that_way() -> None:
    document = copy.deepcopy(HOUSE)
    document["entrance"] = {"image": {"src": "hall.png"}, "state": "hall"}
    for op in ({"op": "set_entrance", "state": None}, {"op": "set_entrance", "state": "attic", "image": None}):
        result = apply(World.from_dict(document), [op])
        assert apply(result.world, result.inverse).world.to_json() == World.from_dict(document).to_json()


# ---- exact operations --------------------------------------------------------------------------


def test_exact_operations_keep_nulls_and_place() -> None:
    batch = [
        {"op": "put_state", "id": "cellar", "state": {"base": "x", "note": None}, "at": 1},
        {"op": "put_state", "id": "attic", "state": {"base": "y"}, "at": 0},
        {"op": "put_event", "event": {"name": "dig", "kind": "override", "from": ["cellar"], "hotkey": None}, "at": 0},
        {"op": "put_event", "name": "look", "event": {"name": "look", "kind": "override", "from": ["hall"]}, "at": 1},
    ]
    result = apply(house(), batch)
    scene = result.world.raw["scene"]
    assert list(scene["states"]) == ["attic", "hall", "cellar", "stairs"]
    assert scene["states"]["cellar"] == {"base": "x", "note": None}
    assert [event["name"] for event in scene["events"]] == ["dig", "look", "climb", "enter stairs", "descend"]
    assert scene["events"][0]["hotkey"] is None
    assert apply(result.world, result.inverse).world.to_json() == house().to_json()


def test_fields_are_put_in_any_order_and_under_any_name() -> None:
    document = {"scene.x": 1, "scene": {"x": 2, "states": {}, "events": []}, "name": "n"}
    batch = [
        {"op": "put_world", "set": {"/scene.x": 3, "scene.x": 4, "//scene.y": 5}},
        {"op": "put_world", "order": ["name", "scene", "scene.events"]},
    ]
    result = apply(World.from_dict(document), batch)
    assert result.world.to_json(None) == (
        '{"name": "n", "scene": {"events": [], "x": 4, "states": {}}, "scene.x": 3, "/scene.y": 5}'
    )
    assert apply(result.world, result.inverse).world.to_dict() == document


def test_removing_several_fields_is_undone_in_their_order() -> None:
    document = {"name": "n", "subject": "A dog.", "scene": {"x": 1, "states": {}, "events": [], "y": 2}, "z": None}
    batch = [
        {"op": "put_world", "remove": ["name", "scene.x", "subject"], "set": {"scene.x": 3, "note": 1, "name": "m"}}
    ]
    result = apply(World.from_dict(document), batch)
    assert result.world.to_json(None) == (
        '{"scene": {"states": {}, "events": [], "y": 2, "x": 3}, "z": null, "note": 1, "name": "m"}'
    )
    assert apply(result.world, result.inverse).world.to_json(None) == World.from_dict(document).to_json(None)


def test_removing_and_ordering_many_fields_costs_as_many_times_more_as_there_are_more_of_them() -> None:
    def prepare(count: int) -> Work:
        names = [f"x{number}" for number in range(count)]
        world = World.from_dict({**dict.fromkeys(names, 1), "scene": {"states": {}, "events": []}})
        batch = [{"op": "put_world", "order": names[::-1]}, {"op": "put_world", "remove": names}]

        def work() -> str:
            result = apply(world, batch)
            assert apply(result.world, result.inverse).world.to_json(None) == world.to_json(None)
            return str(result.inverse)

        return work

    assert growth(prepare, 60) <= MAX_GROWTH


def test_exact_operations_may_leave_what_already_dangled_and_more_only_by_force() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][0]["to"] = "loft"
    world = World.from_dict(document)
    event = {"name": "look", "kind": "transition", "from": ["hall"], "to": "cellar"}
    assert apply(world, [{"op": "put_state", "id": "hall", "state": {"base": "x"}}]).world.rev == "1"
    with pytest.raises(OpError, match='the \'to\' of event "look" naming "cellar", which does not exist'):
        apply(world, [{"op": "put_event", "name": "look", "event": event}])
    with pytest.raises(OpError, match='would leave the entrance naming "cellar"'):
        apply(world, [{"op": "put_world", "set": {"entrance": {"state": "cellar"}}}])
    with pytest.raises(OpError, match='the \'from\' of cutscene "fall" naming "attic"'):
        apply(
            house(),
            [{"op": "put_event", "index": i, "event": None} for i in (2, 0)]
            + [
                {"op": "put_state", "id": "attic", "state": None},
            ],
        )
    result = apply(world, [{"op": "put_event", "name": "look", "event": event, "force": True}])
    assert result.world.events_by_name["look"].to == "cellar"
    mending_ops = [
        {"op": "put_event", "name": "look", "event": event},
        {"op": "add_state", "id": "cellar", "base": "x"},
    ]
    assert apply(world, mending_ops).world.rev == "1"


# ---- worlds that are out of order --------------------------------------------------------------


def test_of_two_events_with_one_name_the_first_is_meant() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][3]["name"] = "climb"
    result = apply(World.from_dict(document), [{"op": "update_event", "name": "climb", "patch": {"name": "rise"}}])
    assert [event.name for event in result.world.events] == ["rise", "enter stairs", "descend", "climb"]
    assert apply(result.world, result.inverse).world.to_dict() == document


def test_a_world_that_dangles_can_be_edited_and_mended() -> None:
    document = copy.deepcopy(HOUSE)
    document["scene"]["events"][0] |= {"from": ["hall", "void"], "to": "loft"}
    world = World.from_dict(document)
    world = world.apply([{"op": "set_event_field", "event": "climb", "field": "base", "value": "x"}])
    world = world.apply([{"op": "set_event_kind", "event": "climb", "kind": "terminal"}])
    with pytest.raises(OpError, match='there is no state "void"'):
        world.apply([{"op": "update_event", "name": "climb", "patch": {"from": ["void"]}}])
    world_after = world.apply([{"op": "update_event", "name": "climb", "patch": {"from": ["hall"], "to": "attic"}}])
    assert world_after.events[0].to == "attic"


def test_ids_and_names_may_hold_dots_spaces_quotes_newlines_and_markup() -> None:
    for id in ("a.b", "two words", 'say "hi"', "line\nbreak", "<script>", "🜁", "__proto__"):
        result = apply(
            house(),
            [
                {"op": "add_state", "id": id, "base": "x"},
                {"op": "add_transition", "name": id, "from": [id], "to": id},
                {"op": "set_field", "state": id, "field": "camera.static", "value": "y"},
                {"op": "set_event_field", "event": id, "field": "detail", "value": "z"},
                {"op": "rename_state", "from": id, "to": id + id},
                {"op": "delete_state", "id": id + id},
            ],
        )
        assert result.world == house()


# ---- hostile batches ---------------------------------------------------------------------------


def nested_lists(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


def loop() -> Json:
    op: Json = {"op": "add_state", "id": "x", "base": "x"}
    op["self"] = op
    return op


@pytest.mark.parametrize(
    "batch",
    [
        None,
        3,
        "add_state",
        b"x",
        {"op": "add_state"},
        [None],
        [3],
        [nested_lists(100_000)],
        [[]],
        [{}],
        [{"op": None}],
        [{"op": 3}],
        [{"op": {"op": "add_state"}}],
        [{"op": "x" * 1_000_000}],
        [{"op": "add_state", "id": 3, "base": "x"}],
        [{"op": "add_state", "id": "", "base": "x"}],
        [{"op": "add_state", "id": "\ud800", "base": "x"}],
        [{"op": "add_state", "id": "x", "base": math.nan}],
        [{"op": "add_state", "id": "x", "base": "x", "extra": math.inf}],
        [{"op": "add_state", "id": "x", "base": "x", "extra": nested_lists(100_000)}],
        [{"op": "add_state", "id": "x", "base": "x", "extra": {1: 2}}],
        [{"op": "add_state", "id": "x", "base": "x", "extra": object()}],
        [{"op": "add_state", 3: "x"}],
        [{"op": "add_event", "name": "x", "kind": "transition", "from": [["hall"]]}],
        [{"op": "add_event", "name": "x", "kind": "transition", "from": {"hall": 1}}],
        [{"op": "add_event", "name": ["x"], "kind": "transition", "from": ["hall"]}],
        [{"op": "add_sequence", "id": ["x"], "title": "x", "beats": []}],
        [{"op": "add_sequence", "id": "x", "title": "x", "beats": [{"state": ["hall"]}]}],
        [{"op": "add_cutscene", "id": {}, "video": "x", "from": [], "to": 3}],
        [{"op": "add_variant", "state": "hall", "label": ["B"], "base": "x"}],
        [{"op": "set_variant_field", "state": "hall", "label": "B", "field": "label", "value": ["C"]}],
        [{"op": "set_variant_field", "state": "hall", "label": "B", "field": "camera.static", "value": {}}],
        [{"op": "add_mission", "mission": {"id": "x", "title": "x", "objectives": [3]}}],
        [{"op": "add_mission", "mission": {"id": "x", "title": "x", "objectives": {"a": 1}}}],
        [{"op": "put_state", "id": "hall", "state": {"base": "x"}, "at": 10**30}],
        [{"op": "put_state", "id": "hall", "state": {"base": "x"}, "at": -1}],
        [{"op": "put_event", "index": 99, "event": None}],
        [{"op": "put_world", "set": {"schemaVersion": "2.0"}}],
        [{"op": "put_world", "set": {"missions": 3}}],
        [{"op": "put_world", "remove": ["nothing"]}],
        [{"op": "put_world", "order": ["name", "name"]}],
        [loop()],
    ],
    ids=lambda batch: repr(batch)[:60] if not isinstance(batch, list) or len(batch) != 1 else repr(type(batch[0])),
)
def test_a_hostile_batch_is_refused_in_words(batch: Any) -> None:
    world = house()
    with pytest.raises(OpError) as error:
        apply(world, batch)
    assert 0 < len(error.value.reason) < 1000
    assert world.to_dict() == HOUSE


def test_operations_may_come_from_any_iterable() -> None:
    def some() -> Iterator[Json]:
        yield {"op": "set_narrate", "narrate": True}
        yield {"op": "set_intro", "video": "x"}

    assert changes(HOUSE, apply(house(), some()).world.to_dict()) == {"narrate": True, "introVideo": "x"}
    assert apply(house(), tuple(some())).world.rev == "1"


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        ({"name": "look", "was": {**HOUSE["scene"]["events"][3], "base": "You wait."}}, 'the event "look" has changed'),
        ({"index": 3, "was": HOUSE["scene"]["events"][0]}, 'event 3 is "look" now, not "climb"'),
        ({"was": HOUSE["scene"]["events"][0]}, 'expected "name" or "index" of the event that "was" describes'),
    ],
)
def test_an_exact_operation_leaves_an_event_alone_that_is_no_longer_what_it_was(op: Json, reason: str) -> None:
    event = {"name": "listen", "kind": "override", "from": ["stairs"]}
    with pytest.raises(OpError, match=reason):
        apply(house(), [{"op": "put_event", **op, "event": event}])
    was = copy.deepcopy(HOUSE["scene"]["events"][3])
    for place in ({"name": "look"}, {"index": 3}):
        result = apply(house(), [{"op": "put_event", **place, "event": event, "was": was}])
        assert result.world.events[3].name == "listen"
        assert apply(result.world, result.inverse).world == house()


@pytest.mark.parametrize("place", [{"index": 3}, {"index": 3, "at": 0}, {"name": "look"}])
@pytest.mark.parametrize("is_shared", [False, True])
def test_what_a_world_allows_follows_an_exact_operation_that_says_what_the_event_was(
    place: Json, is_shared: bool
) -> None:
    document = {**copy.deepcopy(HOUSE), "kernel": {"allow": {"event[look].base": ["negation"]}}}
    was = document["scene"]["events"][3]
    document["scene"]["events"] += [{**was, "to": "hall"}] if is_shared else []
    world = World.from_dict(document)
    op = {"op": "put_event", **place, "event": {**was, "name": "listen"}, "was": was}
    result = apply(world, [op])
    names = ["look", "listen"] if is_shared else ["listen"]
    assert list(result.world.raw["kernel"]["allow"]) == [f"event[{name}].base" for name in names]
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()
    if place == {"index": 3}:
        assert apply(world, [op, op]).world == result.world


@pytest.mark.parametrize("place", [{"index": 0}, {"index": 0, "at": 2}])
def test_an_exact_operation_may_give_an_event_the_name_of_a_later_one_and_can_be_undone(place: Json) -> None:
    was, other = HOUSE["scene"]["events"][0], HOUSE["scene"]["events"][3]["name"]
    world = World.from_dict({**copy.deepcopy(HOUSE), "kernel": {"allow": {f"event[{was['name']}].base": ["count"]}}})
    result = apply(world, [{"op": "put_event", **place, "event": {**was, "name": other}, "was": was}])
    assert list(result.world.raw["kernel"]["allow"]) == [f"event[{other}].base"]
    assert apply(result.world, result.inverse).world.to_json() == world.to_json()


def test_an_exact_operation_that_was_done_before_does_nothing() -> None:
    was = copy.deepcopy(HOUSE["scene"]["events"][3])
    op = {"op": "put_event", "index": 3, "event": {**was, "base": "You wait."}, "was": was}
    once, again = apply(house(), [op]), apply(house(), [op, op])
    assert again.world == once.world and again.inverse == once.inverse
    with pytest.raises(OpError, match='event 3 is "look" now'):
        apply(house(), [op, {"op": "put_event", "index": 3, "event": None, "was": HOUSE["scene"]["events"][0]}])


# ---- renames among changes of lists --------------------------------------------------------------


_NUMBERS = st.integers(0, 3)
_FLAGS = st.builds("f{}".format, _NUMBERS) | st.just("x")
_STATES = st.builds("s{}".format, _NUMBERS) | st.just("x")
_RENAMES_AND_LISTS = (
    st.builds(lambda old, new: {"op": "rename_state", "from": old, "to": new}, _STATES, _STATES)
    | st.builds(lambda old, new: {"op": "rename_flag", "from": old, "to": new}, _FLAGS, _FLAGS)
    | st.builds(
        lambda id, state: {"op": "add_sequence", "id": f"n{id}", "title": "N", "beats": [{"state": state}] * 2},
        _NUMBERS,
        _STATES,
    )
    | st.builds(
        lambda id, start, flag: {
            **BATCHES["add_cutscene"](0),
            "id": id,
            "from": start,
            "requires": [flag],
        },
        st.builds("c{}".format, _NUMBERS) | _STATES,
        _STATES,
        _FLAGS,
    )
    | st.builds(
        lambda id, given, needed: {
            "op": "add_mission",
            "id": f"n{id}",
            "title": "N",
            "complete": needed,
            "objectives": [{"id": given, "text": "Do", "location": "a", "requires": [needed]}],
        },
        _NUMBERS,
        _FLAGS,
        _FLAGS,
    )
    | st.builds(
        lambda batch, number: BATCHES[batch](number),
        st.sampled_from(
            ["remove_cutscene", "remove_sequence", "set_story", "add_story_beat", "set_variant_field", "delete_state"]
        ),
        _NUMBERS,
    )
)


@settings(deadline=None, max_examples=200)
@given(st.lists(_RENAMES_AND_LISTS, max_size=12))
def test_a_batch_of_renames_and_changes_of_lists_is_taken_back_and_done_again_exactly(ops: list[Json]) -> None:
    before = after = World.from_dict(crowded(4))
    done = []
    for op in ops:
        try:
            after = apply(after, [op]).world
        except OpError:
            continue
        done.append(op)
    there = apply(before, done)
    assert there.world == after
    back = apply(there.world, there.inverse)
    assert back.world.to_json() == before.to_json()
    assert apply(back.world, back.inverse).world.to_json() == after.to_json()
