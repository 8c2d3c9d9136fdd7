"""Every kind of field of the editor's forms: where one stands, how it is edited by hand, and what the edit comes to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import worldkit as wk
from tests.browser.conftest import ROOT

FORMS = ROOT / "widgets" / "editor" / "forms"
LANE, WALK, WORLD = {"kind": "state", "id": "lane"}, {"kind": "event", "id": "walk"}, None

#: Parts of a form that are no field: they are made of others, or edit nothing by being left.
NO_FIELDS = {
    "AutopilotFields": "made of Pick, Line and WordList",
    "CameraFields": "made of Prose",
    "Combo": "the control of StateRef, StateRefs, FlagRef and Flags",
    "DriveFields": "made of Pick",
    "EventCameraFields": "made of Prose",
    "FieldFindings": "what the rules say",
    "FieldNote": "what the rules say, and a hint",
    "FormLayout": "the form itself",
    "Group": "a fold",
    "JsonView": "a text like those of UnknownFields, in a fold; test_inspector.py edits in it",
    "OptionRow": "a row of the list below a Combo",
    "OptionalFields": "a button that makes way for other fields",
    "OtherFindings": "what the rules say",
}


def world() -> wk.World:
    """Return a world of four states in which every kind of field is in sight."""
    states: dict[str, Any] = {
        name: {"base": f"The {name} lies under snow."} for name in ("lane", "gate", "yard", "hall")
    }
    states["lane"] |= {"ambient": ["A gull tilts past."], "autopilot": {"movement": "forward"}, "mood": "calm"}
    anchor = {"label": "the gate", "aliases": ["a gate"]}
    walk = {"name": "walk", "kind": "transition", "from": ["lane"], "to": "gate", "grants": ["seen"], "anchor": anchor}
    walk |= {"phases": [{"base": "Snow creaks."}, {"base": "Smoke rises."}]}
    enter = {"name": "enter", "kind": "transition", "from": ["gate"], "to": "yard", "requires": ["seen"]}
    return wk.World.from_dict(
        {
            "name": "Snow",
            "entrance": {"state": "lane"},
            "outro": {"video": "end.mp4", "flag": "seen", "state": "yard"},
            "scene": {"states": states, "events": [walk, enter]},
        }
    )


@dataclass(frozen=True)
class Field:
    """One kind of field.

    Attributes:
        component: What the front end calls it.
        form: What is selected while its form is open.
        control: A selector of its control.
        edit: Edits it by hand, given the page, the control and a number that was not used before.
        read: Returns what the world holds there.
    """

    component: str
    form: dict[str, str] | None
    control: str
    edit: Callable[[Any, Any, int], None]
    read: Callable[[dict[str, Any]], Any]


def type_text(words: str) -> Callable[[Any, Any, int], None]:
    """Type into a field with the keyboard, in place of all it holds, and stay in it."""

    def edit(page: Any, control: Any, number: int) -> None:
        control.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(words.format(number))

    return edit


def press(*keys: str) -> Callable[[Any, Any, int], None]:
    def edit(page: Any, control: Any, number: int) -> None:
        control.focus()
        for key in keys:
            page.keyboard.press(key)

    return edit


def other_option(page: Any, control: Any, number: int) -> None:
    control.focus()
    page.keyboard.press("ArrowDown" if number % 2 else "ArrowUp")


def other_segment(page: Any, control: Any, number: int) -> None:
    control.focus()
    page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")


def hotkey(page: Any, control: Any, number: int) -> None:
    control.click()
    page.keyboard.press("jkbvnm"[number % 6])


def state(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda raw: raw["scene"]["states"]["lane"].get(name)


def event(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda raw: raw["scene"]["events"][0].get(name)


FIELDS = [
    Field("Prose", LANE, "[name=base]", type_text("A lane, {}."), state("base")),
    Field("Line", LANE, "[name=arriveLabel]", type_text("a lane {}"), state("arriveLabel")),
    Field("LineList", LANE, "[name='ambient[0]']", type_text("A gull, {}."), state("ambient")),
    Field("Pick", LANE, "[data-field='autopilot.movement'] select", other_option, state("autopilot")),
    Field("Segments", LANE, "[data-field='ending.kind'] input:checked", other_segment, state("ending")),
    Field("UnknownFields", LANE, "[name=mood]", type_text('"calm {}"'), state("mood")),
    Field("Seconds", WALK, "[name=minPlayMs]", type_text("1{}"), event("minPlayMs")),
    Field("Num", WALK, "[name='landWhen.maxMotion']", type_text("1{}"), event("landWhen")),
    Field("Switch", WALK, "[data-field=oneShot] input", press("Space"), event("oneShot")),
    Field("StateRefs", WALK, "[name=from]", type_text("yard"), event("from")),
    Field("StateRef", WALK, "[name=to]", type_text("hall"), event("to")),
    Field("Flags", WALK, "[name=grants]", type_text("flag_{}"), event("grants")),
    Field("WordList", WALK, "[name='anchor.aliases']", type_text("gate {}"), event("anchor")),
    Field("Items", WALK, "[name='phases[0].base']", type_text("Snow, {}."), event("phases")),
    Field("KeyCap", WALK, ".we-keycap", hotkey, event("hotkey")),
    Field("FlagRef", WORLD, "[name='outro.flag']", type_text("flag_{}"), lambda raw: raw["outro"]["flag"]),
    Field("ImageField", WORLD, "[name=cover]", type_text("cover{}.png"), lambda raw: raw.get("cover")),
]


def components() -> set[str]:
    """Return the components that the forms are made of, as the source has them."""
    names: set[str] = set()
    for path in FORMS.glob("*.tsx"):
        names |= set(re.findall(r"^export function ([A-Z]\w*)\(", path.read_text(), re.MULTILINE))
    return names
