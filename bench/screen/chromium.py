"""A headless Chromium without a GPU, and a page in it with what its processes say of themselves."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peers.limits import Absent
from screen.figures import Json

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1200, 800
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAGE = """<!doctype html><meta charset="utf-8"><title>{script}</title>{head}
<body style="margin:0"><div id="w" style="height:100vh"></div>
<script src="probe.js"></script><script type="module" src="{script}"></script>"""


def chromium() -> str:
    """Return where the system's Chromium is.

    Raises:
        Absent: There is none.
    """
    for name in ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"):
        if path := os.environ.get("CHROMIUM") or shutil.which(name):
            return path
    raise Absent("no Chromium on PATH; run: make browser")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Run a Chromium while the body runs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def page(script: str, styles: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files of a page that runs a script, with the probe that measures it."""
    head = "".join(f'<link rel="stylesheet" href="{name}">' for name in styles)
    return {
        "index.html": PAGE.format(head=head, script=script).encode(),
        "probe.js": (HERE / "probe.js").read_bytes(),
    }


class Screen:
    """A page under measurement; what takes longer than ``limit`` seconds raises Playwright's ``TimeoutError``."""

    def __init__(self, browser: Browser, limit: float) -> None:
        self.page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        self.page.set_default_timeout(limit * 1e3)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.limit = limit
        self._own = self.page.context.new_cdp_session(self.page)
        self._own.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._browser_session = browser.new_browser_cdp_session()

    def ask(self, code: str) -> Any:
        """Return what an expression in the page comes to, once it does."""
        # an object is true, so this is looked at once; unlike evaluate() it ends when the page hangs
        return self.page.wait_for_function(f"async () => ({{ said: await ({code}) }})").evaluate("({ said }) => said")

    def processor(self) -> Json:
        """Return the processor time so far in ms: of the page's main thread, and of all of Chromium's processes."""
        processes = self._browser_session.send("SystemInfo.getProcessInfo")["processInfo"]
        return {
            "main thread": self._metrics()["TaskDuration"] * 1e3,
            "all processes": sum(one["cpuTime"] for one in processes) * 1e3,
        }

    def memory(self) -> Json:
        """Return the script's heap in MB and the nodes of the document, after a garbage collection."""
        self._own.send("HeapProfiler.collectGarbage")
        metrics = self._metrics()
        return {"heap_mb": round(metrics["JSHeapUsedSize"] / 1e6, 1), "nodes": int(metrics["Nodes"])}

    def moves(self, begin: Json, steps: Sequence[tuple[float, float]]) -> Json:
        """Press at a point, move the pointer by steps, and let go.

        Returns:
            Of each frame in which the pointer moved: ``long``, the ms until the next, and ``busy``, those until it
            was painted; and the processor time a frame.
        """
        mouse, (x, y) = self.page.mouse, (begin["x"] + 8, begin["y"])
        mouse.move(begin["x"], y)
        mouse.down()
        mouse.move(x, y)  # beyond what still counts as a click
        self.ask("probe.painted()")
        before, began = self.processor(), time.monotonic()
        self.ask("probe.record()")
        for dx, dy in steps:
            mouse.move(x + dx, y + dy)
            if time.monotonic() - began > self.limit:
                break
        self.ask("probe.painted()")
        recording: Json = self.ask("probe.recorded()")
        after = self.processor()
        mouse.up()
        count = max(1, len(recording["busy"]))
        return recording | {name: (after[name] - before[name]) / count for name in after}

    def key(self, key: str, test: str) -> Json:
        """Press a key; return the ms until a frame is painted in which a test holds, and the processor time."""
        before = self.processor()
        self.ask(f"probe.arm(() => {test})")
        self.page.keyboard.press(key)
        took: float = self.ask("probe.took()")
        after = self.processor()
        return {"until painted": took} | {name: after[name] - before[name] for name in after}

    def _metrics(self) -> dict[str, float]:
        return {one["name"]: one["value"] for one in self._own.send("Performance.getMetrics")["metrics"]}
