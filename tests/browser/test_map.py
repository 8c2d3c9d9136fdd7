"""The map of a large story by hand: regions, notes, to-dos, tags, saved views, and what is read from far away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, lighthouse_editor, stand
from worldkit.layout.measures import CARD_H, CARD_W

pytestmark = pytest.mark.browser


def wait_for_kernel(stand_: Stand, what: str, look: Callable[[Any], Any]) -> Any:
    """Return what the kernel holds, once it is true."""

    def look_again() -> Any:
        stand_.rest()
        return look(stand_.widget) or None

    return wait_for(what, look_again)


def label(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def test_a_cell_that_becomes_narrow_shows_the_map_and_keeps_the_form_of_what_is_selected(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=1200) as view:
        panel, title = view.page.locator(".we-panel"), view.page.locator(".we-title > strong")
        panel.wait_for()
        view.width(660, 560)
        panel.wait_for(state="hidden")
        assert title.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, "its name is whole"
        view.width(1200, 560)
        view.widget.selection = {"kind": "state", "id": "bench"}
        view.tell()
        view.page.locator("form[aria-label$=' bench']").wait_for()
        view.width(660, 560)
        view.page.locator("form[aria-label$=' bench']").wait_for()
        assert view.faults() == [] and view.wrong == []


def test_the_list_of_what_can_be_added_lies_over_nothing(browser: Any) -> None:
    with lighthouse_editor(browser) as view:
        view.press("+", "+", "+", on=".we-stage")
        minimap = view.page.locator(".we-minimap")
        minimap.wait_for()
        box = minimap.bounding_box()
        view.page.mouse.dblclick(box["x"] - 40, box["y"] - 60)
        view.page.locator(".we-quick").wait_for()
        assert view.faults() == []
        view.press("Escape")
        minimap.wait_for()


VIEW = """() => {
  const layer = document.querySelector(".worldkit").shadowRoot.querySelector(".wm-layer");
  const { a, e, f } = new DOMMatrix(layer.style.transform);
  return [e, f, a];
}"""
NOTE_W, NOTE_H = 208, 96
BOX_ON_MAP_SCRIPT = """selector => {
  const root = document.querySelector(".worldkit").shadowRoot, map = root.querySelector(".we-stage");
  const { left, top } = map.getBoundingClientRect(), box = root.querySelector(selector).getBoundingClientRect();
  return [box.left - left, box.top - top, box.right - left, box.bottom - top];
}"""


def cards_under(view: Stand, selector: str, *ids: str) -> list[str]:
    """Return which cards an element lies over, as they are drawn on the map."""
    left, top, right, bottom = view.page.evaluate(BOX_ON_MAP_SCRIPT, selector)
    x, y, zoom = view.page.evaluate(VIEW)
    places = view.widget.layout
    return [
        id
        for id in ids
        if x + places[id][0] * zoom < right
        and x + (places[id][0] + CARD_W) * zoom > left
        and y + places[id][1] * zoom < bottom
        and y + (places[id][1] + CARD_H) * zoom > top
    ]


@pytest.mark.parametrize("width", [848, 1280])
@pytest.mark.parametrize("scene", ["landing", "yard", "watch_room", "under_the_tide"])
def test_the_list_of_what_can_be_added_stands_beside_the_selected_card(browser: Any, width: int, scene: str) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=width) as view:
        view.page.locator(".we-stage").click(position={"x": 90, "y": 30})
        view.widget.selection = {"kind": "state", "id": scene}
        view.tell()
        view.press("f", "a", on=".we-stage")
        view.page.locator(".we-quick").wait_for()
        assert cards_under(view, ".we-quick", scene) == []
        assert view.faults() == [] and view.wrong == []


def test_in_a_cell_of_a_notebook_the_legend_leaves_the_entrance_in_sight(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=848) as view:
        view.page.locator(".we-stage").click(position={"x": 90, "y": 30})
        view.press("f", "l")
        legend = view.page.locator(".we-legend")
        legend.wait_for()
        assert cards_under(view, ".we-legend", "landing", "yard", "kitchen") == []
        assert legend.evaluate("e => e.scrollHeight - e.clientHeight") <= 0, "all of it is seen"
        assert view.faults() == [] and view.wrong == []


@pytest.mark.parametrize("scene", ["landing", "oil_store", "tower_foot", "on_the_teeth"])
def test_a_new_note_stands_on_no_card_and_no_other_note(browser: Any, scene: str) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=1280) as view:
        view.page.locator(".we-stage").click(position={"x": 90, "y": 30})
        view.widget.selection = {"kind": "state", "id": scene}
        view.tell()
        for count in (1, 2):
            view.press("j", on=".we-stage")
            notes = wait_for_kernel(view, "a note", lambda ed, n=count: len(ed.notes) == n and list(ed.notes.values()))
            view.press("Escape")
            view.page.locator(".we-stage").click(position={"x": 90, "y": 30})
            view.widget.selection = {"kind": "state", "id": scene}
            view.tell()
        places = view.widget.layout
        x, y = places[scene]
        boxes = [(x + note.at[0], y + note.at[1], NOTE_W, NOTE_H) for note in notes]
        boxes += [(*place, CARD_W, CARD_H) for place in places.values()]
        for at, (left, top, wide, high) in enumerate(boxes[:2]):
            for other_left, other_top, other_wide, other_high in boxes[at + 1 :]:
                assert not (
                    left < other_left + other_wide
                    and other_left < left + wide
                    and top < other_top + other_high
                    and other_top < top + high
                )


def test_what_is_said_stands_beside_the_buttons_of_the_zoom(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=848) as view:
        view.page.get_by_label("Description", exact=True).click()
        view.page.keyboard.press("Escape")
        view.page.get_by_role("button", name="Search", exact=True).focus()
        view.press("n")
        view.page.locator(".wk-toast").wait_for()
        assert view.faults() == []


def test_a_form_that_is_written_in_stays_where_its_cell_becomes_narrow(browser: Any) -> None:
    world = wk.samples.load("bench")
    with stand(browser, lambda: wk.edit(world), width=1200) as view:
        description = view.page.locator(".we-panel").get_by_label("Description", exact=True)
        description.fill("A lane")
        view.width(660, 560)
        view.rest()
        view.page.keyboard.type(" and more")  # on the map each of these would be a command
        view.page.keyboard.press("Tab")
        wait_for_kernel(view, "what was typed", lambda ed: ed.world.description == "A lane and more")
        assert list(view.widget.world.states) == list(world.states)


def test_a_way_is_dragged_from_the_outer_half_of_the_port_that_a_far_card_shows(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=430) as view:
        left, top, zoom = view.page.locator(".wm-layer").evaluate(
            """layer => {
                const { a, e, f } = new DOMMatrix(getComputedStyle(layer).transform);
                const stage = layer.parentElement.getBoundingClientRect();
                return [stage.x + e, stage.y + f, a];
            }"""
        )
        mouse = view.page.mouse

        def move(state: str, x: float, beyond: float = 0) -> None:
            corner = view.widget.layout[state]
            mouse.move(left + zoom * (corner[0] + x * CARD_W) + beyond, top + zoom * (corner[1] + CARD_H / 2), steps=4)

        move("bench", 0.9)
        move("bench", 1, beyond=5)
        mouse.down()
        move("lane", 0.5)
        mouse.up()
        way = wait_for_kernel(view, "the way", lambda ed: ed.world.events[5:])[0]
        assert (way.from_, way.to) == (("bench",), "lane")
        assert view.wrong == []


def test_a_story_is_put_in_order_on_the_map_and_every_step_can_be_undone(browser: Any, pictures: Path) -> None:
    world = wk.samples.load("lighthouse")
    with stand(browser, lambda: wk.edit(world), width=1280, height=720) as editor_view:
        page = editor_view.page
        editor_view.press("Control+a", "g", on=".we-stage")
        region = wait_for_kernel(editor_view, "the region", lambda ed: list(ed.regions))[0]
        name = "document.querySelector('.worldkit').shadowRoot.activeElement?.value"
        page.wait_for_function(f"{name} === 'Region 1'")
        assert editor_view.axe() == []
        page.keyboard.type("Act one")  # in place of the name that it has
        page.keyboard.press("Enter")
        wait_for_kernel(editor_view, "its name", lambda ed: ed.regions[region].name == "Act one")
        page.get_by_role("radio", name="purple").click()
        wait_for_kernel(editor_view, "its colour", lambda ed: ed.regions[region].color == "purple")

        # A copy of it is a region too, with copies of its states.
        label(page, "Duplicate Act one").click()
        wait_for_kernel(
            editor_view, "a copy", lambda ed: [one.name for one in ed.regions.values()] == ["Act one", "Act one 2"]
        )
        assert len(editor_view.widget.world.states) == 2 * len(world.states)
        editor_view.press("Control+z", on=".we-stage")
        wait_for_kernel(editor_view, "the copy undone", lambda ed: len(ed.regions) == 1 and ed.world == world)

        # One state goes elsewhere; the rest is collapsed, and reached again by its name.
        editor_view.press("Escape", "Escape", on=".we-stage")
        editor_view.widget.selection = {"kind": "state", "id": "kitchen"}
        editor_view.tell()
        page.get_by_label("Region", exact=True).select_option(label="None")
        wait_for_kernel(editor_view, "a state out of the region", lambda ed: "kitchen" not in ed.regions[region].states)
        editor_view.press("z", on=".we-stage")
        tag = page.get_by_label("Add a tag")
        tag.fill("night")
        tag.press("Enter")
        wait_for_kernel(editor_view, "a tag", lambda ed: ed.tags.of("kitchen") == ("night",))
        page.locator(".we-card:has-text('kitchen') .wn-card-tag").get_by_text("night").wait_for()

        editor_view.press("d", on=".we-stage")
        note = wait_for_kernel(editor_view, "a to-do", lambda ed: list(ed.notes))[0]
        text = page.get_by_label("Text", exact=True)
        text.fill("Who left the kettle on?")
        text.press("Control+Enter")
        wait_for_kernel(editor_view, "its text", lambda ed: ed.notes[note].text == "Who left the kettle on?")
        assert (editor_view.widget.notes[note].todo, editor_view.widget.notes[note].state) == (True, "kitchen")
        on_map = page.locator(".wn-note")
        on_map.wait_for()
        before = editor_view.widget.notes[note].at
        box = on_map.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 80, box["y"] + 60, steps=5)
        page.mouse.up()
        wait_for_kernel(editor_view, "the note moved", lambda ed: ed.notes[note].at != before)
        page.get_by_role("checkbox", name="Done: Who left the kettle on?").click()
        wait_for_kernel(editor_view, "it ticked off", lambda ed: ed.notes[note].done)
        page.screenshot(path=pictures / "map-note.png")

        label(page, "Collapse Act one").click()
        wait_for_kernel(editor_view, "the region collapsed", lambda ed: ed.regions[region].collapsed)
        editor_view.press("z", on=".we-stage")
        page.locator(".we-card:has-text('kitchen')").wait_for()
        assert page.locator(".we-card").count() == 1
        editor_view.press("f", on=".we-stage")
        page.screenshot(path=pictures / "map-collapsed.png")
        editor_view.widget.selection = {"kind": "state", "id": "yard"}
        editor_view.tell()
        editor_view.press("z", on=".we-stage")
        page.locator(".we-card-title:text-is('yard')").wait_for()
        assert editor_view.widget.regions[region].collapsed

        view = page.get_by_label("Save the current view as")
        view.fill("The yard")
        view.press("Enter")
        wait_for_kernel(editor_view, "a view", lambda ed: [one.name for one in ed.views.values()] == ["The yard"])
        editor_view.press("f", on=".we-stage")
        page.get_by_role("button", name="The yard", exact=True).click()
        label(page, "Make night stand out").click()
        page.locator(".we-card.wn-dimmed").first.wait_for()
        label(page, "Show the whole map again").click()
        assert page.locator(".we-card.wn-dimmed").count() == 0

        assert editor_view.widget.world == world
        steps = 0
        while editor_view.widget._state.undo_label is not None:
            editor_view.press("Control+z", on=".we-stage")
            steps += 1
            wait_for_kernel(
                editor_view, "one step less", lambda ed, steps_left=steps: ed._state.undo_label is None or steps_left
            )
            assert steps < 30
        assert not editor_view.widget.regions and not editor_view.widget.notes and not editor_view.widget.tags
        assert editor_view.wrong == []


def test_a_region_is_entered_and_left_again(browser: Any) -> None:
    def editor() -> Any:
        editor = wk.edit(wk.samples.load("lighthouse"))
        editor.regions.add("The house", ["kitchen", "oil_store"], color="teal")
        return editor

    with stand(browser, editor, width=1280, height=720) as view:
        page = view.page
        view.press("o", on=".we-stage")
        label(page, "Enter The house").click()
        entered = page.locator(".wn-entered", has_text="The house")
        entered.wait_for()
        view.rest()
        for title in ("kitchen", "oil store"):
            page.locator(".we-card:not(.wn-dimmed)", has_text=title).wait_for()
        assert page.locator(".we-card:not(.wn-dimmed)").count() == 2
        assert view.axe() == [] and view.faults() == []
        view.press("Escape", "Escape", on=".we-stage")  # the first leaves the panel
        entered.wait_for(state="detached")
        assert view.widget.regions and view.widget.world == wk.samples.load("lighthouse")
        assert view.wrong == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panel_and_the_map_are_sound_at_three_widths(browser: Any, pictures: Path, theme: str) -> None:
    def editor() -> Any:
        editor = wk.edit(wk.samples.load("archive"))
        ids = sorted(editor.world.states, key=lambda id: editor.layout[id][0])
        for at, color in enumerate(["blue", "orange", "purple"]):
            editor.regions.add(f"Chapter {at + 1}", ids[at * 20 : (at + 1) * 20], color=color)
        editor.notes.add("Decide who keeps the key.", state=ids[3], at=(0, -120), todo=True)
        editor.tags.add("night", ids[:6], color="red")
        editor.views.add("The beginning", (0, 0, 1600, 900))
        return editor

    with stand(browser, editor, width=1700, height=640) as view:
        view.theme(theme)
        view.press("o", "f", on=".we-stage")
        for width in (1700, 850, 620):
            view.width(width, 640)
            view.page.screenshot(path=pictures / f"map-regions-{width}-{theme}.png")
            assert view.faults() == []
            assert view.axe() == []
        # 200 % zoom is half the room for everything.
        view.width(850, 640)
        view.page.get_by_role("button", name="Chapter 1").first.click()
        assert view.axe() == []
        view.page.screenshot(path=pictures / f"map-panel-{theme}.png")
        assert view.wrong == []


def test_the_map_fills_the_screen_and_goes_back(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=1000, height=700) as view:
        page = view.page
        label(page, "Full screen").click()
        page.wait_for_function("document.fullscreenElement?.className === 'worldkit'")
        view.press("Alt+Enter", on=".we-stage")
        page.wait_for_function("document.fullscreenElement === null")
        view.press("j", on=".we-stage")
        note = wait_for_kernel(view, "a note on free ground", lambda ed: list(ed.notes.values()))[0]
        assert (note.todo, note.state) == (False, None)
        assert view.wrong == []


def test_the_cards_in_sight_stay_while_a_thousand_are_moved(browser: Any) -> None:
    ids = [f"s{number:03}" for number in range(1000)]
    states = {name: {"base": f"Room {name} of the tower."} for name in ids}
    world = wk.World.from_dict({"entrance": {"state": ids[0]}, "scene": {"states": states, "events": []}})
    places = {name: (number % 40 * 504, number // 40 * 240) for number, name in enumerate(ids)}
    with stand(browser, lambda: wk.edit(world, layout=places), width=1000, height=560) as view:
        view.widget.selection = {"kind": "state", "id": "s780"}
        view.tell()
        card = view.page.locator(".we-card", has_text="Room s780 of")
        card.wait_for()
        left = card.bounding_box()["x"]
        with view.busy():
            view.press("Control+a", "Alt+ArrowRight", on=".we-stage")
            assert card.bounding_box()["x"] > left
            assert view.page.locator(".we-card").count() < 60
        wait_for_kernel(view, "the move", lambda ed: ed.layout["s780"][0] > places["s780"][0])
        assert view.wrong == []


def test_a_note_stays_under_the_pointer_while_the_map_is_zoomed(browser: Any) -> None:
    def with_note() -> Any:
        editor = wk.edit(wk.samples.load("bench"), height=500)
        editor.notes.add("Who lost it?", at=(0, 300))
        return editor

    with stand(browser, with_note, width=1000, height=520) as view:
        page = view.page
        page.evaluate("() => { document.querySelector('#w').style.marginLeft = '240px' }")
        view.rest()
        note = page.locator(".wn-note")
        note.wait_for()
        box = note.bounding_box()
        x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 30, y + 10, steps=3)
        page.keyboard.down("Control")
        page.mouse.wheel(0, -40)
        page.keyboard.up("Control")
        page.mouse.move(x + 31, y + 10)
        view.rest()
        zoomed = note.bounding_box()
        page.mouse.up()
        assert zoomed["width"] > 1.2 * box["width"]
        assert abs((x + 31 - zoomed["x"]) / zoomed["width"] - 0.25) < 0.02
        assert view.wrong == []


def test_a_map_is_fitted_beside_the_legend_of_what_is_drawn_over_it(browser: Any) -> None:
    states = {"quay": {"base": "A quay."}, "boat": {"base": "A boat.", "ending": {"kind": "win", "title": "OUT"}}}
    events = [{"name": "go", "kind": "transition", "from": ["quay"], "to": "boat"}]
    world = wk.World.from_dict(
        {"name": "Q", "entrance": {"state": "quay"}, "scene": {"states": states, "events": events}}
    )

    with stand(browser, lambda: wk.edit(world).overlay(wk.playtest(world, runs=3)), width=900, height=300) as view:
        view.page.get_by_role("button", name="Hide the side panel").click()
        view.press("f", on=".we-stage")
        legend, card = (view.page.locator(part).first.bounding_box() for part in (".wo-legend", ".we-card"))
        assert card["x"] > legend["x"] + legend["width"] or card["y"] > legend["y"] + legend["height"]
        assert view.wrong == []


def test_the_side_beyond_which_the_map_goes_on_has_a_shadow(browser: Any) -> None:
    with lighthouse_editor(browser) as view:
        shadow = "stage => getComputedStyle(stage, '::after').boxShadow"
        stage = view.page.locator(".we-stage")
        view.press("f", on=".we-stage")
        assert stage.evaluate(shadow) == "none"
        view.press("ArrowRight", "z", on=".we-stage")
        assert stage.evaluate(shadow).count("inset") >= 1
        assert "rgba(0, 0, 0, 0.36)" in stage.evaluate(shadow)
        view.theme("dark")
        view.rest()
        assert "rgba(0, 0, 0, 0.9)" in stage.evaluate(shadow), "on a dark ground a fainter one is not seen"


def test_the_first_hint_is_whole_in_an_editor_that_was_wider(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=420) as view:
        hint = view.page.locator(".we-first > p")
        view.rest()
        narrow = hint.bounding_box()["width"]
        view.width(1400, 560)
        assert hint.bounding_box()["width"] > 1.5 * narrow
        view.width(420, 560)
        assert hint.bounding_box()["width"] == narrow


@pytest.mark.parametrize("width", [360, 420])
def test_the_words_of_an_empty_world_stand_beside_the_buttons_of_the_zoom(browser: Any, width: int) -> None:
    empty = wk.World.from_dict({"name": "New", "scene": {"states": {}, "events": []}})
    with stand(browser, lambda: wk.edit(empty), width=width) as view:
        view.page.get_by_text("An empty world").wait_for()
        assert view.faults() == []
