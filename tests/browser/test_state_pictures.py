"""The pictures of states in the player: one for each state, hidden on request, still where motion is not wanted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

import worldkit as wk
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser


def shown(player: Stand, state: str) -> Any:
    """Wait for the picture of a state, and return its place."""
    picture = player.page.locator(f".wk-state-picture[data-state={state}]")
    picture.wait_for()
    player.page.wait_for_function(
        "() => [...document.querySelector('.worldkit').shadowRoot.querySelectorAll('img')].every(i => i.complete)"
    )
    player.rest()
    return picture


def pixels(picture: Any) -> Image.Image:
    return Image.open(io.BytesIO(picture.screenshot())).convert("RGB").resize((160, 90))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two pictures, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_firing_an_event_changes_the_picture_and_it_can_be_hidden(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"))) as player:
        first = shown(player, "landing")
        before = pixels(first)
        assert difference(before, pixels(first)) < 0.5, "it stands still where motion is not wanted"
        layers = first.locator("img")
        assert layers.count() == 3
        assert layers.first.get_attribute("alt").startswith("A stone landing slopes into black water")
        assert all(src.startswith("data:image/svg+xml") for src in layers.evaluate_all("all => all.map(i => i.src)"))
        assert "no model paints" in first.inner_text()

        player.page.get_by_role("button", name="Climb the kelp steps").click()
        assert difference(before, pixels(shown(player, "yard"))) > 8
        assert player.page.locator("img.wk-trail-picture").count() == 2

        player.page.get_by_role("button", name="Hide the picture").click()
        player.page.locator(".wk-state-picture").wait_for(state="detached")
        assert player.page.locator("img").count() == 0
        player.page.get_by_role("button", name="Show the picture").click()
        shown(player, "yard")
        assert player.axe() == [] and player.wrong == []


def test_the_picture_moves_unless_less_motion_is_wanted(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"))) as player:
        front = shown(player, "landing").locator("img").last
        assert front.evaluate("e => e.getAnimations().length") == 0
        player.page.emulate_media(reduced_motion="no-preference")
        player.page.wait_for_function(
            "() => [...document.querySelector('.worldkit').shadowRoot.querySelectorAll('[data-depth]')]"
            ".every(i => i.getAnimations().length === 1)"
        )


def test_a_hostile_world_is_drawn_as_images_only(browser: Any) -> None:
    text = "<img src=x onerror=alert(1)><script>alert(2)</script> A door, a 'tree' & \"lamp\"."
    states = {"a": {"base": text}, "b": {"base": text}}
    events = [{"name": "go", "kind": "transition", "from": ["a"], "to": "b"}]
    world = wk.World.from_dict(
        {"name": text, "subject": text, "entrance": {"state": "a"}, "scene": {"states": states, "events": events}}
    )
    with stand(browser, lambda: wk.play(world)) as player:
        if player.page.get_by_role("button", name="Play anyway").count():
            player.page.get_by_role("button", name="Play anyway").click()
        shown(player, "a")
        assert player.page.locator(".wk-state-picture script, .wk-state-picture g").count() == 0
        assert player.wrong == []
