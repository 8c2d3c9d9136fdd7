"""What an editor's view asks about the script of a world."""

from __future__ import annotations

from typing import Any

import worldkit as wk
from tests.notebook import declared
from worldkit.widgets import editor_state, parsing
from worldkit.widgets.editor_state import EditorState
from worldkit.widgets.protocol import Address
from worldkit.widgets.reducer import reduce


def ask(state: EditorState, **message: Any) -> dict[str, Any]:
    step = reduce(state, parsing.read_editor(message), Address("7", "v"), read_only=True)
    declared.check({"content": step.reply})
    assert step.state is state
    return step.reply


def open_state(world: wk.World) -> EditorState:
    return editor_state.open_editor(world)


def test_a_sheet_that_comes_back_edited_is_answered_with_the_operations_of_its_texts() -> None:
    world = wk.samples.load("bench")
    sheet = ask(open_state(world), type="write_sheet", format="csv", reader="player")["text"]
    assert '"state[two_mittens].ending.title"' in sheet and '"state[lane].base"' not in sheet
    text_after = sheet.replace('"TWO MITTENS"\r\n', '"BOTH MITTENS"\r\n')
    reply = ask(open_state(world), type="read_sheet", name="mine.csv", text=f"\ufeff{text_after}")
    assert (reply["changed"], reply["outdated"], reply["unknown"]) == (1, [], [])
    assert world.apply(reply["ops"]).states["two_mittens"].ending.title == "BOTH MITTENS"  # type: ignore[union-attr]


def test_a_text_that_was_changed_meanwhile_is_listed_unless_it_is_to_be_overwritten() -> None:
    world = wk.samples.load("bench")
    sheet = ask(open_state(world), type="write_sheet", format="xliff", language="de")["text"]
    title = "<source>TWO MITTENS</source>"
    text_after = sheet.replace(title, f"{title}<target>ZWEI HANDSCHUHE</target>")
    later = open_state(world.replace_text("TWO", "BOTH", match_case=True))
    message = {"type": "read_sheet", "name": "mine.xlf", "text": text_after}
    reply = ask(later, **message)
    clash = {"key": "state[two_mittens].ending.title", "current": "BOTH MITTENS", "text": "ZWEI HANDSCHUHE"}
    assert reply["outdated"] == [clash] and reply["ops"] == []
    assert ask(later, **message, overwrite=True)["changed"] == 1


def test_what_is_no_sheet_and_no_language_is_refused_in_words() -> None:
    state = open_state(wk.samples.load("bench"))
    for message in (
        {"type": "read_sheet", "name": "mine.csv", "text": "no sheet"},
        {"type": "read_sheet", "name": "mine.docx", "text": ""},
        {"type": "write_sheet", "format": "csv", "language": "?"},
    ):
        reply = ask(state, **message)
        assert (reply["type"], reply["code"]) == ("rejected", "op") and "expected" in reply["message"]
