"""What every command shares: reading worlds, writing to the terminal and to files, errors in one line."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldkit.core import json_values
from worldkit.core.atomic_write import WRITE_PROTECTED_MESSAGE, is_write_protected, write_atomically
from worldkit.core.errors import FileError, InvalidWorld, Problem, WorldError
from worldkit.core.file_patterns import worlds_below
from worldkit.core.json_values import MAX_BYTES, escape_unprintable
from worldkit.core.paths import is_device_or_pipe, path_name
from worldkit.core.quoting import format_count
from worldkit.world import World, load_all

if TYPE_CHECKING:
    from worldkit.exploration import Budget, Exploration

STDIO = "-"

EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_INTERRUPTED = 130


def print_lines(*lines: str) -> None:
    """Write lines to standard output; what would steer the terminal is written out."""
    sys.stdout.write(escaped_lines(*lines))


def escaped_lines(*lines: str) -> str:
    """Return lines as one text; what would steer a terminal is written out."""
    return "".join(f"{escape_unprintable(line)}\n" for line in lines)


def print_text(text: str) -> None:
    """Write a text of several lines to standard output."""
    print_lines(*text.split("\n"))


def print_json(value: Any) -> None:
    """Write JSON to standard output, in ASCII: it is as safe in a terminal as in a pipe."""
    print_document(json.dumps(value, indent=2) + "\n")


def print_document(text: str) -> None:
    """Write a text that programs read to standard output, in UTF-8 as to a file, whatever the terminal's encoding."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a notebook replaces standard output by a stream that takes text only
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(_utf8(text))


def _utf8(text: str) -> bytes:
    """Return a text in UTF-8; bytes of a file's name that are no characters are written out."""
    return text.encode("utf-8", "backslashreplace")


def print_error(line: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"worldkit: {escape_unprintable(line)}\n")


def one_line(error: Exception) -> str:
    """Return what an error says in one line, as far as that goes."""
    if isinstance(error, InvalidWorld) and error.problems:
        count = len(error.problems) - 1
        rest = f" (and {format_count(count, 'more problem')})" if count else ""
        return f"{error.source} {error.verdict}: {error.problems[0]}{rest}"
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        name = path_name(error.filename) if isinstance(error, FileError) else error.filename
        return f"{name}: {error.strerror[:1].lower()}{error.strerror[1:]}"
    lines = (" ".join(line.split()) for line in str(error).splitlines())
    return re.sub(r"(?<![.,;:!?])\n", "; ", "\n".join(filter(None, lines))).replace("\n", " ")


def is_interactive() -> bool:
    """Say whether progress may be shown: somebody is looking at standard error."""
    return sys.stderr.isatty()


# ---- reading -----------------------------------------------------------------------------------


def read_value(name: str) -> Any:
    """Return the JSON value of a file, or of standard input for ``-``.

    Raises:
        InvalidWorld: It is no JSON.
    """
    if name == STDIO:
        data, source = sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"
    else:
        with Path(name).open("rb") as file:
            data, source = file.read(MAX_BYTES + 1), name
    if len(data) > MAX_BYTES:
        raise InvalidWorld([Problem("", f"it is larger than {MAX_BYTES} bytes")], source)
    try:
        return json_values.parse(data.decode("utf-8"), source)
    except UnicodeDecodeError as error:
        raise InvalidWorld([Problem("", f"not UTF-8 text: byte {error.start}")], source) from None


def read_worlds(name: str) -> list[World]:
    """Return the worlds of a file, or of standard input for ``-``.

    Raises:
        InvalidWorld: It holds no world.
        OSError: It cannot be read.
    """
    if name != STDIO:
        return load_all(Path(name))
    value = read_value(name)
    if not isinstance(value, dict):
        raise InvalidWorld([Problem("", f"expected an object, got {json_values.quote(value)}")], "standard input")
    return load_all(value)


def read_world(name: str) -> World:
    """Return the one world of a file, or of standard input for ``-``.

    Raises:
        InvalidWorld: It holds no world, or several.
    """
    worlds = read_worlds(name)
    if len(worlds) != 1:
        raise InvalidWorld([Problem("", f"it holds {len(worlds)} worlds, and one is expected")], name)
    return worlds[0]


