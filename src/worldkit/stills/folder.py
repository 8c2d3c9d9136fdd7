"""``StillsFolder``: a folder of stills. Files are named by the hash of their bytes; an index says which is which.

The index is a file to which lines are appended, one for each still; the last line about a state and a prompt counts.
So each still costs one short write, a crash costs the last line at most, and files of two branches merge line by line.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import FileError
from worldkit.core.paths import make_folder
from worldkit.stills.listeners import announce_still, forget_announcement, remember_announcement
from worldkit.stills.record import StillRecord, parse_record

INDEX = "stills.jsonl"
MAX_INDEX_BYTES = 64 << 20
"""Bytes of an index that is read."""
MAX_FILE_BYTES = 4 << 20
"""Bytes of a still."""
MAX_INDEXES = 16

Signature = tuple[int, int, int]
_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class StillsIndex:
    """The records of a folder, in the ways in which they are looked for.

    Attributes:
        by_text: By state and prompt.
        by_prompt: By prompt alone; two states of one text may share a still.
        by_state: The newest of a state, whatever its prompt was.
        records: All of them, the oldest first.
    """

    by_text: Mapping[tuple[str, str], StillRecord]
    by_prompt: Mapping[str, StillRecord]
    by_state: Mapping[str, StillRecord]
    records: tuple[StillRecord, ...]


_EMPTY = StillsIndex({}, {}, {}, ())
_cache: OrderedDict[Path, tuple[Signature, StillsIndex]] = OrderedDict()


class StillsFolder:
    """A folder of stills; it need not exist.

    Args:
        is_own: Whether it is one world's own. In a folder that several worlds share, ids of states say nothing.
    """

    def __init__(self, path: Path, *, is_own: bool) -> None:
        self.path = path
        self.is_own = is_own

    def index(self) -> StillsIndex:
        """Return its records; none when there is no index, or it cannot be read."""
        path = self.path / INDEX
        try:
            status = path.stat()
            signature = (status.st_mtime_ns, status.st_size, status.st_ino)
            cached_index = _cache.get(path)
            if cached_index and cached_index[0] == signature:
                return cached_index[1]
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_INDEX_BYTES:
                return _EMPTY
            index = _indexed(path.read_bytes())
        except OSError:
            return _EMPTY
        _cache[path] = (signature, index)
        while len(_cache) > MAX_INDEXES:
            _cache.popitem(last=False)
        return index

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a still; None when the file is not there, or is not what its name says.

        Args:
            name: The name of the file, from a record.
        """
        path = self.path / name
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
                return None
            data = path.read_bytes()
        except OSError:
            return None
        return data if data.startswith(_JPEG) and file_name(data) == name else None

    def add(self, record: StillRecord, files: Mapping[str, bytes]) -> None:
        """Add a record, and before it the files that it names; what is open in this process is told.

        Args:
            files: Bytes by the names in the record.

        Raises:
            FileError: The folder cannot be written.
        """
        make_folder(self.path)
        for name, data in files.items():
            if self.read(name) is None:
                write_atomically(self.path / name, data)
        remember_announcement(record, self.path)  # first: who watches the folder does not tell of it a second time
        try:
            self._append(record)
            announce_still(record, self.path)
        except BaseException:
            forget_announcement(record, self.path)
            if record in self.index().records:  # its line was written all the same, and may have been passed over
                announce_still(record, self.path)
            raise

    def _append(self, record: StillRecord) -> None:
        """Write the line of a record at the end of the index."""
        path = self.path / INDEX
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                end = os.lseek(handle, 0, os.SEEK_END)
                ends_inside_line = end > 0 and _last_byte(handle, end) != b"\n"  # a line that a crash left half written
                data = (b"\n" if ends_inside_line else b"") + record.line()
                while data:  # a disk that is nearly full takes the beginning alone, and fails at the rest
                    data = data[os.write(handle, data) :]
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            reason = f"cannot be written: {error.strerror or error}"
            raise FileError(error.errno or errno.EIO, reason, str(path)) from error


def file_name(data: bytes) -> str:
    """Return the name of the file that holds some bytes."""
    return f"{hashlib.sha256(data).hexdigest()}.jpg"


def _last_byte(handle: int, end: int) -> bytes:
    os.lseek(handle, end - 1, os.SEEK_SET)
    return os.read(handle, 1)


def _indexed(data: bytes) -> StillsIndex:
    records = tuple(record for line in data.split(b"\n") if line and (record := parse_record(line)))
    return StillsIndex(
        {(record.state, record.prompt): record for record in records},
        {record.prompt: record for record in records},
        {record.state: record for record in records},
        records,
    )
