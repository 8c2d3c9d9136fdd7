"""pytest plugin: a folder of worlds and saved runs as tests.

It does nothing until ``--worldkit`` is given or ``worldkit = true`` stands in the ini file. Then every
``*.world.json`` is a file of tests: one for its rules, one for each kind of finding of exhaustive play, and one for
each property of the file beside it. Every ``*.run.json`` is a test that replays it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from worldkit.core.diagnostics import Diagnostics
    from worldkit.exploration import Exploration, Finding
    from worldkit.playing import Trace
    from worldkit.properties import Properties, PropertyError, PropertyResult
    from worldkit.world import World

LINT = "lint"
KINDS = (
    "no-ending-reachable",
    "soft-lock",
    "dead-end",
    "unreachable-ending",
    "dead-event",
    "unreachable-state",
    "key-missing",
    "flag-never-required",
    "undecided",
)
DEFAULT_FAIL_ON = ("lint", "no-ending-reachable", "soft-lock", "dead-end", "unreachable-ending", "dead-event")
MAX_STEPS = 20
"""So many steps of a route are listed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("worldkit", "SMWorld documents")
    group.addoption("--worldkit", action="store_true", default=False, help="collect *.world.json and *.run.json")
    parser.addini("worldkit", "collect *.world.json and *.run.json", "bool", False)
    parser.addini(
        "worldkit_fail_on",
        f"what fails: some of lint, lint-warnings, {', '.join(KINDS)} (default: {' '.join(DEFAULT_FAIL_ON)})",
        "args",
        list(DEFAULT_FAIL_ON),
    )
    parser.addini("worldkit_profile", "whose rules apply: hosted or studio", default="hosted")
    parser.addini("worldkit_explore", "play every world through", "bool", True)
    parser.addini("worldkit_seconds", "most seconds to play one world through", default="30")
    parser.addini("worldkit_nodes", "most nodes of a decision diagram", default="500000")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse settings that would silently check nothing."""
    if not _is_enabled(config):
        return
    from worldkit.core.profile import PROFILES

    unknown = [name for name in config.getini("worldkit_fail_on") if name not in (LINT, "lint-warnings", *KINDS)]
    if unknown:
        expected = ", ".join((LINT, "lint-warnings", *KINDS))
        raise pytest.UsageError(f"worldkit_fail_on: {unknown[0]!r} is not known; expected some of {expected}")
    if (profile := config.getini("worldkit_profile")) not in PROFILES:
        raise pytest.UsageError(f"worldkit_profile: expected {' or '.join(PROFILES)}, got {profile!r}")
    for name in ("worldkit_seconds", "worldkit_nodes"):
        try:
            is_valid = float(config.getini(name)) > 0
        except ValueError:
            is_valid = False
        if not is_valid:
            raise pytest.UsageError(f"{name}: expected a number above 0, got {config.getini(name)!r}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect worlds and saved runs."""
    if not _is_enabled(parent.config):
        return None
    if file_path.name.endswith(".world.json"):
        return WorldFile.from_parent(parent, path=file_path)
    if file_path.name.endswith(".run.json"):
        return RunFile.from_parent(parent, path=file_path)
    return None


def _is_enabled(config: pytest.Config) -> bool:
    return bool(config.getoption("--worldkit") or config.getini("worldkit"))


class CheckFailed(Exception):
    """A world or a run is not as it should be; the text is all there is to show."""


class _Item(pytest.Item):
    """A test whose failure is a text, without the Python that found it."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what to show of a failure."""
        from worldkit.core.errors import WorldError

        error = excinfo.value
        return str(error) if isinstance(error, (CheckFailed, WorldError)) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the test is, and what to call it."""
        return self.path, None, f"{self.path.name}: {self.name}"


# ---- worlds ------------------------------------------------------------------------------------


class WorldFile(pytest.File):
    """A file with a world, or an export with several."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the tests of every world in the file."""
        from worldkit.core.errors import WorldError
        from worldkit.world import load_all

        try:
            worlds = load_all(self.path)
        except WorldError as error:
            yield Unreadable.from_parent(self, name="load", error=error)
            return
        fail_on = self.config.getini("worldkit_fail_on")
        for number, world in enumerate(worlds, 1):
            prefix = f"{number}-" if len(worlds) > 1 else ""
            subject = Subject(world, self.config)
            if LINT in fail_on or "lint-warnings" in fail_on:
                yield Linted.from_parent(self, name=f"{prefix}{LINT}", subject=subject)
            if self.config.getini("worldkit_explore") and world.states:
                for kind in KINDS:
                    if kind in fail_on:
                        yield Played.from_parent(self, name=f"{prefix}{kind}", subject=subject, kind=kind)
                try:
                    names = list(subject.properties)
                except WorldError as error:
                    yield Unreadable.from_parent(self, name=f"{prefix}properties", error=error)
                    continue
                for name in names:
                    yield Demanded.from_parent(self, name=f"{prefix}property: {name}", subject=subject, demand=name)


