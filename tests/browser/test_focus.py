"""The keyboard goes where a click or Tab sends it, out of every kind of field that was edited, and deletes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.browser import fields
from tests.browser.conftest import ROOT, Lab, wait_for
from tests.browser.fields import FIELDS, Field
from tests.browser.screens.editor import yard
from tests.browser.screens.player import console
from tests.browser.stand import Stand, stand
from tests.browser.test_journey import cells_of, kernel_world, open_notebook, run_all
from tests.effort import ALL_SEEDS

pytestmark = pytest.mark.browser

SHADOW = "document.querySelector('.worldkit').shadowRoot"
ACTIVE = f"() => {SHADOW}.activeElement ?? document.activeElement"
FOCUS_NAME_SCRIPT = f"""() => {{
    const at = {SHADOW}.activeElement ?? document.activeElement;
    const name = at.getAttribute("name") || at.getAttribute("aria-label") || at.textContent.slice(0, 30) || at.id;
    return `${{at.tagName}}.${{at.className}} ${{name}}`;
}}"""
# The control that Tab goes to next, or back to: a group of radio buttons is one stop.
NEXT_STOP_SCRIPT = """(at, by) => {
    const root = at.getRootNode();
    const all = [...root.querySelectorAll("button, input, textarea, select, summary, [tabindex='0']")].filter((one) =>
        one === at || (one.tabIndex >= 0 && !one.disabled && one.checkVisibility()
            && !(one.type === "radio" && (one.name === at.name || !one.checked))));
    return all[all.indexOf(at) + by];
}"""
EMPTY_GROUND = (24, 200)


class Editor:
    """The editor of a small world on a page with a button before it."""

    def __init__(self, view: Stand) -> None:
        self.view, self.page, self.widget = view, view.page, view.widget
        self.page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('afterbegin', '<button id=out>Out</button>')"
        )
        self.before = self.raw()

    def raw(self) -> dict[str, Any]:
        raw: dict[str, Any] = json.loads(self.widget.world.to_json())
        return raw

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)

    def rest(self) -> None:
        self.page.evaluate("async () => { for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame); }")

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        next_frame = "() => new Promise((resolve) => requestAnimationFrame(() => resolve(null)))"
        wait_for(what, lambda: holds() or self.page.evaluate(next_frame))

    def reset(self) -> None:
        """Take back whatever was done, and close what was opened."""
        self.page.locator("#out").focus()
        while self.raw() != self.before:
            self.widget.undo()
        self.view.tell()

    def open(self, form: dict[str, str] | None) -> None:
        """Open the form of something from Python, with every group unfolded."""
        self.widget.selection = {"kind": "state", "id": "hall"}
        self.view.tell()
        self.rest()
        self.widget.selection = form
        self.view.tell()
        name = "World" if form is None else f"{form['kind'].title()} {form['id']}"
        if self.page.locator(f"form[aria-label='{name}']").count() == 0:
            self.page.locator(".we-panel-head button[aria-label^=Close]").click()
        self.page.locator(f"form[aria-label='{name}']").wait_for()
        self.ask(f"() => {SHADOW}.querySelectorAll('.we-form details').forEach((one) => {{ one.open = true }})")
        self.ask(
            f"() => {SHADOW}.querySelectorAll('.we-item-head [aria-expanded=false]').forEach((one) => one.click())"
        )
        self.rest()

    def is_focused(self, element: Any) -> bool:
        is_it: bool = self.page.evaluate(f"element => ({ACTIVE})() === element", element)
        return is_it

    def focused(self) -> str:
        words: str = self.ask(FOCUS_NAME_SCRIPT)
        return words


@pytest.fixture(scope="module")
def editor(browser: Any) -> Iterator[Editor]:
    with stand(browser, lambda: wk.edit(fields.world(), height=720), width=1300, height=760) as view:
        yield Editor(view)
        assert view.wrong == []


Way = Callable[[Editor, Any], Any]


def click(selector: str, **options: Any) -> Way:
    """Press a control with the mouse; the focus belongs on it."""

    def go(editor: Editor, control: Any) -> list[Any]:
        target = editor.page.locator(selector).first
        element = target.element_handle()
        target.click(**options)
        return [element]

    return go


def press_ground(editor: Editor, control: Any) -> list[Any]:
    stage = editor.page.locator(".we-stage")
    stage.click(position={"x": EMPTY_GROUND[0], "y": EMPTY_GROUND[1]})
    return [stage.element_handle()]


def press_search(editor: Editor, control: Any) -> list[Any]:
    editor.page.get_by_role("button", name="Search", exact=True).click()
    return [editor.page.locator(".we-search-input").element_handle()]


def press_between(editor: Editor, control: Any) -> list[Any]:
    """Press where there is no control; the panel takes the focus."""
    editor.page.locator(".we-world-name, .we-find > .wk-icon").first.click()
    return [editor.page.locator(".we-panel-body").element_handle()]


def tab(key: str, by: int) -> Way:
    def go(editor: Editor, control: Any) -> list[Any]:
        at = editor.page.evaluate_handle(ACTIVE)
        stops = [at.evaluate_handle(NEXT_STOP_SCRIPT, by).as_element()]
        editor.page.keyboard.press(key)
        editor.rest()
        # What the edit brought into being beside the field is a stop, too, when it was there in time.
        if at.evaluate("at => at.isConnected"):
            stops.append(at.evaluate_handle(NEXT_STOP_SCRIPT, by).as_element())
        return stops

    return go


WAYS: dict[str, Way] = {
    "a field": click(".we-find-input"),
    "a fold": click(".we-form > details:last-of-type > summary"),
    "the ground": press_ground,
    "between the controls": press_between,
    "Tab": tab("Tab", 1),
    "Shift+Tab": tab("Shift+Tab", -1),
    "a button over the map": click("button[aria-label='Fit the whole world']"),
    "the toolbar": click("button[aria-label='Keys and help']"),
    "a card": click(".we-card-title:text-is('gate')"),
    "the search": press_search,
    "out of the widget": click("#out"),
}
"""What every kind of field is left by, in its form and outside; it may depend on what the field becomes then."""
NEAR_WAYS = ("a field", "Tab", "Shift+Tab")
"""The ways that depend most on the field, which every run tries."""


def ways_of(field: Field) -> dict[str, Way]:
    """Return the ways that this run leaves a kind of field by: each of the others out of every third kind.

    `make fuzz` leaves every kind by every way.
    """
    far = [name for name in WAYS if name not in NEAR_WAYS]
    tried = {*NEAR_WAYS, *(name for at, name in enumerate(far) if ALL_SEEDS or (at + FIELDS.index(field)) % 3 == 0)}
    return {name: go for name, go in WAYS.items() if name in tried}


def test_every_kind_of_field_in_the_source_is_tried() -> None:
    assert fields.components() == {field.component for field in FIELDS} | set(fields.NO_FIELDS)


@pytest.mark.seeds
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.component)
def test_leaving_an_edited_field_goes_where_it_was_sent_and_deletes_nothing(editor: Editor, field: Field) -> None:
    wrong: list[str] = []
    for number, (name, go) in enumerate(ways_of(field).items(), 1):
        editor.reset()
        editor.open(field.form)
        control = editor.page.locator(f".we-form {field.control}").first
        value = field.read(editor.raw())
        field.edit(editor.page, control, number)
        targets = go(editor, control)
        editor.until(f"the edit of {field.component}", lambda value=value: field.read(editor.raw()) != value)  # type: ignore[misc]
        editor.rest()
        if not any(target and editor.is_focused(target) for target in targets):
            wrong.append(f"{name}: the focus is on {editor.focused()}")
            continue
        counts = [len(editor.widget.world.states), len(editor.widget.world.events)]
        if name != "a card":  # which was chosen on purpose
            editor.page.keyboard.press("Backspace")
            editor.page.keyboard.press("Backspace")
        if name not in ("a card", "the ground"):
            editor.page.keyboard.type("hall")
        editor.rest()
        if [len(editor.widget.world.states), len(editor.widget.world.events)] != counts:
            wrong.append(f"{name}: keys changed the world")
        editor.page.keyboard.press("Escape")
    assert wrong == []


def stands_in(editor: Editor, selector: str) -> bool:
    """Say whether what has the focus is one of some elements, or in one."""
    is_it: bool = editor.page.evaluate(f"what => {SHADOW}.activeElement?.closest(what) != null", selector)
    return is_it


def counts(editor: Editor) -> tuple[int, int]:
    return len(editor.widget.world.states), len(editor.widget.world.events)


def keys_do_nothing(editor: Editor) -> bool:
    """Say whether typing on, with a space, a step back and a correction, leaves the world alone."""
    before = editor.raw()
    for key in (*"hall a", "ArrowLeft", "Backspace", "Backspace", "Enter"):
        editor.page.keyboard.press(key)
    editor.rest()
    return editor.raw() == before and editor.page.locator(".we-quick, .we-legend, .we-search").count() == 0


@pytest.fixture
def fresh(editor: Editor) -> Editor:
    editor.reset()
    return editor


def add_line(editor: Editor) -> None:
    editor.open(fields.LANE)
    editor.page.get_by_role("button", name="Add a line").click()
    editor.until("the new line", lambda: "ambient[1]" in editor.focused())


def test_undo_of_the_row_that_is_typed_in_stays_beside_it_and_takes_no_letters(fresh: Editor) -> None:
    add_line(fresh)
    fresh.page.keyboard.press("Control+z")
    fresh.until("the row to be gone", lambda: fresh.raw() == fresh.before)
    fresh.until("a place beside it", lambda: stands_in(fresh, ".we-items"))
    assert keys_do_nothing(fresh)
    fresh.page.keyboard.press("Tab")
    assert stands_in(fresh, ".we-items"), "and Tab goes on from there"


def test_letters_are_no_commands_when_python_takes_the_field_away(fresh: Editor) -> None:
    fresh.open(fields.LANE)
    fresh.page.locator("[name='ambient[0]']").click()
    fresh.page.keyboard.type("x")
    fresh.widget.apply([{"op": "delete_state", "id": "lane"}])
    fresh.view.tell()
    fresh.rest()
    assert stands_in(fresh, ".we-panel-body")
    fresh.page.keyboard.press("h")
    fresh.page.get_by_text("The field that was typed in is gone").wait_for()
    assert keys_do_nothing(fresh)
    fresh.page.keyboard.press("Escape")
    assert stands_in(fresh, ".we-stage"), "Escape leaves a field for the map, also one that is gone"
    fresh.page.keyboard.press("ArrowRight")
    fresh.rest()
    states, _ = counts(fresh)
    fresh.page.keyboard.press("Backspace")
    fresh.until("the state to be deleted", lambda: counts(fresh)[0] == states - 1)


def test_a_delete_selects_nothing_and_the_arrow_keys_go_on_from_there(fresh: Editor) -> None:
    fresh.page.locator(".we-card-title:text-is('yard')").click()
    for _ in range(3):
        fresh.page.keyboard.press("Backspace")
        fresh.rest()
    assert list(fresh.widget.world.states) == ["lane", "gate", "hall"]
    assert fresh.page.locator(".we-card.we-selected").count() == 0
    assert stands_in(fresh, ".we-stage")
    fresh.page.keyboard.press("ArrowLeft")
    fresh.page.locator(".we-card.we-selected").wait_for()
    fresh.page.keyboard.press("Delete")
    fresh.until("the next delete", lambda: counts(fresh)[0] == 2)


def test_a_deleted_event_leaves_its_scene_alone(fresh: Editor) -> None:
    fresh.page.locator(".we-card-title:text-is('lane')").click()
    fresh.page.keyboard.press("e")
    fresh.page.locator("form[aria-label='Event walk']").wait_for()
    for _ in range(3):
        fresh.page.keyboard.press("Delete")
        fresh.rest()
    assert counts(fresh) == (4, 1)


def test_the_bin_of_a_form_keeps_the_keyboard_in_the_panel(fresh: Editor) -> None:
    fresh.open({"kind": "state", "id": "hall"})
    fresh.page.get_by_role("button", name="Delete state hall").click()
    fresh.until("the state to be gone", lambda: counts(fresh)[0] == 3)
    fresh.until("a place in the panel", lambda: stands_in(fresh, ".we-panel-body"))
    fresh.page.keyboard.press("Backspace")
    fresh.rest()
    assert counts(fresh)[0] == 3


def test_delete_on_a_button_says_where_it_works(fresh: Editor) -> None:
    fresh.page.locator(".we-card-title:text-is('yard')").click()
    fresh.page.get_by_role("button", name="Zoom in").click()
    fresh.page.keyboard.press("Delete")
    fresh.page.get_by_text("This key works on the map.").first.wait_for()
    assert counts(fresh)[0] == 4


def test_write_a_mission_leads_to_its_title_in_sight_and_discarding_it_back(fresh: Editor) -> None:
    fresh.open(fields.WORLD)
    fresh.page.get_by_role("button", name="Add a mission").click()
    fresh.until("the title", lambda: fresh.focused() == "INPUT.wk-input title")
    draft = fresh.page.get_by_role("region", name="A new mission")
    objectives = draft.get_by_text("Objectives, in order")
    panel, below = fresh.page.locator(".we-panel-body").bounding_box(), objectives.bounding_box()
    assert below["y"] + below["height"] <= panel["y"] + panel["height"], "what follows the title is in sight"
    fresh.page.keyboard.type("First watch")
    draft.get_by_role("button", name="Discard the new mission").click()
    fresh.rest()
    assert "Add a mission" in fresh.focused()


def test_a_button_that_makes_way_for_fields_leads_into_them(fresh: Editor) -> None:
    fresh.open(fields.WALK)
    fresh.page.get_by_role("button", name="Add a waypoint").click()
    fresh.page.locator("[name='waypoint.label']").wait_for()
    fresh.until("a field of the waypoint", lambda: "waypoint" in fresh.focused())
    fresh.page.get_by_role("button", name="Remove the waypoint").click()
    fresh.until("the waypoint to be gone", lambda: fresh.raw() == fresh.before)
    fresh.until("the button that adds one", lambda: "Add a waypoint" in fresh.focused())


def test_undo_until_nothing_is_left_keeps_the_keyboard_in_the_toolbar(fresh: Editor) -> None:
    fresh.widget.apply([{"op": "delete_state", "id": "hall"}])
    fresh.view.tell()
    fresh.page.get_by_role("button", name="Undo: ").click()
    fresh.until("the undo", lambda: counts(fresh)[0] == 4)
    fresh.rest()
    assert stands_in(fresh, ".we-toolbar")


def test_fix_stays_with_the_findings_or_with_the_field_it_was_under(browser: Any) -> None:
    with stand(browser, yard, width=1300, height=760) as view:
        editor = Editor(view)
        page = editor.page
        page.locator(".we-stage").focus()
        page.keyboard.press("p")
        fixes = page.locator(".we-panel").get_by_role("button", name="Fix all: ")
        before = fixes.count()
        assert before > 0
        fixes.first.click()
        editor.until("the fix", lambda: fixes.count() < before)
        editor.rest()
        assert stands_in(editor, ".we-panel-body"), editor.focused()
        editor.page.keyboard.press("Backspace")
        assert len(view.widget.world.states) == 4

        view.widget.undo()
        view.tell()
        editor.open({"kind": "event", "id": "knock"})
        form = page.locator("form[aria-label='Event knock']")
        form.get_by_role("button", name="Fix: ").click()
        editor.until("the fix in the form", lambda: form.get_by_role("button", name="Fix: ").count() == 0)
        editor.rest()
        assert "anchor.minProximity" in editor.focused(), "the field that was mended"
        assert view.wrong == []


def test_letters_play_nothing_when_the_console_that_was_typed_in_closes(browser: Any) -> None:
    with stand(browser, console) as view:
        page, session = view.page, view.widget.session
        page.locator(".wk-console input").click()
        page.keyboard.type("who are y")
        session.close_terminal()
        view.widget.refresh()
        view.tell()
        page.locator(".wk-console").wait_for(state="detached")
        before = (session.state, len(session.trace.steps))
        for key in ("u", "r", "1", "2"):
            page.keyboard.press(key)
        page.get_by_text("The field that was typed in is gone").wait_for()
        view.rest()
        assert (session.state, len(session.trace.steps)) == before
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        page.wait_for_function(f"() => {SHADOW}.querySelector('.wk-console') !== null")
        assert view.wrong == []


def test_a_player_goes_on_with_keys_after_escape_closed_the_console(browser: Any) -> None:
    with stand(browser, console) as view:
        page, session = view.page, view.widget.session
        page.locator(".wk-console input").click()
        page.keyboard.press("Escape")
        page.locator(".wk-console").wait_for(state="detached")
        page.wait_for_function(f"() => {SHADOW}.activeElement !== null")
        before = len(session.trace.steps)
        page.keyboard.press("1")
        view.rest()
        assert len(session.trace.steps) > before
        assert view.wrong == []


CELLS = [
    "import worldkit as wk\n"
    "from tests.browser import fields\n"
    "ed = wk.edit(fields.world(), height=640)\n"
    "_ = ed.on_change(lambda world: world.save('seen.world.json'))\n"
    "ed",
    "# nothing here",
]


def test_in_jupyterlab_clicks_and_tab_lead_out_of_edited_fields_and_keys_stay_here(browser: Any, lab: Lab) -> None:
    page = open_notebook(browser, lab, "focus.ipynb", [f"import sys; sys.path.insert(0, {str(ROOT)!r})", *CELLS])
    run_all(page)
    page.get_by_role("toolbar", name="World editor").wait_for()
    page.locator(".we-card-title:text-is('lane')").click()
    page.locator("form[aria-label='State lane']").wait_for()
    cells = cells_of(page)
    base, label = page.locator("[name=base]"), page.locator("[name=arriveLabel]")
    find = page.locator(".we-find-input")

    def click(target: Any) -> Callable[[], Any]:
        return lambda: (target.click(), target)[1]

    def tab(key: str) -> Callable[[], Any]:
        def go() -> Any:
            stop = page.evaluate_handle(ACTIVE).evaluate_handle(NEXT_STOP_SCRIPT, 1 if key == "Tab" else -1)
            page.keyboard.press(key)
            return stop.as_element()

        return go

    ways = [
        click(page.locator("[name=id]")),
        click(find),
        click(page.locator(".we-form > details > summary").last),
        click(page.get_by_role("button", name="Keys and help")),
        tab("Tab"),
        tab("Shift+Tab"),
    ]
    for number, go in enumerate(ways):
        for field, words in ((base, f"A lane, {number}."), (label, f"a lane {number}")):
            if (close := page.locator(".we-panel-head button[aria-label^='Close keys']")).count():
                close.click()
            page.locator(".we-group", has_text="For the player").evaluate("group => { group.open = true }")
            field.click()
            page.keyboard.press("Control+a")
            page.keyboard.type(words)
            target = go()
            what = "base" if field is base else "arriveLabel"

            def is_kept(world: wk.World, what: str = what, words: str = words) -> bool:
                raw = json.loads(world.to_json())
                return bool(raw["scene"]["states"]["lane"].get(what) == words)

            kernel_world(lab, is_kept)
            element = target.element_handle() if hasattr(target, "element_handle") else target
            page.evaluate("async () => { for (let n = 0; n < 5; n += 1) await new Promise(requestAnimationFrame); }")
            assert page.evaluate(f"element => ({ACTIVE})() === element", element), (
                number,
                page.evaluate(FOCUS_NAME_SCRIPT),
            )
            for key in ("Backspace", "Backspace", *"hallddx"):
                page.keyboard.press(key)
            if page.evaluate(f"({ACTIVE})().matches('input, textarea')"):
                page.keyboard.press("Escape")  # which puts back what was there
    # between the controls: the notebook would take the letters for commands, and delete the cell
    page.locator(".we-find > .wk-icon").click()
    for key in ("d", "d", "x", "Backspace", "a"):
        page.keyboard.press(key)
    assert cells_of(page)[:-1] == cells[:-1]
    page.locator(".we-stage").focus()
    page.get_by_text("4 states, 2 events").wait_for()
    page.close()
