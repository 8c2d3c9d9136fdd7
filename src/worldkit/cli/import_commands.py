"""``import``: a world made of a story or a state machine of another program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from worldkit.cli.options import new_file_options
from worldkit.cli.terminal import STDIO, print_error, require_writable, write
from worldkit.core.errors import InvalidStory
from worldkit.core.json_values import MAX_BYTES
from worldkit.core.quoting import format_count


def import_story_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit import``."""
    parser.add_argument(
        "file", help="Twee, a Twine 2 page, ink or XState as JSON, or SCXML; - reads it from standard input"
    )
    new_file_options(parser, "output file (standard output)")
    parser.add_argument(
        "--max-copies", type=int, default=16, metavar="N", help="most copies of one passage in the world (16)"
    )


def import_story(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit import``; where passages stand on Twine's map is kept beside the world's file."""
    from worldkit.imports import import_

    require_writable(arguments.output, new=not arguments.force)
    result = import_(_source(arguments.file), max_copies=arguments.max_copies)
    for loss in result.lost:
        print_error(str(loss))
    if result.lost:
        print_error(f"{format_count(len(result.lost), 'thing')} could not be expressed exactly in {result.world!r}")
    if any("copies for its values" in loss.why for loss in result.lost):
        print_error(f"--max-copies above {arguments.max_copies} would keep more of what variables decide")
    write(arguments.output, result.world.to_json(), new=not arguments.force)
    if result.layout and arguments.output.endswith(".json"):
        from worldkit.stores.file import WorldFileStore

        WorldFileStore(arguments.output).place(arguments.output, result.layout)
    return int(bool(result.lost))


def _source(name: str) -> str | Path:
    if name != STDIO:
        return Path(name)
    from worldkit.interop.stories.reading import decode

    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InvalidStory(f"standard input cannot be imported: it is larger than {MAX_BYTES} bytes")
    text = decode(data, "standard input")
    return text if "\n" in text else f"{text}\n"  # a text of one line would be taken for a path
