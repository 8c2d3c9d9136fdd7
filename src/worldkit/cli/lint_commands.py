"""``lint``, ``explore``, ``playtest``, ``verify``, ``quality``: what is wrong with a world, and how it plays."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.in_place import replace_world, revision_of
from worldkit.cli.options import WORLD, fail_on_option, json_option, limit_options, report_options, whole_number
from worldkit.cli.terminal import (
    STDIN,
    explore_world,
    is_interactive,
    one_line,
    print_error,
    print_json,
    print_lines,
    print_text,
    read_value,
    read_world,
    read_worlds,
    require_writable_reports,
    world_files,
    write,
)
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_lines import is_json_lines
from worldkit.core.json_values import Json
from worldkit.core.profile import profile_named
from worldkit.core.quoting import format_count
from worldkit.core.spoken_names import world_title
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.reporting.junit_xml import JunitSuite
    from worldkit.ruleset.gate import Verdict

LEVELS = {"error": 0, "warning": 1, "info": 2, "never": -1}


def fails(severities: Iterable[str], fail_on: str) -> bool:
    """Say whether one of some severities is as bad as what should fail."""
    return any(LEVELS[severity] <= LEVELS[fail_on] for severity in severities)


def _worlds_of(name: str) -> Iterator[tuple[World | WorldError, str | None, int | None]]:
    """Yield the worlds of a file; in a file of lines with the premise and the line, but for premises that failed.

    A line that cannot be read is the error that says why.
    """
    if name == STDIN or not is_json_lines(name):
        yield from ((world, None, None) for world in read_worlds(name))
        return
    from worldkit.world_files import Scan

    for row in Scan((Path(name),)):
        premise = row.record.get("premise")
        if row.world is not None:
            yield row.world, premise if isinstance(premise, str) else None, row.line
        elif row.error is not None and not row.record.get("error"):
            yield row.error, None, row.line


@dataclass(frozen=True)
class _ReadWorld:
    """A world that was read, with the premise that stands beside it in a file of lines."""

    path: str
    line: int | None
    world: World
    premise: str | None

    @property
    def place(self) -> str:
        """The file, with the line of a file of lines."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


def _read_each(names: Iterable[str], unreadable: list[str]) -> Iterator[_ReadWorld]:
    """Yield the worlds of some files, one at a time.

    Args:
        names: The files and folders.
        unreadable: Gets what is wrong with a file or a line, which is printed too and hides no other world.
    """
    for path in world_files(names):
        try:
            for world, premise, line in _worlds_of(path):
                if isinstance(world, WorldError):
                    unreadable.append(one_line(world))
                    print_error(unreadable[-1])
                else:
                    yield _ReadWorld(path, line, world, premise)
        except (WorldError, OSError) as error:
            unreadable.append(one_line(error))
            print_error(unreadable[-1])


# ---- lint --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _LintResult:
    """One world of a file, and what was found in it."""

    path: str
    line: int | None
    world: World
    diagnostics: Diagnostics
    fixed_count: int = 0

    @property
    def place(self) -> str:
        """The file, with the line of a file of lines."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


def lint_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit lint``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=f"{WORLD}; a folder for all *.world.json in it")
    parser.add_argument(
        "--profile",
        choices=("hosted", "studio"),
        default="hosted",
        help="the rules of the hosted platform, or the Studio's stricter ones (hosted)",
    )
    parser.add_argument("--deep", action="store_true", help="also explore every possible run")
    parser.add_argument("--fix", action="store_true", help="first apply the safe fixes to the files")
    fail_on_option(parser)
    limit_options(parser)
    report_options(parser)


def lint(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit lint``."""
    require_writable_reports(arguments)
    results: list[_LintResult] = []
    unreadable: dict[str, str] = {}
    for path in world_files(arguments.worlds):
        errors: list[WorldError | OSError] = []
        try:
            for result in _lint_file(path, arguments):
                if isinstance(result, WorldError):
                    errors.append(result)
                else:
                    results.append(result)
        except (WorldError, OSError) as error:
            errors.append(error)
        if errors:
            texts = [one_line(error) for error in errors]
            unreadable[path] = "; ".join(texts)
            for text in texts:
                print_error(text)
    _print_results(results, unreadable, arguments)
    if arguments.sarif:
        from worldkit.reporting.lint_sarif import Located, sarif
        from worldkit.rules import DEEP_RULES, RULES

        located = [
            Located(result.path, diagnostic, result.line) for result in results for diagnostic in result.diagnostics
        ]
        write(
            arguments.sarif,
            json.dumps(
                sarif(located, [*RULES.values(), *DEEP_RULES.values()], profile_named(arguments.profile), unreadable),
                indent=2,
            ),
        )
    if arguments.junit:
        from worldkit.reporting.junit_xml import junit

        suites = [_suite(result, arguments.fail_on) for result in results]
        write(arguments.junit, junit([*suites, *(_error_suite(path, text) for path, text in unreadable.items())]))
    if unreadable:
        return 2
    return int(fails((d.severity for result in results for d in result.diagnostics), arguments.fail_on))


