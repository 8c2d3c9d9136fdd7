"""The screens of a map that a large story is put in order on."""

from __future__ import annotations

from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.screens.editor import STAGE, quiet
from tests.browser.stand import Stand

CHAPTERS = (("The quay", "blue"), ("The reading rooms", "orange"), ("The tower", "purple"))


def archive() -> Any:
    """An editor of sixty scenes in three regions, with a to-do, a note, two tags and a view."""
    editor = wk.edit(wk.samples.load("archive"), height=560)
    ids = sorted(editor.world.states, key=lambda id: editor.layout[id][0])
    for at, (name, color) in enumerate(CHAPTERS):
        editor.regions.add(name, ids[at * 20 : (at + 1) * 20], color=color)
    editor.notes.add("Who has the brass key at this point?", state="portico", at=(0, -120), todo=True)
    editor.notes.add("The water comes up here.", at=(-400, 600), color="teal")
    editor.tags.add("night", ["quay_steps", "portico", "back_quay"], color="purple")
    editor.tags.add("needs work", ["grand_hall"], color="red")
    editor.views.add("The flood", (0, 0, 1600, 900))
    return editor


def panel(stand: Stand) -> None:
    quiet(stand)
    stand.press("o", "f", on=STAGE)


SCREENS = [
    Screen("editor", "regions", archive, panel, (".wn-panel",), ("The reading rooms", "1 to-do left"), width=1280)
]
