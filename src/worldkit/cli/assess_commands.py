"""``verify`` and ``quality``: whether worlds are worth playing, and how good they are."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from worldkit.cli.options import json_option
from worldkit.cli.terminal import EXIT_FAILED, print_json, print_text, read_world, require_writable_reports, write
from worldkit.cli.world_sources import WORLDS_HELP, Failures, is_one_world, read_each
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.ruleset.gate import Verdict


def verify_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit verify``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=WORLDS_HELP)
    parser.add_argument("--premise", help="the premise they were made from")
    json_option(parser)


def verify(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit verify``."""
    if is_one_world(arguments.worlds):
        verdict = read_world(arguments.worlds[0]).verify(arguments.premise)
        if arguments.json:
            print_json(_verdict_values(verdict))
        else:
            print_text(str(verdict))
        return int(not verdict.passed)
    failures = Failures()
    entries: list[Json] = []
    for source in read_each(arguments.worlds, failures):
        verdict = source.world.verify(arguments.premise or source.premise)
        entries.append({**source.to_dict(), **_verdict_values(verdict)})
        if not arguments.json:
            print_text(f"{source.place}: {verdict}")
    passed_count = sum(entry["passed"] for entry in entries)
    if arguments.json:
        print_json({"worlds": entries, "unreadable": failures.texts})
    else:
        print_text(f"{passed_count} of {format_count(len(entries), 'world')} passed")
    return EXIT_FAILED if failures else int(passed_count < len(entries))


def _verdict_values(verdict: Verdict) -> Json:
    lists = {"failed": list(verdict.failed), "issues": list(verdict.issues)}
    return {"passed": verdict.passed, "score": verdict.score, **lists, "stats": verdict.stats}


def quality_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit quality``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=f"{WORLDS_HELP}; several are compared too")
    parser.add_argument("--premise", help="the premise they were made from")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page; - for standard output")
    json_option(parser)


def quality(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit quality``."""
    require_writable_reports(arguments)
    from worldkit.assessment.result import quality as assess

    failures = Failures()
    sources = list(read_each(arguments.worlds, failures))
    if not sources:
        return EXIT_FAILED
    result = assess([source.world for source in sources], [arguments.premise or source.premise for source in sources])
    if arguments.json:
        print_json(result.to_dict())
    elif arguments.html != "-":
        print_text(result.text())
    if arguments.html:
        write(arguments.html, result.to_html())
    return EXIT_FAILED if failures else 0
