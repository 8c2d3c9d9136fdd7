"""Player, comparison and report on the page: what is seen together, what can be read, what leads where."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.screens.compare import STAGE, merging
from tests.browser.screens.player import WAY, lighthouse
from tests.browser.screens.store import editor_in_conflict
from tests.browser.stand import stand
from tests.browser.test_journey import cells_of, open_notebook, run_all
from tests.play.report.worlds import spoiled
from worldkit.widgets.report import ExplorationReport

pytestmark = pytest.mark.browser

THEMES = ("light", "dark")
IN_SIGHT = """(element) => {
    const body = element.getRootNode().querySelector(".wk-body").getBoundingClientRect();
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.top >= body.top - 1 && Math.min(box.bottom, box.top + 24) <= body.bottom + 1;
}"""


def is_in_sight(element: Any) -> bool:
    return bool(element.evaluate(IN_SIGHT))


@pytest.mark.parametrize("width", [620, 850, 1700])
def test_the_scene_and_every_panel_of_the_player_are_seen_together(browser: Any, width: int) -> None:
    with stand(browser, lighthouse(*WAY), width=width) as player:
        for tab, first in (("Flags", ".wk-flags > li"), ("Run", ".wk-tab > *"), ("Journal", ".wk-trail > li")):
            player.page.get_by_role("tab", name=tab).click()
            player.rest()
            assert is_in_sight(player.page.locator(".wk-place"))
            assert is_in_sight(player.page.locator(first).first)
        assert player.faults() == [] and player.axe() == [] and player.wrong == []


def test_a_tab_of_a_panel_below_the_scene_is_brought_into_sight(browser: Any) -> None:
    with stand(browser, lighthouse(*WAY), width=420) as player:
        player.page.get_by_role("tab", name="Flags").evaluate("e => e.click()")
        player.rest()
        assert is_in_sight(player.page.locator(".wk-flags > li").first)


def report_of(make: Callable[[], Any]) -> Callable[[], ExplorationReport]:
    return lambda: ExplorationReport(wk.explore(make()))


@pytest.mark.parametrize("theme", THEMES)
def test_a_report_is_no_banner_of_the_page_and_axe_finds_nothing(browser: Any, theme: str) -> None:
    with stand(browser, report_of(spoiled), width=1000, height=640) as report:
        report.theme(theme)
        report.page.locator(".wr-row").first.wait_for()
        assert report.axe() == [] and report.page.get_by_role("banner").count() == 0
        assert report.wrong == []


@pytest.mark.parametrize("width", [620, 850, 1700])
def test_a_conflict_is_read_side_by_side_and_written_by_hand(browser: Any, width: int) -> None:
    with stand(browser, merging, width=width) as compare:
        page = compare.page
        compare.press("n", on=STAGE)
        if width == 620:  # the list is closed in a narrow cell
            page.get_by_role("button", name="Show the list").click()
        sides = [page.locator(f"section.wk-side[aria-label='{side}']") for side in ("Ours", "Theirs")]
        boxes = [side.bounding_box() for side in sides]
        assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]
        for side, own, other in zip(sides, ("wet and black", "white with salt"), ("salt", "black"), strict=True):
            words = side.inner_text()
            assert own in words and other not in words and side.locator("del").count() == 0
        title = page.locator("[data-conflict='0'] .wc-name").inner_text()
        assert title == "State yard: what the camera sees"

        # by key, then in words of one's own; the text that was chosen is on the card
        compare.press("2", on=STAGE)
        card = page.locator(".wc-card", has=page.locator(".wc-card-title", has_text="yard")).first
        page.locator(".wk-result-head", has_text="Decided: theirs").wait_for()
        assert "white with salt" in card.inner_text() and card.locator("del").count() == 0
        result = page.get_by_label("The result: edit it to write your own")
        result.fill("A yard of my own, in the rain.")
        result.press("Control+Enter")
        page.locator(".wk-result-head", has_text="Decided: your own words").wait_for()
        assert compare.widget.merged.states["yard"].base == "A yard of my own, in the rain."
        assert "A yard of my own" in card.inner_text()

        # a destination that does not exist is refused where it was typed
        page.locator(".wc-row-head[data-conflict='2']").click()
        result = page.get_by_label("The result: edit it to write your own")
        result.fill("nowhere")
        result.press("Enter")
        page.locator(".wk-result .wk-error", has_text="nowhere").wait_for()
        assert compare.widget.merged.events_by_name["step_into_the_kitchen"].to == "oil_store"
        assert compare.faults() == [] and compare.axe() == [] and compare.wrong == []


@pytest.mark.parametrize("width", [620, 850])
def test_a_conflict_of_an_editor_is_read_side_by_side_and_written_by_hand(browser: Any, width: int) -> None:
    with stand(browser, editor_in_conflict, width=width) as view:
        page, editor = view.page, view.widget
        page.get_by_role("button", name="Decide between both versions").click()
        view.rest()
        clash = page.get_by_role("region", name="State yard: what the camera sees")
        sides = [clash.locator(f"section.wk-side[aria-label='{side}']") for side in ("Mine", "Theirs")]
        boxes = [side.bounding_box() for side in sides]
        assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]
        for side, own, other in zip(sides, ("black", "frosted"), ("frosted", "black"), strict=True):
            assert own in side.inner_text() and other not in side.inner_text()
        clash.get_by_role("button", name="Pick theirs").click()
        clash.get_by_text("The result: theirs").wait_for()
        result = clash.get_by_label("The result: edit it to write your own")
        assert "frosted flagstones" in result.input_value()
        result.fill("A yard of my own, in the rain.")
        result.press("Control+Enter")
        clash.get_by_text("The result: your own words").wait_for()
        assert view.faults() == [] and view.axe() == []
        page.get_by_role("button", name="Rebase").click()
        page.get_by_text("and saved.").wait_for()
        assert editor.world.states["yard"].base == "A yard of my own, in the rain."
        assert {"jetty", "galley"} < set(editor.world.states) and editor.stored.reload().world == editor.world
        assert view.wrong == []


CAVES = tuple(f"cave_{number}" for number in range(6))


def with_caves() -> Any:
    """An editor of a world with six scenes that nothing leads to, and a flag that three events need and none gives."""
    ops: list[dict[str, Any]] = [
        {"op": "add_state", "id": id, "base": "A sea cave, black and dripping."} for id in CAVES
    ]
    ops += [
        {"op": "add_transition", "name": f"crawl_to_{to}", "event": {"from": [id], "to": to}}
        for id, to in pairwise(CAVES)
    ]
    needing = ("step_into_the_kitchen", "enter_the_tower", "go_down_to_the_landing")
    ops += [{"op": "update_event", "name": name, "patch": {"requires": ["charter"]}} for name in needing]
    return wk.edit(wk.samples.load("lighthouse").apply(ops), height=700)


@pytest.mark.parametrize("width", [620, 1100])
def test_problems_with_one_cause_are_one_entry_with_one_repair_that_is_seen_before_it_is_made(
    browser: Any, width: int
) -> None:
    with stand(browser, with_caves, width=width, height=700) as editor:
        page, before = editor.page, editor.widget.world
        editor.press("p", on=".we-stage")
        caves = page.locator(".we-cause", has_text="No way leads to 6 scenes")
        caves.get_by_role("button", name="Connect them…").focus()
        page.keyboard.press("Enter")
        caves.get_by_text("All 6 scenes can be reached then.").wait_for()
        caves.get_by_text("6 problems fewer.").wait_for()
        assert editor.widget.world == before  # a preview changes nothing
        caves.get_by_label("To", exact=True).select_option("cave_3")
        caves.get_by_text("3 scenes can be reached then, 3 still cannot.").wait_for()
        caves.get_by_label("To", exact=True).select_option("cave_0")
        caves.get_by_label("From").select_option("landing")
        caves.get_by_text("6 problems fewer.").wait_for()
        caves.get_by_role("button", name="Make this change").click()
        caves.wait_for(state="detached")
        assert editor.widget.world.events_by_name["go_to_cave_0"].from_ == ("landing",)

        flag = page.locator(".we-cause", has_text="3 things wait for “charter”")
        flag.get_by_role("button", name="Grant “charter” in…").click()
        flag.get_by_label("Event that grants it").select_option("climb_the_kelp_steps")
        flag.get_by_text("3 problems fewer.").wait_for()
        for theme in THEMES:
            editor.theme(theme)
            assert editor.faults() == [] and editor.axe() == []
        flag.get_by_role("button", name="Make this change").click()
        flag.wait_for(state="detached")
        assert "charter" in (editor.widget.world.events_by_name["climb_the_kelp_steps"].grants or ())

        # each repair is one step to undo
        editor.widget.undo().undo()
        assert editor.widget.world == before and editor.wrong == []


def with_a_bridge() -> Any:
    """An editor of a world in which a run is stuck beyond a bridge that was crossed without the rope."""
    states = {id: {"base": f"The {id} in rain."} for id in ("gorge", "ledge", "shore")}
    states["shore"]["ending"] = {"kind": "win", "title": "ASHORE"}
    events: list[dict[str, Any]] = [
        {"name": "take_the_rope", "kind": "override", "from": ["gorge"], "grants": ["rope"], "base": "A rope."},
        {"name": "cross_the_bridge", "kind": "transition", "from": ["gorge"], "to": "ledge"},
        {"name": "climb_down", "kind": "transition", "from": ["ledge"], "to": "shore", "requires": ["rope"]},
        {"name": "look_around", "kind": "override", "from": ["ledge"], "base": "Rain."},
    ]
    world = {"name": "The gorge", "entrance": {"state": "gorge"}, "scene": {"states": states, "events": events}}
    return wk.edit(wk.World.from_dict(world))


@pytest.mark.parametrize("width", [620, 1000])
def test_a_way_into_a_soft_lock_is_guarded_by_a_flag_that_play_has_proved(browser: Any, width: int) -> None:
    with stand(browser, with_a_bridge, width=width, height=700) as view:
        page, editor = view.page, view.widget
        page.get_by_role("button", name="Explore every possible run").click()
        if width == 620:
            view.press("p", on=".we-stage")
        guard = page.get_by_role("button", name="Require “rope” for “cross the bridge”…")
        guard.click()
        page.get_by_text("Played through: no run gets stuck in “ledge”").wait_for()
        body, made = page.locator(".we-panel-body"), page.get_by_role("button", name="Make this change")
        room, box = body.bounding_box(), made.bounding_box()
        assert room["y"] <= box["y"] and box["y"] + box["height"] <= room["y"] + room["height"], "it is in sight"
        for theme in THEMES:
            view.theme(theme)
            view.rest()
            assert view.faults() == [] and view.axe() == []
        page.get_by_role("button", name="Make this change").click()
        guard.wait_for(state="detached")
        assert editor.world.events_by_name["cross_the_bridge"].requires == ("rope",)
        assert wk.explore(editor.world).soft_locks == [] and view.wrong == []


REPORTS = (
    "import worldkit as wk\nw = wk.load('spoiled.world.json')\ned = wk.edit(w)\ned",
    "wk.explore(w)",
    "# nothing here",
)


def test_a_report_leads_into_the_editor_and_its_finding_is_repaired_there(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    spoiled().save(lab.folder / "spoiled.world.json")
    page = open_notebook(browser, lab, "lead.ipynb", list(REPORTS))
    run_all(page)
    editor, report = page.locator(".jp-CodeCell").nth(0), page.locator(".jp-CodeCell").nth(1)
    report.get_by_role("button", name=re.compile("THE CORRIE STRIKES|cannot be reached")).first.wait_for()
    editor.locator(".we-stage").wait_for()
    before = cells_of(page)

    # to the place: its form is open, and the editor is in sight
    report.get_by_role("button", name=re.compile("ending.*cannot be reached|cannot be reached")).first.click()
    report.get_by_role("button", name="Show in the editor").click()
    form = editor.locator(".we-panel form")
    form.first.wait_for()
    assert editor.locator(".we-app").bounding_box() is not None

    # to what can be done about it: what play found is listed, the finding has the keyboard, and is repaired
    report.get_by_role("button", name="Fix in the editor…").click()
    problem = editor.locator(".we-findings > li:focus-within")
    problem.wait_for()
    page.screenshot(path=pictures / "lab-report-to-editor.png")
    problem.get_by_role("button", name=re.compile("…$")).first.click()
    problem.get_by_role("button", name="Make this change").wait_for()
    make = problem.get_by_role("button", name="Make this change")
    wait_for("the preview", lambda: True if make.is_enabled() else None)
    make.click()
    editor.get_by_role("button", name="Undo: Connect to two_cups").wait_for()
    assert cells_of(page)[:-1] == before[:-1]
    page.close()


def test_the_badge_of_problems_counts_what_exploring_found_and_says_when_nobody_explored(browser: Any) -> None:
    with stand(browser, with_a_bridge, width=1400, height=700) as view:
        badge = view.page.get_by_role("toolbar", name="World editor").get_by_role("button", name="not explored")
        badge.wait_for()
        view.page.get_by_role("button", name="Explore every possible run").first.click()
        badge.wait_for(state="detached")
        badge = view.page.get_by_role("toolbar", name="World editor").get_by_role("button", name="1 soft-lock")
        assert badge.get_attribute("title") == "1 warning; 1 soft-lock (P)"
        assert view.wrong == []


@pytest.mark.parametrize("width", [480, 900])
def test_how_a_run_ended_is_seen_at_once_and_its_buttons_come_into_sight_with_the_focus(
    browser: Any, width: int
) -> None:
    world = wk.samples.load("bread")
    way = wk.explore(world).route_to("lamplit_jetty")
    assert way is not None
    session = wk.Session(world)
    for step in way.steps[:-1]:
        session.fire(step.event)
    with stand(browser, lambda: wk.play(session), width=width) as view:
        view.page.locator(".wk-offer").get_by_text("Eat your own loaf").click()
        view.page.locator(".wk-ending-title").wait_for()
        view.rest()
        body = view.page.locator(".wk-body").bounding_box()
        title = view.page.locator(".wk-ending-title").bounding_box()
        assert title["y"] + title["height"] <= body["y"] + body["height"]
        again = view.page.get_by_role("button", name="Try again from the entrance")
        again.focus()
        view.rest()
        box = again.bounding_box()
        assert box["y"] + box["height"] <= body["y"] + body["height"]
        assert view.wrong == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_list_of_missions_that_goes_on_has_a_shadow_at_its_foot_until_its_end(browser: Any, theme: str) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"), height=320), height=320) as view:
        view.theme(theme)
        missions = view.page.locator(".wk-missions")
        box = missions.bounding_box()
        foot = {"x": box["x"] + box["width"] - 8, "y": box["y"] + box["height"] - 8, "width": 8, "height": 8}

        def contrast() -> int:
            view.rest()
            brightness = Image.open(BytesIO(view.page.screenshot(clip=foot))).convert("L").tobytes()
            return max(brightness) - min(brightness)

        assert contrast() > 8
        missions.evaluate("list => list.scrollTo(0, list.scrollHeight)")
        assert contrast() < 3
