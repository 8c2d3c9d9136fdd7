"""What an editor's view asks about flags: merging, deleting, and where they are held."""

from __future__ import annotations

from typing import Any

import worldkit as wk
from tests.notebook import declared
from worldkit.widgets import editor_state, history, parsing
from worldkit.widgets.editor_state import EditorState
from worldkit.widgets.protocol import Address
from worldkit.widgets.reducer import ReducerResult, reduce


def ask(state: EditorState, **message: Any) -> ReducerResult:
    step = reduce(state, parsing.read_editor(message), Address("7", "v"))
    for content in (step.reply, step.change_message):
        if content is not None:
            declared.check({"content": content})
    return step


def open_state() -> EditorState:
    return editor_state.open_editor(wk.samples.load("lighthouse"))


def test_flags_that_are_merged_are_one_step_to_undo() -> None:
    state = open_state()
    after = ask(state, type="flag", flags=["oil", "wound"], into="hand_lamp").state
    assert after.world == state.world.merge_flags("oil", "hand_lamp").merge_flags("wound", "hand_lamp")
    assert after.undo_label == "Merge 2 flags into hand_lamp"
    assert history.undo(after).world == state.world


def test_flags_that_are_deleted_are_one_step_to_undo() -> None:
    state = open_state()
    after = ask(state, type="flag", flags=["rope"]).state
    assert after.world == state.world.delete_flag("rope") and after.undo_label == "Delete flag rope"


def test_a_flag_that_cannot_go_is_refused_in_words() -> None:
    step = ask(open_state(), type="flag", flags=["lamp_lit"])
    assert step.reply["code"] == "op" and "of a mission gives" in step.reply["message"]
    assert (
        ask(open_state(), type="flag", flags=["nothing"]).reply["message"] == 'there is no flag "nothing" in this world'
    )


def test_a_view_is_told_where_flags_are_held() -> None:
    editor = wk.edit(wk.samples.load("lighthouse"))
    reply = editor._result({"type": "held", "id": 1, "view": "v"}, Address(1, "v")).reply
    declared.check({"content": reply})
    assert reply["flags"]["lamp_lit"]["always"][0] == "lamp_lit" and reply["flags"]["lamp_lit"]["sometimes"] == []
    namesake = {"name": "go", "kind": "transition", "from": ["hall"], "to": "hall"}
    events = [namesake, {**namesake, "autoAfterMs": 1000}]
    namesakes = wk.edit(wk.load({"scene": {"states": {"hall": {"base": "A hall."}}, "events": events}}))
    refused = namesakes._result({"type": "held", "id": 1, "view": "v"}, Address(1, "v")).reply
    declared.check({"content": refused})
    assert 'of several events named "go"' in refused["message"] and "too many" not in refused["message"]
    empty = wk.edit(wk.load({"scene": {"states": {}, "events": []}}))
    guards = empty._result({"type": "guards", "id": 1, "view": "v"}, Address(1, "v")).reply
    declared.check({"content": guards})
    assert guards["guards"] == []
    assert empty._result({"type": "held", "id": 1, "view": "v"}, Address(1, "v")).reply["flags"] == {}
