"""Edits made one after another while the kernel runs a cell: each changes what it was made of, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.stand import Stand, stand
from tests.browser.test_busy_kernel import prose, select, until
from tests.browser.test_views import with_caves

pytestmark = pytest.mark.browser

STAGE = ".we-stage"
LINES = ["A gull.", "A rope taps.", "Rain."]


def world() -> wk.World:
    raw = wk.samples.load("lighthouse").to_dict()
    raw["scene"]["states"]["yard"]["ambient"] = LINES
    return wk.World.from_dict(raw)


@pytest.fixture
def view(browser: Any) -> Iterator[Stand]:
    with stand(browser, lambda: wk.edit(world()), width=1200, height=720) as it:
        it.page.get_by_role("button", name="Hide this hint").click()
        it.page.locator(STAGE).click(position={"x": 24, "y": 200})
        yield it
        assert it.wrong == []


def ambient(world: wk.World) -> list[str]:
    return list(world.states["yard"].ambient or ())


def open_ambient(view: Stand) -> None:
    select(view, "yard")
    if not view.page.get_by_role("button", name="Add a line").is_visible():
        view.page.locator("summary", has_text="Ambient").click()


def test_a_text_goes_to_its_item_though_one_before_it_is_removed_first(view: Stand) -> None:
    open_ambient(view)
    with view.busy():
        view.page.get_by_role("button", name="Remove line 1").click()
        last = view.page.get_by_label("Ambient line 3", exact=True)
        last.fill("Rain on slate.")
        last.press("Control+Enter")
    until(view, "both edits", lambda now: ambient(now) == ["A rope taps.", "Rain on slate."])


def paste(view: Stand, text: str) -> None:
    view.page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const field = document.querySelector(".worldkit").shadowRoot.activeElement;
            const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            if (field.dispatchEvent(paste)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
        }""",
        text,
    )


def test_lines_that_are_pasted_become_items_in_one_step(view: Stand) -> None:
    open_ambient(view)
    view.page.get_by_role("button", name="Add a line").click()
    view.page.get_by_label("Ambient line 4", exact=True).wait_for()
    paste(view, "- Hail.\r\n- Sleet.\n\n- Snow.\n")
    until(view, "the lines", lambda now: ambient(now) == [*LINES, "Hail.", "Sleet.", "Snow."])
    last = view.page.get_by_label("Ambient line 6", exact=True)
    assert last.evaluate("field => field.getRootNode().activeElement === field")
    view.press("Control+z", on=STAGE)
    until(view, "one step", lambda now: ambient(now) == [*LINES, ""])


def test_lines_are_pasted_into_what_is_typed_and_one_line_stays_in_its_field(view: Stand) -> None:
    open_ambient(view)
    view.page.get_by_label("Ambient line 2", exact=True).focus()
    for key in ("Home", "End", *["ArrowLeft"] * len(" taps.")):
        view.page.keyboard.press(key)
    view.page.keyboard.type(" end")
    paste(view, " creaks.\nIt")
    until(view, "two lines", lambda now: ambient(now) == [LINES[0], "A rope end creaks.", "It taps.", LINES[2]])
    paste(view, " here")
    view.press("Control+Enter")
    until(view, "one line", lambda now: len(ambient(now)) == 4)


def test_removing_an_item_twice_removes_no_other(view: Stand) -> None:
    open_ambient(view)
    with view.busy():
        for _ in range(2):
            view.page.get_by_role("button", name="Remove line 1").click()
        select(view, "yard")
        prose(view).fill("A yard.")
        prose(view).press("Control+Enter")
    until(view, "all edits", lambda now: now.states["yard"].base == "A yard.")
    assert ambient(view.widget.world) == LINES[1:]


def test_an_item_is_moved_as_often_as_it_is_pressed(view: Stand) -> None:
    open_ambient(view)
    with view.busy():
        for _ in range(2):
            view.page.get_by_role("button", name="Move line 1 down").click()
    until(view, "both moves", lambda now: ambient(now) == [*LINES[1:], LINES[0]])


def test_who_writes_elsewhere_is_not_led_to_an_item_that_was_added_before(view: Stand) -> None:
    open_ambient(view)
    with view.busy():
        view.page.get_by_role("button", name="Add a line").click()
        prose(view).fill("A yard of")
    until(view, "the line", lambda now: len(ambient(now)) == 4)
    view.page.get_by_label("Ambient line 4", exact=True).wait_for()
    view.page.keyboard.type(" slate")
    assert prose(view).input_value() == "A yard of slate"


