"""The editor and the player as people see them: both themes of JupyterLab, three widths, nothing cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab
from tests.browser.test_journey import open_notebook, run_all

pytestmark = pytest.mark.browser

CELLS = [
    "import worldkit as wk\ned = wk.edit(wk.samples.load('lighthouse'), height=640)\ned",
    "pl = wk.play(wk.samples.load('lighthouse'), height=640)\npl.session.fire('climb_the_kelp_steps')\npl",
]
WIDTHS = (640, 1000, 1500)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_cut_off_at_any_width(browser: Any, lab: Lab, pictures: Path, theme: str) -> None:
    page = open_notebook(browser, lab, f"pictures-{theme}.ipynb", CELLS)
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {theme.title()}"
    )
    page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']").wait_for(state="attached")
    run_all(page)
    # the side bar of JupyterLab takes room that a person would give to the notebook
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    for kind, at, shown in (("editor", 0, ".we-toolbar"), ("player", 1, ".wk-offers")):
        output = page.locator(".jp-CodeCell").nth(at).locator(".jp-OutputArea-output").first
        output.locator(shown).first.wait_for(timeout=60_000)
        for width in WIDTHS:
            page.set_viewport_size({"width": width + 140, "height": 1000})
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            output.scroll_into_view_if_needed()
            fits = "e => { const r = e.firstElementChild ?? e; return r.scrollWidth - r.clientWidth }"
            assert output.evaluate(fits) <= 1, f"the {kind} is wider than its cell at {width}"
            output.screenshot(path=pictures / f"{kind}-{theme}-{width}.png")
    page.close()
