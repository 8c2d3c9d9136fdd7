"""The screens of the editor's guide."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.stand import Stand

STAGE = ".we-stage"


def editor(name: str = "lighthouse", **options: Any) -> Callable[[], Any]:
    return lambda: wk.edit(wk.samples.load(name), height=560, **options)


def empty() -> Any:
    return wk.edit(wk.World.from_dict({"name": "A new world", "scene": {"states": {}, "events": []}}), height=560)


def yard() -> Any:
    """An editor whose world has one finding that can be mended, and one that cannot."""
    world = wk.samples.load("bench")
    gate = {"base": "No one stands at the bright gate.", "narration": "A gate."}
    knock = {"name": "knock", "kind": "transition", "from": ["lane"], "to": "gate", "anchor": {"label": "gate"}}
    return wk.edit(world.apply([{"op": "add_state", "id": "gate", "state": gate}, {"op": "add_event", **knock}]))


def quiet(stand: Stand) -> None:
    """Put the first hint away, which every new page shows once."""
    hint = stand.page.get_by_role("button", name="Hide this hint")
    if hint.count():
        hint.click()


def wide(stand: Stand) -> None:
    quiet(stand)
    stand.page.get_by_role("button", name="Hide the side panel").click()
    stand.press("f", on=STAGE)


def find(kind: str, name: str, field: str = "") -> Callable[[Stand], None]:
    """Select something from Python, as ``ed.selection = ...`` does, and bring its form to a field."""

    def act(stand: Stand) -> None:
        quiet(stand)
        stand.widget.selection = {"kind": kind, "id": name}
        stand.tell()
        form = stand.page.locator(f"form[aria-label$=' {name}']")
        form.wait_for()
        if field:
            unfold(stand, field)
        stand.rest()

    return act


def close_up(stand: Stand) -> None:
    """Show a state's form beside its card."""
    find("state", "yard")(stand)
    stand.press("z", "-", "-", "-", on=STAGE)


def unfold(stand: Stand, title: str) -> None:
    group = stand.page.locator("details.we-group", has=stand.page.locator(f"summary > span:text-is('{title}')")).first
    if group.get_attribute("open") is None:
        group.locator("> summary").click()
    group.evaluate("e => e.scrollIntoView({ block: 'start' })")


def missions(stand: Stand) -> None:
    quiet(stand)
    unfold(stand, "Missions")
    stand.page.locator(".we-mission, .we-item-head > button").first.wait_for()


def problems(stand: Stand) -> None:
    quiet(stand)
    stand.press("p", on=STAGE)
    finding = stand.page.locator(".we-finding", has=stand.page.get_by_role("button", name=re.compile("^Fix"))).first
    finding.get_by_text("What is this?").click()


def type_in(key: str, words: str) -> Callable[[Stand], None]:
    def act(stand: Stand) -> None:
        quiet(stand)
        stand.press(key, on=STAGE)
        stand.page.keyboard.type(words)
        stand.rest()

    return act


def keys(*keys_to_press: str) -> Callable[[Stand], None]:
    def act(stand: Stand) -> None:
        quiet(stand)
        stand.press(*keys_to_press, on=STAGE)

    return act


def several(stand: Stand) -> None:
    """Select a few neighbours as people do: one, then others with Shift."""
    quiet(stand)
    stand.widget.selection = {"kind": "state", "id": "oil_store"}
    stand.tell()
    stand.rest()
    stand.press("z", "-", "-", "-", on=STAGE)
    for name in ("yard", "kitchen"):
        stand.page.locator(f".we-card-title:text-is('{name}')").click(modifiers=["Shift"])
    stand.rest()


def connecting(stand: Stand) -> None:
    wide(stand)
    stand.press("ArrowRight", "ArrowRight", "c", "ArrowRight", on=STAGE)


def code(stand: Stand) -> None:
    quiet(stand)
    stand.press("ArrowRight", on=STAGE)
    prose = stand.page.get_by_label("What the camera sees")
    prose.fill("A farm lane under the first stars.")
    prose.press("Control+Enter")
    stand.page.get_by_role("button", name=re.compile("^Undo: ")).wait_for()
    stand.press("c", "ArrowRight", "Enter", on=STAGE)
    stand.page.get_by_role("button", name="Copy as Python").click()
    stand.page.get_by_label("Text to copy").wait_for()


