"""A report in a real JupyterLab: read it, open a finding, play it from the moment before, step, undo, come back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.stand import stand
from tests.browser.test_journey import cells_of, open_notebook, run_all
from tests.browser.test_overlay import axe
from tests.kernels import run_notebook
from tests.play.report.worlds import hostile, spoiled, wide
from worldkit.widgets.report import ExplorationReport

pytestmark = pytest.mark.browser

WIDTHS = (640, 1000, 1500)
THEMES = ("light", "dark")


def save_worlds(lab: Lab) -> None:
    for name, world in (("spoiled", spoiled()), ("hostile", hostile()), ("wide", wide(400))):
        world.save(lab.folder / f"{name}.world.json")


def shows(name: str) -> str:
    return f"import worldkit as wk\nr = wk.explore(wk.load('{name}.world.json'))\nr"


def test_a_finding_is_seen_played_stepped_and_undone(browser: Any, lab: Lab, pictures: Path) -> None:
    save_worlds(lab)
    page = open_notebook(browser, lab, "report.ipynb", [shows("spoiled"), "# nothing here"])
    outside: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((lab.url, "data:", "blob:", "ws:")) else outside.append(r.url)
    )
    run_all(page)
    report = page.locator(".jp-CodeCell").first.locator(".wr-report")
    report.get_by_role("heading", name=re.compile("2 of 4 endings can be reached")).wait_for()
    page.screenshot(path=pictures / "lab-report.png")
    before = cells_of(page)

    # the worst finding is open; its way lies on the map, the crossing apart
    report.get_by_text("The point of no return: in yard, holding hand_lamp").wait_for()
    assert report.locator(".wkm-step").count() == 5 and report.locator(".wkm-step.wkm-cross").count() == 1

    # another one is opened by keyboard, and the map goes there
    view_box = report.locator(".wr-map > svg").get_attribute("viewBox")
    other = report.get_by_role("button", name=re.compile("TWO CUPS.* cannot be reached"))
    other.focus()
    page.keyboard.press("Enter")
    assert other.get_attribute("aria-expanded") == "true"
    wait_for("the map to move", lambda: report.locator(".wr-map > svg").get_attribute("viewBox") != view_box or None)

    # back to the first, and play it
    report.get_by_role("button", name=re.compile("no ending can be reached: the run is stuck")).click()
    report.get_by_role("button", name="Play from just before").click()
    player = report.locator(".wk-player")
    player.get_by_role("heading", name="Yard").wait_for()
    player.get_by_text("This is the point of no return").first.wait_for()
    page.screenshot(path=pictures / "lab-report-playing.png")
    player.get_by_role("button", name="Enter the tower").click()
    player.get_by_role("heading", name="Tower foot").wait_for()

    # undo by key walks back along the route; no key reaches the notebook
    player.locator(".wk-page").click(position={"x": 5, "y": 5})
    player.get_by_role("button", name="Undo the last step").click()
    player.get_by_role("heading", name="Yard").wait_for()
    page.keyboard.press("Control+z")
    player.get_by_role("heading", name="Kitchen").wait_for()
    assert cells_of(page)[:-1] == before[:-1]

    # Escape leads back to the report, with the focus where it was
    page.keyboard.press("Escape")
    button = report.get_by_role("button", name="Play from just before")
    button.wait_for()
    wait_for("the focus", lambda: button.evaluate("e => e.getRootNode().activeElement === e") or None)
    assert outside == []
    page.close()


def test_a_report_is_whole_at_any_width_in_both_themes(browser: Any, lab: Lab, pictures: Path) -> None:
    save_worlds(lab)
    cells = [shows("spoiled"), shows("wide"), shows("hostile"), "r = wk.explore(wk.samples.load('lighthouse'))\nr"]
    page = open_notebook(browser, lab, "reports.ipynb", cells)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    run_all(page)
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    for at, name in enumerate(("spoiled", "wide", "hostile", "clean")):
        output = page.locator(".jp-CodeCell").nth(at).locator(".jp-OutputArea-output").first
        output.scroll_into_view_if_needed()
        output.locator(".wr-report h2").first.wait_for()
        for width in WIDTHS:
            page.set_viewport_size({"width": width + 140, "height": 1000})
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            for part in (".wr-report", ".wr-lists", ".wr-head"):
                over = output.locator(part).first.evaluate("e => e.scrollWidth - e.clientWidth")
                assert over <= 1, f"{part} of {name} is wider than its place at {width}"
    first = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea-output").first
    first.scroll_into_view_if_needed()
    for theme in THEMES:
        change_theme = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        page.evaluate(change_theme, f"JupyterLab {theme.title()}")
        page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']").wait_for(state="attached")
        assert axe(page, ".worldkit", "color-contrast") == [], theme
        first.screenshot(path=pictures / f"report-spoiled-{theme}.png")
    assert dialogs == []
    page.close()


def test_the_map_of_a_narrow_report_shows_names_that_can_be_read(browser: Any) -> None:
    with stand(
        browser, lambda: ExplorationReport(wk.explore(wk.samples.load("circus"))), width=430, height=640
    ) as view:
        names = view.page.locator(".wkm-name")
        heights = names.evaluate_all("all => all.map(e => e.getBoundingClientRect().height / e.children.length)")
        assert len(heights) == 10 and min(heights) > 8
        assert view.faults() == [] and view.wrong == []


def test_the_page_without_a_kernel_is_whole_at_any_width_and_fetches_nothing(
    browser: Any, tmp_path: Path, pictures: Path
) -> None:
    import worldkit as wk

    pages = {
        "spoiled": wk.explore(spoiled()),
        "hostile": wk.explore(hostile()),
        "wide": wk.explore(wide(1000)),
        "broken": wk.explore(wk.samples.load("broken")),
        "clean": wk.explore(wk.samples.load("lighthouse")),
    }
    page = browser.new_context().new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: (requests.append(dialog.message), dialog.dismiss()))
    for name, one in pages.items():
        one.to_html(tmp_path / f"{name}.html")
        page.goto((tmp_path / f"{name}.html").as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{name} at {width}"
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=pictures / f"report-page-{name}-{theme}.png")
    assert all(url.startswith("file:") for url in requests) and len(requests) == len(pages)
    page.context.close()


def test_a_saved_notebook_shows_the_report_without_a_kernel(lab: Lab) -> None:
    from nbconvert import HTMLExporter

    save_worlds(lab)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(shows("spoiled"))])
    where = {"metadata": {"path": str(lab.folder)}}
    run_notebook(notebook, kernel_name="python3", store_widget_state=False, resources=where)
    data = notebook.cells[0].outputs[0]["data"]
    assert "application/vnd.jupyter.widget-view+json" in data and "2 of 4 endings" in data["text/plain"]
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "The point of no return: in yard, holding hand_lamp" in page and 'class="wkm-card' in page
