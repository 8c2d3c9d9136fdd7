"""The forms of the editor in a real JupyterLab: what is filled in reaches the kernel, as one named step each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab
from tests.browser.test_journey import cells_of, kernel_world, open_notebook, rerun
from tests.browser.test_overlay import axe

pytestmark = pytest.mark.browser

CELLS = [
    "import worldkit as wk\n"
    "ed = wk.edit(wk.samples.load('lighthouse'))\n"
    "_ = ed.on_change(lambda world: world.save('seen.world.json'))\n"
    "ed",
    "# nothing here",
]


@pytest.fixture(scope="module")
def notebook(browser: Any, lab: Lab) -> Iterator[Any]:
    page = open_notebook(browser, lab, "inspector.ipynb", CELLS)
    yield page
    page.close()


@pytest.fixture
def page(notebook: Any, lab: Lab) -> Any:
    (lab.folder / "seen.world.json").unlink(missing_ok=True)
    rerun(notebook)
    notebook.get_by_role("toolbar", name="World editor").wait_for()
    return notebook


def find(page: Any, name: str) -> Any:
    """Open the form of an event or a state by searching for it, and return the form."""
    page.locator(".we-stage").focus()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    form = page.locator(f"form[aria-label$=' {name}']")
    form.wait_for()
    return form


def unfold(form: Any, title: str) -> None:
    group = form.locator("details.we-group", has=form.page.locator(f"summary > span:text-is('{title}')")).first
    if group.get_attribute("open") is None:
        group.locator("> summary").click()


def test_what_is_filled_in_reaches_the_kernel_one_named_step_each(page: Any, lab: Lab) -> None:
    form = find(page, "light_the_lamp")
    hint = form.locator("[name='lockedHint']")
    hint.fill("No oil yet.")
    hint.press("Control+Enter")
    kernel_world(lab, lambda w: w.events_by_name["light_the_lamp"].locked_hint == "No oil yet.")
    page.get_by_role("button", name="Undo: Set the hint of light_the_lamp").wait_for()

    # leaving a field by pressing a button keeps both what was typed and what the button does
    unfold(form, "Phases")
    form.locator(".we-item-head > button").first.click()
    form.locator("[name='phases[0].base']").fill("The spout tips.")
    form.get_by_role("button", name="Add a phase", exact=True).click()

    def both(world: wk.World) -> bool:
        phases = world.events_by_name["light_the_lamp"].phases or ()
        return len(phases) == 4 and phases[0].base == "The spout tips."

    kernel_world(lab, both)
    # the kernel knows before the view does, which then takes the focus to the phase that was added
    page.get_by_role("button", name="Undo: Add a phase to light_the_lamp").wait_for()

    # a destination by its first letters, with the keyboard
    to = form.locator("[name='to']")
    to.focus()
    page.keyboard.type("galler")
    page.keyboard.press("Enter")
    kernel_world(lab, lambda w: w.events_by_name["light_the_lamp"].to == "gallery")

    # and each is taken back on its own
    page.get_by_role("button", name="Undo: Set the destination of light_the_lamp").click()
    kernel_world(lab, lambda w: w.events_by_name["light_the_lamp"].to == "lamp_lit")
    page.get_by_role("button", name="Undo: Add a phase to light_the_lamp").click()
    kernel_world(lab, lambda w: len(w.events_by_name["light_the_lamp"].phases or ()) == 3)


def test_undo_in_a_field_is_the_fields_own(page: Any, lab: Lab) -> None:
    form = find(page, "light_the_lamp")
    narration = form.locator("[name='narration']")
    before = narration.input_value()
    narration.click()
    page.keyboard.press("End")
    page.keyboard.type(" More")
    page.keyboard.press("Control+z")
    assert narration.input_value() != f"{before} More"
    page.keyboard.press("Escape")
    assert narration.input_value() == before
    assert not (lab.folder / "seen.world.json").exists(), "nothing was sent"


def test_a_hotkey_is_pressed_and_the_notebook_never_hears_of_it(page: Any, lab: Lab) -> None:
    form = find(page, "light_the_lamp")
    before = cells_of(page)
    unfold(form, "How it is triggered")
    cap = form.locator(".we-keycap")
    cap.click()
    for key in ("w", "ArrowDown", "Shift", "d", "d"):
        page.keyboard.press(key)
    form.get_by_text("moves the player").wait_for()
    page.keyboard.press("j")
    kernel_world(lab, lambda w: w.events_by_name["light_the_lamp"].hotkey == "j")
    cap.locator("kbd", has_text="J").wait_for()
    cap.click()
    page.keyboard.press("Backspace")
    kernel_world(lab, lambda w: w.events_by_name["light_the_lamp"].hotkey is None)
    assert cells_of(page) == before


def test_keys_in_the_side_panel_never_reach_the_notebook(page: Any, lab: Lab) -> None:
    form = find(page, "light_the_lamp")
    before = cells_of(page)
    unfold(form, "How it is triggered")
    name = form.get_by_label("Find a field")
    for place in (
        form.locator("details.we-group > summary").first,
        form.locator("input[type=checkbox]").first,
        form.locator("input[type=radio]:checked").first,
        form.locator(".we-item-head > button").first,
        name,
    ):
        place.focus()
        for key in ("x", "m", "d", "d", "y", "z", "Shift"):
            page.keyboard.press(key)
    assert name.input_value() == "xmddyz", "what is typed is text"
    page.keyboard.press("Escape")
    assert cells_of(page) == before
    assert not (lab.folder / "seen.world.json").exists(), "and nothing was done"


def test_every_form_can_be_read_in_both_themes_of_jupyterlab(page: Any, pictures: Path) -> None:
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            theme,
        )
        page.wait_for_function(
            "dark => document.body.dataset.jpThemeLight === String(!dark)",
            arg=theme.endswith("Dark"),
        )
        for name in ("light_the_lamp", "lantern_room"):
            form = find(page, name)
            assert form.locator(".we-group").count() > 5
            assert axe(page, ".worldkit", "color-contrast") == [], theme
            page.screenshot(path=pictures / f"inspector-{name}-{theme[-5:].strip().lower()}.png")


def test_the_json_of_an_item_is_edited_and_what_is_wrong_in_it_is_told_by_path(page: Any, lab: Lab) -> None:
    form = find(page, "gallery")
    unfold(form, "JSON")
    view = form.locator("[name='json']")
    body = json.loads(view.input_value())
    view.fill(json.dumps({**body, "camera": {"static": "Wide."}, "ending": {"kind": "draw", "title": 3}}))
    view.press("Control+Enter")
    wrong = form.locator(".wk-error").filter(has_text="camera.dynamic: required, and missing")
    wrong.first.wait_for()
    assert "ending.title: expected a string, got 3" in wrong.first.inner_text()
    view.fill(json.dumps({**body, "base": "Wind.", "mood": {"wind": 7}}))
    view.press("Control+Enter")
    kernel_world(lab, lambda w: w.raw["scene"]["states"]["gallery"].get("mood") == {"wind": 7})
    page.get_by_role("button", name="Undo: Edit the JSON of gallery").wait_for()


def test_a_flag_is_renamed_in_the_whole_world_from_the_form_of_an_event(page: Any, lab: Lab) -> None:
    form = find(page, "light_the_lamp")
    flag = "oil"
    form.get_by_role("button", name=f"Rename the flag {flag} in the whole world").first.click()
    field = form.get_by_label(f"New name of the flag {flag}")
    field.fill("a new flag")
    field.press("Enter")

    def is_renamed(world: wk.World) -> bool:
        flags = {name for event in world.events for name in (*(event.requires or ()), *(event.grants or ()))}
        return flag not in flags and "a new flag" in flags

    kernel_world(lab, is_renamed)
    page.get_by_role("button", name=f"Undo: Rename flag {flag} to a new flag").wait_for()


def test_an_event_is_renamed_by_its_own_operation_and_its_form_stays_open(page: Any, lab: Lab) -> None:
    form = find(page, "light_the_lamp")
    name = form.locator("[name='name']").first
    name.fill("light it")
    name.press("Enter")
    kernel_world(lab, lambda w: "light it" in w.events_by_name)
    page.locator("form[aria-label='Event light it']").wait_for()
    page.get_by_role("button", name="Undo: Rename event light_the_lamp to light it").wait_for()


def test_an_events_camera_has_one_field_where_it_is_a_text_and_two_where_it_is_a_pair(page: Any, lab: Lab) -> None:
    form = find(page, "climb_the_kelp_steps")
    unfold(form, "Camera and movement")
    assert form.locator("[name='camera']").count() == 1
    unfold(form, "JSON")
    view = form.locator("[name='json']")
    body = json.loads(view.input_value())
    view.fill(json.dumps({**body, "camera": {"static": "Still.", "dynamic": "Gliding."}}))
    view.press("Control+Enter")
    moving = form.locator("[name='camera.dynamic']")
    moving.wait_for()
    moving.fill("Racing.")
    moving.press("Control+Enter")

    def has_both(world: wk.World) -> bool:
        camera = world.events_by_name["climb_the_kelp_steps"].camera
        return isinstance(camera, wk.Pair) and (camera.static, camera.dynamic) == ("Still.", "Racing.")

    kernel_world(lab, has_both)
