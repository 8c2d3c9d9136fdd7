"""A world is written from the first screen, by keyboard alone: watched, stopped, gone on with, and edited."""

from __future__ import annotations

from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, stand
from tests.notebook.test_generation import CHAPTER, PREMISE, Gate
from worldkit.generation.pipeline import backend
from worldkit.widgets import generation_progress

pytestmark = pytest.mark.browser


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the model named "tiny" wait after 20 answers."""
    model = Gate(20)
    monkeypatch.setattr(backend.local_runner, "load", lambda name: model)
    monkeypatch.setattr(generation_progress, "OFTEN", 0.0)
    monkeypatch.setattr("worldkit.widgets.model_offers.weights.missing", list)
    yield model
    model.open.set()


def wait_for_element(view: Stand, selector: str) -> Any:
    """Return an element once the kernel has told the page of what makes it appear."""

    def look() -> Any:
        view.tell()
        element = view.page.locator(selector)
        return element if element.count() == 1 else None

    return wait_for(selector, look)


def wait_for_end_of(view: Stand, selector: str) -> None:
    """Wait until the kernel has told the page of what makes an element disappear."""

    def look() -> bool | None:
        view.tell()
        return view.page.locator(selector).count() == 0 or None

    wait_for(f"the end of {selector}", look)


def focused_name(view: Stand) -> str:
    text: str = view.page.evaluate(
        "() => { const e = document.querySelector('.worldkit').shadowRoot.activeElement;"
        " return e ? e.getAttribute('aria-label') || e.textContent : '' }"
    )
    return text


def tab_to(view: Stand, name: str) -> None:
    for _ in range(40):
        if name in focused_name(view):
            return
        view.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {name!r}")


def test_a_world_is_written_stopped_gone_on_with_and_edited_by_keyboard_alone(browser: Any, gate: Gate) -> None:
    with stand(browser, wk.edit) as view:
        keyboard = view.page.keyboard
        tab_to(view, "From a premise")
        keyboard.press("Enter")
        view.page.locator(".wg-order").wait_for()
        wait_for("the focus at the top of the form", lambda: focused_name(view) == "From a premise" or None)
        keyboard.press("Tab")
        keyboard.press("Tab")
        keyboard.type(PREMISE)
        tab_to(view, "Generate")
        keyboard.press("Enter")
        wait_for("the model to wait", lambda: gate.reached.is_set() or view.page.wait_for_timeout(10))
        wait_for_element(view, ".wg-picture")
        assert focused_name(view) == "Stop", "the button that was pressed is gone; the next one has the focus"
        assert view.axe() == [] and view.faults() == []
        keyboard.press("Enter")
        wait_for_element(view, ".wg-stopped")
        assert "Continue" in focused_name(view)
        assert view.axe() == [] and view.faults() == []
        keyboard.press("Enter")
        wait_for_element(view, ".wg-progress progress")
        assert focused_name(view) == "Stop"
        gate.open.set()
        wait_for_element(view, "text=6 states")
        assert view.widget.world.verify(PREMISE).passed
        keyboard.press("Control+z")
        view.page.locator(".we-begin").wait_for()
        assert view.wrong == []


def test_what_was_typed_is_there_when_something_is_to_be_changed(browser: Any) -> None:
    with stand(browser, wk.edit) as view:
        page = view.page
        page.get_by_role("button", name="From a chapter").click()
        page.get_by_label("The chapter").fill("Too short.")
        assert page.get_by_role("button", name="Generate").is_disabled()
        page.get_by_label("The chapter").fill("Ein Haus am See. " * 60)
        page.get_by_label("Writer").select_option("templates")
        page.get_by_role("button", name="Generate").click()
        page.get_by_text("not in English").wait_for()
        assert page.get_by_label("The chapter").input_value().startswith("Ein Haus")
        page.get_by_label("The chapter").fill(CHAPTER)
        page.get_by_role("button", name="Generate").click()
        wait_for_end_of(view, ".we-begin")
        assert view.wrong == []