def test_the_json_of_a_state_keeps_what_was_written_in_its_fields_before(view: Stand) -> None:
    select(view, "yard")
    view.page.locator("summary", has_text="JSON").click()
    field = view.page.get_by_label("yard, as JSON")
    with view.busy():
        prose(view).fill("A yard.")
        prose(view).press("Control+Enter")
        field.fill(field.input_value().replace("A gull.", "A gull cries."))
        field.press("Control+Enter")
    until(view, "both edits", lambda now: ambient(now)[0] == "A gull cries.")
    assert view.widget.world.states["yard"].base == "A yard."


def test_a_note_keeps_its_text_when_it_is_coloured_at_once(view: Stand) -> None:
    view.press("j", on=STAGE)
    text = view.page.locator(".wn-details textarea")
    text.wait_for()
    with view.busy():
        text.fill("Is it night here?")
        view.page.locator(".wn-details").get_by_label("red", exact=False).first.click()
    until(view, "both", lambda _: any(note.color == "red" for note in view.widget.notes.values()))
    assert [note.text for note in view.widget.notes.values()] == ["Is it night here?"]


def test_a_tag_that_is_half_typed_is_not_given_when_the_one_before_is(view: Stand) -> None:
    select(view, "yard")
    field = view.page.get_by_label("Add a tag", exact=True)
    with view.busy():
        for name in ("night", "storm"):
            field.fill(name)
            field.press("Enter")
        field.fill("sto")
    until(view, "two tags", lambda _: len(view.widget.tags.of("yard")) == 2)
    assert field.input_value() == "sto"
    assert set(view.widget.tags.of("yard")) == {"night", "storm"}


def test_deleting_twice_deletes_no_neighbour_and_what_is_selected_meanwhile_stays_selected(view: Stand) -> None:
    before = set(view.widget.world.states)
    select(view, "yard")
    with view.busy():
        view.press("Delete", "Delete", on=STAGE)
        select(view, "landing")
        view.page.locator(STAGE).focus()
    until(view, "one deletion", lambda now: set(now.states) == before - {"yard"})
    view.page.get_by_label("Id", exact=True).wait_for()
    assert view.page.get_by_label("Id", exact=True).input_value() == "landing"
    assert view.page.locator(".wk-toast").filter(has_text="no state").count() == 0


def test_what_is_asked_of_a_scene_after_another_was_deleted_is_done_to_that_scene(view: Stand) -> None:
    before = set(view.widget.world.states)
    (first, *_, last) = view.widget.world.states
    select(view, first)
    with view.busy():
        view.press("Delete", on=STAGE)
        select(view, last)
        view.press("n", on=STAGE)
    until(view, "the new scene", lambda now: len(set(now.states) - before) == 1)
    (new,) = set(view.widget.world.states) - before
    (way,) = [event for event in view.widget.world.events if event.to == new]
    assert list(way.from_ or ()) == [last]


def test_duplicating_twice_makes_two(view: Stand) -> None:
    before = set(view.widget.world.states)
    select(view, "yard")
    with view.busy():
        view.press("Control+d", "Control+d", on=STAGE)
    until(view, "two copies", lambda now: len(now.states) == len(before) + 2)


def test_a_card_that_is_moved_after_a_rename_stays_where_it_was_put(view: Stand) -> None:
    select(view, "yard")
    x, y = view.widget.layout["yard"]
    with view.busy():
        view.page.get_by_label("Id", exact=True).fill("court")
        view.press("Enter")
        view.press("Alt+ArrowRight", "Alt+ArrowRight", on=STAGE)
        view.press("Control+s")
        view.page.wait_for_function("() => true")
    until(view, "the rename", lambda now: "court" in now.states)
    until(view, "the move", lambda _: view.widget.layout["court"][0] > x and view.widget.layout["court"][1] == y)


def test_a_flag_is_renamed_and_then_left_out_of_a_list_that_names_it(view: Stand) -> None:
    event = next(one for one in view.widget.world.events if len(one.requires or ()) == 1)
    flag = next(iter(event.requires or ()))
    view.widget.selection = {"kind": "event", "id": event.name}
    view.tell()
    with view.busy():
        view.page.get_by_role("button", name=f"Rename the flag {flag} in the whole world").first.click()
        field = view.page.get_by_label(f"New name of the flag {flag}")
        field.fill("renamed")
        field.press("Enter")
        view.page.get_by_role("button", name=f"Remove flag {flag}").first.click()

    def is_left_out(now: wk.World) -> bool:
        return not next(one for one in now.events if one.name == event.name).requires

    until(view, "the flag to go", is_left_out)


