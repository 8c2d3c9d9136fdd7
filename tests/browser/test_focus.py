"""The keyboard goes where a click or Tab sends it, out of every kind of field that was edited, and deletes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.browser import fields
from tests.browser.fields import FIELDS, Field
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser

SHADOW = "document.querySelector('.worldkit').shadowRoot"
ACTIVE = f"() => {SHADOW}.activeElement ?? document.activeElement"
WORDS = f"""() => {{
    const at = {SHADOW}.activeElement ?? document.activeElement;
    const name = at.getAttribute("name") || at.getAttribute("aria-label") || at.textContent.slice(0, 30) || at.id;
    return `${{at.tagName}}.${{at.className}} ${{name}}`;
}}"""
# The control that Tab goes to next, or back to: a group of radio buttons is one stop.
STOP = """(at, by) => {
    const root = at.getRootNode();
    const all = [...root.querySelectorAll("button, input, textarea, select, summary, [tabindex='0']")].filter((one) =>
        one === at || (one.tabIndex >= 0 && !one.disabled && one.checkVisibility()
            && !(one.type === "radio" && (one.name === at.name || !one.checked))));
    return all[all.indexOf(at) + by];
}"""
EMPTY_GROUND = (24, 200)


class Editor:
    """The editor of a small world on a page with a button before it."""

    def __init__(self, shown: Stand) -> None:
        self.shown, self.page, self.widget = shown, shown.page, shown.widget
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
        for _ in range(600):
            if holds():
                return
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        raise AssertionError(f"waited 600 frames for {what}")

    def reset(self) -> None:
        """Take back whatever was done, and close what was opened."""
        self.page.locator("#out").focus()
        while self.raw() != self.before:
            self.widget.undo()
        self.shown.tell()

    def open(self, form: dict[str, str] | None) -> None:
        """Open the form of something from Python, with every group unfolded."""
        self.widget.selection = {"kind": "state", "id": "hall"}
        self.shown.tell()
        self.rest()
        self.widget.selection = form
        self.shown.tell()
        name = "World" if form is None else f"{form['kind'].title()} {form['id']}"
        if self.page.locator(f"form[aria-label='{name}']").count() == 0:
            self.page.get_by_role("button", name="Close keys").click()
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
        words: str = self.ask(WORDS)
        return words


@pytest.fixture(scope="module")
def editor(browser: Any) -> Iterator[Editor]:
    with stand(browser, lambda: wk.edit(fields.world(), height=720), width=1300, height=760) as shown:
        yield Editor(shown)
        assert shown.wrong == []


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
        stops = [at.evaluate_handle(STOP, by).as_element()]
        editor.page.keyboard.press(key)
        editor.rest()
        # What the edit brought into being beside the field is a stop, too, when it was there in time.
        if at.evaluate("at => at.isConnected"):
            stops.append(at.evaluate_handle(STOP, by).as_element())
        return stops

    return go


WAYS: dict[str, Way] = {
    "a field": click(".we-find-input"),
    "a fold": click(".we-form > details:last-of-type > summary"),
    "a button over the map": click("button[aria-label='Fit the whole world']"),
    "the toolbar": click("button[aria-label='Keys and help']"),
    "a card": click(".we-card-title:text-is('gate')"),
    "the ground": press_ground,
    "the search": press_search,
    "between the controls": press_between,
    "out of the widget": click("#out"),
    "Tab": tab("Tab", 1),
    "Shift+Tab": tab("Shift+Tab", -1),
}


def test_every_kind_of_field_in_the_source_is_tried() -> None:
    assert fields.components() == {field.component for field in FIELDS} | set(fields.NO_FIELDS)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.component)
def test_leaving_an_edited_field_goes_where_it_was_sent_and_deletes_nothing(editor: Editor, field: Field) -> None:
    wrong: list[str] = []
    for number, (name, go) in enumerate(WAYS.items(), 1):
        editor.reset()
        editor.open(field.form)
        control = editor.page.locator(f".we-form {field.control}").first
        held = field.read(editor.raw())
        field.edit(editor.page, control, number)
        targets = go(editor, control)
        editor.until(f"the edit of {field.component}", lambda held=held: field.read(editor.raw()) != held)  # type: ignore[misc]
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
