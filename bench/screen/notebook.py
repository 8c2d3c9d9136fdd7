"""A real JupyterLab with a notebook in it, and how many frames of a world model are displayed there.

The kernel sends frames over its own channel, through the notebook server, to the browser: that whole way is measured.
A frame is displayed when the page is painted after it was drawn: at most one for each ``requestAnimationFrame``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from screen.chromium import open_browser

TOKEN = "here"
DIRECTORIES = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}
CELLS = (
    """
import json, time
import worldkit as wk
from worldkit.painting.registry import painter_of


class Counted:
    # passes everything on to a painter, and counts the frames that are taken to be sent
    def __init__(self, painter):
        self._painter, self.count = painter, 0

    def __getattr__(self, name):
        return getattr(self._painter, name)

    async def open(self, prompt, image="", *, world=""):
        return await self._painter.open(prompt, image, world=world)

    async def say(self, *words):
        await self._painter.say(*words)

    async def hold(self, controls):
        await self._painter.hold(controls)

    async def frames(self):
        async for frame in self._painter.frames():
            self.count += 1
            yield frame

    async def close(self):
        await self._painter.close()


painter = Counted(painter_of("{url}"))
wk.play(wk.samples.load("lighthouse"), painter=painter)
""",
    "print(json.dumps([painter.count, time.time()]))",
    "print(json.dumps([painter.count, time.time()]))",
)
COUNT_FRAMES_SCRIPT = """() => {
    const canvas = [...document.querySelectorAll(".worldkit")]
        .map((host) => host.shadowRoot?.querySelector(".wk-live canvas")).find(Boolean);
    const context = canvas.getContext("2d");
    const draw = context.drawImage;
    const counts = { drawn: 0, displayed: 0, ticks: 0, began: performance.now() };
    let isDrawn = false;
    context.drawImage = (...values) => { draw.apply(context, values); counts.drawn += 1; isDrawn = true; };
    const tick = () => {
        counts.ticks += 1;
        if (isDrawn) counts.displayed += 1;
        isDrawn = false;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    window.frameCounts = counts;
}"""
RATES = """() => {
    const { drawn, displayed, ticks, began } = window.frameCounts;
    const seconds = (performance.now() - began) / 1000;
    return { drawn: drawn / seconds, displayed: displayed / seconds, ticks: ticks / seconds };
}"""


def displayed_rates(url: str, seconds: float) -> dict[str, float]:
    """Return frames a second of a painter: sent by the kernel, drawn and displayed by the browser, and its ticks.

    Args:
        url: The painter's address.
        seconds: For how long to count.
    """
    with tempfile.TemporaryDirectory() as folder, _jupyterlab(Path(folder), url) as address, open_browser() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(120_000)
        page.goto(f"{address}lab/tree/frames.ipynb?token={TOKEN}&reset")
        page.locator(".jp-Notebook .jp-CodeCell").nth(2).wait_for()
        _run_cell(page)
        page.locator(".wk-live canvas").wait_for(state="visible")
        page.wait_for_function(
            "() => [...document.querySelectorAll('.worldkit')].some((host) => "
            "/\\d+ pictures/.test(host.shadowRoot?.querySelector('.wk-live-bar')?.innerText ?? ''))"
        )
        first = _count_frames(page, 1)
        page.evaluate(COUNT_FRAMES_SCRIPT)
        time.sleep(seconds)
        rates = page.evaluate(RATES)
        last = _count_frames(page, 2)
        page.close()
    sent_rate = (last[0] - first[0]) / (last[1] - first[1])
    return {name: round(rate, 1) for name, rate in {"sent": sent_rate, **rates}.items()}


def _run_cell(page: Any) -> None:
    page.evaluate("""async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.ready;
        await window.jupyterapp.commands.execute("notebook:run-cell-and-select-next");
    }""")


def _count_frames(page: Any, cell: int) -> tuple[int, float]:
    """Run the next cell, and return the frames that the kernel has sent, with the time."""
    _run_cell(page)
    output = page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea-output pre")
    output.wait_for()
    count, now = json.loads(output.inner_text())
    return count, now


@contextmanager
def _jupyterlab(home: Path, url: str) -> Iterator[str]:
    """Run a JupyterLab with the notebook in it; yields its address."""
    work = home / "work"
    for name in ("work", *DIRECTORIES.values()):
        (home / name).mkdir()
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": cell.replace("{url}", url),
        }
        for cell in CELLS
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    (work / "frames.ipynb").write_text(json.dumps(notebook))
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root"]
    command += ["--LabApp.expose_app_in_browser=True", f"--IdentityProvider.token={TOKEN}"]
    environment = {**os.environ, **{name: str(home / folder) for name, folder in DIRECTORIES.items()}}
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(
            [*command, f"--ServerApp.root_dir={work}"], env=environment, stdout=log, stderr=log, cwd=work
        ) as server,
    ):
        try:
            yield _address(home, server)
        finally:
            server.terminate()


def _address(home: Path, server: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            if text := file.read_text():
                url = str(json.loads(text)["url"])
                if _answers(url):  # the note is written before the server listens
                    return url
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab does not start: {(home / 'log').read_text()[-2000:]}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}api", timeout=60).is_success
    except httpx.TransportError:
        return False
