"""``paint``: stills of a world's states, beside its file."""

from __future__ import annotations

import argparse

from worldkit.cli.terminal import STDIN, print_error, print_json, print_lines, require_bare_world, write
from worldkit.core.errors import WorldError
from worldkit.world import load

EXIT_INTERRUPTED = 130


def paint(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit paint``."""
    from worldkit.painting.text_to_image.painting_call import paint as paint_world
    from worldkit.painting.text_to_image.stills import PaintInterrupted

    if arguments.world == STDIN:
        raise WorldError("stills stand beside the world's file, and standard input has none; give a file")
    changes_world = bool(arguments.set_as or arguments.embed)
    if changes_world and arguments.in_place:
        require_bare_world(arguments.world)
    if changes_world and not arguments.in_place and not arguments.output:
        raise WorldError("--set-as and --embed change the world: say where to with --output FILE or --in-place")
    try:
        stills = paint_world(
            load(arguments.world),
            arguments.model,
            states=arguments.state,
            seed=arguments.seed,
            size=arguments.size,
            strength=arguments.strength,
            steps=arguments.steps,
            guidance=arguments.guidance,
            repaint=arguments.repaint,
            embed=arguments.embed,
            set_as=arguments.set_as,
        )
    except PaintInterrupted as interrupted:
        print_error(str(interrupted))
        return EXIT_INTERRUPTED
    if changes_world:
        write(arguments.world if arguments.in_place else arguments.output, stills.world.to_json())
    if arguments.html:
        stills.save(arguments.html)
    if arguments.json:
        print_json(
            {
                "new": list(stills.new_states),
                "unchanged": list(stills.unchanged_states),
                "failures": stills.failures,
                "folder": str(stills.folder),
            }
        )
    elif arguments.output != STDIN:
        print_lines(*repr(stills).split("\n"), f"in {stills.folder}")
    return int(bool(stills.failures))
