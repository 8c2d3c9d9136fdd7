"""Input methods, and keyboards without Latin letters, in the real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.stand import Stand, lighthouse_editor
from tests.browser.test_busy_kernel import prose, select, until

pytestmark = pytest.mark.browser

PRESS_KEY_SCRIPT = """(element, [key, more]) => element.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }))"""


@pytest.fixture
def view(browser: Any) -> Iterator[Stand]:
    with lighthouse_editor(browser) as it:
        yield it


def test_escape_and_enter_of_an_input_method_leave_what_is_typed(view: Stand) -> None:
    select(view, "yard")
    before = prose(view).input_value()
    prose(view).fill("雨")
    for more in ({"isComposing": True}, {"keyCode": 229}):
        prose(view).evaluate(PRESS_KEY_SCRIPT, ["Escape", more])
    view.rest()
    assert prose(view).input_value() == "雨"
    prose(view).evaluate(PRESS_KEY_SCRIPT, ["Escape", {}])
    view.rest()
    assert prose(view).input_value() == before


def test_candidates_of_an_input_method_do_not_move_the_search_or_close_it(view: Stand) -> None:
    view.press("/", on=".we-stage")
    search = view.page.locator(".we-search-input")
    search.fill("yard")
    for key in ("ArrowDown", "Escape", "Enter"):
        search.evaluate(PRESS_KEY_SCRIPT, [key, {"isComposing": True}])
    view.rest()
    assert search.input_value() == "yard"


def test_undo_is_on_its_key_on_a_cyrillic_keyboard(view: Stand) -> None:
    select(view, "yard")
    before = view.widget.world.states["yard"].base
    prose(view).fill("Rain.")
    prose(view).press("Control+Enter")
    until(view, "the text", lambda world: world.states["yard"].base == "Rain.")
    view.page.locator(".we-stage").evaluate(PRESS_KEY_SCRIPT, ["я", {"code": "KeyZ", "ctrlKey": True}])
    until(view, "the text before", lambda world: world.states["yard"].base == before)
