"""``script``: all texts of a world as one sheet, out and in."""

from __future__ import annotations

import argparse

from worldkit.cli.in_place import is_in_place, replace_world, revision_to_replace
from worldkit.cli.options import WORLD_HELP
from worldkit.cli.terminal import STDIO, print_error, read_world, require_writable, write
from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.prose import READERS


def script_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit script``."""
    parser.add_argument("world", help=WORLD_HELP)
    parser.add_argument("sheet", help="the sheet: *.csv, *.xlf for XLIFF 2.0, or *.md for a document to read")
    parser.add_argument(
        "--for", dest="readers", action="append", choices=READERS, help="only texts for this reader (all); repeatable"
    )
    parser.add_argument("--language", metavar="TAG", help="the target language of a translation, such as de")
    parser.add_argument("--source-language", metavar="TAG", help="the language of the world (en)")
    parser.add_argument("--force", action="store_true", help="replace the sheet, or the output file, if it exists")
    parser.add_argument("--take", action="store_true", help="import the sheet, and write the world with its texts")
    parser.add_argument(
        "--overwrite", action="store_true", help="with --take: also replace texts that changed in the world since"
    )
    destination = parser.add_mutually_exclusive_group()
    destination.add_argument("-o", "--output", metavar="FILE", help="with --take: output file (standard output)")
    destination.add_argument("--in-place", action="store_true", help="with --take: overwrite the world's file")


def script(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit script``."""
    from worldkit.interop import apply_lines, read_script, write_script

    _refuse_options_without_effect(arguments)
    revision = revision_to_replace(arguments.world) if is_in_place(arguments) else None
    world = read_world(arguments.world)
    if not arguments.take:
        require_writable(arguments.sheet, new=not arguments.force)
        write_script(
            world,
            arguments.sheet,
            readers=arguments.readers or READERS,
            language=arguments.language,
            source_language=arguments.source_language or "en",
            overwrite=arguments.force,
        )
        return 0
    if revision is None:
        require_writable(arguments.output or STDIO, new=not arguments.force)
    edits = apply_lines(world, read_script(arguments.sheet), overwrite=arguments.overwrite)
    for clash in edits.outdated:
        print_error(f"{clash.key}: changed in the world since the sheet was written, not taken; see --overwrite")
    for key in edits.unknown:
        print_error(f"{quote(key)}: there is no such text in the world by now, not taken")
    if revision is None:
        write(arguments.output or STDIO, edits.world.to_json(), new=not arguments.force)
    else:
        replace_world(arguments.world, edits.world.to_json(), revision)
    return int(bool(edits.outdated or edits.unknown))


def _refuse_options_without_effect(arguments: argparse.Namespace) -> None:
    """Refuse options of the other direction: who gives one has forgotten ``--take``, or did not mean it.

    Raises:
        WorldError: There is such an option.
    """
    import_options = {
        "--output": arguments.output is not None,
        "--in-place": arguments.in_place,
        "--overwrite": arguments.overwrite,
    }
    export_options = {
        "--for": bool(arguments.readers),
        "--language": arguments.language is not None,
        "--source-language": arguments.source_language is not None,
        "--force": arguments.force and arguments.output is None,
    }
    for option, is_given in (export_options if arguments.take else import_options).items():
        if is_given:
            relation = "does not go" if arguments.take else "goes"
            raise WorldError(
                f"{option} {relation} with --take, which imports the sheet; without it the sheet is written"
            )