def world_files(names: Iterable[str]) -> list[str]:
    """Return files, each folder replaced by the ``*.world.json`` in and below it, as ``wk.scan`` finds them.

    Raises:
        WorldError: A folder holds none.
    """
    files: list[str] = []
    for name in names:
        if name != STDIO and os.path.isdir(name):
            nested_paths = sorted(str(Path(path)) for path in worlds_below(name))
            if not nested_paths:
                raise WorldError(f"{name} holds no *.world.json")
            files += nested_paths
        else:
            files.append(name)
    return files


# ---- writing -----------------------------------------------------------------------------------


def write(name: str, text: str, *, new: bool = False) -> None:
    """Write a text to a file, atomically, or to standard output for ``-``; a device or a pipe is no file that exists.

    Args:
        name: The file, or ``-``.
        new: Whether a file that exists is left as it is.

    Raises:
        WorldError: ``new``, and the file exists.
        OSError: It cannot be written.
    """
    if name == STDIO or _is_open_as(name, 1):
        print_document(_terminated(text))
        return
    if _is_open_as(name, 2):
        sys.stderr.write(_terminated(text))
        return
    try:
        write_atomically(Path(name), as_file(text), new=new and not is_device_or_pipe(name))
    except FileExistsError:
        raise _exists(name) from None


def _is_open_as(name: str, descriptor: int) -> bool:
    """Return whether a file is where standard output, 1, or standard error, 2, leads: ``/dev/stdout`` is."""
    try:
        return os.path.samestat(os.stat(name), os.fstat(descriptor))
    except (OSError, ValueError):
        return False


def as_file(text: str) -> bytes:
    """Return the bytes of a file that holds a text: in UTF-8, with a line end at the end."""
    return _utf8(_terminated(text))


def _terminated(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


_REPORT_OPTIONS = ("svg", "mermaid", "twee", "sarif", "junit", "html")
"""The options that each name a file for a report."""


def require_writable_reports(arguments: argparse.Namespace) -> None:
    """Refuse reports that could not be written, or not read, before work is done that would then be for nothing.

    Raises:
        WorldError: The file of one cannot be written, or two would go to standard output, mixed.
    """
    for file in filter(None, (getattr(arguments, name, None) for name in _REPORT_OPTIONS)):
        require_writable(file)
    require_one_document(arguments)


def require_one_document(arguments: argparse.Namespace) -> None:
    """Refuse options of which several would write to standard output, mixed.

    Raises:
        WorldError: There are several.
    """
    names = ("output", *_REPORT_OPTIONS)
    options = [f"--{name} -" for name in names if getattr(arguments, name, None) == STDIO]
    options += ["--json"] if arguments.json else []
    if len(options) > 1:
        first_options = f"{', '.join(options[:-1])} and {options[-1]}"
        raise WorldError(f"{first_options} all write to standard output; name a file for all but one")


def require_writable(name: str, *, new: bool = False) -> None:
    """Refuse a file that ``write`` could not write, before work is done that would then be for nothing.

    Raises:
        WorldError: ``new``, and the file exists; or it is write-protected; or there is no such folder, or it cannot be
            written to.
    """
    path = Path(name)
    if name == STDIO or is_device_or_pipe(path) or _is_open_as(name, 1) or _is_open_as(name, 2):
        return
    if path.is_dir():
        raise WorldError(f"{name} is a folder; give the name of a file")
    if new and path.exists():
        raise _exists(name)
    if is_write_protected(path):
        raise WorldError(f"{name} cannot be written: {WRITE_PROTECTED_MESSAGE}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        problem = "cannot be written to" if path.parent.is_dir() else "is no folder; make it first"
        raise WorldError(f"{name}: {path.parent} {problem}")


def _exists(name: str) -> WorldError:
    return WorldError(f"{name} exists; give another name, or --force to replace it")


# ---- exhaustive play ---------------------------------------------------------------------------


def budget(arguments: argparse.Namespace) -> Budget:
    """Return what exhaustive play may cost, as the arguments say."""
    from worldkit.exploration import Budget

    default = Budget()
    memory = default.memory if arguments.memory_mb is None else int(arguments.memory_mb * (1 << 20))
    return Budget(arguments.nodes or default.nodes, arguments.seconds or default.seconds, memory)


def explore_world(world: World, arguments: argparse.Namespace) -> Exploration:
    """Explore a world, with progress if standard error is a terminal."""
    from worldkit.exploration import explore

    return explore(
        world, budget=budget(arguments), engine=getattr(arguments, "engine", None), progress=is_interactive()
    )
