"""The page that ``world.to_html`` writes, in a browser without a kernel or a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.stand import AXE
from tests.play.report.test_play_page import NASTY

pytestmark = pytest.mark.browser


def test_a_world_is_played_on_its_page_and_every_scene_is_drawn(browser: Any, tmp_path: Path, pictures: Path) -> None:
    wk.samples.load("lighthouse").to_html(tmp_path / "lighthouse.html")
    wrong: list[str] = []
    # the page's own policy would keep axe out
    context = browser.new_context(viewport={"width": 900, "height": 1100}, bypass_csp=True)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else wrong.append(r.url))
    page.goto((tmp_path / "lighthouse.html").as_uri())
    picture = page.locator("#picture")
    landing = picture.get_attribute("src")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(AXE.read_text())
        violations = page.evaluate(
            "async () => (await axe.run()).violations.map(({ id, nodes }) => id + nodes[0].html)"
        )
        assert violations == [], theme
        page.screenshot(path=pictures / f"play-page-{theme}.png")
    page.get_by_role("button", name="Climb the kelp steps").press("Enter")
    page.get_by_role("heading", name="yard").wait_for()
    page.wait_for_function("() => document.getElementById('picture').naturalWidth === 640")
    assert picture.get_attribute("src") != landing
    assert page.evaluate("() => document.activeElement.id") == "scene"
    page.get_by_role("button", name="Back").click()
    page.get_by_role("heading", name="landing").wait_for()
    assert picture.get_attribute("src") == landing and wrong == []
    context.close()


def test_a_page_is_played_with_the_players_keys(browser: Any, tmp_path: Path) -> None:
    wk.samples.load("lighthouse").to_html(tmp_path / "lighthouse.html")
    page = browser.new_page(viewport={"width": 390, "height": 780})
    page.goto((tmp_path / "lighthouse.html").as_uri())
    place = page.locator("#place")
    first, second = place.inner_text(), page.locator("#choices button").nth(1)
    assert second.get_attribute("aria-keyshortcuts") == "2"
    for key, moves in (("9", False), ("Control+1", False), ("1", True), ("u", False), ("1", True), ("r", False)):
        page.keyboard.press(key)
        assert (place.inner_text() != first) is moves, key
    assert page.locator("#again").is_disabled()
    page.keyboard.press("u")
    assert place.inner_text() != first, "a step back takes a new beginning back"
    page.close()


def test_a_key_that_is_held_down_makes_one_choice(browser: Any, tmp_path: Path) -> None:
    wk.samples.load("lighthouse").to_html(tmp_path / "lighthouse.html")
    page = browser.new_page(viewport={"width": 390, "height": 780})
    page.goto((tmp_path / "lighthouse.html").as_uri())
    first = page.locator("#place").inner_text()
    for _ in range(4):  # each but the first is a repetition
        page.keyboard.down("1")
    page.keyboard.up("1")
    page.keyboard.press("u")
    assert page.locator("#place").inner_text() == first
    assert page.locator("#back").is_disabled()
    page.close()


def test_picture_text_and_choices_are_on_one_screen(browser: Any, tmp_path: Path) -> None:
    wk.samples.load("lighthouse").to_html(tmp_path / "lighthouse.html")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((tmp_path / "lighthouse.html").as_uri())
    picture = page.locator("figure").bounding_box()
    assert picture["width"] == page.locator("#scene").bounding_box()["width"]
    choices = [choice.bounding_box() for choice in page.locator("#choices button").all()]
    assert len(choices) == 2 and all(box["y"] + box["height"] < 800 for box in choices)
    page.close()


def test_paragraphs_stand_below_each_other(browser: Any, tmp_path: Path) -> None:
    states = {"jetty": {"base": "You wait.\n\nThree coins lie in your palm."}}
    world = wk.World.from_dict({"entrance": {"state": "jetty"}, "scene": {"states": states, "events": []}})
    world.to_html(tmp_path / "jetty.html")
    page = browser.new_page()
    page.goto((tmp_path / "jetty.html").as_uri())
    assert page.locator("#prose").inner_text() == "You wait.\n\nThree coins lie in your palm."
    page.close()


def test_a_hostile_world_runs_nothing(browser: Any, tmp_path: Path) -> None:
    states = {
        NASTY: {"base": NASTY},
        "b": {"base": NASTY, "ending": {"kind": "win", "title": NASTY, "subtitle": NASTY}},
    }
    events = [{"name": NASTY, "kind": "transition", "from": [NASTY], "to": "b", "detail": NASTY, "narration": NASTY}]
    raw = {"name": NASTY, "entrance": {"state": NASTY}, "scene": {"states": states, "events": events}}
    wk.World.from_dict(raw).to_html(tmp_path / "hostile.html")
    wrong: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.goto((tmp_path / "hostile.html").as_uri())
    page.locator("#choices button").click()
    page.locator(".ending").wait_for()
    assert "alert(1)" in page.locator(".ending strong").inner_text()
    assert page.locator("main img").count() == 1 and page.locator("main script").count() == 0 and wrong == []
    # what would be injected is refused by the page's policy
    inject = "const one = document.createElement('script'); one.textContent = 'window.ran = 1'"
    page.evaluate(f"() => {{ {inject}; document.body.append(one); }}")
    assert page.evaluate("() => window.ran") is None
    page.close()


def test_a_long_reason_makes_no_other_choice_tall_and_texts_are_set_as_they_are_written(
    browser: Any, tmp_path: Path
) -> None:
    states = {"quay": {"base": "ليل هادئ."}, "end": {"base": "Rest."}}
    on = {"kind": "transition", "from": ["quay"], "to": "end"}
    events = [
        on | {"name": "locked", "requires": ["key"], "lockedHint": "Not without the lantern of the sail loft. " * 6},
        on | {"name": "go", "detail": "اذهب"},
        on | {"name": "wait_here"},
    ]
    raw = {"name": "Quay", "entrance": {"state": "quay"}, "scene": {"states": states, "events": events}}
    wk.World.from_dict(raw).to_html(tmp_path / "quay.html")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.goto((tmp_path / "quay.html").as_uri())
    heights = page.locator("#choices button:enabled").evaluate_all("all => all.map((button) => button.offsetHeight)")
    assert len(heights) == 2 and max(heights) < 60
    direction = "element => getComputedStyle(element).direction"
    assert page.locator("#prose").evaluate(direction) == "rtl"
    assert [button.evaluate(direction) for button in page.locator("#choices button:enabled").all()] == ["rtl", "ltr"]
    assert page.locator("footer").inner_text().startswith("A scene without"), "time is no matter in this world"
    page.close()
