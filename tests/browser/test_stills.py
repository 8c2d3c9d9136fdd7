"""``wk.paint`` in a real JupyterLab: a bar while it runs, a sheet when it is done, and the stills in what is open."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import open_notebook
from tests.painting.images_server import Order, serving

pytestmark = pytest.mark.browser


def test_stills_are_painted_in_a_cell_and_shown_in_the_player(browser: Any, lab: Lab, pictures: Path) -> None:
    bar_is_seen = threading.Event()

    def script(_: Order, number: int) -> None:
        if number == 2:
            bar_is_seen.wait(180)

    wk.samples.load("bench").save(lab.folder / "painted.world.json")
    with serving(script) as server:
        notebook = [
            "import worldkit as wk\nworld = wk.load('painted.world.json')\n"
            f"wk.paint(world, 'images:{server.url}#sdxl', size=(640, 360))",
            "wk.play(world)",
        ]
        page = open_notebook(browser, lab, "stills.ipynb", notebook)
        page.evaluate("""async () => {
            await window.jupyterapp.shell.currentWidget.sessionContext.ready;
            window.jupyterapp.commands.execute("notebook:run-all-cells");  // not awaited: it ends with the cells
        }""")
        first, second = page.locator(".jp-CodeCell").first, page.locator(".jp-CodeCell").nth(1)
        first.get_by_text("paint: bench 1/3").wait_for()
        assert first.locator(".progress-bar, .widget-hprogress").count() > 0
        page.screenshot(path=pictures / "stills-bar.png")
        bar_is_seen.set()
        first.locator("figure img").nth(2).wait_for()
        page.screenshot(path=pictures / "stills-sheet.png")
        assert first.locator(".widget-hprogress").count() == 0
        picture = second.locator(".wk-state-picture[data-kind=stored] img")
        picture.first.wait_for()
        wait_for("the still", lambda: picture.first.evaluate("image => image.naturalWidth") == 640 or None)
        second.get_by_role("button", name="Walk up the lane").click()
        second.locator(".wk-state-picture[data-state=bench][data-kind=stored] img").last.wait_for()
        page.screenshot(path=pictures / "stills-player.png")
        page.close()


def test_an_open_editor_and_player_show_each_still_while_the_others_are_painted(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    first_is_seen = threading.Event()

    def script(_: Order, number: int) -> None:
        if number == 2:
            first_is_seen.wait(180)

    wk.samples.load("bench").save(lab.folder / "open.world.json")
    with serving(script) as server:
        notebook = [
            "import worldkit as wk\nworld = wk.load('open.world.json')\nwk.edit(world, height=480)",
            "wk.play(world, height=400)",
            f"wk.paint(world, 'images:{server.url}#sdxl', size=(640, 360))",
        ]
        page = open_notebook(browser, lab, "open.ipynb", notebook)
        page.set_viewport_size({"width": 1700, "height": 1500})
        run = """async (command) => {
            await window.jupyterapp.shell.currentWidget.sessionContext.ready;
            window.jupyterapp.commands.execute(command);
        }"""
        cells = [page.locator(".jp-CodeCell").nth(at) for at in range(3)]
        page.evaluate(run, "notebook:run-cell-and-select-next")
        cells[0].locator(".we-band img[src^='data:image/svg']").nth(2).wait_for()
        page.evaluate(run, "notebook:run-cell-and-select-next")
        picture = cells[1].locator(".wk-state-picture[data-state=lane]")
        picture.and_(page.locator("[data-kind=storyboard]")).wait_for()
        page.evaluate(run, "notebook:run-cell")
        stills = cells[0].locator(".we-band img[src^='data:image/jpeg']")
        wait_for("one still on the map", lambda: stills.count() == 1 or None)
        picture.and_(page.locator("[data-kind=stored]")).wait_for()
        wait_for("the second picture is being painted", lambda: len(server.orders) == 2 or None)
        assert stills.count() == 1
        page.screenshot(path=pictures / "stills-one.png")
        first_is_seen.set()
        wait_for("all stills on the map", lambda: stills.count() == 3 or None)
        page.screenshot(path=pictures / "stills-all.png")
        page.close()
