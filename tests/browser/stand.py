"""A widget that runs in this process, shown by its built bundle on an empty page, as anywidget shows it in a notebook.

Every message of one side reaches the other, so what is seen is what the real kernel side says; only the notebook is
not there. It opens in a tenth of the time.
"""

from __future__ import annotations

import base64
import hashlib
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
</style></head><body></body></html>"""

# What has been loaded stays: the same widget begins in a third of the time where it ran before, and so does axe.
PREPARE_PAGE_SCRIPT = """() => {
    window.loaded = new Map();
    window.dispose = () => {};
    const first = new Set(Reflect.ownKeys(window)), { toKernel } = window;
    window.clear = () => {
        window.dispose();
        document.body.replaceWith(document.createElement("body"));
        for (const name of Reflect.ownKeys(window)) if (!first.has(name) && !KEPT.has(name)) delete window[name];
        window.dispose = () => {};
        return window.toKernel === toKernel && Reflect.ownKeys(navigator).length === 0;
    };
    const KEPT = new Set(["clear", "axe"]);
}"""
"""Have the page keep modules; its function ``clear`` says whether the page is as it was when it was opened."""

# All that goes to the page and comes from it is JSON: Playwright goes through any other value member by member.
SHOW_WIDGET_SCRIPT = """(text) => {
    const { number, hash, esm, state } = JSON.parse(text);
    document.body.innerHTML = '<main><h1>A notebook</h1><div id="w"></div></main>';
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
        if (!window.mute) hear(await window.toKernel(JSON.stringify({ number, method, content })));
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
    if (esm) window.loaded.set(hash, import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" }))));
    // not awaited: Chromium sometimes collects the promise of a call that waits for an import
    window.loaded.get(hash).then(({ default: widget }) => {
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
        code_hash: Under which the page keeps the widget's module.
    """

    def __init__(self, page: Any, widget: AnyWidget, link: RecordingComm) -> None:
        self.page, self.widget, self._comm = page, widget, link
        self.wrong: list[str] = []
        self.code_hash = ""

    def show(self, number: int, loaded: set[str]) -> None:
        """Show the widget on the page.

        Args:
            number: A number that no other stand on the page has.
            loaded: The hashes of the modules that the page has; that of the widget is added.
        """
        self._comm.published.clear()
        state = {key: value for key, value in self.widget.get_state().items() if not key.startswith("_view_")}
        esm = state.pop("_esm")
        self.code_hash = code_hash = hashlib.sha256(esm.encode()).hexdigest()
        shown = {"number": number, "hash": code_hash, "esm": "" if code_hash in loaded else esm, "state": state}
        self.page.evaluate(SHOW_WIDGET_SCRIPT, json.dumps(shown))
        loaded.add(code_hash)
        self.page.locator(".worldkit").wait_for()
        self.tell()

    def receive(self, parts: Json) -> str:
        """Give the widget a message of the page, and return what it answers."""
        if parts["method"] == "custom":
            self._comm.receive(parts["content"])
        else:
            self._comm.set_trait(**parts["content"])
        return self._take_messages()

    def _take_messages(self) -> str:
        messages = self._comm.published[:]  # threads go on adding to the list
        del self._comm.published[: len(messages)]
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
                // while no message reaches the kernel, what is due never comes
                const isHeld = () => window.mute || window.model?.widget_manager?.kernel.status === "busy";
                for (let still = 0, at = 0; still < 1 && at < (isHeld() ? 120 : 10_000); at += 1) {
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
        """Let no message reach the kernel until the block is left, as while it runs a cell: the application says so."""
        self.page.evaluate("""() => {
            window.kernelIsFree = new Promise(free => { window.freeKernel = free; });
            window.model.widget_manager = { kernel: { status: "busy" } };
        }""")
        try:
            yield
        finally:
            self.page.evaluate("() => { window.model.widget_manager.kernel.status = 'idle'; window.freeKernel(); }")

    def faults(self) -> list[str]:
        """Return what is cut off, runs over its place or lies over something else."""
        faults: list[str] = self.page.evaluate(FAULTS)
        return faults

    def axe(self, *rules: str) -> list[str]:
        """Return what axe finds wrong, one line each; only some rules when they are named."""
        if not self.page.evaluate("() => 'axe' in window"):
            # nothing is returned: all that axe consists of would be sent to Python
            self.page.evaluate("code => { (0, eval)(code) }", AXE.read_text())
        script = """async rules => {
            const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
            const found = await axe.run(document, { resultTypes: ["violations"], ...only });
            return found.violations.flatMap(({ id, nodes }) =>
                nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
        }"""
        violations: list[str] = self.page.evaluate(script, list(rules))
        return violations


class SharedPage:
    """A page on which one stand after the other is shown, as several widgets are on the page of a notebook.

    A new page takes a second of processor time, and a widget half a second on a page where it did not run before.
    Between two stands the page is empty, and nothing of the first stand is told to the second.
    """

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_context().new_page()
        self.stand: Stand | None = None
        self._loaded: set[str] = set()
        self._count = 0
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda r: None if r.url.startswith(("blob:", "data:", "about:")) else self._note(r.url))
        self.page.expose_function("toKernel", self._receive)
        self.reload()

    def _receive(self, message: str) -> str:
        parts: Json = json.loads(message)
        # a widget that is no longer shown may still have something to say
        return self.stand.receive(parts) if self.stand and parts["number"] == self._count else "[]"

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
        self._count += 1
        self.stand = Stand(self.page, widget, link)
        self.stand.show(self._count, self._loaded)
        return self.stand

    def clear(self) -> None:
        """Close the widget; where the page is then not as it was, load another."""
        self.stand = None
        if not self.page.evaluate("() => window.clear()"):
            self.reload()

    def reload(self) -> None:
        """Load an empty page that knows no module."""
        self.stand = None
        self._loaded.clear()
        self.page.goto("about:blank")
        self.page.set_content(PAGE)
        self.page.evaluate(PREPARE_PAGE_SCRIPT)


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
        shared.clear()
    except BaseException:
        shared.reload()  # nobody knows what a failed test left
        raise
    finally:
        free.append(shared)
        widget.close()
