"""Looks at what a painter draws: how often a picture comes, when it becomes another one, how much it moves."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.painting.looks import decoded
from worldkit.painting.painter import Frame, Painter

CELL_GRID_SIZE = (32, 18)
"""A picture is compared as so many averaged cells across and down."""
PATIENCE_SECONDS = 6.0
"""How long a picture may take to show a new prompt."""


class Eye:
    """Looks at the pictures of a painter.

    Args:
        painter: An open painter.

    Attributes:
        count: Pictures so far.
        kind: The format of the newest.
        problem: Why a picture could not be looked at, after a semicolon.
        cells: When pictures came, and the mean colours of their cells; the newest 600.
    """

    def __init__(self, painter: Painter) -> None:
        self.painter = painter
        self.count = 0
        self.kind = self.size = self.problem = ""
        self.cells: list[tuple[float, list[int]]] = []
        self._has_news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def fps(self) -> float:
        """Pictures a second."""
        if len(self.cells) < 2:
            return 0.0
        return (len(self.cells) - 1) / max(1e-6, self.cells[-1][0] - self.cells[0][0])

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Look as long as the block runs."""
        self._task = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _look_on(self) -> None:
        loop = asyncio.get_running_loop()
        async for frame in self.painter.frames():
            self.count += 1
            try:
                self.kind, self.size, cells = await asyncio.to_thread(averages, frame)
                self.cells.append((loop.time(), cells))
                del self.cells[:-600]
            except (OSError, ValueError, SyntaxError, WorldError) as error:
                self.problem = f"; {error}"
            self._has_news.set()

    async def until_over(self, seconds: float) -> bool:
        """Return whether the pictures end in time."""
        assert self._task is not None
        await asyncio.wait({self._task}, timeout=seconds)
        return self._task.done()

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Return whether a condition holds after some picture, in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not condition():
                    self._has_news.clear()
                    await self._has_news.wait()
        return condition()

    async def look(self, seconds: float) -> tuple[list[float], float]:
        """Return the mean picture of some time, and how far single pictures were from it."""
        self.cells.clear()
        await asyncio.sleep(seconds)
        await self.until(lambda: bool(self.cells), PATIENCE_SECONDS)
        pictures = [cells for _, cells in self.cells]
        if not pictures:
            return [], 0.0
        mean = [statistics.fmean(values) for values in zip(*pictures, strict=True)]
        return mean, max(difference(mean, picture) for picture in pictures)

    async def change_after(self, act: Callable[[], Awaitable[None]], before: list[float], calm: float) -> float | None:
        """Return the seconds after which three pictures in a row differ from those before; None when they never do."""
        loop = asyncio.get_running_loop()
        self.cells.clear()
        began = loop.time()
        await act()

        def first_change() -> float | None:
            for one, two, three in zip(self.cells, self.cells[1:], self.cells[2:], strict=False):
                if all(difference(before, cells) > calm for _, cells in (one, two, three)):
                    return one[0] - began
            return None

        await self.until(lambda: first_change() is not None, PATIENCE_SECONDS)
        return first_change()

    async def motion(self, seconds: float) -> float:
        """Return the mean difference between pictures that follow each other."""
        self.cells.clear()
        await asyncio.sleep(seconds)
        await self.until(lambda: len(self.cells) > 2, PATIENCE_SECONDS)
        pairs = zip(self.cells, self.cells[1:], strict=False)
        return statistics.fmean([difference(a[1], b[1]) for a, b in pairs] or [0.0])


def difference(a: list[float] | list[int], b: list[float] | list[int]) -> float:
    """Return how far two pictures are apart: the mean difference of their cells' colours, 0 to 255."""
    return statistics.fmean(abs(x - y) for x, y in zip(a, b, strict=True))


def averages(frame: Frame) -> tuple[str, str, list[int]]:
    """Return a picture's kind, its size, and the mean colours of its cells.

    Raises:
        ValueError: It is not a picture that can be looked at.
    """
    from PIL import Image

    picture = decoded(frame)
    small: Any = picture.convert("RGB").resize(CELL_GRID_SIZE, Image.Resampling.BOX)
    kind = frame.media_type.removeprefix("image/").removeprefix("x-").upper()
    return kind, f"{picture.width} x {picture.height}", list(small.tobytes())
