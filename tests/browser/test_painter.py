"""A world drawn by a world model, in a real JupyterLab: it follows story and keys, and play survives its end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

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
        player.get_by_text("Connecting again").wait_for()
        player.get_by_text("stands still").wait_for()
        player.get_by_role("button", name="Lift the bar").click()
        player.get_by_text("iron").first.wait_for()
        page.screenshot(path=pictures / f"{name}-lost.png")
