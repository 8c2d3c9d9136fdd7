"""Editing on the map by hand, in a real JupyterLab: what a gesture comes to in the kernel, and how undo is one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import at_rest, cells_of, drag, open_notebook, rerun

pytestmark = pytest.mark.browser

CELLS = [
    "import worldkit as wk\n"
    "states = {name: {'base': f'{name} lies under snow.'} for name in ('lane', 'gate', 'yard', 'hall')}\n"
    "events = [{'name': 'walk', 'kind': 'transition', 'from': ['lane'], 'to': 'gate'}]\n"
    "raw = {'schemaVersion': '1.0', 'entrance': {'state': 'lane'}, 'scene': {'states': states, 'events': events}}\n"
    "layout = {'lane': (0, 0), 'gate': (504, 0), 'yard': (0, 400), 'hall': (504, 400)}\n"
    "ed = wk.edit(wk.load(raw), layout=layout)\n"
    "_ = ed.on_change(lambda world: world.save('edited.world.json'))\n"
    "ed",
    "# the first cell after the editor",
    "# the last cell",
]


class Map:
    """The editor on a notebook's page, and the world as the kernel has it."""

    def __init__(self, page: Any, lab: Lab) -> None:
        self.page, self.lab = page, lab
        self.path = lab.folder / "edited.world.json"

    def card(self, name: str) -> Any:
        return self.page.locator(".we-card", has=self.page.locator(f".we-card-title:text-is('{name}')"))

    def box(self, name: str) -> dict[str, float]:
        box: dict[str, float] = at_rest(self.page, self.card(name)).bounding_box()
        return box

    def focus(self) -> None:
        self.page.locator(".we-stage").focus()

    def press(self, *keys: str) -> None:
        self.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def undo(self) -> None:
        self.press("Control+z")

    def sweep(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=12)
        self.page.mouse.up()

    def world(self, holds: Callable[[wk.World], bool]) -> wk.World:
        """Return the world that the kernel wrote down, once it holds what it should."""

        def look() -> wk.World | None:
            world = wk.load(self.path) if self.path.exists() else None
            return world if world is not None and holds(world) else None

        return wait_for("the kernel's world", look)


@pytest.fixture(scope="module")
def notebook(browser: Any, lab: Lab) -> Iterator[Any]:
    page = open_notebook(browser, lab, "editing.ipynb", CELLS)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lab.url.rstrip("/"))
    yield page
    page.close()


@pytest.fixture
def map(notebook: Any, lab: Lab) -> Map:
    (lab.folder / "edited.world.json").unlink(missing_ok=True)
    rerun(notebook)
    notebook.get_by_role("toolbar", name="World editor").wait_for()
    notebook.get_by_role("button", name="Hide the side panel").click()
    notebook.get_by_role("button", name="Fit the whole world").click()
    return Map(notebook, lab)


def test_twelve_states_pasted_are_one_step_to_undo(map: Map, pictures: Path) -> None:
    map.box("lane")
    map.press("Control+a", "Control+c", "Control+v")
    map.world(lambda w: len(w.states) == 8)
    map.undo()
    map.world(lambda w: len(w.states) == 4)
    states = {f"room_{n}": {"base": f"Room {n}, whitewashed."} for n in range(12)}
    events = [{"name": "through", "kind": "transition", "from": ["room_0"], "to": "room_1"}]
    text = wk.load({"schemaVersion": "1.0", "scene": {"states": states, "events": events}}).to_json()
    map.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    map.press("Control+v")
    world = map.world(lambda w: len(w.states) == 16)
    assert (world.events[-1].from_, world.events[-1].to) == (("room_0",), "room_1")
    map.page.screenshot(path=pictures / "lab-editor-pasted.png")
    map.undo()
    back = map.world(lambda w: len(w.states) == 4)
    assert list(back.states) == ["lane", "gate", "yard", "hall"] and len(back.events) == 1


