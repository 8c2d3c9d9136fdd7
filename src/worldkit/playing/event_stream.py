"""``EventStream``: what happens in a session, as an asynchronous iterator."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import Callable

from worldkit.core.errors import WorldError
from worldkit.playing.subscriptions import ANY_TOPIC, EventBus, SessionEvent


class EventStream:
    """What happens in a session from now on; it ends once the run is over and all of it was read.

    A stream that is no longer referenced unsubscribes.

    Args:
        bus: The event bus of the session.
        is_over: Says whether the run is over.
    """

    _is_over: Callable[[], bool]
    _events: deque[SessionEvent]
    _finalizer: Callable[[], object]
    _bus: EventBus

    def __init__(self, bus: EventBus, is_over: Callable[[], bool]) -> None:
        self._is_over, self._bus = is_over, bus
        events: deque[SessionEvent] = deque()

        def listen(event: SessionEvent) -> None:
            events.append(event)
            bus.wake()

        self._events = events
        self._finalizer = weakref.finalize(self, bus.subscribe([ANY_TOPIC], listen))

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> SessionEvent:
        await self.until(lambda: bool(self._events) or self._is_over())
        if self._events:
            return self._events.popleft()
        await self.aclose()
        raise StopAsyncIteration

    async def until(self, is_ready: Callable[[], bool]) -> None:
        """Wait until something holds; it is asked again whenever something happens in the session, or play goes back.

        Raises:
            WorldError: Play waits for who asks, so nothing more can happen.
        """
        loop, has_news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            # the session may be driven from another thread than the one that reads
            if not loop.is_closed():
                loop.call_soon_threadsafe(has_news.set)

        self._bus.wakers.append(wake)
        try:
            while not is_ready():
                if self._bus.calls.play_waits_for_caller:
                    raise WorldError(
                        "nothing more happens in the session while this handler waits: no event loop runs, so play "
                        "goes on when the handler has ended. Play inside a coroutine (asyncio.run) or in a notebook"
                    )
                await has_news.wait()
                has_news.clear()
        finally:
            self._bus.wakers.remove(wake)

    async def aclose(self) -> None:
        """Stop listening."""
        self._finalizer()
