"""An editor bound to a store, in a real JupyterLab, while this process writes to the same store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import open_notebook, run_all

pytestmark = pytest.mark.browser

CELLS = [
    "import worldkit as wk\n"
    "store = wk.Store('kept.db')\n"
    "ed = wk.edit(store['Kelp light'], height=640)\n"
    "ed.selection = {'kind': 'state', 'id': 'yard'}\n"
    "ed"
]
AXE = Path(__file__).parents[2] / "widgets" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def store(lab: Lab) -> Iterator[wk.Store]:
    with wk.Store(lab.folder / "kept.db") as opened_store:
        opened_store.create(wk.samples.load("lighthouse"), name="Kelp light")
        yield opened_store
        opened_store.delete(opened_store["Kelp light"].id)


def wait_for_world(store: wk.Store, holds: Callable[[wk.World], bool]) -> wk.World:
    """Return the world in the store, once it holds what it should."""

    def look() -> wk.World | None:
        world = store["Kelp light"].world
        return world if holds(world) else None

    return wait_for("the store's world", look)


def prose(text: str) -> list[dict[str, Any]]:
    return [{"op": "set_field", "state": "yard", "field": "base", "value": text}]


def test_an_edit_is_saved_and_a_conflict_is_seen_decided_and_undone(
    browser: Any, lab: Lab, store: wk.Store, pictures: Path
) -> None:
    page = open_notebook(browser, lab, "kept.ipynb", CELLS)
    run_all(page)
    page.get_by_role("toolbar", name="World editor").wait_for()
    chip = page.locator(".we-kept")
    assert chip.get_attribute("aria-label") == "Saved in kept.db, revision 0."

    def write(text: str) -> None:
        field = page.get_by_label("What the camera sees", exact=True).first
        field.fill(text)
        field.press("Tab")

    write("A yard of slate.")
    wait_for_world(store, lambda w: w.states["yard"].base == "A yard of slate.")
    page.get_by_role("button", name="Saved in kept.db, revision 1.").wait_for()

    id = store["Kelp light"].id
    store.apply(id, [*prose("A yard of wet grass."), {"op": "rename_state", "from": "landing", "to": "jetty"}])
    write("A yard of slate and rain.")
    banner = page.get_by_text("Somebody else changed 2 things in kept.db. Your 1 edit is kept here, not saved.")
    banner.wait_for()
    assert store["Kelp light"].rev == "2", "nothing was overwritten"
    page.get_by_role("button", name="Decide what becomes of both").click()
    panel = page.locator(".we-keeping")
    panel.get_by_text("landing → jetty").wait_for()
    page.screenshot(path=pictures / "lab-conflict.png")

    page.evaluate(AXE.read_text())
    violations = page.evaluate(
        "async () => (await axe.run(document.querySelector('.worldkit'))).violations.map(v => [v.id, v.nodes.length])"
    )
    assert violations == []

    panel.get_by_role("button", name="Pick theirs").click()
    panel.get_by_role("button", name="Rebase").click()
    after = wait_for_world(store, lambda w: "jetty" in w.states)
    assert after.states["yard"].base == "A yard of wet grass."
    banner.wait_for(state="detached")

    write("A yard of hail.")
    wait_for_world(store, lambda w: w.states["yard"].base == "A yard of hail.")
    store.apply(id, prose("A yard of fog."))
    write("A yard of sleet.")
    page.get_by_role("button", name="Decide what becomes of both").click()
    page.get_by_role("button", name="Keep mine").click()
    wait_for_world(store, lambda w: w.states["yard"].base == "A yard of sleet.")
    page.locator(".we-stage").focus()
    page.keyboard.press("Control+z")
    wait_for_world(store, lambda w: w.states["yard"].base == "A yard of fog.")
    undo = page.get_by_role("button", name="Undo", exact=True)
    wait_for("undo to stop before what was done elsewhere", lambda: undo.is_disabled() or None)
    page.close()


def test_the_output_without_a_kernel_holds_the_picture_and_no_path_of_the_store(
    browser: Any, lab: Lab, store: wk.Store
) -> None:
    page = open_notebook(browser, lab, "kept-saved.ipynb", CELLS)
    run_all(page)
    page.get_by_role("toolbar", name="World editor").wait_for()
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    path = lab.folder / "kept-saved.ipynb"
    text = wait_for("the saved notebook", lambda: t if "image/svg+xml" in (t := path.read_text()) else None)
    assert str(lab.folder) not in text
    page.close()
