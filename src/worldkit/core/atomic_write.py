"""Writing a file so that a crash leaves the old or the new content, never a mixture."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path

from worldkit.core.errors import DiskFull, ExistingFile, FileError, MissingFile
from worldkit.core.paths import is_device_or_pipe

WRITE_PROTECTED_MESSAGE = "it is write-protected; make it writable first, or name another file"
"""What is said of a file that nobody may write."""

ABANDONED_AGE_S = 24 * 60 * 60
"""A temporary file that is older was left by a process that was killed: writing one takes no day."""

_TEMPORARY_NAME = re.compile(r"\.worldkit\.[0-9a-z_]{8,16}\.tmp")
_tidied_folders: set[Path] = set()
_WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def is_write_protected(path: Path) -> bool:
    """Return whether a file is there that nobody may write, by its permissions."""
    return path.exists() and not path.stat().st_mode & _WRITE_BITS


def write_atomically(target: Path, data: bytes, *, new: bool = False) -> None:
    """Replace a file's content so that a crash leaves the old or the new content, never a mixture.

    A device or a pipe is not replaced, it gets the content.

    Args:
        data: The new content.
        new: Whether to refuse when the file exists, even if it was created in the meantime.

    Raises:
        ExistingFile: ``new``, and the file exists.
        BrokenPipeError: What reads from the pipe has closed it.
        DiskFull: The disk is full; an existing file is unchanged.
        MissingFile: There is no such folder.
        FileError: The file cannot be written; an existing file is unchanged.
    """
    # a pipe of this process has a path, such as /dev/stdout, but what that resolves to has none
    is_device = is_device_or_pipe(target)
    # unlike Path.resolve, realpath raises nothing for links in a circle
    target = target if is_device else Path(os.path.realpath(target))
    try:
        if os.path.islink(target) and not is_device:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if is_device and not new:
            target.write_bytes(data)
        else:
            _replace(target, data, new)
    except BrokenPipeError:
        raise
    except FileExistsError:
        reason = "is there already; give another name, or overwrite=True to replace it"
        raise ExistingFile(errno.EEXIST, reason, str(target)) from None
    except FileNotFoundError:
        reason = f"there is no folder {str(target.parent)!r}; make it first, or name another"
        raise MissingFile(errno.ENOENT, reason, str(target)) from None
    except IsADirectoryError:
        raise FileError(errno.EISDIR, "is a folder; pass the path of a file", str(target)) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            reason = f"cannot be written: {error.strerror or error}"
            raise FileError(error.errno or errno.EIO, reason, str(target)) from error
        raise DiskFull(str(target), len(data), shutil.disk_usage(target.parent).free) from error


def _replace(target: Path, data: bytes, new: bool) -> None:
    mode = target.stat().st_mode & 0o7777 if target.exists() else None
    if not new and is_write_protected(target):  # renaming another file over it would not ask
        raise PermissionError(errno.EACCES, WRITE_PROTECTED_MESSAGE)
    handle, temporary = _make_beside(target, is_private=mode is not None)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        if new:
            _rename_unless_exists(temporary, target)
        else:
            os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _remove_left_behind(target.parent)
    if os.name == "posix":
        # the file is written by now; some file systems sync no folder, and one that may not be read cannot be opened
        with contextlib.suppress(OSError):
            _sync_folder(target.parent)


def _remove_left_behind(folder: Path) -> None:
    """Remove the temporary files that processes left which were killed while they wrote; once for each folder."""
    if folder in _tidied_folders:
        return
    _tidied_folders.add(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        left_behind = [entry.path for entry in entries if _TEMPORARY_NAME.fullmatch(entry.name) and _is_old(entry)]
        for path in left_behind:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _is_old(entry: os.DirEntry[str]) -> bool:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > ABANDONED_AGE_S


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _make_beside(target: Path, *, is_private: bool) -> tuple[int, str]:
    """Make a temporary file in the folder of a target, and open it for writing.

    Args:
        target: The file that it is to replace.
        is_private: Whether nobody else may read it for now; otherwise it gets the permissions of any new file.

    Returns:
        Its descriptor and its path.
    """
    # without the target's name: with it, the name of a temporary file may be too long where the target's is not
    if is_private:
        return tempfile.mkstemp(prefix=".worldkit.", suffix=".tmp", dir=target.parent)
    # the system takes the umask off; a process that reads its umask sets it, and other threads make files meanwhile
    path = os.path.join(target.parent, f".worldkit.{secrets.token_hex(8)}.tmp")
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666), path


def _rename_unless_exists(temporary: str, target: Path) -> None:
    """Rename a finished file, unless the target exists."""
    if os.name != "posix":
        os.rename(temporary, target)  # does not replace an existing file there
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        # a file system without hard links: create the target exclusively first
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(temporary, target)
    else:
        os.unlink(temporary)