def test_undo_takes_back_the_text_that_was_written_last(view: Stand) -> None:
    select(view, "yard")
    with view.busy():
        for text in ("Rain.", "Rain, and a bell."):
            prose(view).fill(text)
            prose(view).press("Control+Enter")
        view.press("Control+z", on=STAGE)
    until(view, "the undo", lambda _: len(view.widget._state.redo_stack) == 1)
    assert view.widget.world.states["yard"].base == "Rain."


def test_a_mission_is_added_once_and_leaves_no_half_of_itself(view: Stand) -> None:
    before = len(view.widget.world.missions or ())
    view.press("Shift+M", on=STAGE)
    view.page.get_by_role("button", name="Add a mission").click()
    draft = view.page.get_by_role("region", name="A new mission")
    draft.get_by_label("Title", exact=True).fill("First watch")
    draft.get_by_label("What the player is told").fill("Wind the clockwork")
    with view.busy():
        for _ in range(2):
            view.page.get_by_role("button", name="Add the mission to the world").click()
        assert draft.get_by_label("Title", exact=True).get_attribute("readonly") is not None
    until(view, "the mission", lambda now: len(now.missions or ()) == before + 1)
    draft.wait_for(state="detached")


def test_rows_are_changed_together_after_what_was_written_in_one(view: Stand) -> None:
    first = next(iter(view.widget.world.states))
    view.press("t", on=STAGE)
    view.page.get_by_role("grid", name="Scenes: 14 scenes").focus()
    view.press("ArrowRight")
    with view.busy():
        view.press("Enter")
        view.page.keyboard.type("One.")
        view.press("Enter", "ArrowUp", "Space")
        view.page.get_by_label("What to change in all of them").select_option(label="Add to what the camera sees")
        view.page.get_by_label("Text", exact=True).fill("Rain.")
        view.press("Enter")
    until(view, "both", lambda now: now.states[first].base == "One. Rain.")


def test_a_property_that_is_typed_while_another_is_being_added_stays(view: Stand) -> None:
    view.press("v", on=STAGE)
    field = view.page.get_by_label("First property")
    with view.busy():
        for _ in range(2):
            field.fill('never holding "oil"')
            view.press("Enter")
        field.fill("never state")
    until(view, "the property", lambda _: len(view.widget.properties) == 1)
    view.page.locator(".wp-row").wait_for()
    typed = view.page.get_by_label("New property")
    assert typed.input_value() == "never state"
    assert view.page.get_by_text("there is a property").count() == 0


def test_a_cell_that_runs_for_long_keeps_nobody_from_typing_and_says_how_much_waits(view: Stand) -> None:
    select(view, "yard")
    with view.busy():
        prose(view).fill("Rain.")
        prose(view).press("Control+Enter")
        view.page.evaluate("() => window.gone()")
        view.page.get_by_text("The kernel is running a cell; you can go on. 1 change will be sent").wait_for()
        for text in ("Rain, and a bell.", "Rain, a bell, and a gull."):
            prose(view).fill(text)
            prose(view).press("Control+Enter")
        view.page.get_by_text("3 changes will be sent").wait_for()
        view.page.evaluate("() => { window.model.widget_manager.kernel.status = 'dead'; window.gone() }")
        view.page.get_by_text("No kernel answers: the map can be read, not changed.").wait_for()
    until(view, "the last text", lambda now: now.states["yard"].base == "Rain, a bell, and a gull.")
    view.page.get_by_text("No kernel").wait_for(state="detached")


