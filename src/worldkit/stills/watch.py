"""Watches the folders of what is open here, so that a still that another process painted is shown too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from weakref import WeakMethod

from worldkit.core.process_lock import ProcessLock
from worldkit.stills.folder import INDEX, MAX_INDEX_BYTES
from worldkit.stills.listeners import announce_still, was_announced
from worldkit.stills.record import parse_record

PERIOD_SECONDS = 1.0
"""So long after another one a look is taken."""

Folders = Callable[[], Iterable[Path]]
"""Returns the folders in which the stills of an open world may be."""
ThreadClass = Callable[..., threading.Thread]


class StillsWatch:
    """Looks into folders of stills again and again, as long as something is open.

    Args:
        period: Seconds between two looks.
    """

    def __init__(self, period: float = PERIOD_SECONDS) -> None:
        self._period = period
        self._sources: list[WeakMethod[Folders]] = []
        self._ends: dict[Path, int] = {}
        self._lock = ProcessLock()
        self._look_lock = ProcessLock()
        self._thread: threading.Thread | None = None

    def add(self, folders: Folders, thread_class: ThreadClass = threading.Thread) -> None:
        """Watch the folders of an object as long as it lives; what is in them already is not told.

        Args:
            folders: A bound method; it does not keep its object alive.
            thread_class: Makes the thread that looks: some notebooks hear only threads of their own.
        """
        with self._lock:
            self._sources.append(WeakMethod(folders))
            for folder in _folders_of(folders):
                self._ends.setdefault(folder, _size(folder / INDEX))
            if self._thread is None or not self._thread.is_alive():  # a forked process has no threads
                self._thread = thread_class(target=self._run, name="worldkit-stills", daemon=True)
                self._thread.start()

    def look(self) -> bool:
        """Tell of the stills that were added by others since the last look; return whether anything is still open."""
        with self._lock:
            sources = [source for reference in self._sources if (source := reference()) is not None]
            self._sources[:] = [reference for reference in self._sources if reference() is not None]
            if not sources:
                self._ends.clear()
                self._thread = None
                return False
        with self._look_lock:  # so that whoever looks knows that what was there has been told
            for folder in {folder for source in sources for folder in _folders_of(source)}:
                self._look_into(folder)
        return True

    def _run(self) -> None:
        pause = threading.Event()
        while self.look():
            pause.wait(self._period)

    def _look_into(self, folder: Path) -> None:
        index = folder / INDEX
        size = _size(index)
        end = self._ends.setdefault(folder, size)
        if size == end:
            return
        if size < end:  # another file: what is in it is shown when it is asked for
            self._ends[folder] = size
            return
        try:
            with index.open("rb") as file:
                file.seek(end)
                lines, newline, _ = file.read(size - end).rpartition(b"\n")  # the rest of a line comes later
        except OSError:
            return
        self._ends[folder] = end + len(lines) + len(newline)
        for line in lines.split(b"\n"):
            record = parse_record(line) if line else None
            if record is not None and not was_announced(record, folder):
                announce_still(record, folder)


def _folders_of(source: Folders) -> Iterable[Path]:
    try:
        return [*source()]
    except OSError:  # such as a working folder that was deleted, which may be there again later
        return []


def _size(index: Path) -> int:
    try:
        size = index.stat().st_size
    except OSError:
        return 0
    return size if size <= MAX_INDEX_BYTES else 0


_watch = StillsWatch()


def watch_stills(folders: Folders, thread_class: ThreadClass = threading.Thread) -> None:
    """Tell those who listen for stills (``add_still_listener``) of those that other processes paint.

    Args:
        folders: A bound method that returns the folders of an open world; it does not keep its object alive.
        thread_class: Makes the thread that looks.
    """
    _watch.add(folders, thread_class)
