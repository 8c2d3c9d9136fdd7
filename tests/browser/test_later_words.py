"""A world with words of a later version of the format is shown in every display, and nothing in it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
from tests.browser.stand import stand
from tests.export.test_later_words import MARKUP_TEXT, later_document
from worldkit.widgets.report import ExplorationReport

pytestmark = pytest.mark.browser

WORDS = ("constructor", MARKUP_TEXT)
DISPLAYS: dict[str, tuple[Callable[[wk.World], Any], str]] = {
    "player": (wk.play, ".wk-offer"),
    "report": (lambda world: ExplorationReport(wk.explore(world)), ".wr-outcome"),
    "editor": (wk.edit, ".we-stage"),
    "comparison": (lambda world: wk.compare(world, world.apply([{"op": "delete_event", "name": "odd"}])), ".wc-stage"),
}


@pytest.mark.parametrize("word", WORDS, ids=("property", "markup"))
@pytest.mark.parametrize("name", DISPLAYS)
def test_a_later_word_is_shown_as_text(browser: Any, name: str, word: str) -> None:
    world = wk.World.from_dict(later_document(word))
    display, selector = DISPLAYS[name]
    with stand(browser, lambda: display(world)) as view:
        view.page.locator(selector).first.wait_for()
        view.rest()
        assert view.page.locator("script:text('alert(1)')").count() == 0
        assert view.wrong == []


@pytest.mark.parametrize("word", WORDS, ids=("property", "markup"))
def test_an_ending_of_a_later_kind_is_played_to(browser: Any, word: str) -> None:
    world = wk.World.from_dict(later_document(word))
    with stand(browser, lambda: wk.play(wk.Session(world, at={"state": "s1"}))) as view:
        view.page.get_by_role("button", name="Go1").click()
        ending = view.page.locator(".wk-ending")
        ending.wait_for()
        assert ending.get_attribute("data-kind") == "other"
        assert ending.locator(".wk-outcome").text_content() == word
        assert view.wrong == []
