"""Undo is about what was done last, wherever the focus is and however slow the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.browser.screens.editor import find
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

# Until the gate is lifted, nothing that is said reaches the kernel: what is done meanwhile is done before it answers.
GATE = """() => {
    const heard = window.toKernel;
    let gate = Promise.resolve();
    window.shut = () => { gate = new Promise((lift) => { window.lift = lift; }); };
    window.toKernel = async (...said) => { await gate; return heard(...said); };
}"""
FIELD = "input, textarea, select"


@pytest.fixture
def show(browser: Any) -> Iterator[Stand]:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench"))) as one:
        one.page.evaluate(GATE)
        yield one
        assert one.wrong == []


def states(show: Stand, count: int) -> None:
    """Wait until the view shows so many states, as the kernel then has them."""
    show.page.get_by_text(f"{count} states, 5 events").wait_for()
    assert len(show.widget.world.states) == count


def wait_for_focus(show: Stand, what: str) -> None:
    """Wait until something of a kind has the focus."""
    script = "what => document.querySelector('.worldkit').shadowRoot.activeElement?.matches(what) === true"
    show.page.wait_for_function(script, arg=what)


def make_state(show: Stand) -> None:
    show.page.locator(".we-stage").focus()
    show.page.keyboard.press("n")
    states(show, 4)
    wait_for_focus(show, FIELD)


def test_undo_before_the_kernel_has_answered_takes_back_what_was_just_done(show: Stand) -> None:
    show.page.evaluate("shut()")
    show.page.locator(".we-stage").focus()
    show.page.keyboard.press("n")
    show.page.keyboard.press("Control+z")
    show.page.evaluate("lift()")
    show.page.get_by_role("button", name="Redo: ").and_(show.page.locator(":enabled")).wait_for()
    states(show, 3)
    show.press("Control+Shift+z")
    states(show, 4)


def test_undo_in_the_untouched_field_of_a_new_state_takes_the_state_back(show: Stand) -> None:
    make_state(show)
    show.page.keyboard.press("Control+z")
    states(show, 3)
    wait_for_focus(show, ".we-panel-body")  # the form that had the field is gone; the panel it was in is not
    show.page.keyboard.press("Control+Shift+z")
    states(show, 4)


def test_what_is_typed_in_a_field_is_the_fields_own_to_undo(show: Stand) -> None:
    make_state(show)
    field = show.page.evaluate_handle("document.querySelector('.worldkit').shadowRoot.activeElement")
    before = field.evaluate("field => field.value")
    show.page.keyboard.type("A dry well.")
    assert "A dry well." in field.evaluate("field => field.value")
    show.press("Control+z")
    assert field.evaluate("field => field.value") == before
    states(show, 4)


def test_undo_right_after_a_card_was_nudged_puts_it_back(show: Stand) -> None:
    find("state", "lane", "")(show)
    before = dict(show.widget.layout)
    show.page.locator(".we-stage").focus()
    show.page.keyboard.press("Alt+ArrowRight")
    show.page.keyboard.press("Control+z")
    show.page.get_by_role("button", name="Redo: Move").and_(show.page.locator(":enabled")).wait_for()
    assert dict(show.widget.layout) == before


def test_undo_takes_back_what_was_chosen_from_a_list_that_has_the_focus(show: Stand) -> None:
    find("state", "lane", "Autopilot")(show)
    autopilot = show.widget.world.states["lane"].autopilot
    moves = show.page.get_by_label("Moves", exact=True)
    before = moves.input_value()
    moves.focus()
    moves.select_option("strafe_left")
    show.page.wait_for_function("list => list.value === 'strafe_left'", arg=moves.element_handle())
    assert show.widget.world.states["lane"].autopilot != autopilot
    show.page.keyboard.press("Control+z")
    show.page.wait_for_function("([list, was]) => list.value === was", arg=[moves.element_handle(), before])
    assert show.widget.world.states["lane"].autopilot == autopilot
