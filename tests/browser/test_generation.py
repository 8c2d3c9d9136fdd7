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
from worldkit.widgets.generator import Generator

pytestmark = pytest.mark.browser


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the model named "tiny" wait after 20 answers."""
    model = Gate(20)
    monkeypatch.setattr(backend.local_runner, "load", lambda name: model)
    monkeypatch.setattr(generation_progress, "MESSAGE_INTERVAL_SECONDS", 0.0)
    monkeypatch.setattr("worldkit.generation.engines.weights.missing", list)
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
        report = view.page.locator(".wk-banner", has_text="of the premise")
        report.wait_for()
        assert view.axe() == [] and view.faults() == []
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


@pytest.mark.parametrize("width", [480, 1000])
def test_the_button_and_what_is_wrong_are_in_sight_in_a_form_that_is_taller_than_its_view(
    browser: Any, width: int
) -> None:
    with stand(browser, lambda: wk.edit(height=400), width=width, height=420) as view:
        page = view.page
        page.get_by_role("button", name="From a premise").click()
        page.get_by_label("Writer").select_option("other")
        page.get_by_label("The model’s name").fill("chat:nonsense#x")
        card = page.locator(".we-begin").bounding_box()
        for element in (page.get_by_role("button", name="Generate"), page.get_by_text('expected "chat:')):
            page.get_by_role("button", name="Generate").click()
            element.wait_for()
            for top in (0, 10_000):
                page.locator(".we-begin").evaluate("(form, top) => form.scrollTo(0, top)", top)
                box = element.bounding_box()
                assert card["y"] <= box["y"] and box["y"] + box["height"] <= card["y"] + card["height"]
        assert view.wrong == []


@pytest.mark.parametrize("width", [360, 420])
def test_the_writer_has_a_line_of_its_own_where_the_form_is_narrow(browser: Any, width: int) -> None:
    with stand(browser, lambda: Generator(print), width=width) as view:
        writer, scenes, seed = (
            view.page.get_by_label(name, exact=True).bounding_box() for name in ("Writer", "Scenes", "Seed")
        )
        assert writer["y"] < scenes["y"] == seed["y"]
        assert writer["width"] == pytest.approx(seed["x"] + seed["width"] - scenes["x"], abs=1)


def test_what_was_found_in_a_world_does_not_lie_over_the_first_screen(browser: Any) -> None:
    with stand(browser, wk.edit) as view:
        page = view.page
        page.get_by_role("button", name="The Red Mitten").click()
        page.get_by_role("button", name="Explore every possible run").click()
        page.locator(".wo-legend").wait_for()
        view.press("Control+z", on=".we-stage")
        page.locator(".we-begin").wait_for()
        assert page.locator(".wo-legend").count() == 0
        assert page.get_by_role("button", name="Play", exact=True).is_disabled() and view.wrong == []
