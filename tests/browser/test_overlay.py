"""A player beside an editor, and what exhaustive play finds, drawn over the map, in a real JupyterLab."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, Lab, wait_for
from tests.browser.test_hosts import outside_of
from tests.browser.test_journey import cells_of, open_notebook, run_all

pytestmark = pytest.mark.browser

EDITOR_AND_PLAYER_CELLS = [
    "import worldkit as wk\ned = wk.edit(wk.samples.load('lighthouse'), height=380)\ned",
    "pl = wk.play(ed, height=400)\npl",
    "# nothing here",
]
FAULTY_WORLD_CELL = (
    "import worldkit as wk\n"
    "w = wk.samples.load('lighthouse')\n"
    "w = w.apply([{'op': 'add_state', 'id': 'cave', 'base': 'A sea cave.'},\n"
    "    {'op': 'add_state', 'id': 'loft', 'base': 'A loft.'},\n"
    "    {'op': 'add_event', 'name': 'crawl_in', 'kind': 'transition', 'from': ['yard'], 'to': 'cave'},\n"
    "    {'op': 'add_event', 'name': 'crawl_on', 'kind': 'transition', 'from': ['loft'], 'to': 'cave'}])\n"
    "ed = wk.edit(w, height=560)\n"
    "ed"
)


def axe(page: Any, selector: str, *rules: str) -> list[str]:
    """Return what axe finds wrong in a part of the page, shadow roots included; only some rules when they are named."""
    page.evaluate((ROOT / "widgets/node_modules/axe-core/axe.min.js").read_text())
    script = """async ([selector, rules]) => {
        const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
        const found = await axe.run(document.querySelector(selector), { resultTypes: ["violations"], ...only });
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" | ")}`);
    }"""
    violations: list[str] = page.evaluate(script, [selector, list(rules)])
    return violations


def python(page: Any, code: str) -> None:
    """Run Python in the notebook's own kernel, as another cell would."""
    page.evaluate(
        """async code => {
            const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
            const reply = await kernel.requestExecute({ code }).done;
            if (reply.content.status !== "ok") throw new Error(JSON.stringify(reply.content));
        }""",
        code,
    )


def test_the_map_follows_the_player_and_the_player_follows_the_map(browser: Any, lab: Lab, pictures: Path) -> None:
    page = open_notebook(browser, lab, "beside.ipynb", EDITOR_AND_PLAYER_CELLS)
    outside = outside_of(page, lab.url)
    run_all(page)
    editor, player = page.locator(".jp-CodeCell").nth(0), page.locator(".jp-CodeCell").nth(1)
    editor.get_by_text("at the start").wait_for()
    player.locator(".wk-offers").first.wait_for()
    before = cells_of(page)
    # the map opens whole; close up the marks are words on the cards
    editor.locator(".we-stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("z")

    # what is played is seen on the map
    player.get_by_role("button", name=re.compile("Climb the kelp steps", re.I)).click()
    editor.get_by_text("The player, after 1 step.").wait_for()
    here = editor.locator(".wo-here")
    here.get_by_text("Here").wait_for()
    card = editor.get_by_role("button", name=re.compile("the player is here"))
    assert re.match("yard", card.first.get_attribute("aria-label"))
    page.screenshot(path=pictures / "lab-beside.png")

    # a rename in the editor is followed in silence, a deletion is said, and undo gives the run back
    python(page, "_ = ed.apply([{'op': 'rename_state', 'from': 'yard', 'to': 'court'}])")
    player.get_by_role("heading", name="Court").wait_for()
    python(page, "_ = ed.apply([{'op': 'delete_state', 'id': 'court'}])")
    player.get_by_role("heading", name="Landing").wait_for()
    player.get_by_text(re.compile('"court" is gone')).first.wait_for()
    editor.locator(".we-stage").focus()
    page.keyboard.press("Control+z")
    player.get_by_role("heading", name="Court").wait_for()
    player.get_by_text(re.compile("The whole run holds again")).first.wait_for()
    editor.get_by_text("The player, after 1 step.").wait_for()

    # it can be put away
    editor.get_by_role("button", name="Overlays").click()
    editor.get_by_role("button", name="The player beside this").click()
    wait_for("the player to be off the map", lambda: True if here.count() == 0 else None)
    page.keyboard.press("Escape")
    active_label = "() => document.querySelector('.worldkit').shadowRoot.activeElement?.getAttribute('aria-label')"
    assert page.evaluate(active_label) == "Overlays", "the menu gives the focus back"
    assert cells_of(page)[:-1] == before[:-1] and outside == []
    page.close()


def test_a_play_test_from_the_toolbar_marks_the_map_and_lists_what_it_found(
    browser: Any, lab: Lab, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "playtest.ipynb", [FAULTY_WORLD_CELL])
    run_all(page)
    editor = page.locator(".jp-CodeCell").first
    button = editor.get_by_role("button", name="Explore every possible run").first
    button.wait_for()
    wait_for("the kernel", lambda: True if button.is_enabled() else None)
    button.focus()
    page.keyboard.press("Enter")
    legend = editor.get_by_role("region", name="What is drawn over the map")
    legend.get_by_text("1 state never reached").wait_for()
    findings = editor.get_by_role("region", name="Found by exploring")
    findings.get_by_role("button", name="What is this? Nothing may be left to do").click()
    findings.get_by_text("Nothing may be left to do").wait_for()
    assert axe(page, ".worldkit") == []
    page.screenshot(path=pictures / "lab-playtest.png")

    # a finding leads to its place on the map, and the card says so in its name
    findings.get_by_role("button", name="state cave").click()
    editor.get_by_role("button", name=re.compile("^cave.*nothing left to do")).first.wait_for()

    # mending it makes the exploration anew, or asks to: on a busy machine it was not a quick one
    python(page, "_ = ed.apply([{'op': 'delete_state', 'id': 'cave'}, {'op': 'delete_state', 'id': 'loft'}])")
    clean, again = (
        legend.get_by_text("Nothing to mark."),
        legend.get_by_role("button", name="Explore again"),
    )
    clean.or_(again).first.wait_for()
    if again.is_visible():
        again.click()
    clean.wait_for()
    findings.get_by_text("Nothing that the rules do not already report.").wait_for()
    legend.get_by_role("button", name="Hide the overlay Every possible run").click()
    legend.wait_for(state="detached")

    # what comes from Python is shown when it comes, and its legend tells it in words
    python(page, "_ = ed.overlay(wk.playtest(ed.world, runs=200, seed=1))")
    legend.get_by_text(re.compile("200 runs, .* states and .* events were seen")).wait_for()
    editor.get_by_role("button", name="Overlays").click()
    menu = editor.get_by_role("group", name="Overlays")
    assert menu.get_by_role("button").all_inner_texts() == ["Every possible run", "Many players"]
    assert axe(page, ".worldkit") == []
    page.screenshot(path=pictures / "lab-crowd.png")
    page.close()
