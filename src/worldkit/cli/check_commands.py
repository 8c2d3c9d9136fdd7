"""``check``: which properties hold for every run of a world."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.options import json_option, limit_options
from worldkit.cli.terminal import (
    EXIT_FAILED,
    STDIO,
    budget,
    escaped_lines,
    print_document,
    print_error,
    print_json,
    print_text,
    read_world,
    require_writable_reports,
    write,
)
from worldkit.cli.world_sources import WORLDS_HELP, Failures, ReadWorld, is_one_world, read_each
from worldkit.core.characters import join_words
from worldkit.core.errors import WorldError
from worldkit.core.json_lines import is_json_lines
from worldkit.core.quoting import format_count
from worldkit.editing.naming import cut_name
from worldkit.properties import Properties, PropertyResults, load_properties
from worldkit.properties import check as check_properties
from worldkit.suites import RUN_SUFFIX, load_run, save_run

if TYPE_CHECKING:
    from worldkit.reporting.junit_xml import JunitSuite


def check_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit check``."""
    parser.add_argument("worlds", nargs="+", metavar="world", help=WORLDS_HELP)
    parser.add_argument("--properties", metavar="FILE", help="the properties (mine.properties.toml beside the world)")
    parser.add_argument("--property", action="append", metavar="TEXT", help="check this one instead; repeatable")
    parser.add_argument("--suggest", action="store_true", help="print properties that hold and are worth keeping")
    parser.add_argument("--save-runs", metavar="FOLDER", help="save the runs that break a property as *.run.json")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML; - for standard output")
    json_option(parser)
    limit_options(parser)


def check(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit check``."""
    if arguments.suggest:
        return _suggest(arguments)
    require_writable_reports(arguments)
    if arguments.save_runs and any(map(is_json_lines, arguments.worlds)):
        raise WorldError("--save-runs keeps the runs of files of one world, and *.jsonl has one on each line")
    file = load_properties(arguments.properties) if arguments.properties else None
    if is_one_world(arguments.worlds):
        [name] = arguments.worlds
        checked_worlds = [_check(ReadWorld(name, None, read_world(name)), file, arguments)]
        if not checked_worlds[0].results:
            raise WorldError(_no_property(checked_worlds[0].source.world.properties if file is None else file))
        if arguments.json:
            print_json(checked_worlds[0].results.to_list())
        elif arguments.junit != "-":
            print_text(str(checked_worlds[0].results))
        return _finish(checked_worlds, Failures(), arguments)
    failures = Failures()
    checked_worlds = []
    for source in read_each(arguments.worlds, failures):
        with failures.of(source.path, source.place):
            one = _check(source, file, arguments)
            if not one.results:
                print_error(f"{source.place} has no property to check")
                continue
            checked_worlds.append(one)
            if not arguments.json and arguments.junit != "-":
                print_text(f"{source.place}: {one.results}")
    if not checked_worlds and not failures:
        raise WorldError(_no_property(file))
    if arguments.json:
        worlds = [{**one.source.to_dict(), "properties": one.results.to_list()} for one in checked_worlds]
        print_json({"worlds": worlds, "unreadable": failures.texts})
    elif arguments.junit != "-":
        passed_count = sum(one.results.passed for one in checked_worlds)
        print_text(f"{passed_count} of {format_count(len(checked_worlds), 'world')} passed")
    return _finish(checked_worlds, failures, arguments)


@dataclass(frozen=True)
class _WorldResults:
    """A world, and the results of its properties."""

    source: ReadWorld
    results: PropertyResults


def _check(source: ReadWorld, file: Properties | None, arguments: argparse.Namespace) -> _WorldResults:
    """Check a world.

    Args:
        source: The world.
        file: The properties of ``--properties``; None for those beside the world.
    """
    properties = source.world.properties if file is None else file
    names: list[str] | None = arguments.property
    results = check_properties(
        source.world, names or properties, tags=dict(properties.tags) if names else {}, budget=budget(arguments)
    )
    return _WorldResults(source, results)


def _finish(checked_worlds: list[_WorldResults], failures: Failures, arguments: argparse.Namespace) -> int:
    """Write what the arguments ask for besides, and return the exit code."""
    if arguments.junit:
        from worldkit.reporting.junit_xml import junit

        write(arguments.junit, junit([*map(_suite, checked_worlds), *failures.suites]))
    if arguments.save_runs:
        _save_runs(checked_worlds, Path(arguments.save_runs))
    return EXIT_FAILED if failures else int(not all(one.results.passed for one in checked_worlds))


def _no_property(file: Properties | None) -> str:
    place_text = f" in {file.path}" if file is not None and file.path else ""
    return f"there is no property to check{place_text}; write some, or begin with: worldkit check --suggest"


def _suggest(arguments: argparse.Namespace) -> int:
    """Print properties that hold, as TOML."""
    from worldkit.properties.suggestions import suggest_properties

    check_options = ("properties", "property", "save_runs", "junit", "json")
    unused_options = [f"--{name.replace('_', '-')}" for name in check_options if getattr(arguments, name)]
    if unused_options:
        raise WorldError(
            f"{' and '.join(unused_options)} cannot be given with --suggest, which only prints properties that hold"
        )
    if not is_one_world(arguments.worlds):
        raise WorldError("--suggest prints properties of one world; name one file")
    properties = suggest_properties(read_world(arguments.worlds[0]), budget=budget(arguments))
    print_document(escaped_lines(*properties.to_toml().rstrip("\n").split("\n")))
    return 0


def _suite(checked_world: _WorldResults) -> JunitSuite:
    from worldkit.reporting.junit_xml import Case, JunitSuite

    return JunitSuite(
        checked_world.source.title,
        tuple(
            Case(
                result.name, "" if result.outcome == "holds" else result.text, result.outcome, result.holds is not True
            )
            for result in checked_world.results
        ),
    )


def _save_runs(checked_worlds: list[_WorldResults], folder: Path) -> None:
    """Save every run that breaks a property, to be replayed after its world was corrected."""
    file_names: set[str] = set()
    for one in checked_worlds:
        world = None if one.source.path == STDIO else one.source.path
        for result in one.results.broken:
            if result.counterexample is not None:
                name = f"breaks: {result.name}"
                slug = cut_name(join_words(result.name, "-", "-").strip("-").lower(), 60) or "property"
                file_name = _file_name(slug, folder, file_names, name, world)
                file_names.add(file_name)
                path = save_run(result.counterexample, folder / file_name, name=name, world=world)
                print_error(f"saved {path}")


def _file_name(slug: str, folder: Path, others: set[str], name: str, world: str | None) -> str:
    """Return a file name for a run, different from the others of the same call.

    Only a run that an earlier call saved for the same property of the same world is replaced.

    Args:
        slug: What the file name begins with.
        folder: Where it is saved.
        others: The file names of the other runs.
        name: The name of the run.
        world: The file of its world; None for standard input.
    """
    file_name, number = f"{slug}{RUN_SUFFIX}", 2
    while file_name in others or not _is_replaceable(folder / file_name, name, world):
        file_name = f"{slug}-{number}{RUN_SUFFIX}"
        number += 1
    return file_name


def _is_replaceable(path: Path, name: str, world: str | None) -> bool:
    """Return whether no file is there, or a run of that name in that world."""
    if not os.path.lexists(path):
        return True
    try:
        run = load_run(path)
    except WorldError:  # no run, or one that cannot be read
        return False
    if run.world is None or world is None:
        return run.name == name and run.world == world
    return run.name == name and os.path.realpath(path.parent / run.world) == os.path.realpath(world)
