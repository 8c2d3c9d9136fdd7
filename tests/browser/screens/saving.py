"""The screens of beginning a world, and of where it is saved."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.screens.editor import editor, find, quiet
from tests.browser.stand import Stand
from worldkit.widgets import saving_editor
from worldkit.widgets.last_runs import Cell, CellRuns

FOLDER = tempfile.TemporaryDirectory(prefix="worldkit-screens-")
DARK_YARD = {"op": "set_field", "state": "yard", "field": "base", "value": "A walled yard of black flagstones."}


def in_file() -> Any:
    path = Path(tempfile.mkdtemp(dir=FOLDER.name)) / "lighthouse.world.json"
    wk.samples.load("lighthouse").save(path)
    return wk.edit(path, height=560)


def editor_without_file() -> Any:
    """An editor whose file was removed under it."""
    editor = in_file()
    editor.path.unlink()
    with contextlib.suppress(wk.StoreError):
        editor.apply([DARK_YARD], label="Darken the yard")
    return editor


def run_again() -> Any:
    """The editor of a cell that is run for the second time."""
    world = wk.samples.load("lighthouse")
    with mock.patch.object(saving_editor, "RUNS", CellRuns()), mock.patch.object(saving_editor, "current_cell") as cell:
        cell.return_value = Cell("here", "first")
        past = wk.edit(world).apply([DARK_YARD], label="Darken the yard")
        past.apply([{"op": "rename_state", "from": "kitchen", "to": "galley"}]).move({"yard": (380, 900)})
        cell.return_value = Cell("here", "second")
        return wk.edit(world, height=560)


def panel(stand: Stand) -> None:
    quiet(stand)
    stand.page.locator(".we-kept").click()


def show_last_run(stand: Stand) -> None:
    quiet(stand)
    stand.page.get_by_role("button", name="Show the edits of the last run").click()


SCREENS = (
    Screen(
        "editor", "begin", lambda: wk.edit(height=560), shows=(".we-begin",), says=("Start empty", "The Red Mitten")
    ),
    Screen("editor", "save-as", editor(), panel, (".we-save-as",), ("Not saved: lives in this notebook only.",)),
    Screen("editor", "saved", in_file, panel, (".we-save-as",), ("Saved in lighthouse.world.json.",)),
    Screen(
        "editor",
        "not-saved",
        editor_without_file,
        find("state", "yard"),
        (".wk-banner",),
        ("is no longer there", "Try again"),
    ),
    Screen("editor", "last-run", run_again, show_last_run, (".wk-banner", ".we-waiting"), ("Restore", "Move yard")),
)
