"""``diff``, ``apply``, ``show``, ``samples``: compare, change and show worlds."""

from __future__ import annotations

import argparse
from dataclasses import replace

from worldkit.cli.in_place import is_in_place, replace_world, revision_to_replace
from worldkit.cli.options import WORLD_HELP, edited_file_options, json_option, limit_options
from worldkit.cli.terminal import (
    STDIO,
    budget,
    is_interactive,
    print_error,
    print_json,
    print_lines,
    print_text,
    read_value,
    read_world,
    require_writable,
    require_writable_reports,
    write,
)
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import format_count
from worldkit.core.spoken_names import world_title
from worldkit.world import World


def diff_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit diff``."""
    parser.add_argument("before", help=WORLD_HELP)
    parser.add_argument("after", help=WORLD_HELP)
    parser.add_argument("--deep", action="store_true", help="explore both, and report what changed in play")
    limit_options(parser)
    json_option(parser)


def diff(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit diff``."""
    from worldkit.comparison import diff as compared
    from worldkit.comparison.deep import play_changes

    if arguments.before == arguments.after == STDIO:
        raise WorldError("only one of two worlds can come from standard input")
    before, after = read_world(arguments.before), read_world(arguments.after)
    difference = compared(before, after)
    if arguments.deep:
        difference = replace(
            difference, play=play_changes(before, after, difference, budget(arguments), is_interactive())
        )
    if arguments.json:
        print_json(difference.to_dict())
    else:
        print_text(str(difference))
    return int(bool(difference))


def apply_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit apply``."""
    parser.add_argument("world", help=WORLD_HELP)
    parser.add_argument("ops", help="a file with a list of operations; - for standard input")
    parser.add_argument("--strict", action="store_true", help="refuse a batch that introduces rule errors")
    edited_file_options(parser, "output file (standard output)", "-")


def apply(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit apply``."""
    from worldkit.editing.batch import apply as apply_ops
    from worldkit.ruleset import refuse_new_errors

    if arguments.world == arguments.ops == STDIO:
        raise WorldError("only one of the world and the operations can come from standard input")
    ops = read_value(arguments.ops)  # before the world, since what makes them may take long
    require_writable(arguments.output, new=not (arguments.force or is_in_place(arguments)))
    if isinstance(ops, dict) and isinstance(ops.get("ops"), list):  # as worldkit diff --json prints them
        ops = ops["ops"]
    if not isinstance(ops, list):
        raise WorldError(f"{arguments.ops}: expected a list of operations, got {quote(ops)}")
    revision = revision_to_replace(arguments.world) if is_in_place(arguments) else None
    accept = refuse_new_errors if arguments.strict else None
    result = apply_ops(read_world(arguments.world), ops, accept=accept)
    for note in result.notes:
        print_error(str(note))
    if revision is None:
        write(arguments.output, result.world.to_json(), new=not arguments.force)
    else:
        replace_world(arguments.world, result.world.to_json(), revision, result.ops)
    return 0


def show_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit show``."""
    parser.add_argument("world", help=WORLD_HELP)
    parser.add_argument("--svg", metavar="FILE", help="write a picture; - for standard output")
    parser.add_argument("--mermaid", metavar="FILE", help="write a Mermaid state diagram; - for standard output")
    parser.add_argument(
        "--twee", metavar="FILE", help="write a story of Twine, Twee 3 with SugarCube; - for standard output"
    )
    parser.add_argument("--force", action="store_true", help="replace the story if it exists")
    json_option(parser)


def show(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit show``."""
    require_writable_reports(arguments)
    if arguments.twee:
        require_writable(arguments.twee, new=not arguments.force)
    world = read_world(arguments.world)
    if arguments.svg:
        write(arguments.svg, world.to_svg())
    if arguments.mermaid:
        write(arguments.mermaid, world.to_mermaid())
    if arguments.twee:
        export = world.to_twee()
        write(arguments.twee, export.text, new=not arguments.force)
        for loss in export.lost:
            print_error(str(loss))
    if arguments.json:
        print_json(_summary(world))
    elif "-" not in (arguments.svg, arguments.mermaid, arguments.twee):
        _print_summary(world)
    return 0


def _summary(world: World) -> Json:
    endings = {id: state.ending for id, state in world.states.items() if state.ending is not None}
    kinds = [event.kind for event in world.events]
    diagnostics = world.lint()
    return {
        "name": world_title(world),
        "id": world.id,
        "description": world.description,
        "start": world.start,
        "states": len(world.states),
        "events": len(kinds),
        "kinds": {kind: kinds.count(kind) for kind in ("transition", "override", "terminal")},
        "endings": [{"state": id, "kind": ending.kind, "title": ending.title} for id, ending in endings.items()],
        "flags": sorted({flag for event in world.events for flag in event.grants or ()}),
        "missions": [mission.title for mission in world.missions or ()],
        "errors": diagnostics.errors.total,
        "warnings": diagnostics.warnings.total,
    }


def _print_summary(world: World) -> None:
    summary = _summary(world)
    print_lines(world_title(world))
    if world.description:
        print_lines(f"  {' '.join(world.description.split())}")
    event_counts = ", ".join(format_count(count, kind) for kind, count in summary["kinds"].items() if count)
    states, events = (format_count(summary[kind], kind[:-1]) for kind in ("states", "events"))
    print_lines(f"  {states}, {events} ({event_counts or 'none'}), starts in {quote(world.start)}")
    for id, state in world.states.items():
        if state.ending is not None:
            print_lines(f"  {state.ending.kind}: {quote(state.ending.title)} in {quote(id)}")
    for mission in world.missions or ():
        print_lines(f"  mission: {quote(mission.title)}, {format_count(len(mission.objectives), 'objective')}")
    flags = sorted({flag for event in world.events for flag in event.grants or ()})
    if flags:
        print_lines(f"  flags: {', '.join(flags)}")
    counts = (format_count(summary[kind], kind[:-1]) for kind in ("errors", "warnings"))
    print_lines(f"  lint: {', '.join(counts)}")


def samples_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit samples``."""
    parser.add_argument("name", nargs="?", help="print this one")
    json_option(parser)


def samples(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit samples``."""
    from worldkit import samples as shelf

    if arguments.name is not None:
        write("-", shelf.load(arguments.name).to_json())
    elif arguments.json:
        print_json(list(shelf.names()))
    else:
        for name in shelf.names():
            print_text(f"{name:<13} {shelf.load(name)}")
    return 0
