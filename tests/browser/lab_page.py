"""Pages of JupyterLab that one test leaves to the next: loading one takes longer than most tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Lab, PatientBrowser

# Nothing is returned: Python would be sent the notebook's panel and all that can be reached from it, two seconds' work.
OPEN_NOTEBOOK_SCRIPT = """async path => {
    await window.jupyterapp.commands.execute("docmanager:open", { path, factory: "Notebook" });
}"""

WIDGETS_RESTORED_SCRIPT = """async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.sessionContext.ready;
    const renderer = panel.content.rendermime.createRenderer("application/vnd.jupyter.widget-view+json");
    const manager = await Promise.race([renderer._manager.promise, new Promise(resolve => setTimeout(resolve))]);
    return manager?.restoredStatus === true;
}"""
"""Whether JupyterLab has looked which widgets the kernel holds.

It opens a second channel to those that a cell makes meanwhile, and what comes for the first one is then dropped. It
asks for 4 s, and then in a slower way, so on a busy machine a cell can be run in between.
"""

CLOSE_DOCUMENTS_SCRIPT = """() => {
    const documents = [...(window.jupyterapp?.shell.widgets("main") ?? [])];
    for (const panel of documents) panel.dispose();
    localStorage.clear();
    sessionStorage.clear();
    return documents.length > 0 && document.querySelector(".jp-Dialog") === null;
}"""
"""Close all documents; true where JupyterLab is as after it was loaded."""


class LabPage:
    """A page of JupyterLab; to close it is to leave it to the next test, without its documents and listeners."""

    def __init__(self, browser: PatientBrowser, page: Any, lab: Lab) -> None:
        self._browser, self._page, self._lab = browser, page, lab
        self._listeners: list[tuple[str, Callable[..., Any]]] = []

    def on(self, event: str, listener: Callable[..., Any]) -> None:
        """Call ``listener`` at each event, until the page is closed."""
        self._page.on(event, listener)
        self._listeners.append((event, listener))

    def close(self) -> None:
        """Leave the page to the next test."""
        for event, listener in self._listeners:
            self._page.remove_listener(event, listener)
        self._page.unroute_all()
        self._page.context.clear_permissions()
        self._page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if self._page.evaluate(CLOSE_DOCUMENTS_SCRIPT):
            self._browser.free_lab_pages[self._lab.url] = self._page
        else:
            self._page.context.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)


def open_lab(browser: PatientBrowser, lab: Lab, name: str, width: int) -> LabPage:
    """Open a notebook in a page of JupyterLab.

    Args:
        browser: Where.
        lab: The server.
        name: The notebook's path below the folder that is served.
        width: Of the page, in pixels.
    """
    viewport = {"width": width, "height": 1000}
    page = browser.free_lab_pages.pop(lab.url, None)
    if page is None:
        page = browser.new_page(viewport=viewport, reduced_motion="reduce")
        page.goto(f"{lab.url}lab/tree/{name}?token={lab.token}&reset")
    else:
        page.set_viewport_size(viewport)
        page.evaluate(OPEN_NOTEBOOK_SCRIPT, name)
    return LabPage(browser, page, lab)
