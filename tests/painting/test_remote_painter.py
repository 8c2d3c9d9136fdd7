"""What painters behind a connection have in common: their pictures end when the connection does."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from worldkit.painters import Frame
from worldkit.painting.painter import PromptKind
from worldkit.painting.remote_painter import RemotePainter


class OnePicture(RemotePainter):
    """A painter whose connection ends together with its only picture; no real server ends at a chosen moment."""

    shown = "wss://painter.example"

    async def open(self) -> None:
        self.status = "open"
        self.is_taken = False
        self._frame_changed.set()

    async def say(self, prompt: str, kind: PromptKind, state: str) -> None: ...

    async def hold(self, controls: Collection[str]) -> None: ...

    async def _next_frame(self) -> Frame | None:
        if self.is_taken:
            return None
        self.is_taken, self.status = True, "ended"
        return Frame(b"picture")

    async def _disconnect(self) -> None: ...


def test_pictures_end_when_the_connection_ended_while_the_last_one_was_taken() -> None:
    async def look() -> list[bytes]:
        painter = OnePicture()
        await painter.open()
        async with asyncio.timeout(60):
            return [frame.data async for frame in painter.frames()]

    assert asyncio.run(look()) == [b"picture"]
