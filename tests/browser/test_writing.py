"""A whole world written from nothing: by mouse, and by keyboard alone, with the actions that it takes counted.

An action is a click, a drag, or a press of a key that is not part of a text. What is typed is counted as characters.
``pytest -rP`` shows the figures; docs/performance.md has them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

HALL = (
    "A stone hall in grey morning light, three doors, a cold hearth. "
    "[[Go into the kitchen->kitchen]] [[Climb the stairs->attic]]"
)
KITCHEN = "A kitchen with a long scrubbed table, copper pans on the wall. [[Go back to the hall->start]]"
ATTIC = "An attic under bare rafters, dust in a beam of light. [[Climb down->start]] [[Take the back stairs->kitchen]]"
KEY_ROOM = "A study lined with ledgers, a brass key on the green blotter."
CELLAR = "A cellar of wet brick, water rising over the lowest steps."
JETTY = "A jetty in open air, a boat tied to the last post. [[Look back->a cellar of wet brick]]"
DROWNED = "Black water up to the vault, a lamp drifting away."

EMPTY_SCENE = """() => {
    const active = document.querySelector(".worldkit").shadowRoot.activeElement;
    return active?.name === "base" && active.value === "";
}"""


class Writer:
    """A person at the editor, whose actions are counted."""

    def __init__(self, view: Stand) -> None:
        self.view, self.page, self.widget = view, view.page, view.widget
        self.actions = self.characters = 0

    def click(self, element: Any) -> None:
        self.actions += 1
        element.click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.actions += 1
            self.page.keyboard.press(key)
            self.settle()

    def write(self, text: str) -> None:
        self.characters += len(text)
        self.page.keyboard.type(text)

    def is_within(self, most: int) -> None:
        """Check that it took no more actions than it once did, with a few to spare for keys that Tab may cost."""
        sys.stdout.write(f"{self.actions} actions, {self.characters} characters\n")
        assert self.actions <= most

    def settle(self) -> None:
        """Wait until everything that was asked for has been done and is shown."""
        self.page.evaluate("async () => { for (let n = 0; n < 4; n += 1) await new Promise(requestAnimationFrame); }")

    def card(self, title: str) -> Any:
        return self.page.locator(".we-card", has=self.page.locator(f".we-card-title:text-is('{title}')"))

    def button(self, name: str, exact: bool = False) -> Any:
        return self.page.get_by_role("button", name=name, exact=exact)

    def field(self, label: str) -> Any:
        return self.page.get_by_label(label, exact=True).first

    def scene(self) -> None:
        """Wait for an empty scene whose text has the keyboard, as a person looks before typing."""
        wait_for("an empty scene", lambda: self.page.evaluate(EMPTY_SCENE) or None)

    def until(self, what: str, holds: Callable[[wk.World], bool]) -> None:
        def look() -> bool | None:
            self.settle()
            return holds(self.widget.world) or None

        wait_for(what, look)


def is_a_whole_story(world: wk.World) -> None:
    """Check what was written, by the rules and by every possible run."""
    assert len(world.states) >= 8, list(world.states)
    assert len(world.events) >= 12, [event.name for event in world.events]
    assert any(event.requires and event.locked_hint for event in world.events), "a lock"
    assert any(event.grants and event.kind == "override" for event in world.events), "a key"
    assert any(event.hidden and event.auto_after_ms for event in world.events), "a hidden timer"
    assert {state.ending.kind for state in world.states.values() if state.ending} == {"win", "lose"}
    assert len(world.missions or ()) == 1
    assert all(state.base for state in world.states.values()), "every scene has its text"
    assert not any("[[" in state.base for state in world.states.values())
    assert [finding for finding in world.lint() if finding.severity == "error"] == []
    exploration = wk.explore(world)
    assert exploration.complete
    endings = [world.states[id].ending for id in exploration.endings]
    assert {ending.kind for ending in endings if ending} == {"win", "lose"}, "both can be reached"
    assert not exploration.soft_locks


def test_by_keyboard_alone(browser: Any) -> None:
    with stand(browser, wk.edit, width=1300, height=760) as view:
        writer = Writer(view)
        view.page.locator("body").focus()
        while not view.page.evaluate(
            "() => document.querySelector('.worldkit').shadowRoot.activeElement?.matches('.we-begin input')"
        ):
            writer.press("Tab")
        writer.write("The Key")
        writer.press("Enter")
        writer.until("the first scene", lambda world: "start" in world.states)
        writer.scene()

        writer.write(HALL)
        writer.press("Control+Enter", "Escape", "a")
        writer.write("lock brass key")
        writer.press("Enter")
        writer.until("the lock", lambda world: "beyond_the_lock" in world.states)
        writer.scene()
        writer.write(KEY_ROOM)
        for text in (KITCHEN, ATTIC, CELLAR):
            writer.press("Control+Shift+Enter")
            writer.scene()
            writer.write(text)
        writer.press("Control+Enter", "Escape", "a")
        writer.write("danger flood")
        writer.press("Enter")
        writer.until("the danger", lambda world: "lost_to_the_flood" in world.states)
        writer.scene()
        writer.write(JETTY)
        writer.press("Control+Shift+Enter")
        writer.scene()
        writer.write(DROWNED)
        writer.press("Control+Enter", "Escape", "ArrowUp", "a")
        writer.write("mission")
        writer.press("Enter")
        view.page.locator("[name='title']").wait_for()
        writer.write("Get out alive")
        while view.page.evaluate(
            "() => document.querySelector('.worldkit').shadowRoot.activeElement?.name !== 'objectives[0].text'"
        ):
            writer.press("Tab")
        writer.write("Row away")
        writer.press("Control+Enter")
        writer.settle()
        writer.until("the mission", lambda world: len(world.missions or ()) == 1)
        is_a_whole_story(writer.widget.world)
        writer.is_within(45)
        assert view.wrong == []


def test_by_mouse(browser: Any) -> None:
    with stand(browser, wk.edit, width=1500, height=900) as view:
        writer = Writer(view)

        def pattern(name: str, title: str) -> None:
            writer.click(writer.button("Pattern: "))
            view.page.get_by_role("combobox", name="Add: choose what").wait_for()
            writer.write(name)
            writer.click(view.page.get_by_role("option", name=title))

        writer.click(writer.field("Name"))
        writer.write("The Key")
        writer.click(writer.button("Start empty"))
        writer.until("the first scene", lambda world: "start" in world.states)
        writer.scene()
        writer.write(HALL)
        pattern("lock brass key", "Lock and key")
        writer.until("the lock", lambda world: "beyond_the_lock" in world.states)
        writer.scene()
        writer.write(KEY_ROOM)
        for text in (KITCHEN, ATTIC, CELLAR):
            writer.click(writer.button("Next empty"))
            writer.scene()
            writer.write(text)
        pattern("danger flood", "Timed danger")
        writer.until("the danger", lambda world: "lost_to_the_flood" in world.states)
        writer.scene()
        writer.write(JETTY)
        writer.click(writer.button("Next empty"))
        writer.scene()
        writer.write(DROWNED)
        writer.click(writer.button("Search"))
        writer.write("jetty")
        writer.click(view.page.get_by_role("option", name="a jetty in open air").first)
        writer.click(writer.button("Add", exact=True))
        writer.click(view.page.get_by_role("option", name="Mission"))
        view.page.locator("[name='title']").wait_for()
        writer.write("Get out alive")
        writer.click(writer.field("What the player is told"))
        writer.write("Row away")
        writer.click(writer.button("Add the mission to the world"))
        writer.until("the mission", lambda world: len(world.missions or ()) == 1)
        is_a_whole_story(writer.widget.world)
        writer.is_within(20)
        assert view.wrong == []


def test_by_mouse_without_patterns(browser: Any) -> None:
    with stand(browser, wk.edit, width=1500, height=900) as view:
        writer, page = Writer(view), view.page
        form = page.locator(".we-panel")

        def go_on(text: str) -> None:
            writer.click(writer.button("Next empty"))
            writer.scene()
            writer.write(text)

        def open_group(title: str) -> None:
            writer.click(form.locator("summary", has=page.get_by_text(title, exact=True)))

        def open_event(words: str) -> None:
            writer.click(form.locator(".we-link", has=page.get_by_text(words, exact=True)).first)
            page.locator("form[aria-label^='Event']").wait_for()

        writer.click(writer.field("Name"))
        writer.write("The Key")
        writer.click(writer.button("Start empty"))
        writer.until("the first scene", lambda world: "start" in world.states)
        writer.scene()
        writer.write(HALL + " [[Unlock the cellar->cellar]]")
        go_on(KITCHEN.replace("]]", "]] [[Look into the study->study]]"))
        go_on(KEY_ROOM + " [[Go back->kitchen]]")
        go_on(ATTIC)
        go_on("A cellar of wet brick. [[Get away->jetty]] [[The water rises->drowned]]")
        go_on("A jetty in open air, a boat tied to the last post. [[Look back->cellar]]")
        go_on(DROWNED)
        open_group("Ending")
        writer.click(form.locator("label", has_text="Lose"))
        writer.until("the losing ending", lambda world: world.states["drowned"].ending is not None)
        open_event("The water rises")
        open_group("How it is triggered")
        writer.click(form.locator("label", has_text="Hidden"))
        writer.click(writer.field("Fires by itself after, seconds"))
        writer.write("30")
        writer.click(form.locator("label", has_text="Once per run"))
        writer.click(writer.button("Go to state cellar"))
        page.locator("form[aria-label='State cellar']").wait_for()
        writer.click(form.locator(".we-link", has=page.get_by_text("Unlock the cellar", exact=True)))

        writer.click(writer.field("Requires"))
        writer.write("brass key")
        writer.click(page.get_by_role("option", name="brass_key"))
        writer.until("the lock", lambda world: world.events_by_name["unlock_the_cellar"].requires == ("brass_key",))
        writer.click(writer.field("Hint while locked"))
        writer.write("The lock is brass.")
        writer.click(writer.button("Go to state start"))
        open_event("Go into the kitchen")
        writer.click(writer.button("Go to state kitchen"))
        open_event("Look into the study")
        writer.click(writer.button("Go to state study"))
        writer.click(writer.button("Event here"))
        page.locator("form[aria-label^='Event']").wait_for()
        writer.write("Take the brass key")
        writer.click(writer.field("Grants"))
        writer.write("brass")
        assert page.get_by_role("option").first.inner_text().startswith("brass_key"), (
            "the flag that is there comes first"
        )
        writer.click(page.get_by_role("option").first)
        writer.until("the key", lambda world: any("brass_key" in (event.grants or ()) for event in world.events))

        writer.click(writer.button("Search", exact=True))
        writer.write("jetty")
        writer.click(page.get_by_role("option", name="jetty").first)
        writer.click(writer.button("Add", exact=True))
        writer.click(page.get_by_role("option", name="Mission"))
        page.locator("[name='title']").wait_for()
        writer.write("Get out alive")
        writer.click(writer.field("What the player is told"))
        writer.write("Row away")
        writer.click(writer.button("Add the mission to the world"))
        writer.until("the mission", lambda world: len(world.missions or ()) == 1)
        is_a_whole_story(writer.widget.world)
        writer.is_within(60)
        assert view.wrong == []


def test_leaving_a_flag_field_makes_no_near_twin(browser: Any) -> None:
    take = {"name": "take", "kind": "override", "from": ["start"], "grants": ["brass_key"]}
    unlock = {"name": "unlock", "kind": "transition", "from": ["start"], "to": "yard"}
    yard = {"op": "add_state", "id": "yard", "state": {"base": "A yard."}}
    ops = [yard, {"op": "add_event", "event": take}, {"op": "add_event", "event": unlock}]
    with stand(browser, lambda: wk.edit(wk.World.new("The Key").apply(ops)), width=1300) as view:
        writer = Writer(view)

        def required() -> tuple[str, ...]:
            return view.widget.world.events_by_name["unlock"].requires or ()

        view.widget.selection = {"kind": "event", "id": "unlock"}
        view.tell()
        requires = writer.field("Requires")
        requires.click()
        writer.write("brass")
        writer.press("Tab")
        view.page.locator(".wk-error", has_text="There is a flag brass_key").wait_for()
        assert required() == ()

        requires.click()
        writer.press("Enter")
        writer.until("the flag", lambda _: required() == ("brass_key",))

        requires.click()
        writer.write("Brass Key")
        writer.press("Enter")
        view.page.locator(".wk-error", has_text="already exists").wait_for()
        requires.click()
        writer.press("ArrowDown", "Enter")
        writer.until("a new flag, picked in the list", lambda _: len(required()) == 2)
        assert view.wrong == []


def test_an_ending_follows_the_selected_scene_and_what_is_no_problem_has_no_warning_sign(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.World.new("The Key")), width=1280) as view:
        writer = Writer(view)
        view.widget.selection = {"kind": "state", "id": "start"}
        view.tell()
        writer.button("Add", exact=True).click()
        field = view.page.get_by_role("combobox", name="Add: choose what")
        field.wait_for()
        text_width = """e => {
            const context = document.createElement("canvas").getContext("2d");
            context.font = getComputedStyle(e).font;
            return context.measureText(e.placeholder).width - e.clientWidth;
        }"""
        assert field.evaluate(text_width) < 0, "all of the placeholder can be read"
        writer.write("win")
        view.page.get_by_role("option", name="Ending: win").click()
        writer.until("the ending", lambda world: len(world.states) == 2)
        (event,) = view.widget.world.events
        assert event.from_ == ("start",) and view.widget.world.states[event.to or ""].ending

        view.press("Escape", on=".we-stage")
        view.press("Control+a", "Delete", on=".we-stage")
        writer.until("an empty world", lambda world: not world.states)
        view.page.locator(".we-stage").focus()
        view.page.keyboard.press("n")
        first = view.page.locator(".wk-toast", has_text="is the first, so it became the entrance")
        first.wait_for()
        assert first.locator(".wk-warning").count() == 0
        undo = first.get_by_role("button", name="Undo")
        undo.wait_for()
        view.page.keyboard.type("A gate.")
        writer.press("Control+Enter")
        undo.wait_for(state="detached")  # it would undo another edit than the one that it tells of
        assert view.wrong == []


def test_buttons_of_the_toolbar_have_words_where_a_notebook_has_room(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.World.new("The Key")), width=1280) as view:
        toolbar = view.page.get_by_role("toolbar", name="World editor")
        for words in ("Add", "Tables", "Notes", "Play", "Explore"):
            toolbar.get_by_text(words, exact=True).wait_for()
        view.width(500, 560)
        assert not toolbar.get_by_text("Tables", exact=True).is_visible()
        assert view.faults() == []


def test_a_connection_that_was_begun_ends_when_something_is_added(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("bench")), width=1280) as view:
        view.press("ArrowRight", "c", on=".we-stage")
        hint = view.page.locator(".we-hintline")
        hint.wait_for()
        view.page.get_by_role("button", name="Add", exact=True).click()
        view.page.keyboard.type("A gate.")
        view.page.get_by_role("option", name="New state: “A gate.”").click()
        hint.wait_for(state="detached")
        assert len(view.widget.world.states) == 4 and len(view.widget.world.events) == 5


def test_a_key_and_two_ambient_lines_are_written_from_the_keyboard_by_the_words_of_the_form(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=1200) as view:
        page, world = view.page, lambda: view.widget.world
        page.locator(".we-stage").focus()
        for keys in (["/", "yard", "Enter"], ["a", "event here", "Enter"]):
            for key in keys:
                page.keyboard.press(key) if len(key) == 1 or key == "Enter" else page.keyboard.type(key)
        reads = page.get_by_label("What the player reads", exact=True)
        wait_for("the form of the event", lambda: reads.evaluate("e => e.matches(':focus')") or None)
        assert world().events[-1].kind == "override" and world().events[-1].from_ == ("yard",)

        def find(field: str) -> None:
            page.get_by_label("Find a field").fill(field)
            page.keyboard.press("Enter")

        find("grants")
        page.keyboard.type("iron key")
        page.keyboard.press("Enter")
        wait_for("the flag", lambda: world().events[-1].grants == ("iron_key",) or None)

        page.keyboard.press("Escape")
        page.locator(".we-stage").focus()
        for key in ("/", "yard", "Enter"):
            page.keyboard.press(key) if key != "yard" else page.keyboard.type(key)
        page.get_by_label("Ambient line").or_(page.get_by_label("Find a field")).first.wait_for()
        before = world().states["yard"].ambient or ()
        find("ambient")
        page.get_by_role("button", name="Add a line").click()
        for at, line in enumerate(("A gull lands.", "Rain on slate.")):
            field = page.get_by_label(f"Ambient line {len(before) + at + 1}", exact=True)
            wait_for("the line", lambda field=field: field.evaluate("e => e.matches(':focus')") or None)
            page.keyboard.type(line)
            page.keyboard.press("Enter" if at == 0 else "Control+Enter")
        after = (*before, "A gull lands.", "Rain on slate.")
        wait_for("the lines", lambda: tuple(world().states["yard"].ambient) == after or None)
        assert view.wrong == []


def test_the_scenes_of_new_choices_are_in_sight_beside_the_scene_that_offers_them(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.World.new("The Key")), width=848) as view:
        page = view.page
        page.locator(".we-card").first.click()
        page.get_by_label("What the camera sees").fill("A stone hall. [[Go up->study]] [[Go down->cellar]]")
        page.keyboard.press("Tab")
        page.locator(".we-panel").get_by_text("2 events").wait_for()
        # it is there as long as not all of the map is in sight
        page.locator(".we-minimap").wait_for(state="hidden")


def test_the_lock_of_an_event_is_found_without_unfolding_and_a_flag_that_nothing_grants_leads_to_its_repair(
    browser: Any,
) -> None:
    unlock = {"name": "unlock", "kind": "transition", "from": ["start"], "to": "yard", "requires": ["brass_key"]}
    yard = {"op": "add_state", "id": "yard", "state": {"base": "A yard."}}
    look = {"name": "look", "kind": "override", "from": ["start"]}
    events = [{"op": "add_event", "event": event} for event in (unlock, look)]
    world = wk.World.new("The Key").apply([yard, *events])
    with stand(browser, lambda: wk.edit(world), width=1300) as view:
        view.widget.selection = {"kind": "event", "id": "unlock"}
        view.tell()
        form = view.page.locator("form[aria-label='Event unlock']")
        form.wait_for()
        for label in ("Requires", "Grants", "Hint while locked"):
            assert form.get_by_label(label, exact=True).first.is_visible()
        form.get_by_role("button", name="Repair: show what can be done about it").first.click()
        repair = view.page.get_by_role("button", name="Grant “brass_key” in…")
        repair.wait_for()
        row = repair.locator("xpath=ancestor::li[1]")
        assert row.evaluate("e => e.getRootNode().activeElement === e"), "the keyboard is at the repairs"
        assert view.faults() == [] and view.wrong == []


def test_a_new_variant_is_written_at_once_and_keeps_its_label(browser: Any) -> None:
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=1300) as view:
        view.widget.selection = {"kind": "state", "id": "yard"}
        view.tell()
        view.page.get_by_label("Find a field").fill("variant")
        view.page.get_by_role("button", name="Add a variant").click()
        view.page.locator("[name='variants[0].base']:focus").wait_for()
        writer = Writer(view)
        view.page.keyboard.press("Control+a")
        writer.write("The same yard in snow.")
        writer.press("Control+Enter")
        writer.until("the variant", lambda world: bool(world.states["yard"].variants))
        writer.until("its text", lambda world: world.states["yard"].variants[0].base == "The same yard in snow.")
        assert view.widget.world.states["yard"].variants[0].label == "B"
