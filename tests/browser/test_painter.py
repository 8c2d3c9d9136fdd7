"""A world drawn by a world model, in a real JupyterLab: it follows story and keys, and play survives its end."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import open_notebook, run_all
from tests.browser.test_player import tower
from tests.painting.reactor_environment import runtime_python

pytestmark = pytest.mark.browser

COLOURS = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const sums = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) for (const part of [0, 1, 2]) sums[part] += data[at + part];
    return sums.map((sum) => Math.round((4 * sum) / data.length));
}"""


@contextmanager
def computed_picture(dialect: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "worldkit.cli", "frames", "serve", "--port", "0", "--dialect", dialect]
    command += ["--python", runtime_python()] if dialect == "reactor" else ["--fps", "10"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split(" at ")[1].split(";")[0], server
        finally:
            server.kill()


@pytest.mark.parametrize(
    ("dialect", "note"),
    [
        ("protocol-1", "a computed picture; no model paints"),
        ("mira", "a computed picture; no model paints"),
        ("reactor", "worldkit-picture"),
    ],
)
def test_a_world_is_drawn_and_reacts_and_play_goes_on_without_its_picture(
    browser: Any, lab: Lab, pictures: Path, dialect: str, note: str
) -> None:
    tower().save(lab.folder / "drawn.world.json")
    name = "lab-painter" if dialect == "protocol-1" else f"lab-painter-{dialect}"
    with computed_picture(dialect) as (url, server):
        cells = [
            f"import worldkit as wk\npl = wk.play(wk.load('drawn.world.json'), painter='{url}')\npl",
            "print(len(pl.session.trace.steps), pl.session.state)",
        ]
        page = open_notebook(browser, lab, f"{name}.ipynb", cells)
        run_all(page)
        player = page.locator(".jp-CodeCell").first.locator(".wk-player")
        canvas = player.locator(".wk-live canvas")
        wait_for("the first frame", lambda: canvas.is_visible() or None)
        player.get_by_text(note).wait_for()
        page.screenshot(path=pictures / f"{name}.png")

        # the keys are held while the picture has the focus, and let go of when it loses it
        canvas.focus()
        page.keyboard.down("a")
        page.keyboard.down("ArrowLeft")
        player.get_by_text("step left + left").wait_for()
        page.keyboard.press("Tab")
        player.get_by_text("step left + left").wait_for(state="detached")
        page.keyboard.up("a")
        page.keyboard.up("ArrowLeft")

        # an event leads to another picture; the first ones may have come before the model had read its prompt
        stair = canvas.evaluate(COLOURS)
        player.get_by_role("button", name="Climb").click()
        player.get_by_role("heading", name="Lamp").wait_for()

        def differs() -> bool | None:
            lamp = canvas.evaluate(COLOURS)
            return sum(abs(a - b) for a, b in zip(stair, lamp, strict=True)) > 30 or None

        wait_for("another picture", differs)

        # without its server the picture is gone, and play is not
        server.kill()
        has_lost = player.get_by_text("Play continues")  # on a slow machine the tries may be over
        player.get_by_text("Reconnecting").or_(has_lost).first.wait_for()
        player.get_by_text("paused").or_(has_lost).first.wait_for()
        player.get_by_role("button", name="Lift the bar").click()
        player.get_by_text("iron").first.wait_for()
        page.screenshot(path=pictures / f"{name}-lost.png")


def test_when_the_kernel_is_killed_the_player_says_so_and_keeps_the_last_scene(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    tower().save(lab.folder / "killed.world.json")
    with computed_picture("protocol-1") as (url, server):
        cell = f"import os, worldkit as wk\npl = wk.play(wk.load('killed.world.json'), painter='{url}')\npl"
        page = open_notebook(browser, lab, "lab-killed.ipynb", [cell, "os.kill(os.getpid(), 9)"])
        page.evaluate("""async () => {
            await window.jupyterapp.shell.currentWidget.sessionContext.ready;
            await window.jupyterapp.commands.execute("notebook:run-cell-and-select-next");
        }""")
        player = page.locator(".jp-CodeCell").first.locator(".wk-player")
        wait_for("the first frame", lambda: player.locator(".wk-live canvas").is_visible() or None)
        page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')")
        player.get_by_text("The kernel does not answer").wait_for()
        player.get_by_text("paused").wait_for()
        assert player.get_by_role("heading", name="Stair").is_visible()
        page.screenshot(path=pictures / "lab-killed.png")
        assert server.poll() is None, "the model's server lives on"
        page.close()


SUN = '''
import io
from PIL import Image
import worldkit as wk


def detect(frame, labels):
    """Find the sun of the computed picture: what is brightest in its upper half."""
    picture = Image.open(io.BytesIO(frame.data)).convert("L")
    width, height = picture.size
    sky = picture.crop((0, 0, width, height // 2))
    left, top, right, bottom = sky.point([255 * (value > sky.getextrema()[1] - 16) for value in range(256)]).getbbox()
    yield wk.painters.Detection("sun", left / width, top / height, right / width, bottom / height)
'''


def prompt_with_sun_in(middle: float) -> str:
    """Return a prompt for which the computed picture has its sun there."""
    for number in range(10_000):
        prompt = f"A yard at noon, with bench number {number}."
        digest = hashlib.sha256(prompt.encode()).digest()
        if abs(0.2 + 0.6 * digest[2] / 255 - middle) < 0.02 and digest[3] < 100:
            return prompt
    raise AssertionError("no such prompt")


def test_what_a_detector_finds_is_outlined_and_pressed_in_the_picture(browser: Any, lab: Lab, pictures: Path) -> None:
    anchor = {"label": "sun", "minProximity": 0.05}
    events = [
        {
            "name": "look_into_the_sun",
            "kind": "transition",
            "from": ["yard"],
            "to": "lane",
            "anchor": anchor,
        },
        {"name": "sit_down", "kind": "override", "from": ["yard"], "anchor": {"label": "bench", "aliases": ["seat"]}},
        {"name": "go_back", "kind": "transition", "from": ["lane"], "to": "yard", "anchor": anchor},
    ]
    states = {"yard": {"base": prompt_with_sun_in(0.5)}, "lane": {"base": prompt_with_sun_in(0.22)}}
    raw = {"name": "Yard", "entrance": {"state": "yard"}, "scene": {"states": states, "events": events}}
    wk.World.from_dict(raw).save(lab.folder / "anchored.world.json")
    (lab.folder / "sun.py").write_text(SUN)
    with computed_picture("protocol-1") as (url, _):
        cell = f"import sun, worldkit as wk\nworld = wk.load('anchored.world.json')\nurl = '{url}'\n"
        cell += "wk.play(world, painter=url, detector=sun.detect)"
        page = open_notebook(browser, lab, "anchors.ipynb", [cell])
        run_all(page)
        player = page.locator(".jp-CodeCell").first.locator(".wk-player")
        chips = player.get_by_role("group", name="In the picture").get_by_role("button")
        sun = chips.filter(has_text="sun")
        wait_for("the sun", lambda: sun.inner_text().split("\n")[-1] == "here" or None)
        assert chips.filter(has_text="bench").get_attribute("aria-disabled") == "true"
        outline = player.locator(".wk-anchor-box").bounding_box()
        canvas = player.locator(".wk-live canvas").bounding_box()
        across = outline["x"] + outline["width"] / 2 - canvas["x"]
        assert abs(across / canvas["width"] - 0.5) < 0.05 and outline["y"] < canvas["y"] + canvas["height"] / 2
        page.screenshot(path=pictures / "anchors.png")

        # the thing itself is pressed in the picture
        player.locator(".wk-anchor-usable").click()
        player.get_by_role("heading", name="Lane").wait_for()
        wait_for("the sun at the side", lambda: sun.inner_text().split("\n")[-1] == "left" or None)
        page.screenshot(path=pictures / "anchors-left.png")
        assert sun.get_attribute("aria-disabled") == "true" and player.locator(".wk-anchor-usable").count() == 0
        player.get_by_role("button", name="Go back").first.click()
        player.get_by_role("heading", name="Yard").wait_for()
        wait_for("the sun again", lambda: sun.get_attribute("aria-disabled") == "false" or None)
        sun.focus()
        page.keyboard.press("Enter")
        player.get_by_role("heading", name="Lane").wait_for()
        page.close()
