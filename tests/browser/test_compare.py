"""The visual difference in a real JupyterLab: step through it, read it, flick between the worlds, and save it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.screens import compare
from tests.browser.stand import stand
from tests.browser.test_journey import cells_of, open_notebook, run_all
from tests.browser.test_overlay import python
from tests.kernels import run_notebook

pytestmark = pytest.mark.browser

COMPARE_CELL = """import worldkit as wk
a = wk.samples.load('lighthouse')
b = a.apply([
    {'op': 'rename_state', 'from': 'kitchen', 'to': 'scullery'},
    {'op': 'set_field', 'state': 'yard', 'field': 'base', 'value': a.states['yard'].base + ' Rain.'},
    {'op': 'add_state', 'id': 'cellar', 'state': {'base': 'A cellar.'}},
    {'op': 'add_transition', 'name': 'down', 'event': {'from': ['scullery'], 'to': 'cellar'}},
])
wk.compare(a, b)"""


def test_differences_are_stepped_through_and_no_key_reaches_the_notebook(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "compare.ipynb", [COMPARE_CELL, "# nothing here"])
    outside: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((lab.url, "data:", "blob:", "ws:")) else outside.append(r.url)
    )
    run_all(page)
    app = page.locator(".jp-CodeCell").first.locator(".wc-app")
    app.get_by_role("heading", name="4 differences").wait_for()
    before = cells_of(page)
    app.locator(".wc-stage").focus()
    for key in ("n", "ArrowDown", "a", "x", "d", "d", "Delete", "p"):
        page.keyboard.press(key)
    row = app.locator(".wc-row-head[aria-expanded=true]")
    assert row.get_attribute("data-change") == "0"
    assert " Rain." in (app.locator(".wc-field ins").first.text_content() or "")
    page.keyboard.press("n")
    app.locator(".wc-card-title", has_text="scullery").first.wait_for()
    app.locator(".wc-card.wc-is-touched .wc-band > img").first.wait_for()
    page.screenshot(path=pictures / "lab-compare.png")
    app.get_by_role("button", name="Before", exact=True).click()
    app.locator(".wc-card-title", has_text="kitchen").first.wait_for()
    app.get_by_role("button", name="Effect on play").click()
    app.locator(".wc-sentences > li").first.wait_for()
    assert cells_of(page)[:-1] == before[:-1] and outside == []
    page.close()


MERGE_CELL = """import worldkit as wk
base = wk.samples.load('lighthouse')
def side(words, **more):
    return base.apply([{'op': 'set_field', 'state': 'yard', 'field': 'base', 'value': words}, *more.get('ops', ())])
ours = side('A yard of wet flagstones.', ops=[{'op': 'add_state', 'id': 'cellar', 'base': 'A cellar.'}])
theirs = side('A yard white with salt.', ops=[{'op': 'rename_state', 'from': 'kitchen', 'to': 'scullery'}])
view = wk.compare(base, ours, theirs)
view"""
SAVE_CODE = "view.merged.save('merged.world.json')"


def test_a_conflict_of_a_merge_is_drawn_decided_by_hand_and_the_merged_world_is_python_s(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "merge.ipynb", [MERGE_CELL, "view", "# nothing here"])
    run_all(page)
    views = [page.locator(".jp-CodeCell").nth(at).locator(".wc-app") for at in (0, 1)]
    for view in views:
        view.get_by_role("heading", name="1 conflict, 3 differences").wait_for()
        view.get_by_text("1 of 1 open").wait_for()
    before = cells_of(page)

    # stepped to by key, it is marked on the map and both sides are read word by word
    views[0].locator(".wc-stage").focus()
    page.keyboard.press("n")
    views[0].get_by_role("button", name="Pick theirs").wait_for()
    card = views[0].locator(".wc-card", has=page.locator(".wc-card-title", has_text="yard"))
    card.get_by_text("Conflict").wait_for()
    assert views[0].locator(".wc-field ins, .wc-choice ins, ins").count() > 0

    # picked by key here, it is decided in the other view too, and in Python; then by hand for the other side
    page.keyboard.press("2")
    for view in views:
        view.get_by_text("all 1 decided").wait_for()
    page.screenshot(path=pictures / "lab-merge.png")
    python(page, SAVE_CODE)
    assert wk.load(lab.folder / "merged.world.json").states["yard"].base == "A yard white with salt."
    views[0].get_by_role("button", name="Pick ours").click()
    wait_for("ours", lambda: True if re.search("ours$", head(views[1])) else None)
    python(page, SAVE_CODE)
    world = wk.load(lab.folder / "merged.world.json")
    assert world.states["yard"].base == "A yard of wet flagstones."
    assert {"cellar", "scullery"} <= set(world.states)

    # and what Python decides, the views show
    python(page, "_ = view.resolve('states.yard.base', 'theirs')")
    wait_for("theirs", lambda: True if re.search("theirs$", head(views[0])) else None)
    assert cells_of(page)[:-1] == before[:-1]
    page.close()


def head(view: Any) -> str:
    return str(view.locator("[data-conflict='0']").text_content())


def test_a_saved_notebook_shows_the_difference_without_a_kernel(lab: Lab) -> None:
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(COMPARE_CELL)])
    where = {"metadata": {"path": str(lab.folder)}}
    run_notebook(notebook, kernel_name="python3", store_widget_state=False, resources=where)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "4 differences" in page and "<ins> Rain.</ins>" in page and 'class="node renamed"' in page


def test_the_details_of_a_change_cover_nothing_of_it_where_the_list_is_closed(browser: Any) -> None:
    with stand(browser, compare.comparison_of_edits, width=1000) as view:
        compare.words(view)
        for width in (1000, 376):
            view.page.set_viewport_size({"width": width, "height": 600})
            view.rest()
            view.page.locator(".wc-panel-head button").click()
            view.page.locator(".wc-peek img").first.wait_for()
            view.rest()
            card = view.page.locator(".wc-current").bounding_box()
            details = view.page.locator(".wc-peek").bounding_box()
            assert card["y"] + card["height"] < details["y"] and card["x"] > 0 and card["x"] + card["width"] < width
            view.page.get_by_role("button", name="Show the list").click()


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
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    for width in (640, 1000, 1500):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.screenshot(path=pictures / f"compare-page-{theme}-{width}.png", full_page=True)
    assert all(url.startswith("file:") for url in urls)
    page.context.close()
