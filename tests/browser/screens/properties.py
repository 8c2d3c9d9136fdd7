"""The screens of the guide of properties: the panel of the editor."""

from __future__ import annotations

from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.screens.editor import STAGE, quiet
from tests.browser.stand import Stand

DEMANDS = {
    "the lamp needs oil": 'holding "oil" before state "lamp_lit"',
    "someone wins": "always possible: win",
    "no early end": "no ending within 3 steps",
    "one end alone": "possible: lose",
}
PANEL = "aside[aria-label=Properties]"


def demanding(*ops: Any) -> Any:
    """An editor whose world has four properties; operations break some."""
    return wk.edit(wk.samples.load("lighthouse").apply(list(ops)), properties=DEMANDS, height=620)


def broken_property() -> Any:
    world = wk.samples.load("lighthouse")
    gate = next(event for event in world.events if event.to == "lamp_lit")
    return demanding({"op": "update_event", "name": gate.name, "patch": {"requires": []}})


def check_properties(stand: Stand) -> None:
    """Open the panel, and wait for what became of the properties."""
    quiet(stand)
    stand.press("v", on=STAGE)
    assert stand.widget._properties.check.wait(180)
    stand.tell()
    stand.page.locator(".wp-row.wp-holds").first.wait_for()
    stand.rest()


def walk(stand: Stand) -> None:
    """Go to the second step of the run that breaks a property."""
    check_properties(stand)
    stand.page.get_by_role("button", name="Show where it breaks: the lamp needs oil").click()
    stand.page.locator(".wp-step").nth(1).click()
    stand.page.keyboard.press("ArrowDown")
    stand.rest()


def mistype(stand: Stand) -> None:
    """Type a name that the world does not have."""
    check_properties(stand)
    field = stand.page.get_by_label("New property")
    field.fill('never "kitchn"')
    stand.page.get_by_text("did you mean").wait_for()
    field.evaluate("e => e.scrollIntoView({ block: 'center' })")
    stand.rest()


def complete(stand: Stand) -> None:
    """Type the beginning of a name."""
    check_properties(stand)
    field = stand.page.get_by_label("New property")
    field.evaluate("e => e.scrollIntoView({ block: 'center' })")
    field.click()
    stand.page.keyboard.type("never oil")
    stand.page.locator(".wp-field [role=option]").first.wait_for()
    stand.rest()


def suggest(stand: Stand) -> None:
    """Ask for suggestions."""
    quiet(stand)
    stand.press("v", on=STAGE)
    stand.page.get_by_role("button", name="Suggest some properties").click()
    stand.page.locator(".wp-offers li").first.wait_for()
    stand.rest()


SCREENS = [
    Screen("properties", "broken", broken_property, walk, (".wp-row.wp-broken", ".wp-step[aria-current]"), height=620),
    Screen("properties", "typing", broken_property, complete, (".wp-field [role=option]",), height=620),
    Screen("properties", "mistyped", demanding, mistype, says=("did you mean",), height=620),
    Screen(
        "properties",
        "suggestions",
        lambda: wk.edit(wk.samples.load("lighthouse"), properties={}, height=620),
        suggest,
        (".wp-offers li",),
        height=620,
    ),
]
