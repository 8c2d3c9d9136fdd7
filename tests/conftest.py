"""What holds for every test process."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import ssl
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from xdist.scheduler import LoadFileScheduling

from tests.marked_files import KINDS, LONG_KINDS, may_hold_a_chosen_test, named_kinds

# OpenMP reads these when torch is first imported, here by whichever test is collected first. Threads that spin at
# barriers, as they do by default, make a test of a model twenty times slower beside another busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

# A request that a test makes may take as long as a busy machine needs; httpx gives one without a timeout 5 seconds.
for part in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, part, 60.0)


@functools.cache
def _tls_settings(verify: bool, trust_env: bool, *_: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context(verify, trust_env=trust_env)


def _shared_tls_settings(
    verify: bool | ssl.SSLContext = True, cert: Any = None, trust_env: bool = True
) -> ssl.SSLContext:
    """Return the TLS settings of a client: to read the certificates takes longer than most requests of a test."""
    if cert is not None or not isinstance(verify, bool):
        return httpx.create_ssl_context(verify, cert, trust_env)
    return _tls_settings(verify, trust_env, *map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))


httpx._transports.default.create_ssl_context = _shared_tls_settings

# jsonschema, which nbformat imports, would build 38 grammars of addresses in other scripts than Latin: a second and a
# half in every worker. No schema here has a field of that format.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# Editors of worlds at a server keep maps in the user's folder: not in that of whoever runs the tests.
DATA_FOLDER = tempfile.TemporaryDirectory(prefix="worldkit-tests-")
os.environ["WORLDKIT_DATA"] = DATA_FOLDER.name

# Property tests give the same answer each time, unless a random search is asked for (`make fuzz`). How long an example
# takes says how busy the machine is, so time fails none.
HYPOTHESIS_SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", HYPOTHESIS_SETTINGS, derandomize=True)
settings.register_profile("random", HYPOTHESIS_SETTINGS, derandomize=False, print_blob=True)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "repeatable")
settings.load_profile(PROFILE)

# Examples that are the same each time find what breaks a law, but nothing new: a fifth of those a search takes will do.
EXAMPLE_DIVISOR = {"repeatable": 5, "random": 1}[PROFILE]
MIN_EXAMPLES = 10

ROOT = Path(__file__).parent.parent

FIRST_FILE, LAST_FILE = "tests/browser/test_harness.py", "tests/browser/test_pictures.py"
"""Of the files for a browser: the one with the longest tests, and the one whose many short ones fill the workers up."""
INDEPENDENT_FILES = (FIRST_FILE, LAST_FILE)
"""Long files whose tests share nothing but a browser: workers take one test of them at a time."""
WORKER_PARTNERS = {
    "tests/generate/test_fits.py": "tests/generate/test_worlds.py",
    "tests/generate/test_revise_model.py": "tests/generate/test_model.py",
}
"""Files that read what another keeps, worlds or a model that take seconds to make: one worker runs both."""


class FailureLines:
    """Name each failure as it happens: a run of many minutes shows what is wrong while it goes on."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    @pytest.hookimpl(trylast=True)  # after the letter that stands for it
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._terminal.write_line(f"\nFAILED {report.nodeid} ({report.when})", red=True)
            crash = getattr(report.longrepr, "reprcrash", None)  # not where a notebook's cell failed
            if crash is not None:
                first_line, _, _ = crash.message.partition("\n")
                self._terminal.write_line(f"  {crash.path}:{crash.lineno}: {first_line}")


