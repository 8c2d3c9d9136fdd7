"""The visual difference in a real JupyterLab: step through it, read it, flick between the worlds, and save it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

import worldkit as wk
from tests.browser.conftest import ROOT, Lab
from tests.browser.test_journey import cells_of, open_notebook, run_all

pytestmark = pytest.mark.browser

HARNESS = ROOT / "widgets" / "test" / "harness" / "compare.mjs"
SHOWS = """import worldkit as wk
a = wk.samples.load('lighthouse')
b = a.apply([
    {'op': 'rename_state', 'from': 'kitchen', 'to': 'scullery'},
    {'op': 'set_field', 'state': 'yard', 'field': 'base', 'value': a.states['yard'].base + ' Rain.'},
    {'op': 'add_state', 'id': 'cellar', 'state': {'base': 'A cellar.'}},
    {'op': 'add_transition', 'name': 'down', 'event': {'from': ['scullery'], 'to': 'cellar'}},
])
wk.compare(a, b)"""


def harness(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHON": sys.executable}
    return subprocess.run(
        ["node", str(HARNESS), *arguments], capture_output=True, text=True, cwd=ROOT, env=env, check=False
    )


def test_differences_are_stepped_through_and_no_key_reaches_the_notebook(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "compare.ipynb", [SHOWS, "# nothing here"])
    outside: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((lab.url, "data:", "blob:", "ws:")) else outside.append(r.url)
    )
    run_all(page)
    shown = page.locator(".jp-CodeCell").first.locator(".wc-app")
    shown.get_by_role("heading", name="4 differences").wait_for(timeout=60_000)
    before = cells_of(page)
    shown.locator(".wc-stage").focus()
    for key in ("n", "ArrowDown", "a", "x", "d", "d", "Delete", "p"):
        page.keyboard.press(key)
    row = shown.locator(".wc-row-head[aria-expanded=true]")
    assert row.get_attribute("data-change") == "0"
    assert " Rain." in (shown.locator(".wc-field ins").first.text_content() or "")
    page.keyboard.press("n")
    shown.locator(".wc-card-title", has_text="scullery").first.wait_for()
    page.screenshot(path=pictures / "lab-compare.png")
    shown.get_by_role("button", name="Before", exact=True).click()
    shown.locator(".wc-card-title", has_text="kitchen").first.wait_for()
    shown.get_by_role("button", name="What it does to play").click()
    shown.locator(".wc-sentences > li").first.wait_for(timeout=60_000)
    assert cells_of(page)[:-1] == before[:-1] and outside == []
    page.close()


def test_a_saved_notebook_shows_the_difference_without_a_kernel(lab: Lab) -> None:
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SHOWS)])
    where = {"metadata": {"path": str(lab.folder)}}
    NotebookClient(notebook, kernel_name="python3", store_widget_state=False, resources=where).execute()
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "4 differences" in page and "<ins> Rain.</ins>" in page and 'class="node renamed"' in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_fits_every_width_and_asks_for_nothing(
    browser: Any, pictures: Path, theme: str, tmp_path: Path
) -> None:
    a = wk.samples.load("lighthouse")
    b = a.apply(
        [{"op": "rename_state", "from": "kitchen", "to": "scullery"}, {"op": "delete_state", "id": "oil_store"}]
    )
    path = tmp_path / "compare.html"
    wk.compare(a, b).to_html(path)
    page = browser.new_context(color_scheme=theme).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for width in (640, 1000, 1500):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.screenshot(path=pictures / f"compare-page-{theme}-{width}.png", full_page=True)
    assert all(url.startswith("file:") for url in asked)
    page.context.close()


def test_everything_works_by_key_and_pointer_and_axe_finds_nothing() -> None:
    ran = harness("journey")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_pictures_in_both_themes_at_three_widths(pictures: Path) -> None:
    ran = harness("look", str(pictures), "prose", "hundred", "merging-step")
    assert ran.returncode == 0, ran.stdout + ran.stderr
