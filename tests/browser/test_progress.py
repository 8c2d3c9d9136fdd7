"""Generation in a real JupyterLab: the planned graph is there at once, fills in, and makes way for one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import open_notebook

pytestmark = pytest.mark.browser

REPOSITORY = str(Path(__file__).parents[2])
ENGINE = f"""
import sys
sys.path.insert(0, {REPOSITORY!r})
import worldkit as wk
from tests.browser.waiting_engine import WaitingEngine
from worldkit.generation.pipeline import backend

backend.local_runner.load = lambda name: WaitingEngine()
"""
GENERATION_CELL = (
    'w = wk.generate("A lighthouse keeper must relight the lamp before the storm", "tiny")\nw.save("kept.world.json")'
)

SVG = "picture => new TextDecoder().decode(Uint8Array.from(atob(picture.src.split(',')[1]), (c) => c.charCodeAt(0)))"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_graph_fills_in_and_makes_way_for_a_line(browser: Any, lab: Lab, pictures: Path, theme: str) -> None:
    (lab.folder / "go").unlink(missing_ok=True)
    page = open_notebook(browser, lab, f"progress-{theme}.ipynb", [ENGINE, GENERATION_CELL, "# nothing here"])
    page.emulate_media(color_scheme=theme)
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {theme.title()}"
    )
    page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']").wait_for(state="attached")
    # started and not waited for: the cell ends when this test lets it
    page.evaluate("""async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.ready;
        void window.jupyterapp.commands.execute("notebook:run-all-cells");
    }""")
    output = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea")
    output.get_by_role("progressbar").wait_for()
    output.get_by_text("amber").first.wait_for()
    picture = wait_for(
        "the map to fill in", lambda: text if "amber" in (text := output.locator("img").evaluate(SVG)) else None
    )
    assert ">…<" in picture, "the rest is marked as coming"
    page.screenshot(path=pictures / f"lab-progress-{theme}.png")
    (lab.folder / "go").touch()
    output.get_by_text("generate: done").wait_for()
    output.get_by_text("kept.world.json").wait_for()  # the next line of the cell comes after it
    assert output.locator("img, .worldkit").count() == 0
    assert output.locator("pre").all_inner_texts() == ["generate: done", "PosixPath('kept.world.json')"]
    page.close()


def test_a_cell_that_generates_is_stopped_by_its_button_and_offers_to_go_on_or_to_edit(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    (lab.folder / "go").unlink(missing_ok=True)
    page = open_notebook(browser, lab, "stopped.ipynb", [ENGINE, GENERATION_CELL, "print('the next cell')"])
    page.evaluate("""async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.ready;
        void window.jupyterapp.commands.execute("notebook:run-all-cells");
    }""")
    cell = page.locator(".jp-CodeCell").nth(1)
    cell.get_by_text("amber").first.wait_for()
    page.screenshot(path=pictures / "lab-generating.png")
    cell.get_by_role("button", name="Stop").click()
    cell.locator(".wg-stopped").wait_for()
    cell.get_by_text("run the cell again to go on").wait_for()
    assert "Traceback" not in cell.inner_text() and "File" not in cell.inner_text(), "nothing is wrong"
    page.screenshot(path=pictures / "lab-stopped.png")
    cell.get_by_role("button", name="Edit as is").click()
    cell.get_by_role("toolbar", name="World editor").wait_for()
    page.screenshot(path=pictures / "lab-stopped-editor.png")

    (lab.folder / "go").touch()
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cell.get_by_text("generate: done").wait_for()
    assert cell.locator(".worldkit").count() == 0, "what stays is one line"
    assert wk.load(lab.folder / "kept.world.json").verify().passed
    page.close()
