"""``script``: all texts of a world as one sheet, out and in."""

from __future__ import annotations

import argparse

from worldkit.cli.terminal import print_error, read_world, require_bare_world, write
from worldkit.core.json_values import quote
from worldkit.core.prose import READERS


def script(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit script``."""
    from worldkit.interop import apply_lines, read_script, write_script

    if arguments.in_place:
        require_bare_world(arguments.world)
    world = read_world(arguments.world)
    if not arguments.take:
        write_script(
            world,
            arguments.sheet,
            readers=arguments.readers or READERS,
            language=arguments.language,
            source_language=arguments.source_language,
        )
        return 0
    edits = apply_lines(world, read_script(arguments.sheet), overwrite=arguments.overwrite)
    for clash in edits.outdated:
        print_error(f"{clash.key}: changed in the world since the sheet was written, not taken; see --overwrite")
    for key in edits.unknown:
        print_error(f"{quote(key)}: there is no such text in the world by now, not taken")
    write(arguments.world if arguments.in_place else arguments.output, edits.world.to_json())
    return int(bool(edits.outdated or edits.unknown))
