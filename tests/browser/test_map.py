"""The map of a large story by hand: regions, notes, to-dos, tags, saved views, and what is read from far away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser


def held(stand_: Stand, what: str, look: Callable[[Any], Any]) -> Any:
    """Return what the kernel holds, once it is true."""

    def asked() -> Any:
        stand_.rest()
        return look(stand_.widget) or None

    return wait_for(what, asked)


def label(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def test_a_story_is_put_in_order_on_the_map_and_every_step_can_be_undone(browser: Any, pictures: Path) -> None:
    world = wk.samples.load("lighthouse")
    with stand(browser, lambda: wk.edit(world), width=1280, height=720) as shown:
        page = shown.page
        shown.press("Control+a", "g", on=".we-stage")
        region = held(shown, "the region", lambda ed: list(ed.regions))[0]
        name = page.get_by_label("Name", exact=True)
        assert page.evaluate("document.querySelector('.worldkit').shadowRoot.activeElement.value") == "Region 1"
        name.fill("Act one")
        name.press("Enter")
        held(shown, "its name", lambda ed: ed.regions[region].name == "Act one")
        page.get_by_role("radio", name="purple").check()
        held(shown, "its colour", lambda ed: ed.regions[region].color == "purple")

        # A copy of it is a region too, with copies of its states.
        label(page, "Duplicate Act one").click()
        held(shown, "a copy", lambda ed: [one.name for one in ed.regions.values()] == ["Act one", "Act one 2"])
        assert len(shown.widget.world.states) == 2 * len(world.states)
        shown.press("Control+z", on=".we-stage")
        held(shown, "the copy undone", lambda ed: len(ed.regions) == 1 and ed.world == world)

        # One state goes elsewhere; the rest is collapsed, and reached again by its name.
        shown.press("Escape", "Escape", on=".we-stage")
        shown.widget.selection = {"kind": "state", "id": "kitchen"}
        shown.tell()
        page.get_by_label("Region", exact=True).select_option(label="None")
        held(shown, "a state out of the region", lambda ed: "kitchen" not in ed.regions[region].states)
        shown.press("z", on=".we-stage")
        tag = page.get_by_label("Add a tag")
        tag.fill("night")
        tag.press("Enter")
        held(shown, "a tag", lambda ed: ed.tags.of("kitchen") == ("night",))
        page.locator(".we-card:has-text('kitchen') .wn-card-tag").get_by_text("night").wait_for()

        shown.press("d", on=".we-stage")
        note = held(shown, "a to-do", lambda ed: list(ed.notes))[0]
        text = page.get_by_label("Text", exact=True)
        text.fill("Who left the kettle on?")
        text.press("Control+Enter")
        held(shown, "its text", lambda ed: ed.notes[note].text == "Who left the kettle on?")
        assert (shown.widget.notes[note].todo, shown.widget.notes[note].state) == (True, "kitchen")
        on_map = page.locator(".wn-note")
        on_map.wait_for()
        before = shown.widget.notes[note].at
        box = on_map.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 80, box["y"] + 60, steps=5)
        page.mouse.up()
        held(shown, "the note moved", lambda ed: ed.notes[note].at != before)
        page.get_by_role("checkbox", name="Done: Who left the kettle on?").check()
        held(shown, "it ticked off", lambda ed: ed.notes[note].done)
        page.screenshot(path=pictures / "map-note.png")

        label(page, "Collapse Act one").click()
        held(shown, "the region collapsed", lambda ed: ed.regions[region].collapsed)
        shown.press("z", on=".we-stage")
        page.locator(".we-card:has-text('kitchen')").wait_for()
        assert page.locator(".we-card").count() == 1
        shown.press("f", on=".we-stage")
        page.screenshot(path=pictures / "map-collapsed.png")
        shown.widget.selection = {"kind": "state", "id": "yard"}
        shown.tell()
        shown.press("z", on=".we-stage")
        page.locator(".we-card-title:text-is('yard')").wait_for()
        assert shown.widget.regions[region].collapsed

        view = page.get_by_label("Save what the map shows now as")
        view.fill("The yard")
        view.press("Enter")
        held(shown, "a view", lambda ed: [one.name for one in ed.views.values()] == ["The yard"])
        shown.press("f", on=".we-stage")
        page.get_by_role("button", name="The yard", exact=True).click()
        label(page, "Make night stand out").click()
        page.locator(".we-card.wn-dimmed").first.wait_for()
        label(page, "Show the whole map again").click()
        assert page.locator(".we-card.wn-dimmed").count() == 0

        assert shown.widget.world == world
        steps = 0
        while shown.widget._state.undo_label is not None:
            shown.press("Control+z", on=".we-stage")
            steps += 1
            held(shown, "one step less", lambda ed, left=steps: ed._state.undo_label is None or left)
            assert steps < 30
        assert not shown.widget.regions and not shown.widget.notes and not shown.widget.tags
        assert shown.wrong == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panel_and_the_map_are_sound_at_three_widths(browser: Any, pictures: Path, theme: str) -> None:
    def editor() -> Any:
        opened = wk.edit(wk.samples.load("archive"))
        ids = sorted(opened.world.states, key=lambda id: opened.layout[id][0])
        for at, color in enumerate(["blue", "orange", "purple"]):
            opened.regions.add(f"Chapter {at + 1}", ids[at * 20 : (at + 1) * 20], color=color)
        opened.notes.add("Decide who keeps the key.", state=ids[3], at=(0, -120), todo=True)
        opened.tags.add("night", ids[:6], color="red")
        opened.views.add("The beginning", (0, 0, 1600, 900))
        return opened

    with stand(browser, editor, width=1700, height=640) as shown:
        shown.theme(theme)
        shown.press("o", "f", on=".we-stage")
        for width in (1700, 850, 620):
            shown.width(width, 640)
            shown.page.screenshot(path=pictures / f"map-regions-{width}-{theme}.png")
            assert shown.faults() == []
            assert shown.axe() == []
        # 200 % zoom is half the room for everything.
        shown.width(850, 640)
        shown.page.get_by_role("button", name="Chapter 1").first.click()
        assert shown.axe() == []
        shown.page.screenshot(path=pictures / f"map-panel-{theme}.png")
        assert shown.wrong == []


def test_the_map_fills_the_screen_and_goes_back(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=1000, height=700) as shown:
        page = shown.page
        label(page, "Full screen").click()
        page.wait_for_function("document.fullscreenElement?.className === 'worldkit'")
        shown.press("Alt+Enter", on=".we-stage")
        page.wait_for_function("document.fullscreenElement === null")
        shown.press("j", on=".we-stage")
        note = held(shown, "a note on free ground", lambda ed: list(ed.notes.values()))[0]
        assert (note.todo, note.state) == (False, None)
        assert shown.wrong == []
