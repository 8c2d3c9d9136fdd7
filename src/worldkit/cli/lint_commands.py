"""``lint``, ``explore``, ``playtest``, ``verify``: what is wrong with a world, and how it plays."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from worldkit.cli.terminal import (
    STDIN,
    complain,
    explored,
    one_line,
    read_value,
    read_world,
    read_worlds,
    say,
    say_json,
    say_text,
    title,
    tty,
    world_files,
    write,
)
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import InvalidWorld, UnsupportedVersion, WorldError
from worldkit.core.json_values import Json
from worldkit.reporting.lint_junit import Case, Suite, junit
from worldkit.reporting.lint_sarif import Located, sarif
from worldkit.world import World

LEVELS = {"error": 0, "warning": 1, "info": 2, "never": -1}


def fails(severities: Iterable[str], fail_on: str) -> bool:
    """Say whether one of some severities is as bad as what should fail."""
    return any(LEVELS[severity] <= LEVELS[fail_on] for severity in severities)


# ---- lint --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Linted:
    """One world of a file, and what was found in it."""

    path: str
    world: World
    found: Diagnostics
    fixed: int = 0


def lint(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit lint``."""
    linted: list[_Linted] = []
    unreadable: dict[str, str] = {}
    for path in world_files(arguments.worlds):
        try:
            linted += _lint_file(path, arguments)
        except (InvalidWorld, UnsupportedVersion, OSError) as error:
            unreadable[path] = one_line(error)
            complain(unreadable[path])
    _say_linted(linted, unreadable, arguments)
    if arguments.sarif:
        from worldkit.rules import DEEP_RULES, RULES

        found = [Located(one.path, diagnostic) for one in linted for diagnostic in one.found]
        write(arguments.sarif, json.dumps(sarif(found, [*RULES.values(), *DEEP_RULES.values()]), indent=2))
    if arguments.junit:
        write(arguments.junit, junit(_suite(one, arguments.fail_on) for one in linted))
    if unreadable:
        return 2
    return int(fails((d.severity for one in linted for d in one.found), arguments.fail_on))


def _lint_file(path: str, arguments: argparse.Namespace) -> list[_Linted]:
    made = []
    for world in read_worlds(path):
        fixed, count = world, 0
        if arguments.fix:
            fixed = world.lint().fixed()
            count = world.lint().total - fixed.lint().total
            if fixed is not world:
                _save(path, fixed)
        made.append(_Linted(path, fixed, _found(fixed, arguments), count))
    return made


def _found(world: World, arguments: argparse.Namespace) -> Diagnostics:
    plain = world.lint()
    if not arguments.deep or not world.states:
        return plain
    from worldkit.exploration.deep_rules import ExploredWorld, deep_diagnostics
    from worldkit.ruleset import Index

    return Diagnostics((*plain, *deep_diagnostics(ExploredWorld(explored(world, arguments), Index(world)))), world)


def _save(path: str, world: World) -> None:
    if path == STDIN:
        raise WorldError("--fix writes into the world's file, and standard input has none; give a file")
    if "scene" not in read_value(path):
        raise WorldError(f"--fix writes bare worlds only, and {path} wraps its world; save the world by itself first")
    world.save(path)


def _say_linted(linted: list[_Linted], unreadable: dict[str, str], arguments: argparse.Namespace) -> None:
    counts = {level: sum(one.found.of(level).total for one in linted) for level in ("error", "warning", "info")}
    if arguments.json:
        worlds: list[Json] = [
            {"path": one.path, "name": title(one.world), "fixed": one.fixed, "diagnostics": one.found.to_list()}
            for one in linted
        ]
        worlds += [{"path": path, "error": text} for path, text in unreadable.items()]
        say_json({"worlds": worlds, "counts": counts})
        return
    if "-" in (arguments.sarif, arguments.junit):
        return
    for one in linted:
        for found in sorted(one.found, key=lambda d: LEVELS[d.severity]):
            say(f"{one.path}: {found}")
        if one.fixed:
            say(f"{one.path}: {one.fixed} fixed")
    if not linted:
        return
    said = [f"{count} {level}{'s' * (count != 1 and level != 'info')}" for level, count in counts.items() if count]
    worlds_said = f"{len(linted)} world{'s' * (len(linted) != 1)}"
    say(f"{', '.join(said) or 'nothing found'} in {worlds_said}")


def _suite(one: _Linted, fail_on: str) -> Suite:
    cases = [
        Case(f"{d.lint} at {d.path}", d.message, d.severity, failed=fails([d.severity], fail_on)) for d in one.found
    ]
    return Suite(f"{one.path} ({title(one.world)})", tuple(cases) or (Case("lint"),))


# ---- explore, playtest, verify -------------------------------------------------------------------


def explore(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit explore``."""
    world = read_world(arguments.world)
    found = explored(world, arguments)
    if arguments.json:
        say_json(found.to_dict())
    elif "-" not in (arguments.sarif, arguments.junit, arguments.html):
        sys.stdout.write(found.text() + "\n")
    if arguments.html:
        write(arguments.html, found.to_html())
    if arguments.junit:
        write(arguments.junit, found.to_junit())
    if arguments.sarif:
        uri = None if arguments.world == STDIN else arguments.world
        write(arguments.sarif, json.dumps(found.to_sarif(uri=uri), indent=2))
    return int(fails((finding.severity for finding in found.findings), arguments.fail_on))


def playtest(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit playtest``."""
    from worldkit.simulation import playtest as run_playtest

    world = read_world(arguments.world)
    found = run_playtest(
        world, arguments.runs, arguments.policy, seed=arguments.seed, steps=arguments.steps, progress=tty()
    )
    if arguments.json:
        say_json(found.to_dict())
    else:
        say_text(repr(found))
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit verify``."""
    verdict = read_world(arguments.world).verify(arguments.premise)
    if arguments.json:
        passed, score = verdict.passed, verdict.score
        say_json({"passed": passed, "score": score, "issues": list(verdict.issues), "stats": verdict.stats})
    else:
        say_text(repr(verdict))
    return int(not verdict.passed)
