"""``import``: a world made of a story or a state machine of another program."""

from __future__ import annotations

import argparse

from worldkit.cli.options import new_file_options
from worldkit.cli.terminal import print_error, require_writable, write


def import_story_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit import``."""
    parser.add_argument("file", help="Twee, a Twine 2 page, ink or XState as JSON, or SCXML")
    new_file_options(parser, "output file (standard output)")
    parser.add_argument(
        "--max-copies", type=int, default=16, metavar="N", help="most copies of one passage in the world (16)"
    )


def import_story(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit import``; where passages stand on Twine's map is kept beside the world's file."""
    from worldkit.imports import import_

    require_writable(arguments.output, new=not arguments.force)
    imported = import_(arguments.file, max_copies=arguments.max_copies)
    for loss in imported.lost:
        print_error(str(loss))
    write(arguments.output, imported.world.to_json(), new=not arguments.force)
    if imported.layout and arguments.output.endswith(".json"):
        from worldkit.stores.file import WorldFileStore

        WorldFileStore(arguments.output).place(arguments.output, imported.layout)
    return int(bool(imported.lost))
