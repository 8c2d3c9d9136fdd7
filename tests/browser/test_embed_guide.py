"""The game site of docs/embed.md, as it is written there, in a browser; it also makes the picture of the guide."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.guide_pictures import shrink
from tests.server.running import bench, quick, running, wait_for

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "images" / "embed" if os.environ.get("WORLDKIT_PICTURES") == "docs" else None


def block(kind: str, first: str) -> str:
    """Return the block of the guide that begins with a line."""
    text = (DOCS / "embed.md").read_text(encoding="utf-8")
    match = re.search(rf"^```{kind}\n({re.escape(first)}\n.*?)^```$", text, re.M | re.S)
    assert match is not None
    return match[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool | None:
    try:
        socket.create_connection(("localhost", port), 1).close()
    except OSError:
        return None
    return True


def test_the_game_site_of_the_guide_plays_and_hears_what_happens(tmp_path: Path, browser: Any, pictures: Path) -> None:
    with running(quick(tmp_path / "w.db")) as server:
        key = server.services.apps.rotate(server.app().app, "live").secret
        world = server.client(key).post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        port = free_port()
        script = block("python", "# game.py").replace("the id of your world", world).replace("8000", str(port))
        script = script.replace("http://127.0.0.1:8765", server.url)
        (tmp_path / "game.py").write_text(script, encoding="utf-8")
        html = block("html", "<!-- game.html -->").replace("http://127.0.0.1:8765", server.url)
        (tmp_path / "game.html").write_text(html, encoding="utf-8")
        env = {**os.environ, "ALAKAZAM_API_KEY": key}
        game = subprocess.Popen([sys.executable, "game.py"], cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
        try:
            wait_for("the game site", lambda: answers(port))
            for theme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": 900, "height": 720}, color_scheme=theme, reduced_motion="reduce"
                )
                page.goto(f"http://localhost:{port}")
                frame = page.frame_locator("iframe")
                for name in ("Pick up the red mitten", "Walk up the lane"):
                    frame.locator(".wk-player[aria-busy='false']").wait_for()
                    frame.get_by_role("button", name=name).first.click()
                page.get_by_text("Now in bench").wait_for()
                assert page.locator("#log li").all_text_contents() == [
                    "Ready, in lane",
                    "The player chose: pick up the red mitten",
                    "The player chose: walk up the lane",
                    "Now in bench",
                ]
                picture = frame.locator(".wk-state-picture[data-state=bench]")
                picture.wait_for()
                # less motion is wanted: nothing fades in
                assert picture.evaluate("e => e.getAnimations({ subtree: true }).length") == 0
                complete = "all => all.every(i => i.complete) || null"
                wait_for("the pictures", partial(frame.locator("img").evaluate_all, complete))
                screenshot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                if PICTURES:
                    shrink(screenshot).save(PICTURES / f"game-{theme}.png", optimize=True)
                screenshot.save(pictures / f"game-{theme}.png")
                page.close()
        finally:
            game.terminate()
            game.wait()
