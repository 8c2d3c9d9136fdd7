"""Prose that is written from right to left is set as it is read, in the editor and in the player."""

from __future__ import annotations

from typing import Any

import pytest

import worldkit as wk
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

HALL = "אולם עתיק, ובו lamp אחד."
DOWN = "לרדת במדרגות."

# where the first letter and the full stop of a text are drawn, and at which side of its box the text stands
PLACES = """element => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    const at = (from) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect();
    };
    const [first, last, box] = [at(0), at(text.data.length - 1), element.getBoundingClientRect()];
    return { stop: last.left < first.left, right: box.right - first.right < first.left - box.left };
}"""


def world() -> wk.World:
    events: list[dict[str, Any]] = [
        {"name": "down", "kind": "transition", "from": ["hall"], "to": "cellar", "detail": DOWN}
    ]
    states = {"hall": {"base": HALL}, "cellar": {"base": HALL}}
    scene = {"states": states, "events": events}
    return wk.World.from_dict({"name": "Hall", "entrance": {"state": "hall"}, "scene": scene})


def is_set_from_the_right(view: Stand, selector: str) -> None:
    element = view.page.locator(selector).first
    element.wait_for()
    assert element.evaluate(PLACES) == {"stop": True, "right": True}, selector


def test_prose_from_right_to_left_is_set_so_in_the_editor(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(world()), width=1200, height=720) as view:
        view.widget.selection = {"kind": "state", "id": "hall"}
        view.tell()
        view.page.get_by_label("Id", exact=True).wait_for()
        is_set_from_the_right(view, ".we-prose")
        is_set_from_the_right(view, ".we-link-name")
        field = view.page.get_by_label("What the camera sees", exact=True)
        style = "e => [getComputedStyle(e).unicodeBidi, getComputedStyle(e).textAlign]"
        assert field.evaluate(style) == ["plaintext", "start"]


def test_prose_from_right_to_left_is_set_so_in_the_player(browser: Any) -> None:
    with stand(browser, lambda: wk.play(world()), width=1000, height=640) as view:
        is_set_from_the_right(view, ".wk-scene .wk-prose")
        is_set_from_the_right(view, ".wk-offer-label")
