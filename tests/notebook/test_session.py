"""The editor's functional core, arm by arm: a state and a message make a state, a reply and a broadcast."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edit.ops_strategy import operations, rich_documents
from tests.notebook import declared
from tests.notebook.client import Browser
from worldkit import World, WorldError
from worldkit.core.document import json_of
from worldkit.ruleset import lint
from worldkit.widgets import editor_state, gestures, history, parsing, protocol, reducer
from worldkit.widgets.editor_state import EditorState
from worldkit.widgets.protocol import Address
from worldkit.widgets.reducer import ReducerResult, reduce

ADDRESS = Address("7", "v")
ADD = {"op": "add_state", "id": "attic", "base": "The attic smells of cedar; dust turns in one bar of sun."}
RENAME = {"op": "rename_state", "from": "lane", "to": "road"}


@pytest.fixture
def state(lane: World) -> EditorState:
    return editor_state.open_editor(lane)


def ask(state: EditorState, message: dict[str, Any], read_only: bool = False) -> ReducerResult:
    step = reduce(state, parsing.read_editor(message), ADDRESS, read_only=read_only)
    for content in (step.reply, step.change_message):
        if content is not None:
            declared.check({"content": content})
    return step


def edit(state: EditorState, *ops: dict[str, Any], **more: Any) -> ReducerResult:
    return ask(state, {"type": "edit", "base": state.world.rev, "ops": list(ops), **more})


# ---- accepted ----------------------------------------------------------------------------------


def test_an_edit_is_accepted_and_told_to_everybody(state: EditorState) -> None:
    step = edit(state, RENAME)
    assert step.reply == {"type": "accepted", "id": "7", "view": "v", "rev": "1", "notes": []}
    assert step.change_message is not None
    assert step.change_message["type"] == "changed"
    assert (step.change_message["from"], step.change_message["rev"], step.change_message["cause"]) == ("0", "1", "7")
    assert (step.change_message["undo"], step.change_message["redo"]) == ("Rename lane to road", None)
    assert step.change_message["patch"]["states"] == [[0, 1, [["road", state.world.raw["scene"]["states"]["lane"]]]]]
    view = Browser(reducer.seed(state))
    view.hear(step.change_message)
    assert view.diagnostics == lint(step.state.world).to_list()
    assert list(step.state.world.states) == ["road", "gate", "hall"]


def test_what_an_edit_takes_along_is_in_its_reply(state: EditorState) -> None:
    step = edit(state, {"op": "delete_state", "id": "gate"})
    assert step.reply["type"] == "accepted"
    assert {note["lint"] for note in step.reply["notes"]} == {"cascade"}


def test_a_renamed_state_keeps_its_place_and_a_new_one_finds_free_ground(state: EditorState) -> None:
    placed = gestures.move_cards(state, {"lane": (800.0, -160.0)})
    step = edit(placed, RENAME, ADD)
    assert step.change_message is not None
    assert step.state.positions["road"] == (800.0, -160.0)
    assert {id: step.state.positions[id] for id in ("gate", "hall")} == {
        id: state.positions[id] for id in ("gate", "hall")
    }
    assert step.change_message["layout"] == {id: list(step.state.positions[id]) for id in ("road", "attic")}


def test_positions_of_an_edit_belong_to_its_gesture(state: EditorState) -> None:
    step = edit(state, ADD, positions={"attic": [40, 80]}, label="Drop a state")
    assert step.state.positions["attic"] == (40, 80)
    assert len(step.state.undo_stack) == 1
    back = history.undo(step.state)
    assert back.world == state.world and back.positions == state.positions
    again = history.redo(back)
    assert again.world == step.state.world and again.positions == step.state.positions


def test_an_edit_that_changes_nothing_leaves_no_gesture(state: EditorState) -> None:
    same = {"op": "set_field", "state": "lane", "field": "base", "value": state.world.states["lane"].base}
    for ops in ([], [same]):
        step = edit(state, *ops)
        assert step.reply["type"] == "accepted" and step.reply["rev"] == "0"
        assert step.change_message is None and step.state.undo_stack == ()


def test_a_label_of_the_views_own_is_kept_on_one_line(state: EditorState) -> None:
    step = edit(state, ADD, label="  Paste\n<b>12</b>\x00 states " + "x" * 500)
    assert step.change_message is not None
    assert (
        step.change_message["undo"].startswith("Paste <b>12</b> states xxx") and len(step.change_message["undo"]) == 120
    )


def test_a_move_changes_places_only_and_is_one_gesture(state: EditorState) -> None:
    step = ask(state, {"type": "move", "positions": {"lane": [8, 16], "gate": [0.5, -3]}})
    assert step.reply["type"] == "accepted"
    assert step.change_message is not None
    assert step.change_message["from"] == step.change_message["rev"] == "0"
    assert step.change_message["layout"] == {"lane": [8, 16], "gate": [0.5, -3]}
    assert step.change_message["patch"] == {"states": [], "events": [], "world": {"set": {}, "remove": []}}
    assert step.change_message["undo"] == "Move 2 states"
    assert history.undo(step.state).positions == state.positions


def test_a_move_to_where_it_stands_is_no_gesture(state: EditorState) -> None:
    step = ask(state, {"type": "move", "positions": {"lane": list(state.positions["lane"])}})
    assert step.reply["type"] == "accepted" and step.change_message is None


def test_laying_everything_out_anew_can_be_undone(state: EditorState) -> None:
    after_move = gestures.move_cards(state, {"lane": (5000.0, 5000.0)})
    step = ask(after_move, {"type": "tidy", "everything": True})
    assert step.state.positions == state.positions
    assert step.change_message is not None and step.change_message["undo"] == "Lay out everything"
    back = history.undo(step.state)
    assert back.positions == after_move.positions and back.pinned_states == {"lane"}


def test_laying_out_leaves_what_a_person_placed_where_it_is(state: EditorState) -> None:
    dropped = edit(gestures.move_cards(state, {"lane": (5000.0, 40.0)}), ADD, positions={"attic": [4000, 800]}).state
    after_rename = edit(dropped, RENAME).state
    step = ask(after_rename, {"type": "tidy"})
    assert step.state.pinned_states == {"road", "attic"}
    assert {id: step.state.positions[id] for id in ("road", "attic")} == {"road": (5000, 40), "attic": (4000, 800)}
    assert step.state.positions["gate"] != state.positions["gate"], "the rest is laid out beside it"
    assert step.change_message is not None and step.change_message["undo"] == "Lay out the rest"
    assert history.undo(history.undo(history.undo(after_rename))).pinned_states == frozenset()


def test_cards_given_a_place_when_the_editor_opens_are_placed_by_a_person(lane: World) -> None:
    state = editor_state.open_editor(lane, {"hall": (16.0, 24.0), "nobody": (0.0, 0.0)})
    assert state.pinned_states == {"hall"}
    assert gestures.tidy(state).positions["hall"] == (16.0, 24.0)


def test_a_move_is_called_what_the_view_calls_it(state: EditorState) -> None:
    step = ask(state, {"type": "move", "positions": {"lane": [8, 16]}, "label": "Align left"})
    assert step.change_message is not None and step.change_message["undo"] == "Align left"


def test_findings_travel_as_differences(state: EditorState) -> None:
    quiet = edit(state, {"op": "set_field", "state": "lane", "field": "base", "value": "A lane at dusk; rooks call."})
    assert quiet.change_message is not None and quiet.change_message["diagnostics"] == []
    loud = edit(quiet.state, {"op": "update_event", "name": "walk", "patch": {"requires": ["a flag nobody grants"]}})
    assert loud.change_message is not None
    assert any(diagnostic["lint"] for _, _, insert in loud.change_message["diagnostics"] for diagnostic in insert)
    move = ask(loud.state, {"type": "move", "positions": {"lane": [8, 16]}})
    assert move.change_message is not None and move.change_message["diagnostics"] == []


def test_a_fix_settles_one_finding_and_is_one_gesture(state: EditorState) -> None:
    state_with_sliver = edit(state, {"op": "set_event_anchor", "event": "walk", "label": "gate"}).state
    diagnostic = next(d for d in state_with_sliver.diagnostics if d.lint == "sliver-evidence")
    step = ask(state_with_sliver, {"type": "fix", "lint": diagnostic.lint, "item": diagnostic.to_dict()["item"]})
    assert step.reply["type"] == "accepted"
    assert diagnostic not in list(step.state.diagnostics)
    assert step.state.undo_label == f"Fix: {diagnostic.remedy}"
    assert history.undo(step.state).world == state_with_sliver.world


def test_all_findings_of_a_rule_are_fixed_as_one_gesture(state: EditorState) -> None:
    state_with_sliver = edit(
        state,
        {"op": "set_event_anchor", "event": "walk", "label": "gate"},
        {"op": "add_transition", "name": "again", "event": {"from": ["lane"], "to": "gate"}},
        {"op": "set_event_anchor", "event": "again", "label": "gate"},
    ).state
    slivers = [finding for finding in state_with_sliver.diagnostics if finding.lint == "sliver-evidence"]
    assert len(slivers) == 2
    step = ask(state_with_sliver, {"type": "fix_all", "lint": "sliver-evidence"})
    assert step.reply["type"] == "accepted" and step.state.undo_label is not None
    assert step.state.undo_label.startswith("Fix all: ")
    assert not [finding for finding in step.state.diagnostics if finding.lint == "sliver-evidence"]
    assert history.undo(step.state).world == state_with_sliver.world
    assert ask(step.state, {"type": "fix_all", "lint": "sliver-evidence"}).reply["code"] == "conflict"
    assert ask(state_with_sliver, {"type": "fix_all", "lint": "no-such-rule"}).reply["code"] == "rule"
    assert (
        ask(state_with_sliver, {"type": "fix_all", "lint": "sliver-evidence"}, read_only=True).reply["code"]
        == "read_only"
    )


def test_a_preview_says_what_edits_would_do_and_changes_nothing(state: EditorState) -> None:
    needs = {"op": "update_event", "name": "walk", "patch": {"requires": ["a flag nobody grants"]}}
    step = ask(state, {"type": "preview", "ops": [needs]})
    assert step.state is state and step.change_message is None
    assert step.reply["changes"] and step.reply["raised"] >= 1 and step.reply["settled"] == 0
    assert any("a flag nobody grants" in sentence for sentence in step.reply["fresh"])
    loud = edit(state, needs).state
    back = ask(loud, {"type": "preview", "ops": [{"op": "update_event", "name": "walk", "patch": {"requires": []}}]})
    assert (back.reply["settled"], back.reply["raised"], back.reply["fresh"]) == (step.reply["raised"], 0, [])
    assert ask(state, {"type": "preview", "ops": []}).reply["changes"] == []
    refusal = ask(state, {"type": "preview", "ops": [{"op": "delete_state", "id": "nowhere"}]}, read_only=True)
    assert (refusal.reply["type"], refusal.reply["code"], refusal.state) == ("rejected", "op", state)


def test_a_preview_names_the_world_where_a_finding_is_about_it(state: EditorState) -> None:
    step = ask(state, {"type": "preview", "ops": [{"op": "update_state", "id": "hall", "patch": {"ending": None}}]})
    assert "world: no state has an ending; give one a win or a lose ending" in step.reply["fresh"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_preview_tells_the_findings_that_the_edit_leaves(data: st.DataObject) -> None:
    before = editor_state.open_editor(World.from_dict(data.draw(rich_documents())))
    batch = data.draw(st.lists(operations(before.world.raw), max_size=3))
    preview = ask(before, {"type": "preview", "ops": batch}).reply
    step = edit(before, *batch)
    assert (preview["type"] == "rejected") == (step.reply["type"] == "rejected")
    if preview["type"] == "preview":
        assert step.state.diagnostics.total - before.diagnostics.total == preview["raised"] - preview["settled"]


def test_undo_and_redo_walk_the_history_with_their_labels(state: EditorState) -> None:
    one = edit(state, RENAME).state
    two = edit(one, ADD).state
    back = ask(two, {"type": "undo"})
    assert back.change_message is not None
    assert (back.change_message["undo"], back.change_message["redo"]) == ("Rename lane to road", "Add state attic")
    assert back.state.world == one.world and back.state.positions == one.positions
    assert int(back.state.world.rev) > int(two.world.rev), "a revision is never used twice"
    forth = ask(back.state, {"type": "redo"})
    assert forth.state.world == two.world and forth.state.positions == two.positions
    assert forth.state.ops == two.ops


def test_a_new_gesture_forgets_what_could_be_redone(state: EditorState) -> None:
    back = history.undo(edit(state, RENAME).state)
    assert edit(back, ADD).state.redo_stack == ()


def test_pictures_of_states_are_answered_also_where_nothing_may_be_changed(state: EditorState) -> None:
    step = ask(state, {"type": "pictures", "states": ["lane", "nowhere"]}, read_only=True)
    assert step.state is state and step.change_message is None
    assert list(step.reply["pictures"]) == ["lane"]
    [svg] = step.reply["pictures"]["lane"]["layers"]
    assert svg.startswith("<svg") and len(svg) < 6_000


def test_hello_is_answered_with_the_seed_as_it_is_now(state: EditorState) -> None:
    after = edit(state, ADD).state
    step = ask(after, {"type": "hello"})
    seed = step.reply["seed"]
    assert step.reply["type"] == "seed" and step.change_message is None
    assert seed["world"] is json_of(after.world) and seed["order"] == ["lane", "gate", "hall", "attic"]
    assert (seed["protocol"], seed["rev"], seed["undo"], seed["redo"]) == (1, "1", "Add state attic", None)
    assert set(seed["layout"]) == set(after.world.states)
    assert all(rule["title"] and rule["explanation"] for rule in seed["rules"].values())


def test_code_is_the_edits_as_python(state: EditorState) -> None:
    step = ask(edit(state, RENAME).state, {"type": "code"})
    assert step.reply["type"] == "code" and "rename_state" in step.reply["text"]


# ---- rejected ----------------------------------------------------------------------------------

READ_ONLY = "read_only"
REFUSED = [
    ("stale base", {"type": "edit", "base": "9", "ops": [ADD]}, "conflict", "at revision 0"),
    ("op error", {"type": "edit", "base": "0", "ops": [{"op": "delete_state", "id": "x"}]}, "op", "'x'|\"x\""),
    ("unknown op", {"type": "edit", "base": "0", "ops": [{"op": "explode"}]}, "op", "no such operation"),
    ("second of two", {"type": "edit", "base": "0", "ops": [ADD, ADD]}, "op", "operation 1"),
    ("undo empty", {"type": "undo"}, "op", "nothing to undo"),
    ("redo empty", {"type": "redo"}, "op", "nothing to redo"),
    ("move of a stranger", {"type": "move", "positions": {"x": [0, 0]}}, "conflict", "deleted or renamed"),
    (
        "finding that is gone",
        {"type": "fix", "lint": "budget", "item": {"kind": "state", "id": "x"}},
        "conflict",
        "gone",
    ),
]


@pytest.mark.parametrize(("message", "code", "pattern"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_refusal_says_why_and_changes_nothing(state: EditorState, message: Any, code: str, pattern: str) -> None:
    import re

    step = ask(state, message)
    assert step.state is state and step.change_message is None
    assert {k: step.reply[k] for k in ("type", "id", "view", "rev", "code")} == {
        "type": "rejected",
        "id": "7",
        "view": "v",
        "rev": "0",
        "code": code,
    }
    assert re.search(pattern, step.reply["message"]), step.reply["message"]


def test_a_finding_without_a_safe_fix_is_refused_by_rule(state: EditorState) -> None:
    faulty = edit(state, {"op": "set_field", "state": "lane", "field": "base", "value": "There is no light."}).state
    diagnostic = next(d for d in faulty.diagnostics if d.lint == "negation")
    step = ask(faulty, {"type": "fix", "lint": "negation", "item": diagnostic.to_dict()["item"]})
    assert step.reply["code"] == "rule" and "no safe fix" in step.reply["message"]
    assert step.state is faulty


@pytest.mark.parametrize(
    "message",
    [
        {"type": "edit", "base": "0", "ops": [ADD]},
        {"type": "undo"},
        {"type": "redo"},
        {"type": "move", "positions": {"lane": [0, 0]}},
        {"type": "tidy"},
        {"type": "fix", "lint": "budget", "item": {"kind": "state", "id": "lane", "field": "base"}},
    ],
    ids=lambda message: str(message["type"]),
)
def test_a_read_only_editor_refuses_every_change(state: EditorState, message: dict[str, Any]) -> None:
    used = edit(state, RENAME).state
    step = ask(used, message, read_only=True)
    assert step.reply["code"] == READ_ONLY and step.state is used and step.change_message is None


@pytest.mark.parametrize("kind", ["hello", "code"])
def test_a_read_only_editor_still_answers_questions(state: EditorState, kind: str) -> None:
    step = ask(state, {"type": kind}, read_only=True)
    assert step.reply["type"] in ("seed", "code")


MALFORMED: list[tuple[Any, str]] = [
    (None, "an object"),
    ([], "an object"),
    ("edit", "an object"),
    ({}, "type"),
    ({"type": "explode"}, "type"),
    ({"type": ["edit"]}, "type"),
    ({"type": "edit", "ops": []}, "base"),
    ({"type": "edit", "base": True, "ops": []}, "base"),
    ({"type": "edit", "base": "0"}, "ops"),
    ({"type": "edit", "base": "0", "ops": {"op": "undo"}}, "ops"),
    ({"type": "edit", "base": "0", "ops": ["undo"]}, "ops"),
    ({"type": "edit", "base": "0", "ops": [], "label": 1}, "label"),
    ({"type": "edit", "base": "0", "ops": [], "positions": [1]}, "positions"),
    ({"type": "move"}, "positions"),
    ({"type": "move", "positions": {}}, "positions"),
    ({"type": "move", "positions": {"a": [1]}}, "positions"),
    ({"type": "move", "positions": {"a": [1, "2"]}}, "positions"),
    ({"type": "move", "positions": {"a": [1, True]}}, "positions"),
    ({"type": "move", "positions": {"a": [1, 1e300]}}, "positions"),
    ({"type": "fix", "item": {}}, "lint"),
    ({"type": "fix", "lint": "x", "item": "lane"}, "item"),
    ({"type": "fix", "lint": "x", "item": {"id": 3}}, "item"),
    ({"type": "code", "extra": "half of a pair \ud800"}, "surrogate"),
    ({"type": "tidy", "everything": 1}, "everything: expected true or false"),
    ({"type": "move", "positions": {"a": [0, 0]}, "label": 7}, "label: expected a string"),
]


@pytest.mark.parametrize(("message", "problem"), MALFORMED)
def test_what_is_no_request_is_refused_with_the_part_that_is_wrong(message: Any, problem: str) -> None:
    with pytest.raises(parsing.Malformed, match=problem):
        parsing.read_editor(message)


def test_an_address_that_cannot_be_echoed_is_answered_to_nobody() -> None:
    assert protocol.address({"id": "a", "view": 3}) == Address("a", 3)
    for odd in ({"id": True, "view": {}}, {"id": "\ud800", "view": "x" * 201}, None, [], {"id": 2**60, "view": 1.5}):
        assert protocol.address(odd) == Address()


def test_one_edit_of_a_thousand_states_is_a_small_message() -> None:
    count = 1000
    prose = "A corridor of whitewashed brick runs on between doors; a lamp hums over each, and none of them is lit. "
    states = {f"room_{n}": {"base": prose * 4} for n in range(count)}
    events = [
        {
            "name": f"on_{n}",
            "kind": "transition",
            "from": [f"room_{n}"],
            "to": f"room_{n + 1}",
            "requires": [f"key_{n}"],
        }
        for n in range(count - 1)
    ]
    document = {"schemaVersion": "1.0", "entrance": {"state": "room_0"}, "scene": {"states": states, "events": events}}
    state = editor_state.open_editor(World.from_dict(document))
    assert state.diagnostics.total > count, "a world with much to say about it"
    for op in (
        {"op": "set_field", "state": "room_500", "field": "base", "value": prose},
        {"op": "update_event", "name": "on_3", "patch": {"requires": None}},
        {"op": "delete_state", "id": "room_990"},
        {"op": "rename_state", "from": "room_10", "to": "cellar"},
    ):
        step = edit(state, op)
        assert step.change_message is not None
        assert protocol.size(step.change_message) < 20_000, op


# ---- laws --------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(rich_documents(), st.data())
def test_a_view_that_is_only_told_what_changed_ends_with_the_same_world(
    document: dict[str, Any], data: st.DataObject
) -> None:
    state = editor_state.open_editor(World.from_dict(document))
    view = Browser(reducer.seed(state))
    for _ in range(data.draw(st.integers(1, 6))):
        message: dict[str, Any] = {"type": data.draw(st.sampled_from(["edit", "edit", "edit", "undo", "redo", "tidy"]))}
        if message["type"] == "edit":
            message |= {"base": state.world.rev, "ops": data.draw(st.lists(operations(state.world.raw), max_size=3))}
        step = ask(state, message)
        state = step.state
        if step.change_message is not None:
            view.hear(step.change_message)
    assert view.copy.same_as(state.world.raw)
    assert view.layout == {id: list(place) for id, place in state.positions.items()}
    assert view.rev == state.world.rev
    assert view.diagnostics == state.diagnostics.to_list()


@settings(max_examples=60, deadline=None)
@given(rich_documents(), st.data())
def test_undoing_everything_gives_the_world_as_opened_and_redoing_everything_the_edited_one(
    document: dict[str, Any], data: st.DataObject
) -> None:
    first = editor_state.open_editor(World.from_dict(document))
    state = first
    for _ in range(data.draw(st.integers(1, 5))):
        try:
            state = gestures.apply_ops(state, data.draw(st.lists(operations(state.world.raw), max_size=3)))
        except WorldError:
            continue
    back = state
    while back.undo_stack:
        back = history.undo(back)
    assert back.world == first.world and dict(back.positions) == dict(first.positions)
    assert list(back.diagnostics) == list(first.diagnostics)
    forth = back
    while forth.redo_stack:
        forth = history.redo(forth)
    assert forth.world == state.world and dict(forth.positions) == dict(state.positions)
    assert first.world.apply(state.ops) == state.world
    space: dict[str, Any] = {"world": first.world}
    exec(reducer.code(state), space)
    assert space["world"] == state.world


def test_the_core_never_changes_a_state_it_was_given(state: EditorState) -> None:
    copy = replace(state)
    before = state.world.to_dict()
    after = edit(edit(state, RENAME).state, ADD).state
    history.undo(history.undo(after))
    assert state == copy and state.world.to_dict() == before
