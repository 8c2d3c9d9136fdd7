"""A widget that runs in this process, shown by its built bundle on an empty page, as anywidget shows it in a notebook.

Every message of one side reaches the other, so what is seen is what the real kernel side says; only the notebook is
not there. It opens in a tenth of the time.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from weakref import WeakKeyDictionary

import comm
from anywidget import AnyWidget

import worldkit as wk
from tests.browser.conftest import ROOT
from tests.notebook.conftest import RecordingComm

Json = dict[str, Any]
GROUND = {"light": "#ffffff", "dark": "#111111"}
AXE = ROOT / "widgets" / "node_modules" / "axe-core" / "axe.min.js"

PAGE = """<!doctype html><html lang="en"><head><title>A widget</title><style>
html, body { margin: 0; height: 100%; } body { padding: 8px; box-sizing: border-box; }
h1 { position: absolute; margin: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
</style></head><body><main><h1>A notebook</h1><div id="w"></div></main></body></html>"""

# All that goes to the page and comes from it is JSON: Playwright goes through any other value member by member.
SHOW = """(text) => {
    const { esm, state } = JSON.parse(text);
    const traits = { ...state }, dirty = {}, handlers = new Map();
    const fire = (name, ...args) => { for (const one of [...(handlers.get(name) ?? [])]) one(...args); };
    const hear = (messages) => {
        for (const { method, state, content, buffers = [] } of JSON.parse(messages)) {
            const bytes = buffers.map((text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)));
            if (method === "custom") fire("msg:custom", content, bytes.map((part) => new DataView(part.buffer)));
            else for (const [name, value] of Object.entries(state)) {
                traits[name] = value;
                fire(`change:${name}`);
            }
        }
    };
    const ask = async (method, content) => {
        await window.kernelIsFree;
        if (!window.mute) hear(await window.toKernel(JSON.stringify({ method, content })));
    };
    const model = {
        get: (name) => traits[name],
        set: (name, value) => { traits[name] = dirty[name] = value; fire(`change:${name}`); },
        save_changes: () => {
            for (const name in dirty) { void ask("update", { [name]: dirty[name] }); delete dirty[name]; }
        },
        send: (content) => void ask("custom", content),
        on: (name, handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
        off: (name, handler) => handlers.set(name, (handlers.get(name) ?? []).filter((one) => one !== handler)),
    };
    Object.assign(window, { model, fromKernel: hear, gone: () => fire("comm_live_update") });
    // not awaited: Chromium sometimes collects the promise of a call that waits for an import
    import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" }))).then(({ default: widget }) => {
        window.dispose = widget.render({ model, el: document.getElementById("w") });
    });
}"""

FAULTS = (ROOT / "tests" / "browser" / "faults.js").read_text()


class Stand:
    """One widget on one page.

    Attributes:
        page: The page.
        widget: The widget.
        wrong: Errors of the page, and requests to anywhere; nothing should ever be in it.
    """

    def __init__(self, page: Any, widget: AnyWidget, link: RecordingComm) -> None:
        self.page, self.widget, self._comm = page, widget, link
        self.wrong: list[str] = []

    def show(self) -> None:
        """Show the widget on the page."""
        state = {key: value for key, value in self.widget.get_state().items() if not key.startswith("_view_")}
        esm = state.pop("_esm")
        self._comm.published.clear()
        self.page.set_content(PAGE)
        self.page.evaluate(SHOW, json.dumps({"esm": esm, "state": state}))
        self.page.locator(".worldkit").wait_for()
        self.tell()

    def receive(self, message: str) -> str:
        """Give the widget a message of the page, and return what it answers."""
        parts: Json = json.loads(message)
        if parts["method"] == "custom":
            self._comm.receive(parts["content"])
        else:
            self._comm.set_trait(**parts["content"])
        return self._take_messages()

    def _take_messages(self) -> str:
        messages, self._comm.published = self._comm.published, []
        page_messages = [
            {key: message[key] for key in ("method", "state", "content") if key in message}
            | {"buffers": [base64.b64encode(data).decode() for data in message.get("buffers", ())]}
            for message in messages
            if message.get("method") in ("custom", "update")
        ]
        return json.dumps(page_messages)

    def tell(self) -> None:
        """Let the page know what was done to the widget from Python."""
        self.page.evaluate("messages => window.fromKernel(messages)", self._take_messages())

    def theme(self, name: str) -> None:
        """Show the page, and the widget in it, light or dark."""
        self.page.emulate_media(color_scheme=name, reduced_motion="reduce")
        self.page.evaluate("ground => { document.body.style.background = ground }", GROUND[name])

    def width(self, pixels: int, height: int) -> None:
        self.page.set_viewport_size({"width": pixels + 16, "height": height + 16})
        self.rest()

    def rest(self) -> None:
        """Wait until the elements stand where they stood two frames before, and all pictures in sight are there."""
        self.page.evaluate(
            """async () => {
                const frame = () => new Promise(requestAnimationFrame);
                const root = document.querySelector(".worldkit").shadowRoot;
                const due = () => root.querySelector("[data-pictures=due]")
                    || [...root.querySelectorAll("img")].some((image) => !image.complete);
                const seen = () => [...root.querySelectorAll("*")]
                    .map((e) => { const r = e.getBoundingClientRect(); return `${r.x | 0},${r.y | 0},${r.width | 0}` })
                    .join(" ");
                await document.fonts.ready;
                let before = "";
                for (let still = 0, at = 0; still < 1 && at < 120; at += 1) {
                    await frame();
                    await frame();
                    const now = seen();
                    still = now === before && !due() ? still + 1 : 0;
                    before = now;
                }
            }"""
        )

    def press(self, *keys: str, on: str = "") -> None:
        """Press keys, with the focus put on an element first when one is named."""
        if on:
            self.page.locator(on).first.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.rest()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let no message reach the kernel until the block is left, as while it runs a cell."""
        self.page.evaluate("() => { window.kernelIsFree = new Promise(free => { window.freeKernel = free; }); }")
        try:
            yield
        finally:
            self.page.evaluate("() => window.freeKernel()")

    def faults(self) -> list[str]:
        """Return what is cut off, runs over its place or lies over something else."""
        faults: list[str] = self.page.evaluate(FAULTS)
        return faults

    def axe(self, *rules: str) -> list[str]:
        """Return what axe finds wrong, one line each; only some rules when they are named."""
        # nothing is returned: all that axe consists of would be sent to Python
        self.page.evaluate("code => { window.axe || (0, eval)(code) }", AXE.read_text())
        script = """async rules => {
            const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
            const found = await axe.run(document, { resultTypes: ["violations"], ...only });
            return found.violations.flatMap(({ id, nodes }) =>
                nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
        }"""
        violations: list[str] = self.page.evaluate(script, list(rules))
        return violations