def _lint_file(path: str, arguments: argparse.Namespace) -> Iterator[_LintResult | WorldError]:
    revision = revision_of(path) if arguments.fix and path != STDIN else ""
    for world, _, line in _worlds_of(path):
        if isinstance(world, WorldError):
            yield world
            continue
        fixed_world, fixed_count = world, 0
        if arguments.fix:
            diagnostics = world.lint(arguments.profile)
            fixed_world = diagnostics.fixed()
            fixed_count = diagnostics.total - fixed_world.lint(arguments.profile).total
            if fixed_world is not world:
                _save(path, fixed_world, revision)
        yield _LintResult(path, line, fixed_world, _diagnostics(fixed_world, arguments), fixed_count)


def _diagnostics(world: World, arguments: argparse.Namespace) -> Diagnostics:
    diagnostics = world.lint(arguments.profile)
    if not arguments.deep or not world.states:
        return diagnostics
    from worldkit.exploration.deep_rules import ExploredWorld, deep_diagnostics
    from worldkit.ruleset import Index

    profile = profile_named(arguments.profile)
    explored = ExploredWorld(explore_world(world, arguments), Index(world, profile))
    return Diagnostics((*diagnostics, *deep_diagnostics(explored)), world, profile)


def _save(path: str, world: World, revision: str) -> None:
    if path == STDIN:
        raise WorldError("--fix writes into the world's file, and standard input has none; give a file")
    if is_json_lines(path):
        raise WorldError(f"--fix writes files of one world, and {path} has one on each line; save the world by itself")
    if "scene" not in read_value(path):
        raise WorldError(f"--fix writes bare worlds only, and {path} wraps its world; save the world by itself first")
    replace_world(path, world.to_json(), revision)


def _print_results(results: list[_LintResult], unreadable: dict[str, str], arguments: argparse.Namespace) -> None:
    counts = {
        level: sum(result.diagnostics.of(level).total for result in results) for level in ("error", "warning", "info")
    }
    if arguments.json:
        worlds: list[Json] = [
            {
                "path": result.path,
                **({} if result.line is None else {"line": result.line}),
                "name": world_title(result.world),
                "fixed": result.fixed_count,
                "diagnostics": result.diagnostics.to_list(),
            }
            for result in results
        ]
        worlds += [{"path": path, "error": text} for path, text in unreadable.items()]
        print_json({"worlds": worlds, "counts": counts})
        return
    if "-" in (arguments.sarif, arguments.junit):
        return
    for result in results:
        for diagnostic in sorted(result.diagnostics, key=lambda diagnostic: LEVELS[diagnostic.severity]):
            print_lines(f"{result.place}: {diagnostic}")
        if result.fixed_count:
            print_lines(f"{result.place}: {result.fixed_count} fixed")
    if not results:
        return
    parts = [f"{count} {level}{'s' * (count != 1 and level != 'info')}" for level, count in counts.items() if count]
    world_count = format_count(len(results), "world")
    print_lines(f"{', '.join(parts) or 'nothing found'} in {world_count}")


def _suite(result: _LintResult, fail_on: str) -> JunitSuite:
    from worldkit.reporting.junit_xml import Case, JunitSuite

    cases = [
        Case(
            f"{diagnostic.lint} at {diagnostic.path}",
            diagnostic.message,
            diagnostic.severity,
            is_failure=fails([diagnostic.severity], fail_on),
        )
        for diagnostic in result.diagnostics
    ]
    return JunitSuite(f"{result.place} ({world_title(result.world)})", tuple(cases) or (Case("lint"),))


