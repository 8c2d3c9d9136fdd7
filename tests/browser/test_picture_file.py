"""The whole map can be saved as a picture from the editor."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import worldkit as wk
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser


def save_picture(show: Stand, words: str) -> tuple[str, bytes]:
    """Choose an item of the menu and return the name and the content of the file that the browser downloads."""
    show.page.get_by_role("button", name="Save a picture").click()
    with show.page.expect_download() as download:
        show.page.get_by_role("menuitem", name=words).click()
        # it is said for five seconds, which a busy machine may take to hand over the file
        show.page.get_by_text(f"Saved the map as The-Light-at-Skarra.{words[:3].lower()}").last.wait_for()
    path = download.value.path()
    return download.value.suggested_filename, Path(path).read_bytes()


def test_the_map_is_saved_as_png_and_as_svg_as_it_is_arranged(browser: Any) -> None:
    places = {"kitchen": (3000.0, 40.0)}
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse"), layout=places)) as show:
        name, svg = save_picture(show, "SVG, dark")
        root = ElementTree.fromstring(svg)
        options = {"layout": show.widget.layout, "theme": "dark", "diagnostics": show.widget.diagnostics}
        world = wk.samples.load("lighthouse")
        assert name == "The-Light-at-Skarra.svg" and svg.decode() == world.to_svg(**options, pictures=True)
        show.page.get_by_role("button", name="Pictures", exact=True).click()
        assert save_picture(show, "SVG, dark")[1].decode() == world.to_svg(**options)
        show.page.get_by_role("button", name="Pictures", exact=True).click()
        name, png = save_picture(show, "PNG, light")
        assert name == "The-Light-at-Skarra.png" and png.startswith(b"\x89PNG\r\n")
        width, height = struct.unpack(">II", png[16:24])
        across, down = map(float, (root.get("viewBox") or "").split()[2:])
        assert abs(width - 2 * across) <= 2 and abs(height - 2 * down) <= 2
        assert len(png) > 50_000  # an empty canvas of that size has a few kilobytes
        show.page.get_by_role("button", name="Save a picture").click()
        for theme in ("light", "dark"):
            show.theme(theme)
            show.rest()
            assert show.axe() == []
        for width in (620, 850, 1700):
            show.width(width, 560)
            assert show.page.get_by_role("button", name="Save a picture").is_visible()
        assert show.wrong == []
