"""The editor's shell: exactly which messages leave it, in which order, whatever comes in."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.notebook.client import Browser
from tests.notebook.conftest import RecordingComm
from tests.notebook.test_code import HOSTILE
from worldkit import Editor, OpError, RuleViolation, World, WorldError, WrongArgument, compare, edit, play
from worldkit.editing.replace import replace_ops
from worldkit.widgets import accepted_requests, protocol, reducer
from worldkit.widgets import editor as editor_module
from worldkit.widgets.bundle import FrontEndMissing, bundle

ADD = {"op": "add_state", "id": "attic", "base": "The attic smells of cedar."}
RENAME = {"op": "rename_state", "from": "lane", "to": "road"}


def message(kind: str, **body: Any) -> dict[str, Any]:
    return {"type": kind, "id": "1", "view": "a", **body}


@pytest.fixture
def editor(lane: World, comms: list[RecordingComm]) -> Editor:
    editor = edit(lane)
    editor.comm.take()
    return editor


def summary(messages: list[dict[str, Any]]) -> list[str]:
    return [m["type"] + (f":{m['code']}" if m["type"] == "rejected" else "") for m in messages]


def test_opening_sends_one_state_with_the_seed_and_no_message(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, layout={"lane": (40, 8)})
    assert len(comms) == 1, "the editor is one model, without models for layout and style"
    [opening] = editor.comm.published
    state = opening["state"]
    assert opening["msg_type"] == "comm_open"
    assert state["seed"]["world"] == lane.raw and state["seed"]["layout"]["lane"] == [40, 8]
    assert (state["height"], state["theme"], state["read_only"], state["selection"]) == (560, "auto", False, None)
    assert state["_esm"] and ":host" in state["_css"]


def test_an_edit_is_told_to_every_view_and_then_answered(editor: Editor) -> None:
    editor.comm.receive(message("edit", base="0", ops=[RENAME]))
    changed, reply = editor.comm.take()
    assert changed["type"] == "changed" and "view" not in changed and changed["cause"] == "1"
    assert reply == {"type": "accepted", "id": "1", "view": "a", "rev": "1", "notes": []}
    assert list(editor.world.states) == ["road", "gate", "hall"]


def test_a_change_from_python_is_told_to_every_view_without_a_cause(editor: Editor) -> None:
    assert editor.apply([RENAME], label="Road") is editor
    [changed] = editor.comm.take()
    assert (changed["type"], changed["cause"], changed["undo"]) == ("changed", None, "Road")


def test_python_and_the_browser_share_one_history(editor: Editor) -> None:
    before = editor.world
    editor.comm.receive(message("edit", base="0", ops=[RENAME]))
    editor.apply([ADD])
    editor.comm.receive(message("undo"))
    assert [op["op"] for op in editor.ops] == ["rename_state"]
    editor.undo()
    assert editor.world == before and editor.ops == []
    editor.redo()
    editor.redo()
    assert before.apply(editor.ops) == editor.world
    space: dict[str, Any] = {"w": before}
    exec(editor.code("w"), space)
    assert space["w"] == editor.world


def test_state_asked_for_later_holds_the_world_as_it_is_then(editor: Editor) -> None:
    editor.apply([RENAME])
    assert editor.get_state()["seed"] == reducer.seed(editor._state)
    assert editor.get_state("seed")["seed"]["rev"] == "1"


def test_a_view_that_missed_something_reseeds_with_hello(editor: Editor) -> None:
    editor.apply([ADD])
    editor.comm.take()
    editor.comm.receive(message("hello"))
    [reply] = editor.comm.take()
    assert (reply["type"], reply["id"], reply["view"]) == ("seed", "1", "a")
    assert reply["seed"]["rev"] == "1" and "attic" in reply["seed"]["world"]["scene"]["states"]


def test_a_stale_edit_is_refused_as_a_conflict_and_the_next_one_on_the_new_base_is_taken(editor: Editor) -> None:
    editor.apply([ADD])
    editor.comm.take()
    editor.comm.receive(message("edit", base="0", ops=[RENAME]))
    [rejection] = editor.comm.take()
    assert (rejection["code"], rejection["rev"]) == ("conflict", "1")
    editor.comm.receive(message("edit", base=rejection["rev"], ops=[RENAME]))
    assert summary(editor.comm.take()) == ["changed", "accepted"]


def test_a_request_that_is_sent_again_is_done_once_and_answered_as_before(editor: Editor) -> None:
    editor.comm.receive(message("edit", base="0", ops=[RENAME]))
    [_, reply] = editor.comm.take()
    editor.apply([ADD])
    editor.comm.take()
    editor.comm.receive(message("edit", base="2", ops=[RENAME], again=True))
    assert editor.comm.take() == [reply] and editor.world.rev == "2"
    editor.comm.receive({**message("undo", again=True), "view": "b"})
    assert summary(editor.comm.take()) == ["changed", "accepted"], "of another view, so it was never carried out"


def test_a_request_that_never_came_or_was_refused_is_carried_out_when_it_is_sent_again(editor: Editor) -> None:
    editor.comm.receive(message("edit", base="7", ops=[RENAME]))
    assert summary(editor.comm.take()) == ["rejected:conflict"]
    editor.comm.receive(message("edit", base="0", ops=[RENAME], again=True))
    assert summary(editor.comm.take()) == ["changed", "accepted"]


def test_of_each_view_so_many_requests_are_remembered_and_no_more(editor: Editor) -> None:
    for n in range(accepted_requests.MAX_REPLIES_PER_VIEW + 1):
        editor.comm.receive({**message("move", positions={"lane": [n, n]}), "id": f"{n}"})
    editor.comm.take()
    editor.comm.receive({**message("undo", again=True), "id": "1"})
    assert summary(editor.comm.take()) == ["accepted"]
    editor.comm.receive({**message("undo", again=True), "id": "0"})
    assert summary(editor.comm.take()) == ["changed", "accepted"]


def test_what_other_views_do_is_no_reason_to_carry_a_request_out_again(editor: Editor) -> None:
    editor.comm.receive({**message("move", positions={"lane": [5, 5]}), "view": "other"})
    editor.comm.receive(message("undo"))
    for n in range(100):
        editor.comm.receive({**message("move", positions={"gate": [n, n]}), "id": f"{n}", "view": "other"})
    editor.comm.take()
    editor.comm.receive(message("undo", again=True))
    assert summary(editor.comm.take()) == ["accepted"] and editor.layout["gate"] == (99, 99)


def test_views_that_were_heard_last_are_remembered_and_no_more(editor: Editor) -> None:
    for n in range(accepted_requests.MAX_VIEWS):
        editor.comm.receive({**message("move", positions={"lane": [n, n]}), "view": f"{n}"})
    for n, view in enumerate(["0", "new"]):
        editor.comm.receive({**message("move", positions={"gate": [n, n]}), "id": "later", "view": view})
    editor.comm.take()
    for view, kinds in {"0": ["accepted"], "2": ["accepted"], "1": ["changed", "accepted"]}.items():
        editor.comm.receive({**message("undo", again=True), "view": view})
        assert summary(editor.comm.take()) == kinds, view


def test_twenty_quick_edits_are_all_answered_in_order(editor: Editor) -> None:
    view = Browser(reducer.seed(editor._state))
    for n in range(20):
        op = {"op": "add_state", "id": f"room{n}", "base": f"Room {n}."}
        editor.comm.receive({"type": "edit", "id": f"{n}", "view": "a", "base": str(n), "ops": [op]})
    messages = editor.comm.take()
    assert summary(messages) == ["changed", "accepted"] * 20
    for message in messages:
        view.hear(message)
    assert [(r["id"], r["rev"]) for r in view.replies] == [(str(n), str(n + 1)) for n in range(20)]
    assert view.copy.same_as(editor.world.raw)
    assert view.layout == {id: list(place) for id, place in editor.layout.items()}


def test_messages_from_two_threads_never_interleave(editor: Editor) -> None:
    def work(name: str) -> None:
        for n in range(15):
            editor.comm.receive(
                {"type": "move", "id": f"{name}{n}", "view": name, "positions": {"lane": [n, ord(name)]}}
            )
            editor.apply([{"op": "add_state", "id": f"{name}{n}", "base": "A room."}])

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    view = Browser(reducer.seed(editor._state))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = editor.comm.take()
    for message in messages:
        view.hear(message)
    assert sorted(r["id"] for r in view.replies) == sorted(f"{name}{n}" for name in "abcd" for n in range(15))
    assert view.copy.same_as(editor.world.raw) and len(editor.world.states) == 3 + 60


@pytest.mark.parametrize(
    "content",
    [
        None,
        3,
        "hello",
        [],
        {},
        {"type": None},
        {"type": "edit", "id": "1", "view": "a"},
        {"type": "edit", "id": "1", "view": "a", "base": "0", "ops": [3]},
        {"type": "move", "id": "1", "view": "a", "positions": {"lane": ["x", None]}},
        {"type": "fix", "id": "1", "view": "a"},
        {"type": "code", "id": "1", "view": "a", "state": "\ud800"},
        {"type": "sing", "id": "\ud800", "view": {"a": 1}},
    ],
)
def test_whatever_comes_in_gets_exactly_one_refusal(editor: Editor, content: Any) -> None:
    before = editor.world
    editor.comm.receive(content)
    [reply] = editor.comm.take()
    assert summary([reply]) == ["rejected:invalid"] and reply["message"]
    assert editor.world is before


def test_a_message_too_large_to_trust_is_refused_with_its_size(editor: Editor) -> None:
    big = {"op": "set_field", "state": "lane", "field": "base", "value": "x" * protocol.MAX_BYTES}
    editor.comm.receive(message("edit", base="0", ops=[big]))
    [reply] = editor.comm.take()
    assert reply["code"] == "oversize" and "5.0 MB" in reply["message"]
    assert editor.ops == []


def test_a_failure_inside_is_answered_without_its_details_and_logged_with_them(
    editor: Editor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise KeyError("/home/somebody/secret token=abc")

    monkeypatch.setattr(reducer.gestures, "apply_ops", fail)
    with caplog.at_level(logging.ERROR, "worldkit.widgets"):
        editor.comm.receive(message("edit", base="0", ops=[ADD]))
    [reply] = editor.comm.take()
    assert summary([reply]) == ["rejected:internal"] and (reply["id"], reply["view"]) == ("1", "a")
    assert "secret" not in str(reply) and "Traceback" not in str(reply)
    assert "secret" in caplog.text
    monkeypatch.undo()
    editor.comm.receive(message("edit", base="0", ops=[ADD]))
    assert summary(editor.comm.take()) == ["changed", "accepted"], "and the editor goes on"


def test_read_only_refuses_the_browser_and_not_python(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, read_only=True)
    editor.comm.take()
    editor.comm.receive(message("edit", base="0", ops=[ADD]))
    editor.comm.receive(message("code"))
    assert summary(editor.comm.take()) == ["rejected:read_only", "code"]
    editor.apply([ADD])
    assert summary(editor.comm.take()) == ["changed"]


def test_python_hears_its_own_errors(editor: Editor) -> None:
    with pytest.raises(OpError):
        editor.apply([{"op": "delete_state", "id": "nowhere"}])
    with pytest.raises(RuleViolation):
        editor.apply([{"op": "update_event", "name": "walk", "patch": {"to": None}}], strict=True)
    for nothing in (editor.undo, editor.redo):
        with pytest.raises(WorldError, match="nothing to"):
            nothing()
    with pytest.raises(WorldError, match="no state"):
        editor.move({"nowhere": (0, 0)})
    assert editor.comm.take() == [] and editor.ops == []


def test_listeners_hear_the_new_world_once_a_change_and_not_of_moves(editor: Editor) -> None:
    worlds: list[World] = []
    stop = editor.on_change(worlds.append)
    editor.comm.receive(message("edit", base="0", ops=[RENAME]))
    editor.move({"road": (0, 0)})
    editor.tidy()
    editor.apply([ADD])
    assert [list(world.states) for world in worlds] == [["road", "gate", "hall"], ["road", "gate", "hall", "attic"]]
    stop()
    stop()
    editor.undo()
    assert len(worlds) == 2


def test_a_listener_that_fails_or_edits_in_turn_breaks_nothing(
    editor: Editor, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: World) -> None:
        raise RuntimeError("mine")

    def follow(world: World) -> None:
        if "attic" not in world.states:
            editor.apply([ADD])

    editor.on_change(fail)
    editor.on_change(follow)
    editor.comm.receive(message("edit", base="0", ops=[RENAME]))
    assert summary(editor.comm.take()) == ["changed", "accepted", "changed"]
    assert "mine" in caplog.text and "attic" in editor.world.states


def test_everybody_is_told_of_edits_in_their_order_also_of_one_that_a_listener_makes(editor: Editor) -> None:
    worlds: list[World] = []

    def follow(world: World) -> None:
        if "attic" not in world.states:
            editor.apply([ADD])

    editor.on_change(follow)
    player = play(editor)
    editor.on_change(worlds.append)
    editor.apply([RENAME])
    assert [list(world.states) for world in worlds] == [["road", "gate", "hall"], ["road", "gate", "hall", "attic"]]
    assert player.session.world == worlds[-1] == editor.world, "nobody goes back to an older world"


def test_everybody_is_told_of_edits_in_their_order_also_of_one_that_another_thread_makes(editor: Editor) -> None:
    worlds: list[World] = []

    def let_a_view_edit(world: World) -> None:
        if "attic" not in world.states:
            thread = threading.Thread(target=editor.apply, args=([ADD],))
            thread.start()
            thread.join()

    editor.on_change(let_a_view_edit)
    editor.on_change(worlds.append)
    editor.apply([RENAME])
    assert [list(world.states) for world in worlds] == [["road", "gate", "hall"], ["road", "gate", "hall", "attic"]]


def test_listeners_that_answer_each_other_without_end_are_stopped(
    editor: Editor, caplog: pytest.LogCaptureFixture
) -> None:
    editor.on_change(lambda _: editor.apply([{**ADD, "id": f"attic_{len(editor.world.states)}"}]))
    editor.apply([ADD])
    assert 10 < len(editor.world.states) < 200
    assert "have answered each other" in caplog.text
    caplog.clear()
    editor.undo()
    assert "have answered each other" in caplog.text, "the next edit is told again"


@pytest.mark.parametrize(
    "place",
    [(float("nan"), 0), (0, float("inf")), ("1", "2"), (None, 0), (True, 0), (1e9, 0), (10**400, 0), (1, 2, 3), 5],
)
def test_a_place_that_is_no_pair_of_numbers_is_refused(lane: World, editor: Editor, place: Any) -> None:
    with pytest.raises(WrongArgument, match=r"places: expected \(x, y\) by state id"):
        editor.move({"gate": (0, 0), "lane": place})
    assert not editor._state.undo_stack
    with pytest.raises(WrongArgument, match="layout: expected"):
        edit(lane, layout={"lane": place})
    with pytest.raises(WrongArgument, match="layout: expected"):
        compare(lane, lane, layout={"lane": place})


def test_numbers_of_numpy_are_places_that_can_be_sent_and_saved(editor: Editor) -> None:
    editor.move({"lane": (np.int64(8), np.int64(16)), "gate": (np.float32(0.5), np.int64(3))})
    assert json.dumps([editor.layout["lane"], editor.layout["gate"]]) == "[[8, 16], [0.5, 3]]"


def test_a_history_does_not_grow_with_the_number_of_cards_that_were_placed(editor: Editor) -> None:
    editor.move({id: (0, 200 * number) for number, id in enumerate(editor.world.states)})
    editor.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Rain."}]).move({"lane": (8, 8)})
    edit_of_text, move = editor._state.undo_stack[-2:]
    pinned = {id(one) for gesture in (edit_of_text, move) for one in (gesture.pinned_before, gesture.pinned_after)}
    assert len(pinned) == 1, "all share one set"


@pytest.mark.parametrize("call", ["replace_text", "apply_script"])
def test_nobody_edits_between_the_reading_of_texts_and_their_replacing(
    editor: Editor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, call: str
) -> None:
    is_free: list[bool] = []

    def try_to_edit() -> None:
        thread = threading.Thread(target=lambda: is_free.append(editor._lock.acquire(timeout=0)))
        thread.start()
        thread.join()

    def replace(*args: Any, **options: Any) -> Any:
        try_to_edit()
        return replace_ops(*args, **options)

    def apply_script(self: World, *args: Any, **options: Any) -> Any:
        try_to_edit()
        return real_apply_script(self, *args, **options)

    real_apply_script = World.apply_script
    monkeypatch.setattr(editor_module, "replace_ops", replace)
    monkeypatch.setattr(World, "apply_script", apply_script)
    if call == "replace_text":
        editor.replace_text("lane", "road")
    else:
        editor.world.to_script(tmp_path / "lane.csv")
        editor.apply_script(tmp_path / "lane.csv")
    assert is_free == [False]


def test_the_browser_writes_the_selection_and_nothing_else_of_ours(editor: Editor) -> None:
    editor.comm.set_trait(selection={"kind": "state", "id": "gate"})
    assert editor.selection == {"kind": "state", "id": "gate"}
    editor.comm.set_trait(seed={"world": {}})
    assert editor.get_state("seed")["seed"]["world"] == editor.world.raw


def test_values_handed_out_are_not_the_editors_own(editor: Editor) -> None:
    editor.apply([ADD])
    editor.ops[0]["id"] = "other"
    assert editor.ops[0]["id"] == "attic"
    with pytest.raises(TypeError):
        editor.layout["attic"] = (0, 0)  # type: ignore[index]
    copy = edit(editor.world, layout=editor.layout)
    assert dict(copy.layout) == dict(editor.layout)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_it_went_in(editor: Editor, text: str) -> None:
    view = Browser(reducer.seed(editor._state))
    ops = [{"op": "update_state", "id": "lane", "patch": {"base": text, "x": {text: [text]}}}]
    editor.comm.receive(message("edit", base="0", ops=ops, label=text))
    changed, reply = editor.comm.take()
    assert reply["type"] == "accepted"
    view.hear(changed)
    body = dict(view.copy.states)["lane"]
    assert body["base"] == text and body["x"] == {text: [text]}
    assert "\n" not in changed["undo"]


def test_the_output_holds_the_widget_a_picture_and_text(editor: Editor) -> None:
    editor.apply([RENAME])
    data, metadata = editor._repr_mimebundle_(include=None, exclude=None)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "text/plain"}
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == editor.model_id
    assert data["image/svg+xml"].startswith("<svg") and "road" in data["image/svg+xml"]
    assert data["text/plain"].startswith("Editor of World 'Lane': 3 states") and "1 edit" in data["text/plain"]
    assert metadata == {}


def test_only_a_world_can_be_edited(lane: World) -> None:
    with pytest.raises(TypeError, match="read one with"):
        edit(lane.to_dict())  # type: ignore[arg-type]


def test_a_front_end_that_is_not_built_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FrontEndMissing, match=r"no editor\.js; run: make widgets") as error:
        bundle("editor.js", tmp_path)
    assert str(tmp_path) not in str(error.value)


def test_importing_worldkit_imports_neither_anywidget_nor_traitlets() -> None:
    for module in ("worldkit", "worldkit.widgets.reducer"):
        code = f"import sys, {module}; sys.exit(bool({{'anywidget', 'traitlets', 'ipywidgets'}} & sys.modules.keys()))"
        assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_python_returns_the_picture_that_the_editor_saves(editor: Editor) -> None:
    editor.comm.receive(message("picture", theme="light"))
    [reply] = editor.comm.take()
    assert reply["svg"] == editor.world.to_svg(layout=editor.layout, diagnostics=editor.diagnostics, theme="light")