class SharedPage:
    """A page on which one stand after the other is shown: a new one takes a second of processor time.

    Between two stands the page is empty, its document is another, and nothing of the first stand is told to the second.
    """

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_context().new_page()
        self.stand: Stand | None = None
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda r: None if r.url.startswith(("blob:", "data:", "about:")) else self._note(r.url))
        self.page.expose_function("toKernel", lambda message: self.stand.receive(message) if self.stand else "[]")

    def _dismiss(self, dialog: Any) -> None:
        self._note(dialog.message)
        dialog.dismiss()

    def _note(self, fault: str) -> None:
        if self.stand:
            self.stand.wrong.append(fault)

    def show(self, widget: AnyWidget, link: RecordingComm, width: int, height: int) -> Stand:
        """Show a widget, the page as it is when it is new."""
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.set_viewport_size({"width": width + 16, "height": height + 16})
        self.page.mouse.move(0, 0)
        self.stand = Stand(self.page, widget, link)
        self.stand.show()
        return self.stand

    def clear(self) -> None:
        """Leave the widget's document."""
        self.stand = None
        self.page.goto("about:blank")


_free_pages: WeakKeyDictionary[Any, list[SharedPage]] = WeakKeyDictionary()
"""The pages of each browser on which nothing is shown; two stands that are open at once have one each."""


@contextmanager
def lighthouse_editor(browser: Any) -> Iterator[Stand]:
    """Show the editor of the sample "lighthouse", its first hint closed; nothing may be wrong on the page."""
    with stand(browser, lambda: wk.edit(wk.samples.load("lighthouse")), width=1200) as view:
        view.page.get_by_role("button", name="Hide this hint").click()
        yield view
        assert view.wrong == []


@contextmanager
def stand(browser: Any, make: Any, *, width: int = 1000, height: int = 560) -> Iterator[Stand]:
    """Show the widget that ``make`` makes until the block is left.

    Args:
        browser: Where to open the page.
        make: Makes the widget; called with nothing.
        width: Of the widget, in pixels.
        height: Of the page, in pixels.
    """
    comms: list[RecordingComm] = []

    def create(*args: Any, **kwargs: Any) -> RecordingComm:
        comms.append(RecordingComm(*args, **kwargs))
        return comms[-1]

    with mock.patch.object(comm, "create_comm", create):
        widget = make()
    link = next(one for one in comms if one.comm_id == widget.comm.comm_id)
    free = _free_pages.setdefault(browser, [])
    shared = free.pop() if free else SharedPage(browser)
    try:
        yield shared.show(widget, link, width, height)
    finally:
        shared.clear()
        free.append(shared)
        widget.close()
