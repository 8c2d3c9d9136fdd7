"""In a cell of the usual height, what is to be seen and what can be done are in sight together."""

from __future__ import annotations

import re
from typing import Any

import pytest

import worldkit as wk
from tests.browser.screens.player import anchored_player, draw, lighthouse, live
from tests.browser.screens.worlds import storm
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

OUT_OF_SIGHT = """selectors => {
  const root = document.querySelector(".worldkit").shadowRoot;
  const page = root.querySelector(".wk-page").getBoundingClientRect();
  const covered = root.querySelector(".wk-offers")?.getBoundingClientRect().top ?? page.bottom;
  return [...root.querySelectorAll(selectors)].filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const end = element.closest(".wk-offers") ? page.bottom : covered;
    return top < page.top || bottom > end + 1;
  }).map((element) => element.className);
}"""


def out_of_sight(view: Stand, selectors: str) -> list[str]:
    view.rest()
    classes: list[str] = view.page.evaluate(OUT_OF_SIGHT, selectors)
    return classes


@pytest.mark.parametrize("width", [1000, 1280])
def test_picture_prose_and_all_choices_are_seen_without_scrolling(browser: Any, width: int) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=width) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.get_by_role("heading", name="Yard").wait_for()
        assert view.page.locator(".wk-page .wk-offer").count() == 5
        assert out_of_sight(view, ".wk-state-picture, .wk-place, .wk-prose, .wk-page .wk-offer") == []
        assert view.wrong == []


@pytest.mark.parametrize("width", [480, 640, 850])
def test_below_a_drawing_as_wide_as_the_page_the_prose_begins_in_sight(browser: Any, width: int) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=width) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.get_by_role("heading", name="Yard").wait_for()
        view.rest()
        picture, prose, choices = (
            view.page.locator(selector).bounding_box()
            for selector in (".wk-state-picture", ".wk-scene", ".wk-page .wk-offers")
        )
        assert picture["width"] == pytest.approx(prose["width"], abs=1)
        lines = (choices["y"] - view.page.locator(".wk-prose").bounding_box()["y"]) / 26
        assert lines > 1.2, "at least a line of the prose is read without scrolling"


@pytest.mark.parametrize("width", [480, 850, 1000, 1280])
def test_a_locked_choice_says_its_whole_reason(browser: Any, width: int) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=width) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        hint = view.page.locator(".wk-offer-hint").first
        hint.wait_for()
        assert hint.evaluate("e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]") == [0, 0]
        assert hint.evaluate("e => getComputedStyle(e).whiteSpace") == "normal"


@pytest.mark.parametrize("width", [420, 720, 1000, 1200])
def test_a_long_reason_makes_no_other_choice_tall(browser: Any, width: int) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=width) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.locator(".wk-offer-hint").first.wait_for()
        heights = view.page.locator(".wk-page .wk-offer:not([aria-disabled])").evaluate_all(
            "choices => choices.map((choice) => Math.round(choice.getBoundingClientRect().height))"
        )
        assert len(heights) == 3 and len(set(heights)) == 1
        order = view.page.locator(".wk-page .wk-offer").evaluate_all("all => all.map((e) => e.ariaDisabled ?? '')")
        assert order == sorted(order), "what is locked stands after what can be chosen"


def prose(base: str, **more: Any) -> Any:
    """Return a player of a world in which nothing depends on time."""
    states = {"quay": {"base": base}, "end": {"base": "Rest."}}
    go = {"name": "walk_on", "kind": "transition", "from": ["quay"], "to": "end"}
    scene = {"states": states, "events": [go | {"detail": more.pop("detail", "walk on")}]}
    return lambda: wk.play(wk.World.from_dict({"name": "W", "entrance": {"state": "quay"}, "scene": scene} | more))


SENTENCE = "The lamps along the quay go out one after another, and the water takes the last of the light. "


