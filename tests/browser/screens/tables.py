"""The screens of the guide of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.screens import Screen
from tests.browser.screens.editor import STAGE, editor, quiet
from tests.browser.screens.story_map import archive
from tests.browser.stand import Stand


def table(name: str) -> Callable[[Stand], None]:
    def act(stand: Stand) -> None:
        quiet(stand)
        stand.press("t", on=STAGE)
        stand.page.get_by_role("tab", name=name).click()
        stand.rest()

    return act


def edited_cell(stand: Stand) -> None:
    table("Scenes")(stand)
    stand.page.locator(".we-cell", has=stand.page.locator("span:text-is('oil_store')")).dblclick()
    stand.page.keyboard.type("oil_cellar")
    stand.rest()


def tagged_editor() -> Any:
    """An editor of sixty scenes in three regions; some have tags."""
    editor = archive()
    editor.tags.add("needs work", ["back_quay", "map_room", "filed"], color="red")
    return editor


def several_scenes(stand: Stand) -> None:
    table("Scenes")(stand)
    stand.page.get_by_role("button", name="Tags", exact=True).click()
    for name in ("grand_hall", "map_room", "filed"):
        stand.page.get_by_label(f"Select {name}").check()
    stand.page.get_by_label("What to change in all of them").select_option(label="Put in a region")
    stand.rest()


def several_events(stand: Stand) -> None:
    table("Events")(stand)
    stand.page.get_by_label("Show only events with").fill("yard")
    for name in ("step_into_the_kitchen", "step_out_to_the_yard"):
        stand.page.get_by_label(f"Select {name}").check()
    stand.rest()


def flags(stand: Stand) -> None:
    table("Flags")(stand)
    stand.page.get_by_role("button", name="Find where they are held").click()
    stand.page.locator(".we-cell", has=stand.page.locator("span:text-is('oil')")).click()
    stand.page.get_by_text("always in lamp_lit").first.wait_for()
    stand.rest()


def flag_on_map(stand: Stand) -> None:
    table("Flags")(stand)
    stand.page.locator(".we-cell", has=stand.page.locator("span:text-is('rope')")).click()
    stand.page.get_by_role("button", name="Show rope on the map").click()
    stand.press("f", on=STAGE)


def replacement(stand: Stand) -> None:
    quiet(stand)
    stand.press("r", on=STAGE)
    stand.page.keyboard.type("lamp")
    stand.page.get_by_label("Replace with").fill("lantern")
    stand.page.get_by_text("Found 36 times").wait_for()
    stand.rest()


SCREENS = [
    Screen("tables", "scenes", editor(), edited_cell, shows=(".we-cell-field",), width=1200),
    Screen("tables", "regions", tagged_editor, several_scenes, says=("3 scenes selected",), width=1200),
    Screen("tables", "events", editor(), several_events, says=("2 events selected",), width=1200),
    Screen("tables", "flags", editor(), flags, shows=(".we-flag-details",), says=("Held on arrival",), width=1200),
    Screen("tables", "arcs", editor(), flag_on_map, shows=(".we-flag-on-map",), width=1200),
    Screen("tables", "missions", editor(), table("Missions"), says=("First watch",), width=1200),
    Screen("tables", "script", editor(), table("Script"), says=("Export a sheet", "Import a sheet"), width=1200),
    Screen("tables", "replace", editor(), replacement, says=("Found 36 times in 34 texts.",), width=1200),
]
