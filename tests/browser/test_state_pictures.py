"""The pictures of states in the player: one for each state, hidden on request, still where motion is not wanted."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

import worldkit as wk
from tests.browser.stand import Stand, stand
from worldkit.widgets.state_pictures import MAX_THUMBNAIL_SRC

pytestmark = pytest.mark.browser


def wait_for_picture(player: Stand, state: str) -> Any:
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
        first = wait_for_picture(player, "landing")
        before = pixels(first)
        assert difference(before, pixels(first)) < 0.5, "it stands still where motion is not wanted"
        layers = first.locator("img")
        assert layers.count() == 3
        assert layers.first.get_attribute("alt").startswith("A stone landing slopes into black water")
        assert all(src.startswith("data:image/svg+xml") for src in layers.evaluate_all("all => all.map(i => i.src)"))
        shape = first.bounding_box()
        assert 4 / 3 - 0.02 < shape["width"] / shape["height"] < 2.82, "most of it is seen"
        assert shape["height"] <= 0.5 * player.page.locator(".wk-page").bounding_box()["height"]
        assert first.inner_text() == ""
        player.page.get_by_role("button", name="About the picture").click()
        assert "no model paints" in first.inner_text()

        player.page.get_by_role("button", name="Climb the kelp steps").click()
        assert difference(before, pixels(wait_for_picture(player, "yard"))) > 8
        assert player.page.locator("img.wk-trail-picture").count() == 2

        player.page.get_by_role("button", name="Hide the picture").click()
        player.page.locator(".wk-state-picture").wait_for(state="detached")
        assert player.page.locator("img").count() == 0
        player.page.get_by_role("button", name="Show the picture").click()
        wait_for_picture(player, "yard")
        assert player.axe() == [] and player.wrong == []


def test_the_picture_moves_unless_less_motion_is_wanted(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"))) as player:
        front = wait_for_picture(player, "landing").locator("img").last
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
        wait_for_picture(player, "a")
        assert player.page.locator(".wk-state-picture script, .wk-state-picture g").count() == 0
        assert player.wrong == []


def cards(editor: Stand) -> Any:
    editor.rest()
    return editor.page.locator(".we-band > img")


def test_the_cards_of_an_editor_show_pictures_that_follow_the_prose_and_can_be_hidden(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=1400) as editor:
        editor.page.locator(".we-card").first.wait_for()
        assert cards(editor).count() == 3
        sources = cards(editor).evaluate_all("all => all.map(i => i.src)")
        assert all(source.startswith("data:image/svg+xml") for source in sources)

        editor.widget.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lighthouse at night."}])
        editor.tell()
        editor.page.wait_for_function(
            """before => {
                const images = [...document.querySelector(".worldkit").shadowRoot.querySelectorAll(".we-band > img")];
                return images.length === 3 && images.filter(i => !before.includes(i.src)).length === 1;
            }""",
            arg=sources,
        )
        assert editor.page.locator("[data-tool]").count() == 1 and editor.axe() == []

        editor.page.get_by_role("button", name="Pictures").click()
        editor.page.locator(".we-band").first.wait_for(state="detached")
        assert editor.widget.pictures is False
        editor.widget.pictures = True
        editor.tell()
        assert cards(editor).count() == 3 and editor.wrong == []


def test_the_entrance_card_shows_the_entrance_picture(browser: Any) -> None:
    wide = Image.effect_noise((400, 300), 90).convert("RGB")
    file = io.BytesIO()
    wide.save(file, "PNG")
    src = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    assert len(src) > MAX_THUMBNAIL_SRC, "more than is sent"
    world = wk.samples.load("bench")
    entrance = {"image": {"src": src, "label": "A lane in June."}}
    world = world.apply([{"op": "set_entrance", "state": world.start, **entrance}])
    with stand(browser, lambda: wk.edit(world), width=1400) as editor:
        editor.page.locator(".we-start .we-band > img").wait_for()
        assert cards(editor).evaluate_all("all => all.map(i => i.src.slice(0, 15))").count("data:image/png;") == 1
        assert editor.page.locator(".we-start .we-band").get_attribute("title") == "A lane in June."
        assert editor.wrong == []


@pytest.mark.parametrize(("sample", "width", "has_thumbnails"), [("lighthouse", 1000, True), ("archive", 1400, False)])
def test_far_away_cards_hold_thumbnails_as_long_as_names_leave_room(
    browser: Any, sample: str, width: int, has_thumbnails: bool
) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load(sample)), width=width) as editor:
        editor.rest()
        stage = editor.page.locator(".we-stage canvas")
        assert editor.page.locator(".we-card").count() == 0
        colourful = pixels(stage)
        editor.page.get_by_role("button", name="Pictures").click()
        editor.rest()
        assert (difference(colourful, pixels(stage)) > 3) is has_thumbnails
