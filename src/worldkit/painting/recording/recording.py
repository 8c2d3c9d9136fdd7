"""``Recording``: a session that was recorded, with its frames; and the painter that shows them again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.files import read_bytes
from worldkit.core.paths import kind_at
from worldkit.core.quoting import format_count
from worldkit.painting.looks import is_small_enough
from worldkit.painting.painter import Capabilities, Frame, PromptKind, require_prompt_kind
from worldkit.painting.recording.form import FRAMES, RUN, WORLD, RecordedFrame, frames_in
from worldkit.playing.trace import Trace
from worldkit.world import World, load

MAX_PAUSE_MS = 1_000.0
"""A frame that stood longer than this is followed by the next after this."""


@checked_methods
@dataclass(frozen=True, repr=False)
class Recording:
    """A session that was recorded.

    Attributes:
        folder: Where it is.
        world: The world that it began in.
        trace: The run.
        frames: The frames in order, each with its state and time; ``frame`` reads one.

    Example:
        >>> from worldkit.painters import Recorder, Recording
        >>> with Recorder("bench.recording", wk.Session(world)) as recorder:
        ...     pass
        >>> Recording.load("bench.recording")
        Recording of 'The Red Mitten': 0 steps, 0 frames
    """

    folder: Path
    world: World
    trace: Trace
    frames: tuple[RecordedFrame, ...]

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Recording:
        """Read a recording; of one that ended in a crash, all that was written completely.

        Args:
            folder: Its folder.

        Raises:
            WorldError: It is no recording, or holds something that none holds.
            OSError: It cannot be read.

        Example:
            >>> session = wk.Session(world)
            >>> with wk.painters.Recorder("walk.recording", session) as recorder:
            ...     step = session.fire("walk_up_the_lane")
            ...     recorder.save_run()
            >>> wk.painters.Recording.load("walk.recording")
            Recording of 'The Red Mitten': 1 step, 0 frames
        """
        directory = Path(folder)
        if kind_at(directory / WORLD) != "file" or kind_at(directory / RUN) != "file":
            raise WorldError(f"expected the folder of a recording, with {WORLD} and {RUN}, got {str(folder)!r}")
        world = load(directory / WORLD)
        trace = Trace.from_json(read_bytes(directory / RUN).decode("utf-8", "replace"))
        frames: tuple[RecordedFrame, ...] = ()
        path = directory / FRAMES
        if path.is_file():
            try:
                with path.open("rb") as file:
                    frames = tuple(frames_in(file, path.stat().st_size))
            except ValueError as error:
                raise WorldError(f"{str(path)!r} holds no frames of a recording: {error}") from None
        return cls(directory, world, trace, frames)

    def frame(self, index: int) -> Frame:
        """Return a frame with its bytes.

        Args:
            index: Its place in ``frames``.

        Raises:
            WrongArgument: There is no such frame.
            OSError: It cannot be read.

        Example:
            >>> frame = wk.painters.Frame(b"the bytes of a JPEG", "image/jpeg")
            >>> with wk.painters.Recorder("walk.recording", wk.Session(world)) as recorder:
            ...     recorder.add(frame)
            >>> wk.painters.Recording.load("walk.recording").frame(0).data
            b'the bytes of a JPEG'
        """
        if not -len(self.frames) <= index < len(self.frames):
            raise WrongArgument("index", f"the place of one of {len(self.frames)} frames", f"{index}")
        recorded_frame = self.frames[index]
        with (self.folder / FRAMES).open("rb") as file:
            file.seek(recorded_frame.start)
            data = file.read(recorded_frame.size)
        return Frame(data, recorded_frame.media_type, recorded_frame.width, recorded_frame.height)

    def painter(self) -> RecordedPainter:
        """Return a painter that shows, in each state, the frames that were recorded there.

        With it the run is looked at again: ``wk.play(r.world, trace=r.trace, painter=r.painter())``.

        Example:
            >>> from worldkit.painters import Recorder, Recording
            >>> with Recorder("lane2.recording", wk.Session(world)) as recorder:
            ...     pass
            >>> recording = Recording.load("lane2.recording")
            >>> player = wk.play(recording.world, trace=recording.trace, painter=recording.painter())
        """
        return RecordedPainter(self)

    def __repr__(self) -> str:
        name = self.world.name or "an unnamed world"
        steps = format_count(len(self.trace), "step")
        return f"Recording of {name!r}: {steps}, {len(self.frames):,} frames"


@checked_methods
class RecordedPainter:
    """Shows the frames of a recording, in each state those that were recorded there, over and over.

    Args:
        recording: The recording.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._by_state: dict[str, list[int]] = {}
        for index, frame in enumerate(recording.frames):
            self._by_state.setdefault(frame.state, []).append(index)
        self._indices: list[int] = []
        self._is_new = asyncio.Event()
        self._is_closed = False

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        """Begin with the frames of the run's first state; see ``Painter``.

        Example:
            >>> frame = wk.painters.Frame(b"the bytes of a JPEG", "image/jpeg")
            >>> with wk.painters.Recorder("walk.recording", wk.Session(world)) as recorder:
            ...     recorder.add(frame)
            >>> painter = wk.painters.Recording.load("walk.recording").painter()
            >>> capabilities = await painter.open("")
            >>> await anext(painter.frames())
            Frame of 19 bytes, image/jpeg
        """
        self._indices = self._by_state.get(self._recording.trace.start.state, [])
        return Capabilities(prompt=True, note="a recording")

    async def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Go on with the frames of a state; see ``Painter``.

        Example:
            >>> with wk.painters.Recorder("walk.recording", wk.Session(world, at={"state": "bench"})) as recorder:
            ...     recorder.add(wk.painters.Frame(b"the bytes of a JPEG", "image/jpeg"))
            >>> painter = wk.painters.Recording.load("walk.recording").painter()
            >>> capabilities = await painter.open("")
            >>> await painter.say("", kind="state", state="bench")
            >>> await anext(painter.frames())
            Frame of 19 bytes, image/jpeg
        """
        require_prompt_kind(kind)
        indices = self._by_state.get(state, []) if kind == "state" else self._indices
        if indices is not self._indices:
            self._indices = indices
            self._is_new.set()

    async def hold(self, controls: Collection[str]) -> None:
        """Do nothing: a recording cannot move otherwise than it did.

        Example:
            >>> with wk.painters.Recorder("walk.recording", wk.Session(world)) as recorder:
            ...     pass
            >>> painter = wk.painters.Recording.load("walk.recording").painter()
            >>> capabilities = await painter.open("")
            >>> capabilities.hold, await painter.hold({"forward"})
            (False, None)
        """

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield the frames of the state at the pace they were recorded in; see ``Painter``."""
        frames = self._recording.frames
        while not self._is_closed:
            self._is_new.clear()
            indices = self._indices
            for position, index in enumerate(indices):
                frame = await asyncio.to_thread(self._recording.frame, index)
                if is_small_enough(frame):
                    yield frame
                next_index = indices[position + 1] if position + 1 < len(indices) else None
                pause = MAX_PAUSE_MS if next_index is None else frames[next_index].ms - frames[index].ms
                if await self._changes_within(min(MAX_PAUSE_MS, max(10.0, pause))):
                    break
            else:
                if not indices:
                    await self._is_new.wait()

    async def close(self) -> None:
        """Stop showing frames."""
        self._is_closed = True
        self._is_new.set()

    async def _changes_within(self, ms: float) -> bool:
        """Wait; say whether other frames are wanted meanwhile."""
        try:
            await asyncio.wait_for(self._is_new.wait(), ms / 1000)
        except TimeoutError:
            return False
        return True
