"""Writing a world back to its own file, which an editor or another program may have changed in the meantime."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from worldkit.cli.terminal import STDIO, as_file, one_line, print_error, read_value
from worldkit.core import json_values
from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import FileChanged, StoreError, WorldError
from worldkit.core.files import read_bytes
from worldkit.core.json_values import Json


def is_in_place(arguments: argparse.Namespace) -> bool:
    """Say whether a command writes back to the file that it reads: ``--in-place``, or that file as ``--output``."""
    if arguments.in_place or arguments.output in (None, STDIO):
        return bool(arguments.in_place)
    try:
        # another name of the file, a hard link, is another file: that is what a rename replaces
        world_file, output_file = (os.path.realpath(str(name)) for name in (arguments.world, arguments.output))
    except ValueError:  # one of them can be no path
        return False
    return world_file == output_file


def revision_to_replace(name: str) -> str:
    """Return the revision of the file that is to be overwritten; call it before the world is read.

    Raises:
        WorldError: ``name`` is no file, or one that wraps its world.
        OSError: It cannot be read.
    """
    if name == STDIO:
        raise WorldError("--in-place writes into the world's file, and standard input has none; give a file")
    revision = revision_of(name)
    value = read_value(name)
    if not isinstance(value, dict) or "scene" not in value:
        raise WorldError(
            f"only a bare world is written back to its file, and {name} wraps its world; use --output with another file"
        )
    return revision


def revision_of(name: str) -> str:
    """Return the revision of a file.

    Raises:
        OSError: It cannot be read.
    """
    from worldkit.stores.file import digest

    return digest(read_bytes(name))


def replace_world(name: str, text: str, revision: str, ops: Sequence[Json] = ()) -> None:
    """Overwrite a world's file, unless it was changed since it was read; what is on the map follows renamed states.

    Args:
        name: The file.
        revision: The revision of the file when the world was read.
        ops: The operations that made the world, in canonical spelling.

    Raises:
        FileChanged: The file is no longer what it was; nothing was written.
        StoreError: Another program is writing it.
        OSError: It cannot be read or written.
    """
    from worldkit.stores.file import digest, format_of
    from worldkit.stores.map_file import MapFile, exclusive, layout_path

    path = Path(name)
    with exclusive(path, name):
        data = read_bytes(name)
        current = digest(data)
        if current != revision:
            raise FileChanged(name, revision, current)
        indent, newline = format_of(data.decode("utf-8-sig"))
        formatted_text = json_values.dumps(json_values.parse(text, name), indent)
        write_atomically(path, as_file(formatted_text).replace(b"\n", newline.encode()))
    try:
        MapFile(layout_path(path), path).rename_states(ops)
    except StoreError as error:
        print_error(f"{name} is written, but not its map: {one_line(error)}")