def _error_suite(path: str, text: str) -> JunitSuite:
    from worldkit.reporting.junit_xml import Case, JunitSuite

    return JunitSuite(path, (Case("lint", text, "unreadable", is_error=True),))


# ---- explore, playtest, verify -------------------------------------------------------------------


def explore_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit explore``."""
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--engine", help="force one engine: tables, search, bdd, compiled, oxidd, antichain or bounded")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page")
    fail_on_option(parser)
    limit_options(parser)
    report_options(parser)


def explore(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit explore``."""
    require_writable_reports(arguments)
    world = read_world(arguments.world)
    exploration = explore_world(world, arguments)
    if arguments.json:
        print_json(exploration.to_dict())
    elif "-" not in (arguments.sarif, arguments.junit, arguments.html):
        sys.stdout.write(exploration.text() + "\n")
    if arguments.html:
        write(arguments.html, exploration.to_html())
    if arguments.junit:
        write(arguments.junit, exploration.to_junit(fail_on=arguments.fail_on))
    if arguments.sarif:
        from worldkit.reporting.sarif import path_uri

        uri = None if arguments.world == STDIN else path_uri(arguments.world)
        write(arguments.sarif, json.dumps(exploration.to_sarif(uri=uri), indent=2))
    return int(fails((finding.severity for finding in exploration.findings), arguments.fail_on))


def playtest_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit playtest``."""
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--runs", type=whole_number, default=10_000, help="number of plays (10,000)")
    parser.add_argument(
        "--policy", choices=("random", "novelty"), default="random", help="policy of the simulated player (random)"
    )
    parser.add_argument("--seed", type=int, default=0, help="random seed (0)")
    parser.add_argument("--steps", type=whole_number, default=200, help="maximum number of steps of a play (200)")
    json_option(parser)


def playtest(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit playtest``."""
    from worldkit.simulation import playtest as run_playtest

    world = read_world(arguments.world)
    result = run_playtest(
        world, arguments.runs, arguments.policy, seed=arguments.seed, steps=arguments.steps, progress=is_interactive()
    )
    if arguments.json:
        print_json(result.to_dict())
    else:
        print_text(str(result))
    return 0


def verify_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit verify``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=f"{WORLD}; a folder for all *.world.json in it")
    parser.add_argument("--premise", help="the premise they were made from")
    json_option(parser)


def verify(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit verify``."""
    [first, *others] = arguments.worlds
    if not others and not os.path.isdir(first) and not is_json_lines(first):
        verdict = read_world(first).verify(arguments.premise)
        if arguments.json:
            print_json(_verdict_values(verdict))
        else:
            print_text(str(verdict))
        return int(not verdict.passed)
    unreadable: list[str] = []
    entries: list[Json] = []
    for source in _read_each(arguments.worlds, unreadable):
        verdict = source.world.verify(arguments.premise or source.premise)
        line = {} if source.line is None else {"line": source.line}
        name = world_title(source.world)
        entries.append({"path": source.path, **line, "name": name, **_verdict_values(verdict)})
        if not arguments.json:
            print_text(f"{source.place}: {verdict}")
    passed_count = sum(entry["passed"] for entry in entries)
    if arguments.json:
        print_json({"worlds": entries, "unreadable": unreadable})
    else:
        print_text(f"{passed_count} of {format_count(len(entries), 'world')} passed")
    return 2 if unreadable else int(passed_count < len(entries))


def _verdict_values(verdict: Verdict) -> Json:
    lists = {"failed": list(verdict.failed), "issues": list(verdict.issues)}
    return {"passed": verdict.passed, "score": verdict.score, **lists, "stats": verdict.stats}


def quality_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit quality``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=f"{WORLD}; several are compared too")
    parser.add_argument("--premise", help="the premise they were made from")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page; - for standard output")
    json_option(parser)


def quality(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit quality``."""
    require_writable_reports(arguments)
    from worldkit.assessment.result import quality as assess

    unreadable: list[str] = []
    sources = list(_read_each(arguments.worlds, unreadable))
    if not sources:
        if unreadable:
            return 2
        raise WorldError(f"{', '.join(arguments.worlds)}: no premise has a world")
    result = assess([source.world for source in sources], [arguments.premise or source.premise for source in sources])
    if arguments.json:
        print_json(result.to_dict())
    elif arguments.html != "-":
        print_text(result.text())
    if arguments.html:
        write(arguments.html, result.to_html())
    return 2 if unreadable else 0
