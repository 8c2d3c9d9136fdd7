"""``PainterFeed``: runs a painter beside the caller, in a thread of its own; what fails there never reaches play."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.process_lock import ProcessLock
from worldkit.painting.looks import Looks
from worldkit.painting.painter import Capabilities, Frame, Painter, PromptKind
from worldkit.playing.evidence import Sample

log = logging.getLogger("worldkit.painting")

MAX_IN_FLIGHT = 2
"""So many frames are sent that nobody has said they were shown; a slow reader gets fewer frames, never a queue."""
_NEW_DELAY_WEIGHT = 0.1
"""How much a new delay counts beside those before it."""
CLOSE_SECONDS = 5.0
CALL_SECONDS = 30.0
"""A call that the painter has not ended after this is given up, so that the next ones are made."""


class PainterFeed:
    """A painter that runs in a thread, with its newest frame.

    Args:
        on_frame: Called with a number and a frame, in the thread; at most two numbers are not yet acknowledged.
        on_status: Called in the thread when ``status`` changed.

    Attributes:
        capabilities: What the painter can do; None until it is open.
        status: ``"closed"``, ``"connecting"``, ``"open"``, or what the painter says of itself, such as
            ``"reconnecting"``; ``"failed"`` when it raised an error.
        detail: Why, in words.
        delay_ms: Milliseconds from when a frame is sent until it is known to be shown, lately; None before the first.
    """

    def __init__(
        self,
        painter: Painter,
        on_frame: Callable[[int, Frame], None],
        on_status: Callable[[], None] = lambda: None,
    ) -> None:
        self.painter = painter
        self.capabilities: Capabilities | None = None
        self.status, self.detail = "closed", ""
        self.delay_ms: float | None = None
        self._on_frame, self._on_status = on_frame, on_status
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stop: asyncio.Event | None = None
        self._room: asyncio.Event | None = None
        self._calls = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock = ProcessLock()
        self._sent_count = self._acknowledged_count = 0
        self._sending_times: dict[int, float] = {}
        self._newest_frame: Frame | None = None
        self._look_cache = Looks()

    def start(self, prompt: str, image: str = "", world: str = "") -> None:
        """Open the painter in the background.

        Args:
            prompt: The prompt to begin with.
            image: The address of a picture to begin from.
            world: The world's name or id.
        """
        if self._thread is not None:
            return
        is_ready = threading.Event()
        self._set_status("connecting")
        self._thread = threading.Thread(
            target=self._run, args=(prompt, image, world, is_ready), name="worldkit-painter", daemon=True
        )
        self._thread.start()
        is_ready.wait()

    def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Tell the painter what to draw now; returns at once."""
        self._submit(lambda: self.painter.say(prompt, kind, state))

    def hold(self, controls: Collection[str]) -> None:
        """Hold these controls and release all others; returns at once."""
        control_set = frozenset(controls)
        self._submit(lambda: self.painter.hold(control_set))

    def acknowledge(self, number: int, *, was_shown: bool = True) -> None:
        """Note that a frame and all before it were shown, or will never be.

        Args:
            number: Its number. 0 means all that were sent: whoever has just opened waits for none of them. A number
                that was never sent is ignored.
            was_shown: Whether it was shown, so that the time until now is how late pictures are.
        """
        with self._lock:
            if was_shown:
                self._note_delay(number)
            number = number or self._sent_count
            if not self._acknowledged_count < number <= self._sent_count:
                return
            self._acknowledged_count = number
            self._sending_times = {frame: at for frame, at in self._sending_times.items() if frame > number}
        if self._loop is not None and self._room is not None:
            with suppress(RuntimeError):  # the loop may just have closed
                self._loop.call_soon_threadsafe(self._room.set)

    def _note_delay(self, number: int) -> None:
        if (sending_time := self._sending_times.get(number)) is not None:
            delay = 1000 * (time.perf_counter() - sending_time)
            self.delay_ms = (
                delay if self.delay_ms is None else self.delay_ms + _NEW_DELAY_WEIGHT * (delay - self.delay_ms)
            )

    def look(self, _: int = 0) -> Sample | None:
        """Return what is seen in the newest frame; None when there is none, or it cannot be looked at.

        It can be given to a session as its source of evidence.
        """
        frame, self._newest_frame = self._newest_frame, None
        if frame is None:
            return None
        try:
            return self._look_cache.look(frame)
        except (ValueError, WorldError) as error:
            log.debug("a frame cannot be looked at: %s", error)
            return None

    def close(self) -> None:
        """Stop; waits a moment for the thread to end."""
        loop, stop, thread = self._loop, self._stop, self._thread
        if loop is not None and stop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)
        if thread is not None and thread is not threading.current_thread():
            thread.join(CLOSE_SECONDS)

    # ---- in the thread -------------------------------------------------------------------------

    def _run(self, prompt: str, image: str, world: str, is_ready: threading.Event) -> None:
        try:
            asyncio.run(self._paint(prompt, image, world, is_ready))
        except Exception as error:  # whatever a painter does, play goes on
            log.exception("a painter failed")
            self._set_status("failed", f"{type(error).__name__}: {error}")
        finally:
            self._loop = None
            is_ready.set()

    async def _paint(self, prompt: str, image: str, world: str, is_ready: threading.Event) -> None:
        self._loop, self._stop, self._room = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        stop_task = asyncio.create_task(self._stop.wait())
        is_ready.set()
        open_task = asyncio.create_task(self.painter.open(prompt, image, world=world))
        watch_task = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({open_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
            if not open_task.done():
                return
            self.capabilities = open_task.result()
            self._set_status("open")
            forward_task = asyncio.create_task(self._forward())
            await asyncio.wait({forward_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
            forward_task.cancel()
            if forward_task.done() and not forward_task.cancelled():
                forward_task.result()
            self._follow_painter()
        except WorldError as error:
            self._set_status("failed", str(error))
        finally:
            for task in (stop_task, open_task, watch_task):
                task.cancel()
            with suppress(Exception):
                await self.painter.close()
            if self._stop.is_set():
                self._set_status("closed")

    async def _forward(self) -> None:
        assert self._room is not None
        async for frame in self.painter.frames():
            self._newest_frame = frame
            with self._lock:
                self._sent_count += 1
                number = self._sent_count
                self._sending_times[number] = time.perf_counter()
            self._on_frame(number, frame)
            # before a frame is asked for: one that waited would be old, and sent together with the one after it
            while self._sent_count - self._acknowledged_count >= MAX_IN_FLIGHT:
                self._room.clear()
                if self._sent_count - self._acknowledged_count >= MAX_IN_FLIGHT:
                    await self._room.wait()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(0.25)
            self._follow_painter()

    def _follow_painter(self) -> None:
        status = getattr(self.painter, "status", self.status)
        is_told = self.capabilities is not None or status == "connecting"  # how it opens, it may say: in which line
        if isinstance(status, str) and is_told:
            self._set_status(status, str(getattr(self.painter, "detail", "")))

    def _set_status(self, status: str, detail: str = "") -> None:
        if (status, detail) != (self.status, self.detail):
            self.status, self.detail = status, detail[:500]
            self._on_status()

    def _submit(self, call: Callable[[], Coroutine[Any, Any, None]]) -> None:
        loop = self._loop
        if loop is None:
            return

        async def run() -> None:
            try:
                # one after the other: of two prompts that are sent at once, the older could arrive last
                async with self._calls, asyncio.timeout(CALL_SECONDS):
                    await call()
            except Exception:
                log.exception("a painter failed")

        def begin() -> None:  # in the loop's thread: one that is closing drops what was made elsewhere, unawaited
            task = loop.create_task(run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        with suppress(RuntimeError):  # the loop may just have closed
            loop.call_soon_threadsafe(begin)
