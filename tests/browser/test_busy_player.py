"""What is typed and pressed in a player or a merge while the kernel runs a cell: nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.screens.compare import STAGE, merging
from tests.browser.screens.player import picture
from tests.browser.stand import Stand, stand
from tests.generate import server
from tests.notebook.test_typed_action import Writer, act

pytestmark = pytest.mark.browser


def until(view: Stand, what: str, holds: Callable[[], bool]) -> None:
    def look() -> bool | None:
        view.tell()
        view.page.wait_for_timeout(10)
        return holds() or None

    try:
        wait_for(what, look)
    except AssertionError as error:
        shown = view.page.locator(".wk-root").first.inner_text()
        raise AssertionError(f"{error}; wrong: {view.wrong}; the page shows: {shown[:1500]}") from None


def lighthouse(**options: Any) -> Callable[[], wk.Player]:
    return lambda: wk.play(wk.samples.load("lighthouse"), height=720, **options)


def test_an_action_that_is_typed_while_another_is_being_sent_stays(browser: Any) -> None:
    writer = Writer()
    with (
        server.serving(writer.script) as endpoint,
        stand(browser, lighthouse(model=endpoint.model), height=740) as view,
    ):
        line = view.page.get_by_label("Do something else")
        with view.busy():
            line.fill("climb the drainpipe")
            line.press("Enter")
            line.fill("climb the drainpipe, and look over the wall")
            line.press("Enter")
        view.page.get_by_text("Trying “climb the drainpipe”").wait_for()
        view.page.get_by_role("button", name="Cancel").click()
        line.wait_for()
        assert line.input_value() == "climb the drainpipe, and look over the wall"
        writer.open.set()
        assert view.wrong == []


def test_what_is_typed_to_a_console_stays_when_what_was_asked_before_is_refused(browser: Any) -> None:
    world = wk.samples.load("archive")
    opener = next(event for event in world.events if event.kind == "terminal")
    writer = Writer()

    with server.serving(writer.script) as endpoint:

        def console() -> wk.Player:
            at = {"state": opener.from_[0], "flags": sorted(opener.requires or ())}
            player = wk.play(wk.Session(world, at=at), model=endpoint.model, consoles=True)
            player.session.fire(opener.name)
            return player.refresh()

        with stand(browser, console) as view:
            field = view.page.get_by_label("Say something to the console")
            with view.busy():
                field.fill("who are you")
                field.press("Enter")
                field.fill("what do you keep")
                act(view.widget, "ask", text="help")
            view.page.get_by_text("not answered yet").first.wait_for()
            assert field.input_value() == "what do you keep"
            writer.open.set()
            until(view, "the answer", lambda: view.widget._pending_question() == "")
            assert view.wrong == []


def test_a_run_that_is_pasted_while_another_is_being_opened_stays(browser: Any) -> None:
    run = wk.Session(wk.samples.load("lighthouse"))
    run.fire("climb_the_kelp_steps")
    with stand(browser, lighthouse(), height=740) as view:
        view.page.get_by_role("tab", name="Run").click()
        field = view.page.get_by_label("The JSON of a saved run or position")
        with view.busy():
            field.fill(run.trace.to_json())
            field.press("Enter")
            field.fill('{"next": 1}')
        until(view, "the first", lambda: view.widget.state == run.state)
        view.page.locator(".wk-player[aria-busy=false]").wait_for()
        assert field.input_value() == '{"next": 1}'


def test_a_choice_that_is_pressed_twice_is_made_once_and_the_next_scene_takes_no_press_of_this_one(
    browser: Any,
) -> None:
    with stand(browser, lighthouse(), height=740) as view:
        offer = view.page.locator(".wk-offer").first
        with view.busy():
            for _ in range(3):
                offer.click()
                view.page.keyboard.press("1")
            assert view.page.locator(".wk-player").get_attribute("aria-busy") == "true"
        view.page.locator(".wk-player[aria-busy=false]").wait_for()
        assert len(view.widget.session.trace.steps) == 1


SHOW_AND_PRESS = """async hash => {
    const { default: widget } = await window.loaded.get(hash);
    window.dispose();
    const el = document.getElementById("w");
    window.dispose = widget.render({ model: window.model, el });
    const place = el.querySelector(".worldkit").shadowRoot.querySelector(".wk-place");
    const press = { key: "z", code: "KeyZ", ctrlKey: true, bubbles: true, composed: true };
    place.dispatchEvent(new KeyboardEvent("keydown", press));
}"""
"""Show the widget anew, and press a key before the page draws its first frame."""


def test_luminance_is_set_once_where_it_is_let_go_and_follows_what_is_seen(browser: Any) -> None:
    with stand(browser, lighthouse(), width=1000, height=720) as view:
        picture(view)
        slider = view.page.get_by_label("Luminance")
        slider.scroll_into_view_if_needed()
        view.page.evaluate("""() => {
            const { send } = window.model;
            window.acts = [];
            window.model.send = (content) => (content.action && window.acts.push(content.action), send(content));
        }""")
        view.rest()
        box = slider.bounding_box()
        view.page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
        view.page.mouse.down()
        view.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=20)
        view.page.mouse.up()
        until(view, "the luminance", lambda: view.widget.session.seen is not None)
        assert view.page.evaluate("() => window.acts.filter(one => one === 'observe').length") == 1
        view.widget.session.observe(luminance=20)
        view.widget.refresh()
        shown = view.page.locator(".wk-measure", has_text="Luminance").locator("output")
        until(view, "what is seen now", lambda: shown.inner_text() == "20")
        assert view.wrong == []


def test_a_key_counts_before_the_first_frame_of_the_scene_is_drawn(browser: Any) -> None:
    def begun() -> wk.Player:
        player = lighthouse()()
        player.session.fire("climb_the_kelp_steps")
        return player.refresh()

    with stand(browser, begun, height=740) as view:
        view.page.evaluate(SHOW_AND_PRESS, view.code_hash)
        until(view, "the step back", lambda: len(view.widget.session.trace.steps) == 0)
        assert view.wrong == []


def test_undo_counts_every_press_and_a_restart_does_not(browser: Any) -> None:
    def far() -> wk.Player:
        player = lighthouse()()
        for event in ("climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp"):
            player.session.fire(event)
        return player.refresh()

    with stand(browser, far, height=740) as view:
        view.page.locator(".wk-place").focus()
        with view.busy():
            for key in ("u", "u"):
                view.page.keyboard.press(key)
        until(view, "two steps back", lambda: len(view.widget.session.trace.steps) == 1)
        view.page.locator(".wk-player[aria-busy=false]").wait_for()
        view.page.get_by_role("tab", name="Run").click()
        entrance = view.page.get_by_role("button", name="Start at the entrance")
        with view.busy():
            for _ in range(3):
                entrance.click()
            view.page.get_by_role("button", name="Undo").first.click()
        until(view, "the step before the restart", lambda: len(view.widget.session.trace.steps) == 1)


def two_conflicts() -> Any:
    base = wk.samples.load("lighthouse")

    def side(words: str) -> wk.World:
        states = ("yard", "kitchen")
        return base.apply([{"op": "set_field", "state": one, "field": "base", "value": words} for one in states])

    return wk.compare(base, side("Wet."), side("White."), height=560)


def test_a_text_for_one_conflict_is_not_written_in_the_next(browser: Any) -> None:
    with stand(browser, two_conflicts, width=1200) as view:
        view.page.get_by_role("button", name="Hide the list").first.click()
        view.press("n", on=STAGE)
        (first, second) = (conflict.path.split(".")[1] for conflict in view.widget.merge.conflicts)
        field = view.page.get_by_label("The result: edit it to write your own")
        with view.busy():
            field.fill("A place of my own.")
            view.press("n", on=STAGE)
            assert field.input_value() != "A place of my own."
            field.focus()
            view.press("p", on=STAGE)
        until(view, "the text", lambda: view.widget.merged.states[first].base == "A place of my own.")
        assert [conflict.path for conflict in view.widget.merge.conflicts] == [f"states.{second}.base"]


def test_a_result_of_ones_own_that_is_refused_after_the_next_conflict_is_shown_is_given_back(browser: Any) -> None:
    base = wk.samples.load("lighthouse")

    def side(delay: int) -> wk.World:
        (first, second, *_) = [event.name for event in base.events]
        return base.apply(
            [{"op": "update_event", "name": one, "patch": {"minPlayMs": delay}} for one in (first, second)]
        )

    with stand(browser, lambda: wk.compare(base, side(1000), side(2000), height=560), width=1200) as view:
        view.page.get_by_role("button", name="Hide the list").first.click()
        view.press("n", on=STAGE)
        field = view.page.get_by_label("The result: edit it to write your own")
        with view.busy():
            field.fill("[1000")
            view.page.get_by_role("button", name="Next difference").click()
            assert field.input_value() != "[1000"
        notice = view.page.locator(".wk-toast").filter(has_text="was not saved")
        notice.wait_for()
        assert notice.locator("p").inner_text().startswith("“[1000” was not saved. ")
        assert notice.get_by_role("button", name="Copy the text").is_visible()
        assert len(view.widget.merge.conflicts) == 2


def test_the_last_of_several_decisions_of_one_conflict_stands(browser: Any) -> None:
    with stand(browser, merging, width=1200) as view:
        view.press("n", on=STAGE)
        field = view.page.get_by_label("The result: edit it to write your own").first
        with view.busy():
            for text in ("A yard.", "A yard of my own."):
                field.fill(text)
                field.press("Control+Enter")
            view.page.get_by_role("button", name="Pick theirs").first.click()
        until(view, "theirs", lambda: "white with salt" in (view.widget.merged.states["yard"].base or ""))


def test_a_player_beside_an_editor_without_scenes_says_so_and_follows_the_first_one(browser: Any) -> None:
    editor = wk.edit()
    with stand(browser, lambda: wk.play(editor), height=560) as view:
        view.page.get_by_text("There is no scene yet. Add one in the editor").first.wait_for()
        editor.apply([{"op": "add_state", "id": "quay", "state": {"base": "A wet stone quay at dusk."}}])
        until(view, "the first scene is shown", view.page.get_by_text("A wet stone quay at dusk.").first.is_visible)
        assert view.page.get_by_text("There is no scene yet").count() == 0
        assert view.wrong == []