@pytest.hookimpl(trylast=True)  # when there is a terminal
def pytest_configure(config: pytest.Config) -> None:
    """Print failures at once, in the process that has a terminal; have each worker begin with other files."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        config.pluginmanager.register(FailureLines(terminal))
    if (worker := getattr(config, "workerinput", None)) is not None:
        _begin_elsewhere(config, int(worker["workerid"].removeprefix("gw")), worker["workercount"])


def _begin_elsewhere(config: pytest.Config, worker: int, count: int) -> None:
    """Rotate the folders that a worker collects: what one has compiled and kept in a file, the others only read.

    All run the tests in one order, which ``_put_long_files_first`` makes.
    """
    folder = ROOT / "tests"
    if folder not in [config.invocation_params.dir / name for name in config.args]:
        return
    parts = sorted(path for path in folder.iterdir() if path.is_dir() or path.match("test_*.py"))
    first = len(parts) * worker // count
    others = [name for name in config.args if config.invocation_params.dir / name != folder]
    config.args[:] = [*map(str, parts[first:] + parts[:first]), *others]


class FilesAndIndependentTests(LoadFileScheduling):
    """Give each worker whole files, but single tests of the long files whose tests are independent."""

    def _split_scope(self, nodeid: str) -> str:  # what xdist's documentation says to override
        file = super()._split_scope(nodeid)
        return nodeid if file in INDEPENDENT_FILES else WORKER_PARTNERS.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesAndIndependentTests | None:
    """Schedule `--dist loadfile`."""
    return FilesAndIndependentTests(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import a file none of whose tests is chosen by the marker expression."""
    expression = config.option.markexpr
    if not expression or collection_path.suffix != ".py":
        return None
    return None if may_hold_a_chosen_test(collection_path.read_text(encoding="utf-8"), expression) else True


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark cells of notebooks, take the profile's share of examples, and put long files before short ones."""
    _refuse_unnamed_kinds(items)
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("notebook")
    _reduce_examples(items)
    yield  # others choose what is run
    _put_long_files_first(items)


def _refuse_unnamed_kinds(items: list[pytest.Item]) -> None:
    """Refuse a test whose file does not name its kind: the run that it belongs to would pass over the file."""
    kinds: dict[Path, set[str]] = {}
    for item in items:
        kinds.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers() if mark.name in KINDS)
    for path, of_tests in kinds.items():
        if unnamed := of_tests and of_tests - named_kinds(path.read_text(encoding="utf-8")):
            raise pytest.UsageError(f"{path}: write pytest.mark.{' and '.join(unnamed)} where the tests are")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Hold the cycle collector back while tests are collected, and have it pass over them: they live to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Have the cycle collector pass over what a file of tests leaves behind: caches, which only grow."""
    if nextitem is None or nextitem.path != item.path:
        gc.freeze()


def _put_long_files_first(items: list[pytest.Item]) -> None:
    """Sort files by kind, then by how many tests they have: a long one that began last would be waited for alone."""
    kinds = {item.path: len(LONG_KINDS) for item in items}
    for item in items:
        ranks = [LONG_KINDS.index(mark.name) for mark in item.iter_markers() if mark.name in LONG_KINDS]
        kinds[item.path] = min([kinds[item.path], *ranks])
    counts = Counter(item.path for item in items)
    places = {ROOT / FIRST_FILE: -1, ROOT / LAST_FILE: 1}
    items.sort(key=lambda item: (kinds[item.path], places.get(item.path, 0), -counts[item.path], item.path))


def _reduce_examples(items: list[pytest.Item]) -> None:
    """Give each property test the share of its examples that the profile takes."""
    of_machines = {machine for item in items if hasattr(machine := getattr(item, "cls", None), "settings")}
    of_functions = {
        getattr(test, "__func__", test) for item in items if is_hypothesis_test(test := getattr(item, "obj", None))
    }
    for name, holders in (("settings", of_machines), ("_hypothesis_internal_use_settings", of_functions)):
        for holder in holders:
            full = getattr(holder, name, settings.default)
            setattr(
                holder,
                name,
                settings(
                    full, max_examples=min(full.max_examples, max(MIN_EXAMPLES, full.max_examples // EXAMPLE_DIVISOR))
                ),
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let tests without a browser run event loops where a browser that is open for others keeps one in this thread."""
    loop = asyncio._get_running_loop()
    if loop is None or "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)
