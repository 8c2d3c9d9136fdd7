"""The tables over the map in the real browser: by keyboard and by mouse, one step to undo each, and nothing deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, lighthouse_editor, stand
from tests.growing import chain

pytestmark = pytest.mark.browser


@pytest.fixture
def view(browser: Any) -> Iterator[Stand]:
    with lighthouse_editor(browser) as it:
        yield it


def tab(view: Stand, name: str) -> None:
    view.page.get_by_role("tab", name=name).click()


def edits(view: Stand) -> int:
    return len(view.widget._state.undo_stack)


def until_edits(view: Stand, number: int) -> None:
    wait_for(f"{number} edits", lambda: True if edits(view) == number else (view.page.wait_for_timeout(10), None)[1])


def cell(view: Stand, text: str) -> Any:
    return view.page.locator(".we-cell", has=view.page.locator(f"span:text-is('{text}')")).first


def test_a_scene_is_renamed_and_rewritten_by_keyboard_alone_and_no_key_deletes(view: Stand) -> None:
    view.press("t", on=".we-stage")
    view.page.get_by_role("grid", name="Scenes: 14 scenes").focus()
    states = list(view.widget.world.states)
    view.press("ArrowDown", "ArrowDown", "Backspace", "Delete", "a", "n")
    assert list(view.widget.world.states) == states and edits(view) == 0
    view.press("Enter")
    view.page.keyboard.type("galley")
    view.press("Enter")
    until_edits(view, 1)
    assert list(view.widget.world.states)[2] == "galley"
    view.press("ArrowUp", "ArrowRight", "ArrowRight", "F2")
    view.page.keyboard.type("Two plates, two cups.")
    view.press("Control+z")  # the field's own: how much of what was typed it takes back is up to the browser
    assert view.page.locator(".we-cell-field").input_value() != "Two plates, two cups." and edits(view) == 1
    view.press("Control+a")
    view.page.keyboard.type("Two plates.")
    view.press("Enter")
    until_edits(view, 2)
    assert view.widget.world.states["galley"].narration == "Two plates."
    view.press("Enter")
    view.page.keyboard.type("Given up")
    view.press("Escape")
    assert view.page.locator(".we-cell-field").count() == 0 and edits(view) == 2
    view.press("Escape")
    view.page.locator(".we-tables").wait_for(state="detached")


def test_a_name_that_is_taken_is_refused_in_its_cell(view: Stand) -> None:
    view.press("t", on=".we-stage")
    cell(view, "yard").dblclick()
    view.page.keyboard.type("landing")
    view.press("Enter")
    view.page.locator(".we-cell-problem").get_by_text("landing").wait_for()
    view.press("Escape")
    assert "yard" in view.widget.world.states and edits(view) == 0


def test_rows_are_sorted_filtered_and_changed_together_as_one_step(view: Stand) -> None:
    view.press("t", on=".we-stage")
    tab(view, "Events")
    view.page.get_by_role("button", name="Words", exact=True).click()
    header = view.page.get_by_role("columnheader", name="Words", exact=False).last
    assert header.get_attribute("aria-sort") == "descending"
    view.page.get_by_label("Show only events with").fill("yard landing")
    view.page.get_by_text("2 of 33 events").wait_for()
    view.page.get_by_label("Select every event").check()
    view.page.get_by_label("What to change in all of them").select_option(label="Require a flag")
    view.page.get_by_label("Flag", exact=True).fill("store_key")
    view.press("Enter")
    until_edits(view, 1)
    needing = {event.name for event in view.widget.world.events if "store_key" in (event.requires or ())}
    assert needing == {"climb_the_kelp_steps", "go_down_to_the_landing", "unlock_the_oil_store"}
    view.page.get_by_role("button", name="Undo: Require a flag: 2 events").click()
    until_edits(view, 0)


def test_tags_and_regions_are_typed_in_cells_and_given_to_many_rows_as_one_step(view: Stand) -> None:
    editor = view.widget
    view.press("t", on=".we-stage")
    row = view.page.get_by_role("row").filter(has=view.page.locator("span:text-is('yard')"))
    headings = view.page.get_by_role("columnheader").all_inner_texts()
    region, tags = (next(at for at, text in enumerate(headings) if text.strip() == name) for name in ("Region", "Tags"))
    row.get_by_role("gridcell").nth(region).dblclick()
    view.page.keyboard.type("Shore")
    view.press("Enter")
    until_edits(view, 1)
    row.get_by_role("gridcell").nth(tags).dblclick()
    view.page.keyboard.type("night, needs work")
    view.press("Enter")
    until_edits(view, 2)
    assert editor.tags.of("yard") == ("night", "needs work") and next(iter(editor.regions.values())).states == ("yard",)
    view.page.get_by_label("Show only scenes with").fill("needs work")
    view.page.get_by_text("1 of 14 scenes").wait_for()
    view.page.get_by_label("Show only scenes with").fill("")
    view.page.get_by_label("Select every scene").check()
    for what, field, value in (("Put in a region", "Region", "shore"), ("Remove a tag", "Tag", "NIGHT")):
        view.page.get_by_label("What to change in all of them").select_option(label=what)
        view.page.get_by_role("group", name="14 scenes selected").get_by_label(field, exact=True).fill(value)
        view.press("Enter")
        until_edits(view, 3 if field == "Region" else 4)
    assert len(editor.regions) == 1 and len(next(iter(editor.regions.values())).states) == 14
    assert editor.tags.of("yard") == ("needs work",)
    assert editor.world == wk.samples.load("lighthouse"), "nothing of it is in the world"
    view.page.get_by_role("button", name="Undo: Remove a tag: 14 scenes").click()
    until_edits(view, 3)
    assert {*editor.tags.of("yard")} == {"night", "needs work"}


def test_flags_are_merged_and_deleted_across_the_world_and_shown_on_the_map(view: Stand) -> None:
    before = view.widget.world
    view.press("t", on=".we-stage")
    tab(view, "Flags")
    view.page.get_by_role("button", name="Find where they are held").click()
    cell(view, "oil").click()
    view.page.get_by_text("always in lamp_lit").first.wait_for()
    view.page.get_by_label("Select oil").check()
    view.page.get_by_label("Select wound").check()
    view.page.get_by_role("button", name="Merge wound into oil").click()
    until_edits(view, 1)
    assert view.widget.world == before.merge_flags("wound", "oil")
    view.page.get_by_label("Select rope").check()
    view.page.get_by_role("button", name="Delete 1 flag").click()
    until_edits(view, 2)
    assert view.widget.world == before.merge_flags("wound", "oil").delete_flag("rope")
    cell(view, "lamp_lit").dblclick()
    view.page.keyboard.type("oil")
    view.press("Enter")
    view.page.get_by_text("There is a flag “oil” already").wait_for()
    view.press("Escape")
    cell(view, "hand_lamp").click()
    view.page.get_by_role("button", name="Show hand_lamp on the map").click()
    view.page.locator(".we-flag-on-map", has_text="granted in 1").wait_for()
    assert view.page.locator(".we-stage").evaluate("e => e === e.getRootNode().activeElement")


def test_a_replacement_is_seen_before_it_is_made_and_is_one_step(view: Stand) -> None:
    before = view.widget.world
    view.press("r", on=".we-stage")
    view.page.keyboard.type("lamp")
    view.page.get_by_label("Replace with").fill("lantern")
    view.page.get_by_text("Found 36 times in 34 texts").wait_for()
    assert view.page.locator(".we-replace-hits ins").first.inner_text() == "lantern"
    view.page.get_by_label("Replace in the world: style").uncheck()
    view.page.get_by_role("button", name="Replace 35 times in 33 texts").click()
    until_edits(view, 1)
    assert view.widget.world == before.replace_text("lamp", "lantern").apply(
        [{"op": "put_world", "set": {"styleTail": before.style_tail}}]
    )
    view.page.get_by_role("button", name="Undo: Replace “lamp” with “lantern”").click()
    until_edits(view, 0)
    assert view.widget.world == before


def test_escape_leads_from_the_tables_to_the_map_and_its_keys(view: Stand) -> None:
    view.press("r", on=".we-stage")
    view.page.keyboard.type("lamp")
    view.page.get_by_label("Replace with").fill("lantern")
    view.page.get_by_role("button", name="Replace 36 times").click()
    until_edits(view, 1)
    view.press("Escape", "Control+a", "g")
    until_edits(view, 2)
    assert len(next(iter(view.widget.regions.values())).states) == 14


def test_the_tables_are_whole_in_a_narrow_cell(view: Stand) -> None:
    view.press("t", on=".we-stage")
    view.width(400, 560)
    for name in ("Scenes", "Events", "Flags", "Missions", "Find and replace", "Script"):
        tab(view, name)
        view.rest()
        assert view.faults() == [] and view.axe() == [], name


def test_the_tabs_of_the_tables_stand_in_one_line_on_a_telephone(view: Stand) -> None:
    view.press("t", on=".we-stage")
    view.width(420, 560)
    tabs = view.page.get_by_role("tab")
    assert {box["y"] for box in (tab.bounding_box() for tab in tabs.all())} == {tabs.first.bounding_box()["y"]}
    assert view.page.get_by_role("tab", name="Find and replace", exact=True).inner_text().strip() == "Find"
    assert view.faults() == []


def test_of_ten_thousand_rows_only_those_in_sight_are_drawn(browser: Any) -> None:
    world = wk.load(chain(10_000))
    with stand(browser, lambda: wk.edit(world)) as view:
        view.press("t", on=".we-stage")
        grid = view.page.get_by_role("grid")
        grid.focus()
        assert grid.get_attribute("aria-rowcount") == str(len(world.states) + 1)
        assert view.page.locator(".we-grid-row").count() < 60
        view.press("Control+End")
        cell(view, list(world.states)[-1]).wait_for()
        assert view.page.locator(".we-grid-row").count() < 60


def test_in_a_read_only_editor_the_tables_can_be_read_and_nothing_changed(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench"), read_only=True)) as view:
        view.press("t", on=".we-stage")
        cell(view, "lane").dblclick()
        assert view.page.locator(".we-cell-field").count() == 0
        view.page.get_by_label("Select lane").check()
        assert view.page.get_by_role("button", name="Delete 1 scene").is_disabled()
        view.press("r", on=".we-tabs button")
        view.page.get_by_label("Find", exact=True).fill("mitten")
        assert view.page.get_by_role("button", name="Replace 11 times in 11 texts").is_disabled()


def test_the_script_goes_out_as_a_file_and_comes_back_as_one_step(view: Stand, tmp_path: Any) -> None:
    before = view.widget.world
    view.press("t", on=".we-stage")
    tab(view, "Script")
    with view.page.expect_download() as download:
        view.page.get_by_role("button", name="Download the sheet").click()
    assert download.value.suggested_filename == "The-Light-at-Skarra.csv"
    path = tmp_path / "script.csv"
    download.value.save_as(path)
    assert before.apply_script(path).world == before
    later = before.replace_text("lamp", "lantern")
    later.to_script(path, overwrite=True)
    # the sheet's sources are those of the world before, as if it had been edited in a spreadsheet
    path.write_text(path.read_text("utf-8-sig").replace('"source"', '"note"'), "utf-8")
    view.page.get_by_label("Sheet to import").set_input_files(path)
    view.page.get_by_text("script.csv: 34 texts to change.").wait_for()
    view.page.get_by_role("button", name="Import 34 texts").click()
    until_edits(view, 1)
    assert view.widget.world == later
    view.page.get_by_label("Sheet to import").set_input_files(
        {"name": "wrong.csv", "mimeType": "text/csv", "buffer": b"who,what"}
    )
    view.page.get_by_role("alert").get_by_text("expected a header").wait_for()
    assert view.faults() == [] and view.axe() == []


def test_names_of_usual_length_kinds_and_their_headings_are_not_cut_off(view: Stand) -> None:
    view.press("t", on=".we-stage")
    tab(view, "Events")
    view.rest()
    cut_off = view.page.evaluate(
        """() => [...document.querySelector(".worldkit").shadowRoot.querySelectorAll(
            ".we-grid-head button > span:first-child, .we-cell:nth-child(-n + 3) > span:first-child"
        )].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent)"""
    )
    names = [event.name for event in view.widget.world.events if len(event.name) <= 22]
    assert len(names) > 20
    assert [text for text in cut_off if text in names or text in ("transition", "override", "Event", "Kind")] == []
