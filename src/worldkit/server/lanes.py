"""``Lanes``: how many requests of one caller are in hand at once. The others of the same caller wait, and only they."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from worldkit.server.problems import Refusal


@dataclass(slots=True)
class _Lane:
    turns: asyncio.Semaphore
    inside: int = 0


class Place:
    """A request's place in its caller's lane, until it is left.

    Args:
        turns: The turns of the lane.
    """

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns: asyncio.Semaphore | None = turns

    def leave(self) -> None:
        """Let the next request of the caller go on; leaving twice changes nothing."""
        if self._turns is not None:
            self._turns.release()
            self._turns = None


@dataclass(slots=True)
class Lanes:
    """The lanes of one server process; used on its event loop only.

    A request is in its lane from before its body is read until its answer is taken, so what one caller
    can hold in memory is bounded, and so are the threads one caller can keep busy.

    Attributes:
        width: Requests of one caller in hand at once.
        waiting: Requests of one caller that may wait; one more is refused with 429.
    """

    width: int
    waiting: int
    _lanes: dict[str, _Lane] = field(default_factory=dict)

    @asynccontextmanager
    async def entered(self, caller: str) -> AsyncIterator[Place]:
        """Wait for a turn of a caller; what follows is done in it.

        Args:
            caller: Whose request it is.

        Yields:
            The place, to leave early when the request goes on without work.

        Raises:
            Refusal: Too many of the caller's requests wait already.
        """
        lane = self._lanes.setdefault(caller, _Lane(asyncio.Semaphore(self.width)))
        if lane.inside >= self.width + self.waiting:
            raise Refusal(429, "too many requests at once; send the next when one is answered", {"Retry-After": "1"})
        lane.inside += 1
        try:
            await lane.turns.acquire()
            place = Place(lane.turns)
            try:
                yield place
            finally:
                place.leave()
        finally:
            lane.inside -= 1
            if not lane.inside:
                self._lanes.pop(caller, None)
