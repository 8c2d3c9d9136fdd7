"""Player, comparison and report on the page: what is seen together, what can be read, what leads where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
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
