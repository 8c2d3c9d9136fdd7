"""Generation in a real JupyterLab: the planned graph is there at once, fills in, and makes way for one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab
from tests.browser.test_journey import open_notebook

pytestmark = pytest.mark.browser

CELL = '''
import pathlib, time
from worldkit.core import progress
from worldkit.generation.pipeline.generate_one import compose
from worldkit.generation.engines.base import Reply
from worldkit.generation.prose.writer import ModelWriter

class Waiting:
    """An engine that stops after three places until there is a file."""
    name = "waiting"
    def words(self):
        return []
    def answer(self, asks, done=lambda: None):
        replies = []
        for n, ask in enumerate(asks):
            if n == 9:
                while not pathlib.Path("go").exists():
                    asks[n - 1].heard(replies[-1].text)
                    time.sleep(0.02)
            words = " ".join(f"amber {letter}{n} glass" for letter in "abcd")
            replies.append(Reply(f"{ask.opening} {words}.", True, -1.0, 0.0, 5))
            if ask.heard:
                ask.heard(replies[-1].text)
            done()
        return replies

engine = Waiting()
premise = "A lighthouse keeper must relight the lamp before the storm strikes the ships"
world, report = compose(premise, 1, 6, lambda: (ModelWriter(engine), engine.name), progress.default_progress())
'''


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_graph_fills_in_and_makes_way_for_a_line(browser: Any, lab: Lab, pictures: Path, theme: str) -> None:
    (lab.folder / "go").unlink(missing_ok=True)
    page = open_notebook(browser, lab, f"progress-{theme}.ipynb", [CELL, "# nothing here"])
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
    output = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea")
    output.locator("progress").wait_for(timeout=60_000)
    output.locator("svg text", has_text="amber").first.wait_for(timeout=30_000)
    assert output.locator("svg text", has_text="…").count() > 0, "the rest is marked as coming"
    page.screenshot(path=pictures / f"lab-progress-{theme}.png")
    (lab.folder / "go").touch()
    output.get_by_text("generate: done").wait_for(timeout=60_000)
    assert output.locator("svg").count() == 0
    assert output.locator(".jp-OutputArea-child").count() == 1
    page.close()
