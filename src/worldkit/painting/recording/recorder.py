"""``Recorder``: writes a session and its frames while it is played."""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from worldkit.core.argument_checks import checked_methods
from worldkit.core.argument_ranges import expect_amount, expect_count
from worldkit.core.argument_types import plain_number
from worldkit.core.errors import WorldError
from worldkit.core.paths import make_folder
from worldkit.core.process_lock import ProcessLock
from worldkit.painting.painter import Frame
from worldkit.painting.recording.form import (
    FRAMES,
    MAX_BYTES,
    MAX_FRAMES,
    MAX_LINE,
    RUN,
    WORLD,
    line_of,
    problem_of,
)
from worldkit.playing import Session
from worldkit.world import World

log = logging.getLogger("worldkit.painting")

FPS = 10.0
"""Frames a second that are written."""


@checked_methods
class Recorder:
    """Writes a session and its frames to a folder; the files are complete at every moment.

    ``player.record(folder)`` makes one. It can be used as a context manager.

    Args:
        folder: Where to; a new or empty folder.
        session: The session.
        fps: Frames a second that are written; of more, some are left out. ``math.inf`` writes all.
        max_bytes: Bytes of frames at most; from then on only the run is written.

    Attributes:
        folder: The folder.
        frames: How many frames were written.
        bytes: How many bytes.
        is_full: No more frames are written, because ``max_bytes`` are there or the disk refused.

    Raises:
        WorldError: The folder holds something already.
        OSError: It cannot be written to.

    Example:
        >>> from worldkit.painters import Recorder, Recording
        >>> session = wk.Session(world)
        >>> with Recorder("lane.recording", session) as recorder:
        ...     step = session.fire("walk_up_the_lane")
        ...     recorder.save_run()
        >>> Recording.load("lane.recording").trace.events
        ('walk_up_the_lane',)
    """

    def __init__(
        self, folder: str | os.PathLike[str], session: Session, *, fps: float = FPS, max_bytes: int = MAX_BYTES
    ) -> None:
        expect_amount(fps, "fps", above=True)
        expect_count(max_bytes, "max_bytes")
        self.folder: Path = Path(folder)
        self.frames: int = 0
        self.bytes: int = 0
        self.is_full: bool = False
        make_folder(self.folder)
        if any(self.folder.iterdir()):
            raise WorldError(f"expected a new or an empty folder to record to, got {str(folder)!r}, which holds files")
        self._session = session
        self._interval = 1 / fps
        self._max_bytes = min(max_bytes, MAX_BYTES)
        self._lock = ProcessLock()
        self._started_at = time.monotonic()
        self._next_frame = 0.0
        self._written_world: World | None = None
        self._write_run()
        self._file: BinaryIO | None = (self.folder / FRAMES).open("ab")

    def follow(self, session: Session) -> None:
        """Go on with another session, which plays the same world.

        Args:
            session: The session.

        Example:
            >>> session = wk.Session(world)
            >>> with wk.painters.Recorder("walk.recording", wk.Session(world)) as recorder:
            ...     recorder.follow(session)
            ...     step = session.fire("walk_up_the_lane")
            ...     recorder.save_run()
            >>> wk.painters.Recording.load("walk.recording").trace.events
            ('walk_up_the_lane',)
        """
        self._session = session

    def add(self, frame: Frame) -> None:
        """Write a frame, unless one was written just before or no more are taken; never raises.

        Args:
            frame: The frame; one that is only an address is left out, or whose size is not that of its bytes.

        Example:
            >>> frame = wk.painters.Frame(b"the bytes of a JPEG", "image/jpeg")
            >>> with wk.painters.Recorder("walk.recording", wk.Session(world)) as recorder:
            ...     recorder.add(frame)
            >>> recorder.frames
            1
        """
        with self._lock:
            now = time.monotonic() - self._started_at
            if self._file is None or self.is_full or now < self._next_frame:
                return
            frame = replace(frame, width=plain_number(frame.width), height=plain_number(frame.height))
            if problem_of(frame.media_type, len(frame.data), frame.width, frame.height):
                return
            line = line_of(1000 * now, self._session.clock, self._session.state, frame)
            if len(line) > MAX_LINE:  # it could not be read again
                return
            size = len(line) + len(frame.data)
            if self.bytes + size > self._max_bytes or self.frames >= MAX_FRAMES:
                self.is_full = True
                return
            try:
                self._file.write(line + frame.data)
                self._file.flush()
            except OSError as error:
                log.warning("no more frames are recorded: %s", error)
                self.is_full = True
                return
            self.frames += 1
            self.bytes += size
            self._next_frame = now + self._interval

    def save_run(self) -> None:
        """Write the run as it is now, in place of what was written of it before.

        The world in which the run began is written again when it is another one by now, as after an edit and a restart.

        Raises:
            OSError: It cannot be written; what was there before is untouched.
        """
        with self._lock:
            if self._file is not None:
                self._write_run()

    def _write_run(self) -> None:
        world, written_world = self._session.first_world, self._written_world
        if world is written_world:
            self._session.save(self.folder / RUN)
            return
        world.save(self.folder / WORLD)  # the run began again after the world was edited
        try:
            self._session.save(self.folder / RUN)
        except BaseException:  # the world of the run that is there still
            if written_world is not None:
                written_world.save(self.folder / WORLD)
            raise
        self._written_world = world

    def close(self) -> None:
        """Write the run a last time, and end the recording; may be called more than once.

        Raises:
            OSError: The run cannot be written; the recording has ended all the same.
        """
        try:
            self.save_run()
        finally:
            with self._lock:
                file, self._file = self._file, None
                if file is not None:
                    with suppress(OSError):  # of a full disk, which was told when a frame was written
                        file.close()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        status = "recording" if self._file is not None else "closed"
        return f"Recorder to {str(self.folder)!r}: {self.frames:,} frames, {self.bytes:,} bytes, {status}"