def beside() -> Any:
    """The editor while somebody plays beside it."""
    editor = wk.edit(wk.samples.load("lighthouse"), height=560)
    player = wk.play(editor)
    for event in ("climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp", "step_out_to_the_yard"):
        player.session.fire(event)
    player.session.fire("enter_the_tower")
    return editor


def explored_editor() -> Any:
    """An editor over what exhaustive play finds in a world that has gone wrong."""
    from tests.browser.screens.worlds import quay

    world = quay()
    return wk.edit(world, height=560).overlay(wk.explore(world))


def crowd() -> Any:
    world = wk.samples.load("lighthouse")
    return wk.edit(world, height=560).overlay(wk.playtest(world, runs=12, seed=3))


def fit(stand: Stand) -> None:
    quiet(stand)
    stand.page.get_by_role("button", name="Hide the side panel").click()
    stand.press("f", on=STAGE)


def lose_kernel(stand: Stand) -> None:
    """Type into a field, and lose the kernel before it is sent."""
    find("state", "yard")(stand)
    prose = stand.page.get_by_label("What the camera sees")
    prose.fill("A walled yard, and the lamp in the window is out.")
    stand.page.evaluate("() => { window.mute = true; window.gone() }")
    stand.page.get_by_text("No kernel").wait_for()


SCREENS = (
    Screen("editor", "map", editor(), wide, (".we-stage canvas", ".we-zoom"), ("The Light at Skarra",)),
    Screen("editor", "first", editor("bench"), shows=(".we-first", ".we-stage canvas"), says=("lists every key",)),
    Screen("editor", "state", editor(), close_up, ("[role=meter]", ".we-card.we-selected"), ("yard",)),
    Screen(
        "editor",
        "prompt",
        editor(),
        find("state", "yard", "The prompt as it is sent"),
        (".we-prompt .we-reading",),
        ("The prompt as it is sent",),
    ),
    Screen(
        "editor",
        "event",
        editor(),
        find("event", "light_the_lamp"),
        (".we-flags", "form[aria-label='Event light_the_lamp']"),
    ),
    Screen("editor", "world", editor(), keys("Escape"), ("form[aria-label^='World']",), ("Missions",)),
    Screen("editor", "missions", editor("delivery"), missions, (".we-group[open]",), ("Missions",)),
    Screen("editor", "problems", yard, problems, (".we-finding", ".we-why"), ("What is this?",)),
    Screen("editor", "search", editor(), type_in("/", "lamp"), (".we-search", ".we-hit")),
    Screen("editor", "add", editor("bench"), keys("Escape", "ArrowRight", "a"), (".we-quick", ".we-hit")),
    Screen("editor", "several", editor(), several, (".we-several", ".we-tools"), ("3 states",)),
    Screen("editor", "connecting", editor(), connecting, (".we-hintline",), ("Enter connects",)),
    Screen("editor", "legend", editor(), keys("l"), (".we-legend",)),
    Screen("editor", "keys", editor(), keys("?"), (".we-help kbd",), ("Fit the whole world",)),
    Screen("editor", "code", editor("bench"), code, ("textarea[aria-label='Text to copy']",)),
    Screen("editor", "crowd", crowd, fit, (".wo-legend",), ("Many players",)),
    Screen("editor", "beside", beside, fit, (".wo-legend .wo-tag-here",), ("The player, after 5 steps.",)),
    Screen("editor", "explored", explored_editor, fit, (".wo-legend",)),
    Screen("editor", "read-only", editor("bench", read_only=True), keys("ArrowRight"), (".wk-banner",), ("Read-only",)),
    Screen("editor", "lost", editor(), lose_kernel, (".wk-banner", ".wk-kept"), ("No kernel", "Copy")),
    Screen("editor", "empty", empty, shows=(".we-empty-card",), says=("Start with a first scene",)),
)