def test_an_end_of_an_event_is_led_to_another_state(map: Map) -> None:
    lane, gate = map.box("lane"), map.box("gate")
    middle = (lane["x"] + lane["width"] + 60, lane["y"] + lane["height"] / 2)
    map.page.mouse.click(*middle)
    scale = gate["width"] / 280
    hall = map.box("hall")
    lane, gate = map.box("lane"), map.box("gate")
    end = (gate["x"] - max(20 * scale, 14), gate["y"] + gate["height"] / 2)
    map.sweep(end, (hall["x"] + 40, hall["y"] + 40))
    world = map.world(lambda w: w.events[0].to == "hall")
    assert world.events[0].from_ == ("lane",)
    map.undo()
    map.world(lambda w: w.events[0].to == "gate")


def test_a_connection_dropped_on_empty_ground_makes_the_state_it_leads_to(map: Map) -> None:
    gate = map.box("gate")
    port = map.card("gate").locator(".we-port").bounding_box()
    start = (port["x"] + port["width"] / 2, port["y"] + port["height"] / 2)
    map.sweep(start, (gate["x"] + gate["width"] / 2, gate["y"] + gate["height"] + 60))
    world = map.world(lambda w: len(w.states) == 5)
    assert (world.events[-1].from_, world.events[-1].to) == (("gate",), list(world.states)[-1])
    map.page.get_by_role("button", name="Undo: Add and connect state").click()
    back = map.world(lambda w: len(w.states) == 4)
    assert len(back.events) == 1


def test_a_frame_selects_what_is_deleted_as_one_step(map: Map, pictures: Path) -> None:
    lane, yard = map.box("lane"), map.box("yard")
    map.page.keyboard.down("Shift")
    map.sweep((lane["x"] - 12, lane["y"] - 12), (yard["x"] + 60, yard["y"] + yard["height"] + 8))
    map.page.keyboard.up("Shift")
    wait_for("two selected cards", lambda: map.page.locator(".we-card.we-selected").count() == 2 or None)
    map.page.screenshot(path=pictures / "lab-editor-several.png")
    map.press("Delete")
    rest = map.world(lambda w: len(w.states) == 2)
    assert list(rest.states) == ["gate", "hall"]
    map.undo()
    assert len(map.world(lambda w: len(w.states) == 4).events) == 1


def test_keys_never_reach_the_notebook(map: Map) -> None:
    before = cells_of(map.page)
    map.box("lane")
    places: list[Callable[[], None]] = [
        map.focus,
        lambda: map.card("lane").locator(".we-card-title").click(),
        lambda: map.page.get_by_role("button", name="Legend").focus(),
    ]
    for place in places:
        place()
        for key in ("a", "x", "m", "d", "d", "Escape", "ArrowDown", "Escape", "Control+z", "Escape"):
            map.page.keyboard.press(key)
    map.card("yard").locator(".we-card-title").click()
    map.page.keyboard.press("Delete")
    map.world(lambda w: "yard" not in w.states)
    map.card("yard").wait_for(state="detached")  # the kernel knows before the view does
    for _ in range(2):  # nothing is selected any more: a neighbour is not deleted in its turn
        map.page.keyboard.press("Backspace")
    assert map.page.locator(".we-card.we-selected").count() == 0
    map.page.keyboard.press("ArrowRight")
    map.page.locator(".we-card.we-selected").wait_for()
    map.page.keyboard.press("Backspace")
    map.world(lambda w: len(w.states) == 2)
    map.page.keyboard.press("d")
    map.page.keyboard.press("d")
    assert cells_of(map.page)[:-1] == before[:-1]


def test_a_port_is_dragged_to_a_card(map: Map) -> None:
    drag(map.page, at_rest(map.page, map.card("yard").locator(".we-port")), map.card("hall"))
    world = map.world(lambda w: len(w.events) == 2)
    assert (world.events[-1].from_, world.events[-1].to) == (("yard",), "hall")
    reads = map.page.get_by_label("What the player reads", exact=True)
    wait_for("the words that the player reads", lambda: reads.evaluate("e => e.matches(':focus')") or None)
    map.page.keyboard.type("Slip through the gap")
    map.page.keyboard.press("Control+Enter")
    event = map.world(lambda w: w.events[-1].detail == "Slip through the gap").events[-1]
    assert event.name == "slip_through_the_gap", "its name follows them"
