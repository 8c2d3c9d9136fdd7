"""A workbench and containers of ipywidgets in a real JupyterLab: tabs, boxes, outputs, interact and linked traits."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab, wait_for
from tests.browser.stand import AXE
from tests.browser.test_hosts import outside_of
from tests.browser.test_journey import open_notebook, run_all
from tests.browser.test_overlay import python

pytestmark = pytest.mark.browser

BENCH = (
    "import worldkit as wk\n"
    "bench = wk.workbench(wk.samples.load('bench'), height=460)\n"
    "_ = bench.editor.on_change(lambda world: world.save('bench.world.json'))\n"
    "bench"
)
NOTE_PROCESS = "import os; _ = open('pid', 'w').write(str(os.getpid()))\n"
LINKED_VIEWS_CELL = (
    "import ipywidgets, traitlets, worldkit as wk\n"
    "ed = wk.edit(wk.samples.load('bench'), height=420)\n"
    "pl = wk.play(ed, height=420)\n"
    "to_player = lambda chosen: chosen['id'] if chosen and chosen['kind'] == 'state' else pl.state\n"
    "to_map = lambda state: {'kind': 'state', 'id': state}\n"
    "_ = traitlets.link((ed, 'selection'), (pl, 'state'), transform=(to_player, to_map))\n"
    "where = ipywidgets.Label()\n"
    "_ = traitlets.dlink((pl, 'state'), (where, 'value'), lambda state: 'You are in ' + state)\n"
    "ipywidgets.VBox([where, ed, pl])"
)
INTERACT_CELL = (
    "out = ipywidgets.Output()\n"
    "with out:\n"
    "    changed = ed.world.apply([{'op': 'rename_state', 'from': 'lane', 'to': 'road'}])\n"
    "    display(wk.compare(ed.world, changed, height=320))\n"
    "def show(name='bench'):\n"
    "    display(wk.play(wk.samples.load(name), height=420))\n"
    "display(ipywidgets.Accordion([out], titles=['Compared'], selected_index=0))\n"
    "_ = ipywidgets.interact(show, name=['bench', 'lighthouse'])"
)


def axe_in(page: Any, cell: Any) -> list[str]:
    """Return what axe finds wrong in a cell's output, one line each."""
    page.evaluate("code => { window.axe || (0, eval)(code) }", AXE.read_text())
    script = """async element => {
        const found = await axe.run(element, { resultTypes: ["violations"] });
        return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
    }"""
    violations: list[str] = cell.locator(".jp-OutputArea").evaluate(script)
    return violations


def tab(cell: Any, name: str) -> Any:
    return cell.get_by_role("tab", name=name)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_one_cell_holds_the_map_the_player_the_report_the_comparison_and_the_form(
    browser: Any, lab: Lab, pictures: Path, theme: str
) -> None:
    page = open_notebook(browser, lab, f"workbench-{theme}.ipynb", [BENCH, "# nothing here"], width=1700)
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {theme.title()}"
    )
    outside = outside_of(page, lab.url)
    run_all(page)
    cell = page.locator(".jp-CodeCell").first
    cell.get_by_role("toolbar", name="World editor").wait_for()
    page.screenshot(path=pictures / f"workbench-map-{theme}.png")
    tab(cell, "Play").click()
    offer = cell.locator(".wk-offers").get_by_role("button").first
    offer.wait_for()
    offer.click()
    page.screenshot(path=pictures / f"workbench-play-{theme}.png")
    tab(cell, "Report").click()
    cell.get_by_text("The ending can be reached").first.wait_for()
    page.screenshot(path=pictures / f"workbench-report-{theme}.png")
    tab(cell, "Compare").click()
    cell.get_by_text("Nothing has changed yet").wait_for()

    tab(cell, "Map").click()
    cell.locator(".we-stage").focus()
    page.keyboard.press("n")
    cell.get_by_text("4 states, 5 events").wait_for()
    tab(cell, "Compare").click()
    cell.locator(".wc-stage").wait_for()
    page.screenshot(path=pictures / f"workbench-compare-{theme}.png")
    cell.get_by_role("button", name="Compare with this version from now on").click()
    cell.get_by_text("Nothing has changed yet").wait_for()

    tab(cell, "Generate").click()
    cell.get_by_label("What is it about?").fill("A diver finds a door on the sea floor.")
    cell.get_by_label("Writer").select_option("templates")
    page.screenshot(path=pictures / f"workbench-generate-{theme}.png")
    assert axe_in(page, cell) == []
    cell.get_by_role("button", name="Generate", exact=True).click()
    cell.get_by_role("button", name="Open in the editor").click()
    cell.get_by_text(re.compile(r"^6 states, \d+ events$")).wait_for()
    cell.locator(".we-stage").focus()
    page.keyboard.press("Control+z")
    cell.get_by_text("4 states, 5 events").wait_for()
    assert outside == []
    page.close()


