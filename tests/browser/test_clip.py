"""The clip of a cutscene in the player: it is shown in place of the picture until it ends or is skipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

FILM = (Path(__file__).parent / "red.webm").read_bytes()
"""Two seconds of red. A browser that records a film on a busy machine may get no frame of it."""
RED = """(video) => {
    if (video.readyState < 2) return null;
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 1, 1);
    const [red, green] = context.getImageData(0, 0, 1, 1).data;
    return red > 150 && green < 90 ? "red" : `${red} ${green}`;
}"""
LOOP = """() => document.querySelector(".worldkit").shadowRoot.addEventListener(
    "loadstart", (event) => { event.target.loop = event.target.muted = true; }, true)"""


def world_with_a_clip(folder: Path) -> wk.World:
    (folder / "rise.webm").write_bytes(FILM)
    subtitle = "At six. <b>Not markup</b>"
    cutscene = {"id": "rise", "from": "lane", "to": "yard", "video": "rise.webm", "label": "Sunrise"}
    walk = {"name": "walk", "kind": "transition", "from": ["lane"], "to": "rise"}
    back = {"name": "back", "kind": "transition", "from": ["yard"], "to": "lane"}
    raw = {
        "name": "Lane",
        "entrance": {"state": "lane"},
        "cutscenes": [cutscene | {"subtitle": subtitle}],
        "scene": {"states": {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}}, "events": [walk, back]},
    }
    return wk.load(wk.World.from_dict(raw).save(folder / "mine.world.json"))


def press(player: Stand, name: str) -> None:
    player.page.get_by_role("button", name=name).first.click()


def test_a_clip_takes_the_pictures_place_until_it_ends_and_play_does_not_wait(
    browser: Any, tmp_path: Path, pictures: Path
) -> None:
    world = world_with_a_clip(tmp_path)
    with stand(browser, lambda: wk.play(world)) as player:
        player.page.locator(".wk-state-picture").wait_for()
        player.page.evaluate(LOOP)  # until the test has looked at it
        press(player, "Walk")
        video = player.page.locator(".wk-clip video")
        video.wait_for()
        player.page.get_by_role("heading", name="Yard").wait_for()
        assert player.page.locator(".wk-state-picture").count() == 0
        assert player.page.get_by_text("At six. <b>Not markup</b>").is_visible()
        player.page.wait_for_function(
            f"""() => ({RED})(document.querySelector(".worldkit").shadowRoot.querySelector("video")) === "red" """
        )
        assert player.axe() == []
        player.page.screenshot(path=pictures / "clip.png")
        video.evaluate("video => { video.loop = false }")
        video.wait_for(state="detached")
        player.page.locator(".wk-state-picture").wait_for()
        assert player.wrong == []


def test_a_clip_can_be_skipped(browser: Any, tmp_path: Path) -> None:
    world = world_with_a_clip(tmp_path)
    with stand(browser, lambda: wk.play(world)) as player:
        player.page.evaluate(LOOP)
        press(player, "Walk")
        press(player, "Skip: Sunrise")
        player.page.locator(".wk-clip").wait_for(state="detached")
        player.page.locator(".wk-state-picture").wait_for()
        assert player.wrong == []


def test_what_a_browser_cannot_play_leaves_the_picture(browser: Any, tmp_path: Path) -> None:
    world = world_with_a_clip(tmp_path)
    (tmp_path / "rise.webm").write_bytes(b"\x1aE\xdf\xa3 no film")
    with stand(browser, lambda: wk.play(world)) as player:
        press(player, "Walk")
        player.page.get_by_role("heading", name="Yard").wait_for()
        player.page.locator(".wk-clip").wait_for(state="detached")
        player.page.locator(".wk-state-picture").wait_for()
