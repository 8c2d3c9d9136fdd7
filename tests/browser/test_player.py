"""The player in a real JupyterLab: real time, flags by hand, a run saved and replayed; and its pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import ROOT, Lab, wait_for
from tests.browser.test_journey import cells_of, open_notebook, run_all

pytestmark = pytest.mark.browser

AXE = ROOT / "widgets" / "node_modules" / "axe-core" / "axe.min.js"


def tower() -> wk.World:
    phases = [{"base": "A gloved hand closes on the rail.", "minMs": 60_000}, {"base": "Salt wind comes down."}]
    events: list[dict[str, Any]] = [
        {"name": "climb", "kind": "transition", "from": ["stair"], "to": "lamp", "hotkey": "c", "phases": phases},
        {"name": "bar_the_door", "kind": "override", "from": ["stair"], "requires": ["iron"]}
        | {"lockedHint": "something heavy would hold it", "base": "An iron bar drops into its brackets."},
        {"name": "gust", "kind": "override", "from": ["lamp"], "autoAfterMs": 90_000, "base": "The glass shakes."},
        {"name": "lift_the_bar", "kind": "override", "from": ["lamp"], "grants": ["iron"], "base": "Cold iron."},
    ]
    states = {"stair": {"base": "An iron stair winds up."}, "lamp": {"base": "The lamp room, all glass."}}
    scene = {"states": states, "events": events}
    return wk.World.from_dict({"name": "Tower", "entrance": {"state": "stair"}, "scene": scene})


def clock(player: Any) -> str:
    return str(player.locator(".wk-time time").inner_text())


def test_real_time_is_driven_from_the_page_and_kept_by_the_kernel(browser: Any, lab: Lab, pictures: Path) -> None:
    tower().save(lab.folder / "tower.world.json")
    cells = [
        "import worldkit as wk\nw = wk.load('tower.world.json')\npl = wk.play(w, mode='real-time')\npl",
        "pl",
        "import json, pathlib\npathlib.Path('run.json').write_text(pl.session.trace.to_json())",
    ]
    page = open_notebook(browser, lab, "player.ipynb", cells)
    outside: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((lab.url, "data:", "blob:", "ws:")) else outside.append(r.url)
    )
    run_all(page)
    player = page.locator(".jp-CodeCell").first.locator(".wk-player")
    other = page.locator(".jp-CodeCell").nth(1).locator(".wk-player")
    player.get_by_role("heading", name="Stair").wait_for()
    other.get_by_role("heading", name="Stair").wait_for()
    before = cells_of(page)
    assert clock(player) == "0:00.0"

    # pressing lets the clock run, and both views show it
    player.get_by_role("heading", name="Stair").scroll_into_view_if_needed()
    player.locator(".wk-place").focus()
    page.keyboard.press("c")
    player.get_by_role("region", name="Playing: Climb").wait_for()
    player.get_by_role("button", name="Pause the clock").wait_for()
    wait_for("the clock to run", lambda: clock(player) > "0:00.5" or None)
    wait_for("the other view to follow", lambda: clock(other) > "0:00.5" or None)
    page.screenshot(path=pictures / "lab-player-real-time.png")

    # Space pauses, and neither it nor any other key reaches the notebook
    page.keyboard.press("Space")
    player.get_by_role("button", name="Resume the clock").wait_for()
    for key in ("w", "x", "d", "d", "b", "m"):
        page.keyboard.press(key)
    time_before = clock(player)
    player.get_by_role("button", name="Wait 5 seconds").click()
    wait_for("five seconds to pass", lambda: clock(player) > time_before or None)
    player.locator(".wk-place").focus()
    page.keyboard.press("l")
    player.get_by_role("heading", name="Lamp").wait_for()
    assert "in 1:30" in player.get_by_role("region", name="Coming up").inner_text()
    assert cells_of(page)[:-1] == before[:-1]

    # back before the press, time and all
    page.keyboard.press("u")
    player.get_by_role("heading", name="Stair").wait_for()

    # a flag by hand opens what was locked, and is marked
    player.get_by_role("tab", name="Flags").click()
    player.get_by_role("checkbox", name="iron").click()
    player.get_by_text("set by hand, 0:").wait_for()
    player.get_by_role("button", name="Bar the door").click()
    player.get_by_text("something heavy").wait_for(state="detached")

    # the run is saved, and replays in Python
    player.get_by_role("tab", name="Run").click()
    with page.expect_download() as saving:
        player.get_by_role("button", name="Save this run").click()
    saved = json.loads(Path(saving.value.path()).read_text())
    assert saving.value.suggested_filename == "tower.trace.json"
    assert wk.replay(tower(), saved).flags == {"iron"}
    page.screenshot(path=pictures / "lab-player-run.png")

    # and opened again after a fresh start; undo leads back to before it was opened
    player.get_by_role("button", name="Start at the entrance").click()
    player.get_by_label("The JSON of a saved run or position").fill(json.dumps(saved))
    player.get_by_role("button", name="Open", exact=True).click()
    player.get_by_role("tab", name="Journal").click()
    player.get_by_role("button", name="Set by hand: iron").wait_for()
    assert outside == []
    violations = axe(page)
    assert violations == [], violations
    page.close()


def axe(page: Any) -> list[str]:
    """Return what axe finds wrong in the players of a page, one line each."""
    page.evaluate(AXE.read_text())
    script = """async () => {
        const hosts = [...document.querySelectorAll(".worldkit")];
        // the page is the notebook's, and two views of one player bear the same names
        const off = {region: {enabled: false}, "landmark-unique": {enabled: false}};
        const made = await axe.run({include: hosts}, {rules: off});
        return made.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
    }"""
    violations: list[str] = page.evaluate(script)
    return violations
