"""``diff``, ``apply``, ``show``, ``samples``: worlds compared, changed and shown."""

from __future__ import annotations

import argparse
from dataclasses import replace

from worldkit.cli.terminal import (
    STDIN,
    budget,
    complain,
    read_value,
    read_world,
    say,
    say_json,
    say_text,
    title,
    tty,
    write,
)
from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.world import World


def diff(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit diff``."""
    from worldkit.comparison import diff as compared
    from worldkit.comparison.deep import play_changes

    if arguments.before == arguments.after == STDIN:
        raise WorldError("only one of two worlds can come from standard input")
    before, after = read_world(arguments.before), read_world(arguments.after)
    found = compared(before, after)
    if arguments.deep:
        found = replace(found, play=play_changes(before, after, found, budget(arguments), tty()))
    if arguments.json:
        say_json(found.to_dict())
    else:
        say_text(repr(found))
    return int(bool(found))


def apply(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apply``."""
    if arguments.world == arguments.ops == STDIN:
        raise WorldError("only one of the world and the operations can come from standard input")
    if arguments.in_place and arguments.world == STDIN:
        raise WorldError("--in-place writes into the world's file, and standard input has none; give a file")
    world = read_world(arguments.world)
    ops = read_value(arguments.ops)
    if isinstance(ops, dict) and isinstance(ops.get("ops"), list):  # as worldkit diff --json prints them
        ops = ops["ops"]
    if not isinstance(ops, list):
        raise WorldError(f"{arguments.ops}: expected a list of operations, got {quote(ops)}")
    if arguments.in_place and "scene" not in read_value(arguments.world):
        raise WorldError(f"--in-place writes bare worlds only, and {arguments.world} wraps its world; use --output")
    made = world.apply(ops, strict=arguments.strict)
    for note in made.diagnostics:
        complain(str(note))
    write(arguments.world if arguments.in_place else arguments.output, made.to_json())
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit show``."""
    world = read_world(arguments.world)
    if arguments.svg:
        write(arguments.svg, world.to_svg())
    if arguments.mermaid:
        write(arguments.mermaid, world.to_mermaid())
    if arguments.json:
        say_json(_summary(world))
    elif "-" not in (arguments.svg, arguments.mermaid):
        _say_summary(world)
    return 0


def _summary(world: World) -> dict[str, object]:
    endings = {id: state.ending for id, state in world.states.items() if state.ending is not None}
    kinds = [event.kind for event in world.events]
    found = world.lint()
    return {
        "name": title(world),
        "id": world.id,
        "description": world.description,
        "start": world.start,
        "states": len(world.states),
        "events": len(kinds),
        "kinds": {kind: kinds.count(kind) for kind in ("transition", "override", "terminal")},
        "endings": [{"state": id, "kind": end.kind, "title": end.title} for id, end in endings.items()],
        "flags": sorted({flag for event in world.events for flag in event.grants or ()}),
        "missions": [mission.title for mission in world.missions or ()],
        "errors": found.errors.total,
        "warnings": found.warnings.total,
    }


def _say_summary(world: World) -> None:
    made = _summary(world)
    say(title(world))
    if world.description:
        say(f"  {' '.join(world.description.split())}")
    kinds = made["kinds"]
    assert isinstance(kinds, dict)
    counted = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in kinds.items() if count)
    say(f"  {made['states']} states, {made['events']} events ({counted or 'none'}), starts in {quote(world.start)}")
    for id, state in world.states.items():
        if state.ending is not None:
            say(f"  {state.ending.kind}: {quote(state.ending.title)} in {quote(id)}")
    for mission in world.missions or ():
        say(f"  mission: {quote(mission.title)}, {len(mission.objectives)} objectives")
    flags = sorted({flag for event in world.events for flag in event.grants or ()})
    if flags:
        say(f"  flags: {', '.join(flags)}")
    say(f"  lint: {made['errors']} errors, {made['warnings']} warnings")


def samples(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit samples``."""
    from worldkit import samples as shelf

    if arguments.name is not None:
        write("-", shelf.load(arguments.name).to_json())
    elif arguments.json:
        say_json(list(shelf.names()))
    else:
        for name in shelf.names():
            say_text(f"{name:<13} {shelf.load(name)}")
    return 0
