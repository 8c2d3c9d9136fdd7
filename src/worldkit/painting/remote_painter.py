"""``RemotePainter``: what painters have in common whose model is behind a connection that may be lost."""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Literal

from worldkit.core.errors import PainterRefused
from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.reconnects import Reconnects

Status = Literal["closed", "connecting", "open", "reconnecting", "ended", "refused", "lost"]
_LIVE_STATUSES = ("connecting", "open", "reconnecting")


class RemotePainter(ABC):
    """Keeps the status of a connection, and hands on the newest picture that came through it.

    A dialect connects in ``open``, sets ``_frame_changed`` when a picture has come, runs ``_task`` while it is open.

    Attributes:
        capabilities: What the model can do, as it says.
        status: The state of the connection.
        detail: Why, in words.
        problems: What could not be read, and what the server reported; the newest 50.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._frame_changed = asyncio.Event()
        self._held_controls: frozenset[str] = frozenset()
        self._reconnects = Reconnects()
        self.capabilities: Capabilities = Capabilities()
        self.status: Status = "closed"
        self.detail: str = ""
        self.problems: deque[str] = deque(maxlen=50)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.shown!r}, {self.status})"

    @property
    @abstractmethod
    def shown(self) -> str:
        """The address for messages, without what may be secret."""

    @abstractmethod
    async def _next_frame(self) -> Frame | None:
        """Return the newest picture, each one once; None when none has come since the last."""

    @abstractmethod
    async def _disconnect(self) -> None:
        """Close the connection, if there is one; never raises what a connection raises."""

    async def _say_goodbye(self) -> None:  # noqa: B027
        """Tell the server that the painter closes; a dialect without a goodbye says nothing."""

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield pictures, the newest of those that came; ends when the painter is closed, refused or lost for good."""
        while True:
            await self._frame_changed.wait()
            self._frame_changed.clear()
            frame = await self._next_frame()
            if frame is not None:
                yield frame
                if self.status not in _LIVE_STATUSES:
                    self._frame_changed.set()  # it ended while that frame was looked at, and nobody sets it again
            elif self.status not in _LIVE_STATUSES:
                self._frame_changed.set()  # for other readers
                return

    async def close(self) -> None:
        """Say goodbye and close; may be called more than once."""
        if self.status not in ("ended", "refused", "lost"):
            self.status = "closed"
        await self._say_goodbye()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._disconnect()
        self._held_controls, self._reconnects = (
            frozenset(),
            Reconnects(),
        )  # a later session begins with nothing of this one
        self._frame_changed.set()

    def _set_status(self, status: Status, detail: str = "") -> None:
        self.status, self.detail = status, detail

    async def _refuse(self, reason: str) -> PainterRefused:
        """Give up opening, and return the error to raise."""
        self._set_status("refused", reason)
        await self._disconnect()
        self._frame_changed.set()
        return PainterRefused(f"no world model answers at {self.shown}: {reason}")

    async def _wait_to_reconnect(self, close_code: int, detail: str) -> bool:
        """Wait until the connection may be tried again; return whether it may at all.

        Args:
            close_code: The code that the connection was closed with.
            detail: Why it is tried again, in words.
        """
        seconds = self._reconnects.wait_after(close_code, random.random())
        if seconds is None:
            return False
        self._set_status("reconnecting", detail)
        await asyncio.sleep(seconds)
        self._reconnects = self._reconnects.after_try()
        return True
