"""Real time: ties a session's virtual clock to a clock on the wall, without the session knowing of it.

The session itself never looks at another clock, so a run played live is replayed exactly.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from worldkit.core.argument_ranges import expect_amount
from worldkit.playing.clock import MAX_MS

if TYPE_CHECKING:
    from worldkit.playing.session import Session
    from worldkit.playing.trace import Step

INTERVAL_MS = 50.0


async def live(
    session: Session,
    speed: float = 1.0,
    *,
    every_ms: float = INTERVAL_MS,
    forward: Callable[[], bool] | None = None,
    until: Callable[[], bool] | None = None,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncIterator[Step]:
    """Let a session's clock run with the clock on the wall, and yield every step that lands on the way.

    It ends when the run is over, or when ``until`` says so; firing, observing and undoing in between is
    welcome, and time alone is nothing to undo. Time that a step takes to be worked with is not lost: the
    next wait is so much longer.

    Args:
        session: The session, in real-time mode to play events at their length.
        speed: Virtual seconds a second.
        every_ms: How often the session is told of the time, in ms of the wall's clock.
        forward: Says whether forward is held.
        until: Says whether to stop.
        now: The clock on the wall, in seconds.
        sleep: Waits for so many seconds.

    Raises:
        WrongArgument: ``speed`` or ``every_ms`` is not a number above 0, or is infinite.
    """
    for name, value in (("speed", speed), ("every_ms", every_ms)):
        expect_amount(value, name, most=MAX_MS, above=True)
    began, spent_ms = now(), 0
    while not session.over and not (until is not None and until()):
        await sleep(every_ms / 1000)
        elapsed_ms = int((now() - began) * 1000 * speed) - spent_ms
        if elapsed_ms > 0:
            spent_ms += elapsed_ms
            for step in session.tick(elapsed_ms, forward is not None and forward()):
                yield step


async def run(
    session: Session,
    speed: float = 1.0,
    *,
    every_ms: float = INTERVAL_MS,
    forward: Callable[[], bool] | None = None,
    until: Callable[[], bool] | None = None,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Session:
    """Let a session's clock run with the clock on the wall until the run is over; see ``live``.

    Returns:
        The session.
    """
    steps = live(session, speed, every_ms=every_ms, forward=forward, until=until, now=now, sleep=sleep)
    async for _ in steps:
        pass
    return session
