"""``paint``: stills of a world's states, beside its file."""

from __future__ import annotations

import argparse
from pathlib import Path

from worldkit.cli.in_place import is_in_place, replace_world, revision_to_replace
from worldkit.cli.options import edited_file_options, json_option, whole_number
from worldkit.cli.terminal import (
    EXIT_INTERRUPTED,
    STDIO,
    print_error,
    print_json,
    print_lines,
    require_writable,
    require_writable_reports,
    write,
)
from worldkit.core.errors import WorldError
from worldkit.world import load


def paint_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit paint``."""
    parser.add_argument("world", help="a world's file; the stills go into a folder beside it")
    parser.add_argument(
        "--model",
        required=True,
        help="diffusers:ID-OR-FOLDER, or images:BASE-URL#MODEL; a key comes from $WORLDKIT_IMAGES_KEY",
    )
    parser.add_argument("--state", action="append", metavar="ID", help="paint this one (all); repeatable")
    parser.add_argument("--seed", type=int, default=0, help="the seed of every picture (0)")
    parser.add_argument("--size", type=_size, metavar="WxH", help="pixels across and down, such as 1024x576")
    parser.add_argument(
        "--strength", type=float, default=0.8, help="how far a picture may go from the one before it, up to 1 (0.8)"
    )
    parser.add_argument("--steps", type=whole_number, help="steps for one picture, of a diffusers model")
    parser.add_argument("--guidance", type=float, help="how closely a diffusers model keeps to the prompt")
    parser.add_argument("--repaint", action="store_true", help="also paint states that have a still")
    parser.add_argument(
        "--set-as",
        action="append",
        choices=("cover", "entrance", "seedFrame"),
        help="also put stills into this field of the world; repeatable",
    )
    parser.add_argument("--embed", action="store_true", help="put each still into the world, as image of its state")
    edited_file_options(parser, "output file for the changed world; - for standard output")
    parser.add_argument("--html", metavar="FILE", help="write a page with all stills; - for standard output")
    json_option(parser)


def paint(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit paint``."""
    from worldkit.painting.text_to_image.painting_call import paint as paint_world
    from worldkit.painting.text_to_image.stills import PaintInterrupted

    require_writable_reports(arguments)
    if arguments.world == STDIO:
        raise WorldError("stills stand beside the world's file, and standard input has none; give a file")
    changes_world = bool(arguments.set_as or arguments.embed)
    revision = revision_to_replace(arguments.world) if changes_world and is_in_place(arguments) else None
    if changes_world and not arguments.in_place and not arguments.output:
        raise WorldError("--set-as and --embed change the world: say where to with --output FILE or --in-place")
    if not changes_world and (arguments.in_place or arguments.output):
        raise WorldError("painting alone does not change the world: say with --set-as or --embed what goes into it")
    if changes_world and revision is None:
        require_writable(arguments.output, new=not arguments.force)
    try:
        stills = paint_world(
            load(Path(arguments.world)),
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
    if revision is not None:
        replace_world(arguments.world, stills.world.to_json(), revision)
    elif changes_world:
        write(arguments.output, stills.world.to_json(), new=not arguments.force)
    if arguments.html:
        write(arguments.html, stills.to_html())
    if arguments.json:
        print_json(
            {
                "new": list(stills.new_states),
                "unchanged": list(stills.unchanged_states),
                "failures": stills.failures,
                "folder": str(stills.folder),
            }
        )
    elif STDIO not in (arguments.output, arguments.html):
        print_lines(*str(stills).split("\n"), f"in {stills.folder}")
    return int(bool(stills.failures))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"expected a size such as 1024x576, got {text!r}")
    return int(width), int(height)
