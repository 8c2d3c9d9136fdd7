"""``explore`` and ``playtest``: every possible run of worlds, and what becomes of simulated players."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from worldkit.cli.options import (
    WORLD_HELP,
    fail_on_option,
    fails,
    json_option,
    limit_options,
    report_options,
    whole_number,
)
from worldkit.cli.terminal import (
    EXIT_FAILED,
    STDIO,
    explore_world,
    is_interactive,
    print_json,
    print_text,
    read_world,
    require_writable_reports,
    write,
)
from worldkit.cli.world_sources import WORLDS_HELP, Failures, is_one_world, read_each
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.exploration import Exploration
    from worldkit.reporting.junit_xml import JunitSuite


def explore_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit explore``."""
    from worldkit.exploration.engine import ENGINES

    parser.add_argument("worlds", nargs="+", metavar="world", help=WORLDS_HELP)
    parser.add_argument("--engine", choices=ENGINES, help="force one engine")
    parser.add_argument("--html", metavar="FILE", help="write the report of one world as a page")
    fail_on_option(parser)
    limit_options(parser)
    report_options(parser)


def explore(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit explore``."""
    require_writable_reports(arguments)
    if is_one_world(arguments.worlds):
        return _explore_one(arguments)
    if arguments.html:
        raise WorldError("--html writes the page of one world; name one file")
    from worldkit.reporting.junit import TOOL, exploration_suite
    from worldkit.reporting.junit_xml import junit
    from worldkit.reporting.sarif import joined as joined_sarif
    from worldkit.reporting.sarif import to_sarif as exploration_sarif

    failures = Failures()
    worlds: list[Json] = []
    suites: list[JunitSuite] = []
    logs: list[Json] = []
    passed_count = count = 0
    prints_text = not arguments.json and "-" not in (arguments.sarif, arguments.junit)
    for source in read_each(arguments.worlds, failures):
        with failures.of(source.path, source.place):
            exploration = explore_world(source.world, arguments)
            count += 1
            passed_count += not _fails(exploration, arguments)
            if arguments.json:
                worlds.append({**source.to_dict(), **exploration.to_dict()})
            elif prints_text:
                print_text(f"{source.place}: {exploration.text()}\n")
            if arguments.junit:
                suites.append(exploration_suite(exploration, arguments.fail_on, source.title))
            if arguments.sarif:
                logs.append(exploration_sarif(exploration, uri=_uri(source.path), line=source.line))
    if arguments.json:
        print_json({"worlds": worlds, "unreadable": failures.texts})
    elif prints_text:
        print_text(f"{passed_count} of {format_count(count, 'world')} passed")
    if arguments.junit:
        write(arguments.junit, junit([*suites, *failures.suites], TOOL))
    if arguments.sarif:
        write(arguments.sarif, json.dumps(joined_sarif(logs, failures.by_path), indent=2))
    return EXIT_FAILED if failures else int(passed_count < count)


def _explore_one(arguments: argparse.Namespace) -> int:
    [name] = arguments.worlds
    exploration = explore_world(read_world(name), arguments)
    if arguments.json:
        print_json(exploration.to_dict())
    elif "-" not in (arguments.sarif, arguments.junit, arguments.html):
        print_text(exploration.text())
    if arguments.html:
        write(arguments.html, exploration.to_html())
    if arguments.junit:
        write(arguments.junit, exploration.to_junit(fail_on=arguments.fail_on))
    if arguments.sarif:
        write(arguments.sarif, json.dumps(exploration.to_sarif(uri=_uri(name)), indent=2))
    return int(_fails(exploration, arguments))


def _fails(exploration: Exploration, arguments: argparse.Namespace) -> bool:
    return fails((finding.severity for finding in exploration.findings), arguments.fail_on)


def _uri(name: str) -> str | None:
    from worldkit.reporting.sarif import path_uri

    return None if name == STDIO else path_uri(name)


def playtest_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit playtest``."""
    parser.add_argument("world", help=WORLD_HELP)
    parser.add_argument("--runs", type=whole_number, default=10_000, help="number of plays (10,000)")
    parser.add_argument(
        "--policy", choices=("uniform", "novelty"), default="uniform", help="policy of the simulated player (uniform)"
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
