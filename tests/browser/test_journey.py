"""The main job, in a real JupyterLab: see a world, change it by hand, undo, play it to an ending."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.lab_page import WIDGETS_RESTORED_SCRIPT, open_lab
from tests.kernels import run_notebook

pytestmark = pytest.mark.browser

NOTEBOOK = ":is(.jp-NotebookPanel:not(.lm-mod-hidden))"
CELLS = [
    "import worldkit as wk\n"
    "w = wk.samples.load('bench')\n"
    "ed = wk.edit(w)\n"
    "_ = ed.on_change(lambda world: world.save('seen.world.json'))\n"
    "ed",
    "pl = wk.play(w)\npl",
    "# nothing here",
]


def open_notebook(browser: Any, lab: Lab, name: str, cells: list[str], width: int = 1700) -> Any:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, lab.folder / name)
    page = open_lab(browser, lab, name, width)
    page.locator(f"{NOTEBOOK} .jp-Notebook .jp-CodeCell").first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
    page.wait_for_function(WIDGETS_RESTORED_SCRIPT)
    return page


def run_all(page: Any) -> None:
    page.evaluate("""async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.ready;
        await window.jupyterapp.commands.execute("notebook:run-all-cells");
    }""")


def rerun(page: Any) -> None:
    """Run every cell again in the same kernel, with nothing left of what was shown: quicker than another notebook."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    wait_for("the outputs to be gone", lambda: True if page.locator(".worldkit").count() == 0 else None)
    run_all(page)


def cells_of(page: Any) -> list[list[str]]:
    """Return every cell's kind and source, as the notebook's own model has them."""
    script = """() => {
        const panel = window.jupyterapp.shell.currentWidget;
        const cells = panel.content.model.cells;
        return Array.from({length: cells.length}, (_, i) => [cells.get(i).type, cells.get(i).sharedModel.getSource()])
            .concat([["active", String(panel.content.activeCellIndex)]]);
    }"""
    cells: list[list[str]] = page.evaluate(script)
    return cells


def kernel_world(lab: Lab, holds: Callable[[wk.World], bool]) -> wk.World:
    """Return the world that the kernel wrote down, once it holds what it should."""
    path = lab.folder / "seen.world.json"

    def look() -> wk.World | None:
        world = wk.load(path) if path.exists() else None
        return world if world is not None and holds(world) else None

    return wait_for("the kernel's world", look)


def at_rest(page: Any, element: Any) -> Any:
    """Return an element once it has stopped moving: the view glides."""
    places: list[Any] = []

    def look() -> Any:
        page.evaluate("() => new Promise(requestAnimationFrame)")
        places.append(element.bounding_box())
        return element if len(places) > 3 and places[-1] and places[-1] == places[-2] == places[-3] else None

    return wait_for("the view to rest", look)


def drag(page: Any, source: Any, target: Any) -> None:
    """Drag from the middle of one element to the middle of another with the mouse."""
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def test_the_whole_path(browser: Any, lab: Lab, pictures: Path) -> None:
    page = open_notebook(browser, lab, "journey.ipynb", CELLS)
    outside: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((lab.url, "data:", "blob:", "ws:")) else outside.append(r.url)
    )
    run_all(page)
    editor = page.get_by_role("toolbar", name="World editor")
    editor.wait_for()

    def card(name: str) -> Any:
        title = page.locator(f".we-card-title:text-is('{name.replace('_', ' ')}')")
        return page.locator(".we-card", has=title)

    page.screenshot(path=pictures / "lab-editor.png")
    page.get_by_role("button", name="Hide the side panel").click()
    page.get_by_role("button", name="Fit").click()
    card("two_mittens").wait_for()

    # a connection drawn with the mouse
    drag(page, at_rest(page, card("two_mittens").locator(".we-port")), card("lane"))
    page.screenshot(path=pictures / "lab-editor-connected.png")
    world = kernel_world(lab, lambda w: len(w.events) == 6)
    event = world.events[-1]
    assert (event.kind, event.from_, event.to) == ("transition", ("two_mittens",), "lane")
    # the kernel knows of it before the page does, which then opens its form
    reads = page.get_by_label("What the player reads", exact=True)
    wait_for("the form of the event", lambda: reads.evaluate("e => e.matches(':focus')") or None)

    # a prompt edited in the inspector
    card("lane").locator(".we-card-title").click()
    prose = page.get_by_label("What the camera sees")
    prose.fill("A farm lane under the first stars.")
    prose.press("Control+Enter")
    kernel_world(lab, lambda w: w.states["lane"].base == "A farm lane under the first stars.")
    page.screenshot(path=pictures / "lab-editor-edited.png")

    # keys with a card focused reach the editor and leave the notebook alone
    before = cells_of(page)
    card("bench").locator(".we-card-title").click()
    card("bench").locator(".we-card-title").focus()
    for key in ("a", "x", "m", "d", "d", "Escape"):
        page.keyboard.press(key)
    assert "bench" in wk.load(lab.folder / "seen.world.json").states
    page.keyboard.press("Delete")
    world_without_bench = kernel_world(lab, lambda w: "bench" not in w.states)
    assert all("bench" not in event.from_ and event.to != "bench" for event in world_without_bench.events)
    assert cells_of(page)[:-1] == before[:-1], "keys pressed in the editor changed the notebook's cells"

    # and undo brings it all back
    page.get_by_role("button", name="Undo: Delete state bench").click()
    back = kernel_world(lab, lambda w: "bench" in w.states)
    assert list(back.states) == ["lane", "bench", "two_mittens"]

    # the player, to an ending
    player = page.locator(".jp-CodeCell").nth(1)

    def choose(label: str) -> None:
        button = player.get_by_role("button", name=label)
        player.locator(".wk-player[aria-busy='false']").wait_for()  # an answer moves the buttons
        button.scroll_into_view_if_needed()
        button.click()

    for name in ("pick_up_the_red_mitten", "walk_up_the_lane"):
        choose(label_of(name))
    page.screenshot(path=pictures / "lab-player.png")
    choose(label_of("hold_out_the_mitten"))
    ending = player.get_by_role("region", name="You win")
    ending.wait_for()
    assert wk.samples.load("bench").states["two_mittens"].ending.title in ending.inner_text()
    page.screenshot(path=pictures / "lab-player-ending.png")
    assert outside == []
    page.close()


def label_of(name: str) -> str:
    """Return the words the player shows for an event of the bench."""
    session = wk.Session(wk.samples.load("bench"))
    event = session.world.events_by_name[name]
    return event.detail or name.replace("_", " ")


def test_a_saved_notebook_shows_the_graph_without_a_kernel(lab: Lab) -> None:
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELLS[0])])
    where = {"metadata": {"path": str(lab.folder)}}
    run_notebook(notebook, kernel_name="python3", store_widget_state=False, resources=where)
    data = notebook.cells[0].outputs[0]["data"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "The Red Mitten" in data["text/plain"]
    page, _ = HTMLExporter().from_notebook_node(notebook)
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture, "the page without a kernel holds no picture"
    assert "two_mittens" in base64.b64decode(picture[1]).decode()