def test_long_prose_goes_on_below_the_picture_beside_it(browser: Any) -> None:
    with stand(browser, prose(SENTENCE * 6)) as view:
        view.rest()
        lines = view.page.locator(".wk-prose").evaluate(
            """prose => {
                const range = document.createRange();
                range.selectNodeContents(prose);
                return [...range.getClientRects()].map(({ left, width }) => [left, width]);
            }"""
        )
        picture = view.page.locator(".wk-state-picture").bounding_box()
        assert lines[0][0] > picture["x"] + picture["width"]
        assert lines[-1][0] == pytest.approx(picture["x"], abs=1)
        assert max(width for _, width in lines) > 1.7 * picture["width"]
        assert view.faults() == []


def test_the_picture_beside_the_prose_is_as_large_in_every_state(browser: Any) -> None:
    with stand(browser, prose(SENTENCE * 6)) as view:
        view.rest()
        sizes = [view.page.locator(".wk-state-picture").bounding_box()]
        view.page.get_by_role("button", name="walk on").click()
        view.page.get_by_role("heading", name="End").wait_for()
        view.rest()
        sizes.append(view.page.locator(".wk-state-picture").bounding_box())
        assert sizes[0] == sizes[1]


def test_a_world_without_time_shows_no_clock_and_its_tester_has_all_of_it(browser: Any) -> None:
    with stand(browser, prose(SENTENCE)) as view:
        assert view.page.locator(".wk-clock, .wk-trail-at").count() == 0
        view.page.get_by_role("tab", name="Tester").click()
        view.page.locator("summary", has_text="Time").click()
        tools = view.page.locator(".wk-time-tools")
        tools.get_by_role("button", name="Wait 5 seconds").click()
        view.page.locator("summary", has_text="0:05.0").wait_for()
        assert tools.get_by_role("checkbox", name="Walk forward").is_visible()
        tools.get_by_role("button", name="Real time").click()
        view.page.locator(".wk-clock").get_by_role("button", name="Pause the clock").or_(
            view.page.locator(".wk-clock").get_by_role("button", name="Resume the clock")
        ).wait_for()
        assert view.faults() == [] and view.wrong == []


@pytest.mark.parametrize("make", [live(), lighthouse()], ids=["real time", "instant"])
@pytest.mark.parametrize("width", [400, 480, 599, 600, 700])
def test_the_clock_of_a_world_with_timers_has_one_line(browser: Any, make: Any, width: int) -> None:
    with stand(browser, make, width=width) as view:
        view.rest()
        clock = view.page.locator(".wk-clock")
        assert clock.bounding_box()["height"] < 48
        for name in ("Instant", "Real time"):
            assert clock.get_by_role("button", name=name).is_visible()
        assert clock.get_by_role("checkbox", name="Walk forward").is_visible()
        assert view.faults() == []


@pytest.mark.parametrize("width", [420, 900, 1400])
def test_what_is_said_below_a_live_picture_is_read_whole(browser: Any, width: int) -> None:
    with stand(browser, anchored_player, width=width, height=760) as view:
        draw(view)
        view.rest()
        words = view.page.locator(".wk-live-bar > span")
        assert words.count() == 3
        assert words.evaluate_all("all => all.every(e => e.scrollWidth <= e.clientWidth + 1)")


def test_what_is_written_from_right_to_left_is_set_so(browser: Any) -> None:
    with stand(browser, prose("ليل هادئ.", detail="اذهب إلى البيت")) as view:
        choice = view.page.locator(".wk-page .wk-offer")
        key, label, arrow = (choice.locator(part).bounding_box()["x"] for part in (".wk-cap", "span span", ".wk-icon"))
        assert key > label > arrow
        assert choice.locator(".wk-icon").evaluate("e => getComputedStyle(e).transform").startswith("matrix(-1")


def test_below_a_short_page_the_panel_fills_a_narrow_cell(browser: Any) -> None:
    with stand(browser, prose("Night."), width=420, height=900) as view:
        view.width(420, 1200)
        body, panel = (view.page.locator(part).bounding_box() for part in (".wk-body", ".wk-panel"))
        assert panel["y"] + panel["height"] == pytest.approx(body["y"] + body["height"], abs=1)


