"""``check``: which properties hold for every run of a world."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.options import WORLD, json_option, limit_options
from worldkit.cli.terminal import (
    STDIN,
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
from worldkit.core.characters import join_words
from worldkit.core.errors import WorldError
from worldkit.core.spoken_names import world_title
from worldkit.editing.naming import cut_name
from worldkit.properties import Properties, PropertyResults, load_properties
from worldkit.properties import check as check_properties
from worldkit.suites import SUFFIX, load_run, save_run
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.reporting.junit_xml import JunitSuite


def check_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit check``."""
    parser.add_argument("world", help=WORLD)
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
    world = read_world(arguments.world)
    properties, tags = _properties(world, arguments), _tags(world, arguments)
    results = check_properties(world, properties, tags=tags, budget=budget(arguments))
    if arguments.json:
        print_json(results.to_list())
    elif arguments.junit != "-":
        print_text(str(results))
    if arguments.junit:
        from worldkit.reporting.junit_xml import junit

        write(arguments.junit, junit([_suite(results, f"{arguments.world} ({world_title(world)})")]))
    if arguments.save_runs:
        _save_runs(results, Path(arguments.save_runs), arguments.world)
    return int(not results.passed)


def _suggest(arguments: argparse.Namespace) -> int:
    """Print properties that hold, as TOML."""
    from worldkit.properties.suggestions import suggest_properties

    checking = ("properties", "property", "save_runs", "junit", "json")
    unused_options = [f"--{name.replace('_', '-')}" for name in checking if getattr(arguments, name)]
    if unused_options:
        raise WorldError(
            f"{' and '.join(unused_options)} cannot be given with --suggest, which only prints properties that hold"
        )
    properties = suggest_properties(read_world(arguments.world), budget=budget(arguments))
    print_document(escaped_lines(*properties.to_toml().rstrip("\n").split("\n")))
    return 0


def _properties(world: World, arguments: argparse.Namespace) -> Properties | list[str]:
    if arguments.property:
        names: list[str] = arguments.property
        return names
    properties = _file_of(world, arguments)
    if not properties:
        where = f" in {properties.path}" if properties.path else ""
        raise WorldError(f"there is no property to check{where}; write some, or begin with: worldkit check --suggest")
    return properties


def _tags(world: World, arguments: argparse.Namespace) -> dict[str, tuple[str, ...]]:
    return dict(_file_of(world, arguments).tags) if arguments.property else {}


def _file_of(world: World, arguments: argparse.Namespace) -> Properties:
    return load_properties(arguments.properties) if arguments.properties else world.properties


def _suite(results: PropertyResults, name: str) -> JunitSuite:
    from worldkit.reporting.junit_xml import Case, JunitSuite

    return JunitSuite(
        name,
        tuple(
            Case(
                result.name, "" if result.outcome == "holds" else result.text, result.outcome, result.holds is not True
            )
            for result in results
        ),
    )


def _save_runs(results: PropertyResults, folder: Path, world: str) -> None:
    """Save every run that breaks a property, to be replayed after the world was corrected."""
    place = None if world == STDIN else world
    file_names: set[str] = set()
    for result in results.broken:
        if result.counterexample is not None:
            name = f"breaks: {result.name}"
            slug = cut_name(join_words(result.name, "-", "-").strip("-").lower(), 60) or "property"
            file_name = _file_name(slug, name, folder, file_names)
            file_names.add(file_name)
            path = save_run(result.counterexample, folder / file_name, name=name, world=place)
            print_error(f"saved {path}")


def _file_name(slug: str, name: str, folder: Path, others: set[str]) -> str:
    """Return a file name for a run, different from the others of the same call.

    Only a run that an earlier call saved for the same property is replaced.

    Args:
        slug: What the file name begins with.
        name: The name of the run.
        folder: Where it is saved.
        others: The file names of the other runs.
    """
    file_name, number = f"{slug}{SUFFIX}", 2
    while file_name in others or not _is_replaceable(folder / file_name, name):
        file_name = f"{slug}-{number}{SUFFIX}"
        number += 1
    return file_name


def _is_replaceable(path: Path, name: str) -> bool:
    """Return whether no file is there, or a run of that name."""
    if not os.path.lexists(path):
        return True
    try:
        return load_run(path).name == name
    except WorldError:  # no run, or one that cannot be read
        return False