def test_what_a_dead_kernel_leaves_waiting_is_copied_whole_and_in_order(view: Stand) -> None:
    before = view.widget.world
    first = next(iter(before.states))
    open_ambient(view)
    with view.busy():
        for text in ("Rain.", "Rain, and a bell."):
            prose(view).fill(text)
            prose(view).press("Control+Enter")
        for _ in range(2):
            view.page.get_by_role("button", name="Move line 1 down").click()
        view.page.get_by_label("Id", exact=True).fill("court")
        view.press("Enter")
        choice = view.page.get_by_label("Add a choice", exact=True)
        for words in ("Ring the bell -> belfry", "Wait -> belfry"):
            choice.fill(words)
            choice.press("Enter")
        view.press("t", on=STAGE)
        view.page.get_by_role("grid", name="Scenes: 14 scenes").focus()
        view.press("ArrowRight", "Enter")
        view.page.keyboard.type("A cell.")
        view.press("Enter", "ArrowDown", "Enter")
        view.page.keyboard.type("A cell that nobody has left.")
        view.page.evaluate("() => { window.model.widget_manager.kernel.status = 'dead'; window.gone() }")
        # what is read from the clipboard is what the page shows where it may not write there
        view.page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        view.page.get_by_role("button", name="Copy the changes that are not saved").click()
        copied = view.page.get_by_label("Text to copy").input_value()
    until(view, "all edits", lambda now: "A cell that nobody has left." in [one.base for one in now.states.values()])
    expected = before.apply(json.loads(copied))
    assert expected.states["court"].base == "Rain, and a bell." and expected.states[first].base == "A cell."
    assert {event.detail for event in expected.events} >= {"Ring the bell", "Wait"} and "belfry" in expected.states
    assert expected == view.widget.world


def test_a_property_is_named_right_after_its_text_was_changed(view: Stand) -> None:
    view.press("v", on=STAGE)
    view.page.get_by_label("First property").fill('never holding "oil"')
    view.press("Enter")
    view.page.get_by_role("button", name='Edit never holding "oil"').click()
    with view.busy():
        view.page.get_by_label("What must hold").fill('never state "yard"')
        view.press("Enter")
        view.page.get_by_label("Name", exact=True).fill("Dry feet")
        view.press("Enter")

    def is_named(_: wk.World) -> bool:
        return {name: one.text for name, one in view.widget.properties.items()} == {"Dry feet": 'never state "yard"'}

    until(view, "both edits", is_named)


def test_a_sheet_does_not_take_back_what_was_written_before_its_import(view: Stand, tmp_path: Path) -> None:
    path = tmp_path / "script.csv"
    sheet = [{"op": "set_field", "state": "yard", "field": "base", "value": "In the sheet."}]
    view.widget.world.apply(sheet).to_script(path)
    # the sheet's sources are those of the world before, as if it had been edited in a spreadsheet
    path.write_text(path.read_text("utf-8-sig").replace('"source"', '"note"'), "utf-8")
    select(view, "yard")
    view.press("t", on=STAGE)
    view.page.get_by_role("tab", name="Script").click()
    view.page.get_by_label("Sheet to import").set_input_files(path)
    take = view.page.get_by_role("button", name=re.compile("^Import 1 text"))
    take.wait_for()
    with view.busy():
        prose(view).fill("Mine.")
        prose(view).press("Control+Enter")
        take.click()
    view.page.get_by_text("The world has changed since").wait_for()
    assert view.widget.world.states["yard"].base == "Mine."


def test_a_repair_that_is_pressed_twice_is_made_once(browser: Any) -> None:
    with stand(browser, with_caves, width=1100, height=700) as view:
        before = len(view.widget.world.events)
        view.press("p", on=STAGE)
        caves = view.page.locator(".we-cause", has_text="No way leads to 6 scenes")
        caves.get_by_role("button", name="Connect them…").click()
        caves.get_by_text("6 problems fewer.").wait_for()
        view.page.evaluate("""() => {
            const { send } = window.model;
            window.edits = [];
            window.model.send = (content) => (content.type === "edit" && window.edits.push(content), send(content));
        }""")
        with view.busy():
            for _ in range(2):
                caves.get_by_role("button", name="Make this change").click()
        caves.wait_for(state="detached")
        until(view, "one way", lambda now: len(now.events) == before + 1)
        assert view.page.evaluate("() => window.edits.length") == 1 and view.wrong == []


def test_what_is_typed_of_an_event_that_python_deletes_is_given_back_and_changes_no_other(view: Stand) -> None:
    (first, second, *_) = view.widget.world.events
    view.widget.selection = {"kind": "event", "id": first.name}
    view.tell()
    narration = view.page.get_by_label("Narration", exact=True)
    narration.fill("The latch lifts.")
    view.widget.apply([{"op": "delete_event", "name": first.name}])
    view.tell()
    notice = view.page.locator(".wk-toast").filter(has_text="was not saved")
    notice.wait_for()
    assert notice.locator("p").inner_text() == "“The latch lifts.” was not saved. It was deleted by someone else."
    assert notice.get_by_role("button", name="Copy the text").is_visible()
    assert view.widget.world.events[0] == second