def test_many_missions_scroll_by_keyboard_those_to_do_first(browser: Any) -> None:
    missions = [
        {"id": f"m{at}", "title": f"Errand {at}", "complete": f"f{at}", "objectives": [{"id": f"f{at}", "text": "Go"}]}
        for at in range(30)
    ]

    def make() -> Any:
        player = prose("Night.", missions=missions)()
        player.session.grant("f0")
        return player.refresh()

    with stand(browser, make) as view:
        view.rest()
        assert view.axe("scrollable-region-focusable") == []
        titles = view.page.locator(".wk-mission-title > span:first-child").all_inner_texts()
        assert titles == [*(f"Errand {at}" for at in range(1, 30)), "Errand 0"]


@pytest.mark.parametrize(("width", "height"), [(640, 560), (848, 420)])
def test_in_a_small_cell_choices_stay_in_sight_while_the_prose_scrolls(browser: Any, width: int, height: int) -> None:
    with stand(
        browser, lambda: wk.play(wk.samples.load("lighthouse"), height=height), width=width, height=height
    ) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.get_by_role("heading", name="Yard").wait_for()
        first_choice = ".wk-page .wk-offer:first-child"
        assert out_of_sight(view, f".wk-state-picture, .wk-place, {first_choice}") == []
        view.page.locator(".wk-page").evaluate("page => page.scrollTo(0, 40)")
        assert out_of_sight(view, first_choice) == []
        assert out_of_sight(view, ".wk-state-picture") != []


def test_all_choices_of_a_scene_are_seen_in_a_cell_of_560_pixels(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=560) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.get_by_role("heading", name="Yard").wait_for()
        assert view.page.locator(".wk-page .wk-offer").count() == 5
        assert out_of_sight(view, ".wk-page .wk-offer") == []
        assert view.page.locator(".wk-more-offers").count() == 0


def test_choices_that_do_not_fit_say_how_many_more_there_are(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=360) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.get_by_role("heading", name="Yard").wait_for()
        more = view.page.locator(".wk-more-offers")
        assert more.inner_text() == "2 more below"
        view.press("Shift+Tab", on=".wk-page .wk-offer:nth-of-type(5)")
        more.wait_for(state="detached")
        assert view.faults() == [] and view.wrong == []


def test_choices_that_grow_later_as_by_a_font_are_counted_again(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=360) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        view.page.get_by_role("heading", name="Yard").wait_for()
        view.page.get_by_text("2 more below").wait_for()
        view.page.locator(".wk-page .wk-offer").evaluate_all(
            "choices => { for (const choice of choices) choice.style.minHeight = '120px'; }"
        )
        view.page.get_by_text(re.compile("[345] more below")).wait_for()


def test_choices_scroll_at_once_for_who_wants_no_motion(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse")), width=360) as view:
        view.page.emulate_media(reduced_motion="reduce")
        view.page.get_by_role("button", name="Climb the kelp steps").click()
        more = view.page.locator(".wk-more-offers")
        more.wait_for()
        list_top = "more => { const list = more.parentElement; more.click(); return list.scrollTop; }"
        assert more.evaluate(list_top) > 0


@pytest.mark.parametrize("width", [360, 560, 1000])
def test_an_ending_is_seen_with_the_way_to_try_again(browser: Any, width: int) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("bench")), width=width) as view:
        for name in ("Pick up the red mitten", "Walk up the lane", "Hold out the mitten"):
            view.page.get_by_role("button", name=name).click()
        view.page.get_by_role("button", name="Try again from the entrance").wait_for()
        assert out_of_sight(view, ".wk-place, .wk-ending-title, .wk-ending .wk-row .wk-button") == []
        buttons = view.page.locator(".wk-ending .wk-row .wk-button")
        body, *boxes = [one.bounding_box() for one in (view.page.locator(".wk-body"), *buttons.all())]
        assert all(box["y"] + box["height"] <= body["y"] + body["height"] for box in boxes)


def test_the_clock_of_a_timed_world_has_one_line_on_a_telephone(browser: Any) -> None:
    with stand(browser, lambda: wk.play(storm(), mode="real-time"), width=360) as view:
        view.rest()
        clock = view.page.locator(".wk-clock")
        tops = clock.locator("button, select, input").evaluate_all(
            "all => all.map(one => { const box = one.getBoundingClientRect(); return (box.top + box.bottom) / 2; })"
        )
        assert len(tops) == 7 and max(tops) - min(tops) < 8, tops
        assert view.faults() == []
