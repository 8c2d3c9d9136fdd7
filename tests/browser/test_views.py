"""Player, comparison and report on the page: what is seen together, what can be read, what leads where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
from tests.browser.screens.compare import STAGE, merging
from tests.browser.screens.player import WAY, lighthouse
from tests.browser.stand import stand
from tests.play.report.worlds import spoiled
from worldkit.widgets.report import Report

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


def opened(make: Callable[[], Any]) -> Callable[[], Report]:
    return lambda: Report(wk.explore(make()))


@pytest.mark.parametrize("theme", THEMES)
def test_a_report_is_no_banner_of_the_page_and_axe_finds_nothing(browser: Any, theme: str) -> None:
    with stand(browser, opened(spoiled), width=1000, height=640) as report:
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
        sides = [page.locator(f"section.wc-side[aria-label='{side}']") for side in ("Ours", "Theirs")]
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
        page.locator(".wc-result-head", has_text="Decided: theirs").wait_for()
        assert "white with salt" in card.inner_text() and card.locator("del").count() == 0
        result = page.get_by_label("The result: edit it to write your own")
        result.fill("A yard of my own, in the rain.")
        result.press("Control+Enter")
        page.locator(".wc-result-head", has_text="Decided: your own words").wait_for()
        assert compare.widget.merged.states["yard"].base == "A yard of my own, in the rain."
        assert "A yard of my own" in card.inner_text()

        # a destination that does not exist is refused where it was typed
        page.locator(".wc-row-head[data-conflict='2']").click()
        result = page.get_by_label("The result: edit it to write your own")
        result.fill("nowhere")
        result.press("Enter")
        page.locator(".wc-result .wk-error", has_text="nowhere").wait_for()
        assert compare.widget.merged.events_by_name["step_into_the_kitchen"].to == "oil_store"
        assert compare.faults() == [] and compare.axe() == [] and compare.wrong == []