def test_the_form_says_that_the_kernel_does_not_answer_and_shows_the_world_once_it_does(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "form.ipynb", [NOTE_PROCESS + BENCH])
    run_all(page)
    cell = page.locator(".jp-CodeCell").first
    cell.get_by_role("toolbar", name="World editor").wait_for()
    kernel = wait_for("the kernel's process", lambda: process_in(lab.folder / "pid"))
    tab(cell, "Generate").click()
    cell.get_by_label("What is it about?").fill("A diver finds a door on the sea floor.")
    cell.get_by_label("Writer").select_option("templates")
    python(page, "pass")  # until the kernel is done with the click on the tab
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
    os.kill(kernel, signal.SIGSTOP)
    try:
        cell.get_by_role("button", name="Generate", exact=True).click()
        banner = cell.get_by_text("The kernel does not answer. Run the cell again if this stays.")
        banner.wait_for()
        for theme in ("dark", "light"):
            page.evaluate(
                "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
                f"JupyterLab {theme.title()}",
            )
            page.locator("#jupyterlab-splash").wait_for(state="detached")
            page.screenshot(path=pictures / f"generate-silent-{theme}.png")
    finally:
        os.kill(kernel, signal.SIGCONT)
    cell.get_by_role("button", name="Open in the editor").wait_for()
    assert banner.count() == 0
    page.close()


def process_in(file: Path) -> int | None:
    text = file.read_text() if file.exists() else ""
    return int(text) if text else None


def test_widgets_stand_in_boxes_outputs_and_interact_and_their_traits_are_linked(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "containers.ipynb", [LINKED_VIEWS_CELL, INTERACT_CELL])
    run_all(page)
    first, second = page.locator(".jp-CodeCell").nth(0), page.locator(".jp-CodeCell").nth(1)
    first.get_by_text("You are in lane").wait_for()
    first.locator(".wk-offers").get_by_role("button", name="walk up the lane").click()
    first.get_by_text("You are in bench").wait_for()
    first.get_by_role("button", name="Edit bench").or_(first.get_by_label("What the camera sees")).first.wait_for()
    first.locator(".we-stage").focus()
    page.keyboard.press("ArrowLeft")
    first.get_by_text("You are in lane").wait_for()
    page.screenshot(path=pictures / "containers-linked.png")

    second.locator(".wc-stage").wait_for()
    second.locator(".wk-offers").get_by_role("button", name="walk up the lane").wait_for()
    second.locator("select").first.select_option("lighthouse")
    second.locator(".wk-offers").get_by_role("button", name="walk up the lane").wait_for(state="detached")
    wait_for("the other world", lambda: True if second.locator(".wk-offers button").count() > 0 else None)
    page.screenshot(path=pictures / "containers-interact.png")
    second.locator(".lm-Accordion-title, .jupyter-widget-Collapse-header").first.click()
    second.locator(".lm-Accordion-title, .jupyter-widget-Collapse-header").first.click()
    second.locator(".wc-stage").wait_for()
    page.close()
