"""The panel of properties: written with the keyboard, turning red with an edit, its run gone through on the map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab
from tests.browser.screens.editor import STAGE, quiet
from tests.browser.stand import Stand, stand
from tests.browser.test_hosts import outside_of
from tests.browser.test_journey import open_notebook, run_all
from worldkit import load_properties

pytestmark = pytest.mark.browser

LAMP = 'holding "oil" before state "lamp_lit"'
UNLOCKING_OPS = [{"op": "update_event", "name": "light_the_lamp", "patch": {"requires": []}}]


def check_properties(view: Stand) -> None:
    assert view.widget._properties.check.wait(180)
    view.tell()
    view.rest()


def badges(view: Stand) -> list[str]:
    return [text.strip() for text in view.page.locator(".wp-badge").all_inner_texts()]


def test_properties_are_written_broken_seen_and_mended_with_the_keyboard_alone(browser: Any, tmp_path: Path) -> None:
    path = wk.samples.load("lighthouse").save(tmp_path / "light.world.json")
    with stand(browser, lambda: wk.edit(path, height=620), width=1000, height=620) as view:
        page = view.page
        quiet(view)
        view.press("v", on=STAGE)
        field = page.get_by_label("First property")
        field.focus()
        page.keyboard.type("holding oil")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert field.input_value() == 'holding "oil" '
        page.keyboard.type('before state "lamp_lti"')
        page.get_by_text("did you mean").wait_for()
        page.keyboard.press("Enter")
        assert not view.widget.properties
        for _ in range(3):
            page.keyboard.press("Backspace")
        page.keyboard.type('it"')
        page.keyboard.press("Enter")
        page.locator(".wp-row").wait_for()
        check_properties(view)
        assert badges(view) == ["proven"]
        assert load_properties(tmp_path / "light.properties.toml")[LAMP].text == LAMP

        # an edit in the map turns it red, and the way there is gone through
        view.widget.apply(UNLOCKING_OPS)
        view.tell()
        page.get_by_text("Checking…").wait_for()
        check_properties(view)
        assert badges(view) == ["broken"]
        page.get_by_role("button", name="Properties: 1 broken").wait_for()
        page.get_by_role("button", name=re.compile("^Show where it breaks")).press("Enter")
        page.locator(".wp-step[aria-current=step]").focus()
        page.keyboard.press("Home")
        for _ in range(20):
            page.keyboard.press("ArrowUp")
        view.rest()
        assert "Start in landing" in page.locator(".wp-step[aria-current=step]").inner_text()
        page.keyboard.press("ArrowDown")
        page.locator(".wo-legend").get_by_text("Step 1 of 7").wait_for()

        # undo takes back the edit of the world, then the property
        view.press("Control+z", on=STAGE)
        check_properties(view)
        assert badges(view) == ["proven"] and page.locator(".wp-steps").count() == 0
        view.press("Control+z", on=STAGE)
        page.locator(".wp-row").wait_for(state="detached")
        assert not load_properties(tmp_path / "light.properties.toml")
        view.press("Control+Shift+z", on=STAGE)
        page.locator(".wp-row").wait_for()
        assert view.wrong == []


def test_a_property_is_renamed_deleted_and_suggested(browser: Any) -> None:
    def make_editor() -> Any:
        return wk.edit(wk.samples.load("lighthouse"), properties={"lamp": LAMP}, height=620)

    with stand(browser, make_editor, width=1000, height=620) as view:
        page = view.page
        quiet(view)
        view.press("v", on=STAGE)
        check_properties(view)
        page.get_by_role("button", name="Edit lamp").click()
        name = page.get_by_label("Name", exact=True)
        name.fill("no light without oil")
        name.press("Enter")
        page.get_by_text("no light without oil").first.wait_for()
        assert list(view.widget.properties) == ["no light without oil"]
        page.get_by_role("button", name="Suggest some").click()
        page.get_by_role("button", name="Add a win stays possible").click()
        page.locator(".wp-row").nth(1).wait_for()
        page.get_by_role("button", name="Delete no light without oil").click()
        page.locator(".wp-row").nth(1).wait_for(state="detached")
        assert list(view.widget.properties) == ["a win stays possible"]
        assert view.axe() == [] and view.wrong == []


@contextmanager
def property_panel(browser: Any) -> Iterator[Stand]:
    """Open an editor with one property, ``lamp``, at its panel."""

    def make_editor() -> Any:
        return wk.edit(wk.samples.load("lighthouse"), properties={"lamp": LAMP}, height=620)

    with stand(browser, make_editor, width=1000, height=620) as view:
        quiet(view)
        view.press("v", on=STAGE)
        yield view


def test_a_property_takes_the_text_that_was_typed_before_its_name(browser: Any) -> None:
    with property_panel(browser) as view:
        page = view.page
        page.get_by_role("button", name="Edit lamp").click()
        page.get_by_label("What must hold").fill('never state "yard"')
        page.get_by_label("What must hold").press("Tab")
        page.keyboard.type("dry feet")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Edit dry feet").wait_for()
        page.get_by_label("What must hold").wait_for(state="detached")
        assert {name: one.text for name, one in view.widget.properties.items()} == {"dry feet": 'never state "yard"'}

        # what is refused stays, and so does the form
        page.get_by_role("button", name="Edit dry feet").click()
        page.get_by_label("What must hold").fill("never state (")
        page.get_by_label("Name", exact=True).fill("wet feet")
        page.get_by_label("Name", exact=True).press("Enter")
        page.locator(".wp-edit .wk-problem, .wp-edit .wk-error").first.wait_for()
        assert page.get_by_label("What must hold").input_value() == "never state ("
        assert page.get_by_label("Name", exact=True).input_value() == "wet feet"
        assert list(view.widget.properties) == ["dry feet"]
        assert view.wrong == []


def test_properties_that_are_half_typed_stay_while_the_map_is_looked_at(browser: Any) -> None:
    with property_panel(browser) as view:
        page = view.page
        page.get_by_role("button", name="Edit lamp").click()
        page.get_by_label("What must hold").fill('never state "ya')
        page.get_by_label("New property").click()
        page.keyboard.type("always (lamp or")
        view.press("ArrowRight", on=STAGE)
        page.get_by_label("Id", exact=True).wait_for()
        view.press("v", on=STAGE)
        assert page.get_by_label("New property").input_value() == "always (lamp or"
        assert page.get_by_label("What must hold").input_value() == 'never state "ya'
        assert page.evaluate("() => document.querySelector('.worldkit').shadowRoot.activeElement.matches('.we-stage')")
        page.get_by_label("What must hold").press("End")
        page.keyboard.type('rd"')
        page.keyboard.press("Enter")
        page.get_by_label("What must hold").wait_for(state="detached")
        assert view.widget.properties["lamp"].text == 'never state "yard"'
        assert view.wrong == []


def test_a_broken_run_and_the_world_are_played_in_the_editor_in_jupyterlab(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    code = (
        "import worldkit as wk\n"
        "w = wk.samples.load('lighthouse')\n"
        f"w = w.apply({UNLOCKING_OPS!r})\n"
        f"ed = wk.edit(w, properties={{'lamp': {LAMP!r}}}, height=620)\n"
        "ed"
    )
    page = open_notebook(browser, lab, "properties.ipynb", [code])
    outside = outside_of(page, lab.url)
    run_all(page)
    cell = page.locator(".jp-CodeCell").first
    cell.get_by_role("button", name="Properties: 1 broken").click()
    cell.get_by_role("button", name="Play it: lamp").click()
    dialog = cell.get_by_role("dialog", name="Player: lamp")
    dialog.get_by_text("lamp lit").first.wait_for()
    dialog.locator(".wk-offers").first.wait_for()
    page.screenshot(path=pictures / "lab-property-player.png")
    dialog.get_by_role("button", name="Close the player").click()
    dialog.wait_for(state="detached")
    cell.get_by_role("button", name="Play it: lamp").click()
    dialog.get_by_text("lamp lit").first.wait_for()
    dialog.get_by_role("button", name="Close the player").click()
    dialog.wait_for(state="detached")

    cell.get_by_role("button", name="Play", exact=True).click()
    dialog = cell.get_by_role("dialog", name="Player", exact=True)
    dialog.get_by_text("Landing", exact=True).first.wait_for()
    dialog.locator(".wk-offers").get_by_role("button").first.click()
    cell.get_by_text("The player, after 1 step.").wait_for()
    page.screenshot(path=pictures / "lab-editor-player.png")
    cell.get_by_role("button", name="Play", exact=True).click()
    dialog.wait_for(state="detached")
    assert outside == []


def test_the_editors_player_has_the_keyboard_stands_beside_the_map_and_closes_with_escape(
    browser: Any, lab: Lab
) -> None:
    code = "import worldkit as wk\ned = wk.edit(wk.samples.load('lighthouse'), height=620)\ned"
    page = open_notebook(browser, lab, "played-keys.ipynb", [code], width=1280)
    run_all(page)
    cell = page.locator(".jp-CodeCell").first
    cell.get_by_role("button", name="Play", exact=True).click()
    dialog = cell.get_by_role("dialog", name="Player", exact=True)
    dialog.get_by_role("heading", name="Landing").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("1")
    cell.get_by_text("The player, after 1 step.").wait_for()

    # as wide as a laptop leaves it, the cell shows the map beside the player, in place of the form
    stage = cell.locator(".we-stage").bounding_box()
    assert dialog.bounding_box()["x"] - stage["x"] > 0.4 * stage["width"] > 250
    assert cell.locator(".we-panel").count() == 0

    dialog.locator(".wk-offers").get_by_role("button").first.click()
    cell.get_by_text("The player, after 2 steps.").wait_for()
    page.keyboard.press("u")
    cell.get_by_text("The player, after 1 step.").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    cell.locator(".we-panel").wait_for()
    page.close()
