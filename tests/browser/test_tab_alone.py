"""The screens of a decision are used with Tab, Enter and Space alone, and nothing that has the focus is covered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.screens.compare import merging
from tests.browser.stand import Stand, stand
from worldkit.widgets.revision_view import RevisionView

pytestmark = pytest.mark.browser

FOCUSED_CONTROL_SCRIPT = """() => {
    const root = document.querySelector('.worldkit').shadowRoot, one = root.activeElement;
    if (!one) return null;
    const box = one.getBoundingClientRect(), parts = [0.1, 0.5, 0.9];
    const isSeen = parts.some((x) => parts.some((y) => {
        const there = root.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
        return there && (one.contains(there) || (there.closest('label') ?? there).contains(one));
    }));
    const name = one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent;
    return { name: name.trim(), isSeen, isMap: one.matches('.wm-stage'), part: one.closest('aside') ? 'panel' : '' };
}"""


def conflict(folder: Path) -> Any:
    """An editor of a file that somebody else changed, with an edit of the same text."""
    path = folder / "lighthouse.world.json"
    world = wk.samples.load("lighthouse")
    prose = world.states["yard"].base or ""

    def write(word: str) -> list[dict[str, Any]]:
        return [{"op": "set_field", "state": "yard", "field": "base", "value": prose.replace("wet", word, 1)}]

    world.save(path)
    editor = wk.edit(path)
    wk.load(path).apply(write("frosted")).save(path)
    with contextlib.suppress(wk.WorldError):
        editor.apply(write("black"))
    return editor


def focused(view: Stand) -> dict[str, Any]:
    view.rest()
    control: dict[str, Any] = view.page.evaluate(FOCUSED_CONTROL_SCRIPT)
    return control


def tab_from(view: Stand) -> Iterator[str]:
    """Press Tab until the widget is left; yield the name of each control, of which some part is seen."""
    while True:
        view.page.keyboard.press("Tab")
        view.rest()
        control = view.page.evaluate(FOCUSED_CONTROL_SCRIPT)
        if control is None:
            return
        assert control["name"], control
        assert control["isSeen"] or control["isMap"], control
        yield control["name"]


def tab_to(view: Stand, name: str) -> None:
    """Press Tab until a control has the focus."""
    assert any(name in one for one in tab_from(view)), name


@pytest.mark.parametrize("width", [430, 700, 1000])
def test_a_conflict_of_a_file_is_decided_by_keyboard(browser: Any, tmp_path: Path, width: int) -> None:
    with stand(browser, lambda: conflict(tmp_path), width=width) as view:
        view.page.get_by_role("button", name="Decide between both versions").focus()
        view.page.keyboard.press("Enter")
        view.page.wait_for_function(f"() => ({FOCUSED_CONTROL_SCRIPT})()?.part === 'panel'")
        tab_to(view, "Pick theirs")
        view.page.keyboard.press("Space")
        tab_to(view, "Rebase.")
        view.page.keyboard.press("Enter")
        view.page.get_by_role("button", name="Saved in lighthouse.world.json.").wait_for()
        assert "frosted" in (view.widget.world.states["yard"].base or "")
        assert view.faults() == [] and view.wrong == []


@pytest.mark.parametrize("width", [430, 1000])
def test_a_conflict_of_a_merge_is_decided_by_keyboard(browser: Any, width: int) -> None:
    with stand(browser, merging, width=width) as view:
        if view.page.locator(".wc-panel").count() == 0:
            view.press("Enter", on="button[aria-label='Show the list']")
        view.page.locator("button[aria-label='Keys and marks']").focus()
        tab_to(view, "State yard")
        view.page.keyboard.press("Enter")
        tab_to(view, "Pick theirs")
        view.page.keyboard.press("Space")
        view.page.locator('[data-conflict="0"]', has_text="Decided").wait_for()
        assert focused(view)["isSeen"]
        assert len([*tab_from(view)]) > 3
        assert view.faults() == [] and view.wrong == []


def test_a_revision_is_accepted_by_keyboard(browser: Any) -> None:
    world = wk.samples.load("lighthouse")
    editor = wk.edit(world)
    revision = wk.revise(world, "rename the yard to the courtyard", "templates")
    with stand(browser, lambda: RevisionView(revision), width=430) as view:
        view.page.locator("button[aria-label='Keys and marks']").focus()
        tab_to(view, "Accept")
        view.page.keyboard.press("Enter")
        view.page.locator(".wc-accepted").wait_for()
        assert "courtyard" in editor.world.states
        assert focused(view)["name"]
        assert view.faults() == [] and view.wrong == []


@pytest.mark.parametrize("width", [430, 700, 1000])
def test_the_panel_and_the_tables_have_no_control_below_them(browser: Any, width: int) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=width) as view:
        toggle = view.page.locator(".we-toolbar > :last-child button, .we-toolbar > button:last-child").last
        if toggle.get_attribute("aria-pressed") == "false":
            toggle.click()
        toggle.focus()
        assert any("picture file" in name for name in tab_from(view))
        toggle.focus()
        view.press("t", on=".we-stage")
        assert view.page.get_by_role("grid").is_visible()
        view.page.get_by_role("button", name="Search").first.focus()
        names = [*tab_from(view)]
        assert "Close the tables" in names and "Zoom in" not in names
        view.page.get_by_role("tab", name="Find and replace").focus()
        if view.page.locator(".we-panel").count() == 0:
            toggle.click()
        view.page.locator(".we-panel").get_by_label("Name", exact=True).click()
        assert focused(view)["isSeen"] and focused(view)["part"] == "panel"
        assert view.faults() == [] and view.wrong == []


@pytest.mark.parametrize("width", [430, 900])
def test_the_name_of_another_model_for_a_chapter_is_not_under_the_button(browser: Any, width: int) -> None:
    with stand(browser, wk.edit, width=width) as view:
        view.page.get_by_role("button", name="From a chapter").click()
        view.page.get_by_label("The chapter").fill("A stone lane runs. " * 30)
        view.page.get_by_label("Writer").select_option("other")
        view.page.get_by_label("Writer").focus()
        tab_to(view, "The model’s name")
        field = view.page.get_by_label("The model’s name").bounding_box()
        foot = view.page.locator(".wg-foot").bounding_box()
        assert field["y"] + field["height"] <= foot["y"]
        assert view.faults() == [] and view.wrong == []
