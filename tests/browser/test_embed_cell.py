"""``wk.embed`` in a real JupyterLab: a world of the kernel, and the page of a server, both heard by Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import cells_of, open_notebook, run_all
from tests.browser.test_overlay import axe
from tests.server.running import bench, quick, running

pytestmark = pytest.mark.browser


def test_a_listener_of_a_cell_hears_a_choice(browser: Any, lab: Lab, pictures: Path) -> None:
    cells = [
        "import worldkit as wk\nheard = []\n"
        "wk.embed(wk.samples.load('bench')).on('choice', lambda choice: heard.append(choice['label']))"
    ]
    page = open_notebook(browser, lab, "embed-cell.ipynb", [*cells, "heard"])
    run_all(page)
    player = page.locator(".jp-CodeCell").first.locator(".wk-player")
    player.get_by_role("button", name="Walk up the lane").click()
    player.get_by_role("heading", name="Bench").wait_for()
    assert player.get_by_role("tab").count() == 0
    assert axe(page, ".jp-CodeCell .worldkit") == []
    page.screenshot(path=pictures / "embed-cell.png")
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    output = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output").last
    wait_for("the choice", lambda: "walk up the lane" in output.inner_text() or None)
    page.close()


def test_the_page_of_a_server_is_shown_in_a_cell_and_heard_there(
    browser: Any, lab: Lab, pictures: Path, tmp_path: Path
) -> None:
    with running(quick(tmp_path / "w.db")) as server:
        key = server.app().secret
        world = server.client(key).post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        (lab.folder / "key.txt").write_text(key)
        cells = [
            "import pathlib, worldkit as wk\nheard = []\n"
            f"api = wk.Client(pathlib.Path('key.txt').read_text(), base_url={server.url!r})\n"
            f"wk.embed(api.get({world!r})).on('*', lambda event: heard.append(event['type']))",
            "heard",
        ]
        page = open_notebook(browser, lab, "embed-page.ipynb", cells)
        run_all(page)
        frame = page.locator(".jp-CodeCell").first.frame_locator("iframe")
        frame.get_by_role("button", name="Walk up the lane").click()
        frame.get_by_role("heading", name="Bench").wait_for()
        page.screenshot(path=pictures / "embed-page.png")
        game = page.frame_locator(".jp-CodeCell iframe").owner.element_handle().content_frame()
        page.emulate_media(color_scheme="dark")
        change_theme(page, "light")
        wait_for("light colours, whatever the browser prefers", lambda: theme_of(game) == ("light", "light") or None)
        assert axe(game, "html") == []
        output = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output").last

        def rerun() -> bool | None:
            page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            return "'ready', 'choice', 'state'" in output.inner_text() or None

        wait_for("the events", rerun)
        assert "ey" + "J" not in str(cells_of(page))  # no token is kept in the notebook

        page.emulate_media(color_scheme="light")
        change_theme(page, "dark")
        wait_for("dark colours without running the cell again", lambda: theme_of(game) == ("dark", "dark") or None)
        frame.get_by_role("heading", name="Bench").wait_for()  # the run goes on
        run_all(page)
        frame.get_by_role("button", name="Walk up the lane").wait_for()
        game = frame.owner.element_handle().content_frame()
        wait_for("dark colours", lambda: theme_of(game) == ("dark", "dark") or None)
        assert axe(game, "html") == []
        page.screenshot(path=pictures / "embed-page-dark.png")
        change_theme(page, "light")
        wait_for("light colours", lambda: theme_of(game) == ("light", "light") or None)
        page.close()


def change_theme(page: Any, theme: str) -> None:
    name = f"JupyterLab {theme.title()}"
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']").wait_for(state="attached")


def theme_of(game: Any) -> tuple[str, str]:
    """Return the colours of a server's page, and those of the player on it."""
    page = game.evaluate("() => document.documentElement.style.colorScheme")
    return page, game.locator("[data-theme]").first.get_attribute("data-theme")
