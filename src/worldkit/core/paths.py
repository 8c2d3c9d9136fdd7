"""Paths: what stands at one, where it leads, and how a message names it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Literal

from worldkit.core.characters import shorten_middle
from worldkit.core.errors import FileError
from worldkit.core.quoting import MAX_FILE_NAME_LENGTH, escape_unprintable


def path_name(path: str | os.PathLike[str]) -> str:
    """Return a path as a message shows it: printable, and not too long."""
    return shorten_middle(escape_unprintable(os.fsdecode(path)), MAX_FILE_NAME_LENGTH)


def expand_home(path: str | os.PathLike[str]) -> Path:
    """Return a path with the home folder in place of ``~``; as it is where ``~name`` is nobody here."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def kind_at(path: str | os.PathLike[str]) -> Literal["file", "folder", "other"] | None:
    """Return what stands at a path; None for nothing.

    Raises:
        FileError: It cannot be looked at, or the path can name no file.
    """
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        number, reason = getattr(error, "errno", errno.EINVAL), getattr(error, "strerror", None) or error
        raise FileError(number, f"cannot be looked at: {reason}", os.fsdecode(path)) from None
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def is_device_or_pipe(path: str | os.PathLike[str]) -> bool:
    """Return whether something stands at a path that is neither a file nor a folder, such as ``/dev/stdout``."""
    try:
        return kind_at(path) == "other"
    except FileError:
        return False


def link_target(path: Path) -> Path:
    """Return the file that a symbolic link leads to; the path as it is where it is no link."""
    # unlike the methods of a path, these raise nothing for a name that is too long and for links in a circle
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, where there is none.

    Raises:
        FileError: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(error.errno or errno.EIO, f"cannot be made: {error.strerror or error}", str(path)) from None
