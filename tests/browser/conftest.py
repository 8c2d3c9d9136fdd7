"""A real JupyterLab on a free port with throw-away settings, and the system's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import httpx
import pytest

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "out" / "screens"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 180) -> T:
    """Return what ``look`` finds, once it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (result := look()) is not None:
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")


def chromium() -> str:
    # the one without windows and menus first: it takes a fifth less of the processor
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := os.environ.get("CHROMIUM") or shutil.which(name):
            return path
    raise AssertionError("no Chromium on PATH; run: make browser")


@dataclass
class Lab:
    """A running JupyterLab: its address with the token, and the folder it serves."""

    url: str
    token: str
    folder: Path


_labs: list[Lab] = []


@pytest.fixture(scope="module", autouse=True)
def _stop_kernels() -> Iterator[None]:
    """Stop the kernels that a file's tests leave; some dozens of them would fill a small machine's memory."""
    yield
    for lab in _labs:
        with (
            httpx.Client(base_url=lab.url, params={"token": lab.token}, timeout=60) as client,
            ThreadPoolExecutor() as pool,
        ):
            kernels = [kernel["id"] for kernel in client.get("api/kernels").json()]
            list(pool.map(lambda id: client.delete(f"api/kernels/{id}"), kernels))  # each takes its second to end


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("lab")
    folder = home / "work"
    folder.mkdir()
    for name in ("config", "data", "settings", "workspaces"):
        (home / name).mkdir()
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    env = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root"]
    command += ["--LabApp.expose_app_in_browser=True", "--IdentityProvider.token=here"]
    command += [f"--ServerApp.root_dir={folder}"]
    with serve_lab("JupyterLab", command, home, folder, env) as lab:
        _labs.append(lab)
        yield lab


@contextmanager
def serve_lab(what: str, command: list[str], home: Path, folder: Path, env: dict[str, str]) -> Iterator[Lab]:
    """Run a Jupyter server until the block is left.

    Its kernels' sockets are files, as those of ``tests.kernels`` are: a kernel whose port is taken never starts.

    Args:
        what: What to call it.
        command: What starts it.
        home: Where its log goes.
        folder: The notebooks' folder.
        env: Its environment.
    """
    # the path of a socket has at most a hundred characters
    with TemporaryDirectory(ignore_cleanup_errors=True) as runtime, (home / "log").open("w") as log:
        command, env = [*command, "--KernelManager.transport=ipc"], {**env, "JUPYTER_RUNTIME_DIR": runtime}
        server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        try:

            def address() -> str | None:
                if server.poll() is not None:
                    raise AssertionError((home / "log").read_text())
                for file in Path(runtime).glob("jpserver-*.json"):
                    if text := file.read_text():
                        url = str(json.loads(text)["url"])
                        # the note is written before the server listens
                        return url if _answers(url) else None
                return None

            yield Lab(wait_for(what, address), "here", folder)
        finally:
            # not asked to end: it would wait for its extensions, for minutes; a kernel ends when its server has ended
            server.kill()
            server.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}api", timeout=60).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium_browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        yield PatientBrowser(chromium_browser)
        chromium_browser.close()


class PatientBrowser:
    """A browser whose pages wait for minutes: on a busy machine 30 s, Playwright's limit, can pass without a defect."""

    TIMEOUT_MS = 180_000

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self.free_lab_pages: dict[str, Any] = {}
        """Pages of JupyterLab that no test uses, by the server's address."""

    def new_context(self, **options: Any) -> Any:
        context = self._browser.new_context(**options)
        context.set_default_timeout(self.TIMEOUT_MS)
        return context

    def new_page(self, **options: Any) -> Any:
        page = self._browser.new_page(**options)
        page.set_default_timeout(self.TIMEOUT_MS)
        return page

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)


@pytest.fixture(scope="session")
def pictures() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
