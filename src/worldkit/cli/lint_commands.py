"""``lint``: what the rules find in worlds, and the safe fixes."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from worldkit.cli.in_place import replace_world, revision_of
from worldkit.cli.options import SEVERITY_RANKS, fail_on_option, fails, limit_options, report_options
from worldkit.cli.terminal import (
    EXIT_FAILED,
    STDIO,
    explore_world,
    print_json,
    print_lines,
    read_value,
    require_writable_reports,
    world_files,
    write,
)
from worldkit.cli.world_sources import WORLDS_HELP, Failures, ReadWorld, read_file
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_lines import is_json_lines
from worldkit.core.json_values import Json
from worldkit.core.profile import profile_named
from worldkit.core.quoting import format_count
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.reporting.junit_xml import JunitSuite


@dataclass(frozen=True)
class _LintResult:
    """A world, and what was found in it."""

    source: ReadWorld
    diagnostics: Diagnostics
    fixed_count: int = 0


def lint_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit lint``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=WORLDS_HELP)
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
    failures = Failures()
    for path in world_files(arguments.worlds):
        with failures.of(path):
            revision = revision_of(path) if arguments.fix and path != STDIO else ""
            for source in read_file(path, failures):
                results.append(_lint_world(source, revision, arguments))
    _print_results(results, failures, arguments)
    if arguments.sarif:
        from worldkit.reporting.lint_sarif import Located, sarif
        from worldkit.rules import DEEP_RULES, RULES

        located_diagnostics = [
            Located(result.source.path, diagnostic, result.source.line)
            for result in results
            for diagnostic in result.diagnostics
        ]
        write(
            arguments.sarif,
            json.dumps(
                sarif(
                    located_diagnostics,
                    [*RULES.values(), *DEEP_RULES.values()],
                    profile_named(arguments.profile),
                    failures.by_path,
                ),
                indent=2,
            ),
        )
    if arguments.junit:
        from worldkit.reporting.junit_xml import junit

        suites = [_suite(result, arguments.fail_on) for result in results]
        write(arguments.junit, junit([*suites, *failures.suites]))
    if failures:
        return EXIT_FAILED
    return int(fails((d.severity for result in results for d in result.diagnostics), arguments.fail_on))


def _lint_world(source: ReadWorld, revision: str, arguments: argparse.Namespace) -> _LintResult:
    world, fixed_count = source.world, 0
    if arguments.fix:
        diagnostics = world.lint(arguments.profile)
        world = diagnostics.fixed()
        fixed_count = diagnostics.total - world.lint(arguments.profile).total
        if world is not source.world:
            _save(source.path, world, revision)
    return _LintResult(replace(source, world=world), _diagnostics(world, arguments), fixed_count)


def _diagnostics(world: World, arguments: argparse.Namespace) -> Diagnostics:
    diagnostics = world.lint(arguments.profile)
    if not arguments.deep or not world.states:
        return diagnostics
    from worldkit.exploration.deep_rules import ExploredWorld, deep_diagnostics
    from worldkit.ruleset import Index

    profile = profile_named(arguments.profile)
    explored_world = ExploredWorld(explore_world(world, arguments), Index(world, profile))
    return Diagnostics((*diagnostics, *deep_diagnostics(explored_world)), world, profile)


def _save(path: str, world: World, revision: str) -> None:
    if path == STDIO:
        raise WorldError("--fix writes into the world's file, and standard input has none; give a file")
    if is_json_lines(path):
        raise WorldError(f"--fix writes files of one world, and {path} has one on each line; save the world by itself")
    if "scene" not in read_value(path):
        raise WorldError(f"--fix writes bare worlds only, and {path} wraps its world; save the world by itself first")
    replace_world(path, world.to_json(), revision)


def _print_results(results: list[_LintResult], failures: Failures, arguments: argparse.Namespace) -> None:
    counts = {
        level: sum(result.diagnostics.of(level).total for result in results) for level in ("error", "warning", "info")
    }
    if arguments.json:
        worlds: list[Json] = [
            {
                **result.source.to_dict(),
                "fixed": result.fixed_count,
                "diagnostics": result.diagnostics.to_list(),
            }
            for result in results
        ]
        worlds += [{"path": path, "error": text} for path, text in failures.by_path.items()]
        print_json({"worlds": worlds, "counts": counts})
        return
    if "-" in (arguments.sarif, arguments.junit):
        return
    for result in results:
        for diagnostic in sorted(result.diagnostics, key=lambda diagnostic: SEVERITY_RANKS[diagnostic.severity]):
            print_lines(f"{result.source.place}: {diagnostic}")
        if result.fixed_count:
            print_lines(f"{result.source.place}: {result.fixed_count} fixed")
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
    return JunitSuite(result.source.title, tuple(cases) or (Case("lint"),))