class Subject:
    """One world under test, played through once for all its tests.

    Args:
        config: The settings.
    """

    def __init__(self, world: World, config: pytest.Config) -> None:
        self.world = world
        self._config = config

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """What the rules find, as far as it counts."""
        diagnostics = self.world.lint(self._config.getini("worldkit_profile"))
        return diagnostics if "lint-warnings" in self._config.getini("worldkit_fail_on") else diagnostics.errors

    @cached_property
    def properties(self) -> Properties:
        """The properties beside the world's file."""
        return self.world.properties

    def check(self, name: str) -> PropertyResult:
        """Return the result of one property; all are checked together when the first one is needed.

        Raises:
            CheckFailed: It cannot be checked, such as one that names what the world does not have.
        """
        outcome = self._outcomes[name]
        if isinstance(outcome, Exception):
            raise CheckFailed(f"{name}: {outcome}")
        return outcome

    @cached_property
    def _outcomes(self) -> dict[str, PropertyResult | PropertyError]:
        from worldkit.exploration import Budget
        from worldkit.properties.rechecking import PropertyChecker

        seconds = float(self._config.getini("worldkit_seconds"))
        return PropertyChecker().check(self.world, self.properties, budget=Budget(seconds=seconds))

    @cached_property
    def exploration(self) -> Exploration:
        """What exhaustive play finds."""
        from worldkit.exploration import Budget, Exploration, explore

        seconds, nodes = (float(self._config.getini(f"worldkit_{name}")) for name in ("seconds", "nodes"))
        budget = Budget(None if math.isinf(nodes) else int(nodes), seconds)
        exploration = explore(self.world, budget=budget)
        # tests live as long as the session: those of a thousand worlds are not to hold every position of each
        return Exploration(self.world, *exploration.detached())


class Unreadable(_Item):
    """A file that holds no world: the test fails with what is wrong with it."""

    def __init__(self, *, error: Exception, **rest: Any) -> None:
        super().__init__(**rest)
        self.error = error

    def runtest(self) -> None:
        """Fail."""
        raise CheckFailed(str(self.error))


class Linted(_Item):
    """The rules find nothing that counts."""

    def __init__(self, *, subject: Subject, **rest: Any) -> None:
        super().__init__(**rest)
        self.subject = subject

    def runtest(self) -> None:
        """Lint the world."""
        from worldkit.core.json_values import escape_unprintable

        exploration = self.subject.diagnostics
        if exploration:
            raise CheckFailed("\n".join(escape_unprintable(str(diagnostic)) for diagnostic in exploration))


class Played(_Item):
    """Exhaustive play has no finding of one kind."""

    def __init__(self, *, subject: Subject, kind: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.subject = subject
        self.kind = kind

    def runtest(self) -> None:
        """Play the world through; skip what was not decided, for that is no pass."""
        from worldkit.exploration.summary import is_decided, undecided_sentences

        exploration = self.subject.exploration
        findings = [finding for finding in exploration.findings if finding.kind == self.kind]
        if findings:
            raise CheckFailed("\n\n".join("\n".join(finding_lines(finding)) for finding in findings))
        if not is_decided(exploration, self.kind):
            pytest.skip(f"not decided: {' '.join(undecided_sentences(exploration))}")


class Demanded(_Item):
    """A property holds for every run of the world."""

    def __init__(self, *, subject: Subject, demand: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.subject = subject
        self.demand = demand

    def runtest(self) -> None:
        """Check the property; skip when it was not decided, for that is no pass."""
        result = self.subject.check(self.demand)
        if result.defect:
            raise CheckFailed(result.text)
        if result.holds is None:
            pytest.skip(result.text)
        if not result.holds:
            lines = [f"{result.statement.text} does not hold", *run_lines(result.counterexample)]
            raise CheckFailed("\n".join([*lines, *([f"  {result.reason}"] if result.reason else [])]))
        if result.vacuous:
            self.add_report_section("call", "worldkit", result.vacuous)


def run_lines(run: Trace | None) -> list[str]:
    """Return a run in lines, one for each of its first steps."""
    from worldkit.core.json_values import escape_unprintable

    if run is None:
        return []
    lines = [f"  {'a shortest run that breaks it:' if len(run) else f'at the beginning, in {run.start.state}'}"]
    lines += [f"    {number:3} {step.event} → {step.state}" for number, step in enumerate(run[:MAX_STEPS], 1)]
    if len(run) > MAX_STEPS:
        lines.append(f"        and {len(run) - MAX_STEPS} more")
    return list(map(escape_unprintable, lines))


def finding_lines(finding: Finding) -> Iterable[str]:
    """Return a finding in lines: what is wrong, the way there, what to do."""
    from worldkit.core.json_values import escape_unprintable

    lines = [finding.message]
    route = finding.route
    if route is not None and len(route):
        lines.append("  a shortest way there:")
        lines += [f"    {number:3} {step.event} → {step.state}" for number, step in enumerate(route[:MAX_STEPS], 1)]
        if len(route) > MAX_STEPS:
            lines.append(f"        and {len(route) - MAX_STEPS} more")
    lines.append(f"  to mend it: {finding.fix}")
    return map(escape_unprintable, lines)


# ---- runs --------------------------------------------------------------------------------------


class RunFile(pytest.File):
    """A file with a saved run."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the test that replays it."""
        yield Replayed.from_parent(self, name="replay")


class Replayed(_Item):
    """A saved run still holds in its world, and ends as it expects."""

    def runtest(self) -> None:
        """Replay the run."""
        from worldkit.suites import check_runs

        (result,) = check_runs(None, self.path)
        if not result.passed:
            raise CheckFailed(f"{result.outcome}: {result.text}")
