"""What ``wk.quality`` says of a world, as JupyterLab shows it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Lab
from tests.browser.test_journey import open_notebook, run_all

pytestmark = pytest.mark.browser

CODE = "import worldkit as wk\nwk.quality(wk.samples.load('lighthouse'), premise='A keeper relights a lamp in a storm')"
ALIGNMENTS = """page => [...page.querySelectorAll("p, li, h4, h5, table, th:not(.n), td:not(.n)")]
    .filter((one) => one.checkVisibility())
    .map((one) => [getComputedStyle(one).textAlign, one.tagName, one.offsetLeft - one.parentElement.offsetLeft])
    .filter(([align, tag, left]) => !["left", "start"].includes(align) || (tag === "TABLE" && left > 24))"""


def test_the_page_of_quality_is_set_from_the_left(browser: Any, lab: Lab, pictures: Any) -> None:
    page = open_notebook(browser, lab, "quality.ipynb", [CODE])
    run_all(page)
    quality = page.locator(".wkpt")
    quality.wait_for()
    page.screenshot(path=pictures / "lab-quality.png")
    assert quality.evaluate(ALIGNMENTS) == []
    output = page.locator(".jp-OutputArea-output").first.bounding_box()
    assert quality.bounding_box()["x"] - output["x"] < 24
    page.close()
