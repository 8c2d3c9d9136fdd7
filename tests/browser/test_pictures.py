"""Every screen in both themes: what must be on it, nothing cut off at any width, axe clean, its picture in a guide.

A run leaves pictures in ``out/screens``. With ``WORLDKIT_PICTURES=docs`` (``make pictures``) those that a guide shows
become the guide's.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

import worldkit as wk
from tests.browser.conftest import ROOT
from tests.browser.guide_pictures import shrink
from tests.browser.screens import (
    Screen,
    campaigns,
    compare,
    editor,
    generation,
    more,
    player,
    properties,
    react,
    saving,
    store,
    story_map,
    tables,
)
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

HARD_SCREENS = list(more.SCREENS)
SCREENS = [
    *editor.SCREENS,
    *saving.SCREENS,
    *tables.SCREENS,
    *generation.SCREENS,
    *store.SCREENS,
    *story_map.SCREENS,
    *properties.SCREENS,
    *player.SCREENS,
    *react.SCREENS,
    *campaigns.SCREENS,
    *compare.SCREENS,
]
THEMES = ("light", "dark")
WIDTHS = (500, 360, 900, 1400)
"""Of cells; the first is what is left of one of 1,000 pixels at a zoom of 200 %, the second that of a phone."""
IMAGES = ROOT / "docs" / "images"
GUIDE_PICTURES = frozenset(
    re.findall(r"images/([\w/-]+\.png)", "".join(page.read_text("utf-8") for page in (ROOT / "docs").glob("**/*.md")))
)
"""The pictures that the guides show."""
MAX_PICTURE_BYTES = 120_000
MAX_GREY_DISTANCE = 14.0
"""How far apart, in mean grey, small copies of a picture and the guide's may be: room for a font, not for a dialog."""


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path)
def test_a_screen_is_whole_in_both_themes_and_is_the_one_in_a_guide_that_shows_it(
    browser: Any, pictures: Path, screen: Screen
) -> None:
    with stand(browser, screen.make, width=screen.width, height=screen.height) as view:
        screen.act(view)
        for theme in THEMES:
            view.theme(theme)
            view.rest()
            look_for(view, screen)
            if theme == "light":  # the dark one is looked through at twice the zoom
                assert view.axe() == []
            keep(screenshot(view, screen), f"{screen.path}-{theme}.png", pictures)
        whole(view, screen, pictures)


@pytest.mark.parametrize("screen", HARD_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_whole_where_the_widgets_have_a_hard_time(browser: Any, pictures: Path, screen: Screen) -> None:
    with stand(browser, screen.make, width=screen.width, height=screen.height) as view:
        screen.act(view)
        view.theme("dark")
        view.rest()
        look_for(view, screen)
        foreign = (
            "e => e.shadowRoot.querySelectorAll(\"iframe, img:not([src^='data:image/svg+xml;charset=utf-8,'])\").length"
        )
        assert view.page.locator(".worldkit").evaluate(foreign) == 0
        view.page.screenshot(path=pictures / f"hard-{screen.name}.png")
        whole(view, screen, pictures)


FAULT_STYLES = {
    "cut off": ".we-title strong { width: 24px !important; text-overflow: clip !important; }",
    "lie over one another": ".we-first { left: 0 !important; bottom: 0 !important; }",
    "can be scrolled away": ".we-stage { overflow: hidden !important; } .we-layer { padding: 2000px; }",
    "the page scrolls sideways": ".wk-root { width: 2000px !important; } :host { contain: none !important; }",
}


SET_STYLE_SCRIPT = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.querySelector(".worldkit").shadowRoot.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize("fault", FAULT_STYLES)
def test_the_look_for_faults_finds_them(browser: Any, fault: str) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench"))) as view:
        assert view.faults() == []
        view.page.evaluate(SET_STYLE_SCRIPT, FAULT_STYLES[fault])
        view.rest()
        assert any(fault in one for one in view.faults()), view.faults()


def test_no_card_shows_a_part_of_a_line_of_its_prose(browser: Any) -> None:
    [close] = [screen for screen in SCREENS if screen.path == "editor/state"]
    with stand(browser, close.make, width=1400, height=560) as view:
        close.act(view)
        view.page.locator(".we-prose").first.wait_for()
        assert view.faults() == []
        view.page.evaluate(SET_STYLE_SCRIPT, ".we-card .we-prose { flex: 1 !important; max-height: none !important; }")
        view.rest()
        assert any("a part of a line" in fault for fault in view.faults())


def look_for(view: Stand, screen: Screen) -> None:
    for selector in screen.shows:
        view.page.locator(selector).locator("visible=true").first.wait_for()
    for text in screen.says:
        view.page.get_by_text(text).locator("visible=true").first.wait_for()


def whole(view: Stand, screen: Screen, pictures: Path) -> None:
    """Nothing is cut off at any width, axe finds nothing at twice the zoom, nothing was asked of a network."""
    for width in WIDTHS:
        view.width(width, screen.height)
        if width == WIDTHS[0]:
            assert view.axe() == [], "at a zoom of 200 %"
        if os.environ.get("WORLDKIT_WIDTHS"):
            view.page.screenshot(path=pictures / f"{screen.guide or 'hard'}-{screen.name}-{width}.png")
        assert view.faults() == [], f"at a width of {width}"
    assert view.wrong == []


def screenshot(view: Stand, screen: Screen) -> bytes:
    part = view.page.locator(screen.clip or ".worldkit").first
    png: bytes = part.screenshot(animations="disabled", caret="hide")
    return png


def keep(png: bytes, path: str, pictures: Path) -> None:
    """Put a picture where this run's go, and hold it against that of a guide that shows it; or make it the guide's."""
    file = pictures / "guides" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(png)
    if path not in GUIDE_PICTURES:
        return
    guide_file = IMAGES / path
    picture = Image.open(io.BytesIO(png))
    if os.environ.get("WORLDKIT_PICTURES") == "docs":
        guide_file.parent.mkdir(parents=True, exist_ok=True)
        shrink(picture.convert("RGB")).save(guide_file, optimize=True)
    assert guide_file.stat().st_size <= MAX_PICTURE_BYTES, f"{path} has {guide_file.stat().st_size:,} bytes"
    guide = Image.open(guide_file)
    assert guide.size == picture.size, f"the guide's {path} is another size; run: make pictures"
    small = [image.convert("L").resize((50, 28), Image.Resampling.BOX) for image in (guide, picture)]
    apart = ImageStat.Stat(ImageChops.difference(*small)).mean[0]
    assert apart < MAX_GREY_DISTANCE, f"the guide's {path} shows something else ({apart:.1f} apart); run: make pictures"
