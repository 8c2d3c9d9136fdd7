"""The screens of the editor of a world that lives in a store."""

from __future__ import annotations

import atexit
import contextlib
import tempfile
from pathlib import Path
from typing import Any

import worldkit as wk
from tests.api.hosted_double import SECRET, Faults, HostedDouble
from tests.api.scripted import serving
from tests.browser.screens import Screen
from tests.browser.screens.editor import find, quiet
from tests.browser.stand import Stand

FOLDER = tempfile.TemporaryDirectory(prefix="worldkit-screens-")
SERVERS = contextlib.ExitStack()
atexit.register(SERVERS.close)
Json = dict[str, Any]


def store_editor() -> Any:
    """An editor of a world in a store of its own."""
    store = wk.Store(Path(tempfile.mkdtemp(dir=FOLDER.name)) / "worlds.db")
    return wk.edit(store.create(wk.samples.load("lighthouse")), height=560)


def prose(editor: Any, text: str, more: str) -> Json:
    base = editor.world.states["yard"].base
    assert text in base
    return {"op": "set_field", "state": "yard", "field": "base", "value": base.replace(text, more)}


def editor_in_conflict() -> Any:
    """An editor and somebody else changed the same prose, and each something that the other left alone."""
    editor = store_editor()
    store, id = editor.stored.store, editor.stored.id
    theirs = [
        prose(editor, "wet flagstones", "frosted flagstones"),
        {"op": "rename_state", "from": "landing", "to": "jetty"},
        {"op": "delete_event", "name": "go_down_to_the_landing"},
    ]
    store.apply(id, theirs)
    with contextlib.suppress(wk.Conflict):
        editor.apply([prose(editor, "wet flagstones", "black flagstones")], label="Darken the yard")
    with contextlib.suppress(wk.Conflict):
        editor.apply([{"op": "rename_state", "from": "kitchen", "to": "galley"}])
    return editor


def away() -> Any:
    """An editor whose store was taken away under it."""
    editor = store_editor()
    store = editor.stored.store
    store.delete(editor.stored.id)
    with contextlib.suppress(wk.WorldError):
        editor.apply([prose(editor, "wet flagstones", "black flagstones")], label="Darken the yard")
    return editor


class NamedClient(wk.Client):
    """A client of the double, which a picture shows under the name of a service."""

    label = "worlds.example.org"


def partly() -> Any:
    """An editor of a world on a hosted server that did not take two of three edits."""
    double = HostedDouble()
    client = NamedClient(SECRET, SERVERS.enter_context(serving(double.handle)).url)
    editor = wk.edit(client.get(double.add(wk.samples.load("bench").to_dict())), height=560)
    double.faults = Faults(drop={"bench", "walk_up_the_lane"})
    ops: list[Json] = [
        {"op": "set_field", "state": "lane", "field": "base", "value": "Rain on the lane, cold light."},
        {"op": "set_field", "state": "bench", "field": "base", "value": "An old bench, wet with rain."},
        {"op": "set_event_field", "event": "walk_up_the_lane", "field": "base", "value": "Steps in the rain."},
    ]
    with contextlib.suppress(wk.PartlyApplied):
        editor.apply(ops)
    return editor


def not_taken(stand: Stand) -> None:
    quiet(stand)
    stand.page.get_by_role("button", name="Show the rejected edits").click()


def panel(stand: Stand) -> None:
    quiet(stand)
    stand.page.locator(".we-kept").click()


def decide(stand: Stand) -> None:
    quiet(stand)
    stand.page.get_by_role("button", name="Decide between both versions").click()


def pick(stand: Stand) -> None:
    decide(stand)
    theirs = stand.page.get_by_role("button", name="Pick theirs")
    theirs.click()
    theirs.evaluate("e => e.closest('.we-clash').scrollIntoView({ block: 'start' })")


SCREENS = (
    Screen("store", "saved", store_editor, panel, (".we-kept", ".we-keeping"), ("Saved in worlds.db, revision 0.",)),
    Screen("store", "unsaved", away, find("state", "yard"), (".wk-banner", ".we-kept"), ("Not saved", "Try again")),
    Screen(
        "store",
        "conflict",
        editor_in_conflict,
        decide,
        (".wk-banner", ".we-choices"),
        ("Changed elsewhere", "Take theirs"),
    ),
    Screen("store", "not-taken", partly, not_taken, (".wk-banner", ".we-keeping"), ("Rejected by", "Keep theirs")),
    Screen("store", "picked", editor_in_conflict, pick, (".we-clash .wk-picked",), ("The result: theirs",)),
)
