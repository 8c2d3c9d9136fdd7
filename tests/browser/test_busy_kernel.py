"""What is typed while the kernel runs a cell, in the real browser: every text arrives once the cell is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, lighthouse_editor

pytestmark = pytest.mark.browser

PROSE = "What the camera sees"


@pytest.fixture
def view(browser: Any) -> Iterator[Stand]:
    with lighthouse_editor(browser) as it:
        yield it


def select(view: Stand, state: str) -> None:
    view.widget.selection = {"kind": "state", "id": state}
    view.tell()
    field = view.page.get_by_label("Id", exact=True)
    wait_for(f"the form of {state}", lambda: True if field.input_value() == state else None)


def until(view: Stand, what: str, holds: Callable[[wk.World], bool]) -> None:
    wait_for(what, lambda: True if holds(view.widget.world) else (view.page.wait_for_timeout(10), None)[1])


def prose(view: Stand) -> Any:
    return view.page.get_by_label(PROSE, exact=True)


@pytest.mark.parametrize("leave", ["Control+Enter", "Tab", "the map"])
def test_a_text_written_while_the_last_one_is_being_sent_is_sent_after_it(view: Stand, leave: str) -> None:
    select(view, "yard")
    with view.busy():
        for text in ("Rain.", "Rain, and a bell."):
            prose(view).fill(text)
            if leave == "the map":
                view.page.locator(".we-stage").click(position={"x": 24, "y": 200})
                view.widget.selection = None
                select(view, "yard")
            else:
                prose(view).press(leave)
    until(view, "both texts", lambda world: world.states["yard"].base == "Rain, and a bell.")


def test_a_text_that_returns_to_the_first_one_is_sent_too(view: Stand) -> None:
    select(view, "yard")
    first = view.widget.world.states["yard"].base
    with view.busy():
        for text in ("Rain.", first):
            prose(view).fill(text)
            prose(view).press("Control+Enter")
    until(view, "two edits", lambda _: len(view.widget._state.undo_stack) == 2)
    assert view.widget.world.states["yard"].base == first


def test_a_text_is_sent_though_its_form_closes_while_an_older_one_is_being_sent(view: Stand) -> None:
    select(view, "yard")
    with view.busy():
        prose(view).fill("Rain.")
        prose(view).press("Control+Enter")
        prose(view).fill("Rain, and a bell.")
        select(view, "landing")
    until(view, "the second text", lambda world: world.states["yard"].base == "Rain, and a bell.")
    assert view.widget.world.states["landing"] == wk.samples.load("lighthouse").states["landing"]


LOSS_SCRIPTS = {
    "request": ("window.mute = true", "window.mute = false"),
    "answer": (
        "window.arrive = window.toKernel;"
        "window.toKernel = async (parts) => { await window.arrive(parts); return '[]'; }",
        "window.toKernel = window.arrive",
    ),
}


@pytest.mark.parametrize("lost", LOSS_SCRIPTS)
def test_a_text_that_is_lost_on_the_way_is_written_once_and_the_next_one_after_it(view: Stand, lost: str) -> None:
    begin, end = LOSS_SCRIPTS[lost]
    select(view, "yard")
    view.page.evaluate(f"() => {{ {begin}; }}")
    prose(view).fill("Rain.")
    prose(view).press("Control+Enter")
    if lost == "answer":
        until(view, "the first text", lambda world: world.states["yard"].base == "Rain.")
    else:
        view.rest()
    view.page.evaluate(f"() => {{ {end}; }}")
    prose(view).fill("Rain, and a bell.")
    prose(view).press("Control+Enter")
    until(view, "the second text", lambda world: world.states["yard"].base == "Rain, and a bell.")
    assert len(view.widget._state.undo_stack) == 2
    wait_for("the field", lambda: True if prose(view).get_attribute("aria-busy") == "false" else None)


def test_what_waits_and_what_is_typed_arrive_though_the_view_is_closed(view: Stand) -> None:
    select(view, "yard")
    with view.busy():
        for text in ("Rain.", "Rain, and a bell."):
            prose(view).fill(text)
            prose(view).press("Control+Enter")
        prose(view).fill("Rain, and two bells.")
        view.page.evaluate("() => window.dispose()")
    until(view, "all of it", lambda world: world.states["yard"].base == "Rain, and two bells.")


def test_a_text_follows_a_rename_that_waits_before_it(view: Stand) -> None:
    select(view, "yard")
    with view.busy():
        view.page.get_by_label("Id", exact=True).fill("court")
        view.press("Enter")
        prose(view).fill("A court of slate.")
        select(view, "landing")
    until(
        view, "both edits", lambda world: "court" in world.states and world.states["court"].base == "A court of slate."
    )


def test_an_event_is_changed_though_its_rename_waits_before_it(view: Stand) -> None:
    view.widget.selection = {"kind": "event", "id": view.widget.world.events[0].name}
    view.tell()
    with view.busy():
        view.page.get_by_label("Name", exact=True).fill("walk_on")
        view.press("Enter")
        view.page.get_by_label("What the player reads", exact=True).fill("Walk on")
        select(view, "yard")
    until(view, "both edits", lambda world: any(e.name == "walk_on" and e.detail == "Walk on" for e in world.events))


def test_a_table_takes_one_row_after_another_while_the_kernel_is_busy(view: Stand) -> None:
    view.press("t", on=".we-stage")
    view.page.get_by_role("grid", name="Scenes: 14 scenes").focus()
    before = list(view.widget.world.states)
    view.press("ArrowRight")
    with view.busy():
        for text in ("One.", "Two.", "Three."):
            view.press("Enter")
            view.page.keyboard.type(text)
            view.press("Enter")
        assert view.page.locator(".we-cell[aria-busy=true]").all_inner_texts() == ["One.", "Two.", "Three."]
    until(
        view, "three rows", lambda world: [world.states[name].base for name in before[:3]] == ["One.", "Two.", "Three."]
    )
    wait_for("the cells", lambda: True if view.page.locator(".we-cell[aria-busy=true]").count() == 0 else None)


def test_a_row_is_renamed_and_rewritten_while_the_kernel_is_busy(view: Stand) -> None:
    view.press("t", on=".we-stage")
    view.page.get_by_role("grid", name="Scenes: 14 scenes").focus()
    (first, *_) = view.widget.world.states
    with view.busy():
        view.press("Enter")
        view.page.keyboard.type("pier")
        view.press("Enter", "ArrowUp", "ArrowRight", "Enter")
        view.page.keyboard.type("A pier.")
        view.press("Enter")
    until(view, "both cells", lambda world: first not in world.states and world.states["pier"].base == "A pier.")


def test_what_a_busy_kernel_refuses_later_is_marked_in_its_cell_and_can_be_mended(view: Stand) -> None:
    view.press("t", on=".we-stage")
    view.page.get_by_role("grid", name="Scenes: 14 scenes").focus()
    first, second, *_ = view.widget.world.states
    with view.busy():
        view.press("Enter")
        view.page.keyboard.type(second)
        view.press("Enter", "ArrowRight", "Enter")
        view.page.keyboard.type("Written meanwhile")
    refused = view.page.locator(".we-cell-refused")
    refused.wait_for()
    assert refused.inner_text() == second
    assert view.page.locator(".we-cell-field").input_value() == "Written meanwhile"
    view.press("Enter")
    until(view, "the text", lambda world: world.states[second].base == "Written meanwhile")
    refused.dblclick()
    view.page.locator(".we-cell-problem").get_by_text(second).wait_for()
    assert view.page.locator(".we-cell-field").input_value() == second
    view.press("Escape")
    refused.wait_for(state="detached")
    assert first in view.widget.world.states


def test_a_choice_typed_while_another_is_refused_stays(view: Stand) -> None:
    select(view, "yard")
    field = view.page.get_by_label("Add a choice", exact=True)
    with view.busy():
        for words in ("Ring the bell", "Wait"):
            field.fill(words)
            view.press("Enter")
        field.fill("Half a thou")
    until(view, "two choices", lambda world: {"Ring the bell", "Wait"} <= {event.detail for event in world.events})
    assert field.input_value() == "Half a thou"


def test_a_choice_is_typed_while_its_new_scene_takes_a_name_from_its_prose(view: Stand) -> None:
    view.page.locator(".we-stage").click(position={"x": 24, "y": 200})
    before = set(view.widget.world.states)
    view.press("n")
    until(view, "a new scene", lambda world: len(world.states) > len(before))
    wait_for("the caret in its prose", lambda: prose(view).evaluate("e => e.matches(':focus')") or None)
    view.page.keyboard.type("A mill.")
    with view.busy():
        view.page.get_by_label("Add a choice", exact=True).click()
        view.page.keyboard.type("Go dow")
    until(view, "its name", lambda world: "a_mill" in world.states)
    wait_for("its name in the form", lambda: view.page.get_by_label("Id", exact=True).input_value() == "a_mill" or None)
    view.page.keyboard.type("n")
    view.press("Enter")
    until(view, "the choice", lambda world: "Go down" in [event.detail for event in world.events])
    (choice,) = [event for event in view.widget.world.events if (event.detail or "").startswith("Go d")]
    assert list(choice.from_ or ()) == ["a_mill"]


def test_a_choice_that_is_typed_is_made_though_python_selects_another_scene(view: Stand) -> None:
    select(view, "yard")
    view.page.get_by_label("Add a choice", exact=True).fill("Ring the bell")
    select(view, "gallery")
    until(view, "the choice", lambda world: "Ring the bell" in [event.detail for event in world.events])
    (choice,) = [event for event in view.widget.world.events if event.detail == "Ring the bell"]
    assert list(choice.from_ or ()) == ["yard"]


def test_the_map_stays_where_it_is_while_the_banner_of_a_busy_kernel_comes_and_goes(view: Stand) -> None:
    select(view, "yard")
    # how far down the cards and the map begin whenever its height has changed: told last, right before it is painted
    view.page.evaluate(
        """() => {
            const root = document.querySelector(".worldkit").shadowRoot;
            window.tops = [];
            const look = () => {
                const layer = root.querySelector(".wm-layer").getBoundingClientRect();
                const stage = root.querySelector(".we-stage").getBoundingClientRect();
                window.tops.push([Math.round(layer.top), Math.round(stage.top)]);
            };
            new ResizeObserver(look).observe(root.querySelector(".we-stage"));
        }"""
    )
    banner = view.page.locator(".wk-banner").filter(has_text="running a cell")
    with view.busy():
        prose(view).fill("Rain.")
        prose(view).press("Control+Enter")
        banner.wait_for()
    banner.wait_for(state="detached")
    until(view, "the text", lambda world: world.states["yard"].base == "Rain.")
    tops = view.page.evaluate("() => window.tops")
    assert len({stage for _, stage in tops}) == 2
    assert len({cards for cards, _ in tops}) == 1
