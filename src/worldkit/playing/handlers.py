"""Calling the handlers of a session: plain functions and coroutine functions.

What a handler raises is shown, and play goes on. What handlers do in answer to one thing is counted, so that two that
answer each other without end are stopped.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core.errors import EndlessReactions
from worldkit.core.time_limit import TimeUp

if TYPE_CHECKING:
    from worldkit.playing.subscriptions import SessionEvent

MAX_REACTIONS = 10_000
"""The most things that handlers may do in answer to one, and the most answers of asynchronous ones to each other."""

MAX_ERRORS = 100
"""So many of the last errors of handlers are kept."""


@dataclass(frozen=True, slots=True)
class HandlerError:
    """An error that a handler raised.

    Attributes:
        event: What the handler was called with.
        handler: The handler's name.
        error: What it raised.

    Example:
        >>> session = wk.Session(world)
        >>> off = session.on("enter", lambda event: event.state.missing)
        >>> step = session.fire("walk_up_the_lane")
        >>> print(session.errors[0])
        the handler <lambda> failed on enter (bench): AttributeError: 'str' object has no attribute 'm...
    """

    event: SessionEvent
    handler: str
    error: Exception

    def __str__(self) -> str:
        what = traceback.format_exception_only(self.error)[-1].strip()
        return f"the handler {self.handler} failed on {self.event.topic} ({self.event.state}): {what}"


@dataclass(slots=True)
class Reaction:
    """All that handlers do in answer to one thing.

    Attributes:
        depth: How many answers came one after the other before it, through asynchronous handlers.
        count: How many things were done so far.
        is_open: The handlers are still being called.
        answers_refusal: It is an answer to a press that was refused, and nothing was done yet.
    """

    depth: int = 1
    count: int = 0
    is_open: bool = True
    answers_refusal: bool = False


_reaction: ContextVar[Reaction | None] = ContextVar("worldkit_reaction", default=None)


ByHandler = bool | Literal["refusal"]
"""Whether a handler did something; "refusal" for the first thing in answer to a press that was refused."""


def by_handler() -> ByHandler:
    """Say of what was just done whether a handler did it, or something that one called."""
    reaction = _reaction.get()
    if reaction is None:
        return False
    answers_refusal, reaction.answers_refusal = reaction.answers_refusal, False
    return "refusal" if answers_refusal else True


def count_action() -> None:
    """Count something that is done to a session, if a handler does it.

    Raises:
        EndlessReactions: Handlers did too much in answer to one thing.
    """
    reaction = _reaction.get()
    if reaction is None:
        return
    reaction.count += reaction.is_open
    if reaction.count > MAX_REACTIONS or (not reaction.is_open and reaction.depth > MAX_REACTIONS):
        raise EndlessReactions(MAX_REACTIONS)


@contextmanager
def reaction(*, answers_refusal: bool = False) -> Iterator[Reaction]:
    """Count what is done inside as an answer to one thing; inside another answer, as part of that.

    Args:
        answers_refusal: The one thing is a press that was refused.
    """
    outer = _reaction.get()
    if outer is not None and outer.is_open:
        yield outer
        return
    own = Reaction(1 if outer is None else outer.depth + 1, answers_refusal=answers_refusal)
    token = _reaction.set(own)
    try:
        yield own
    finally:
        own.is_open = False
        _reaction.reset(token)


@dataclass(frozen=True, slots=True, eq=False)
class _RunToTheEnd:
    """An asynchronous handler that is run to its end in an event loop of its own.

    Attributes:
        calls: Whose handler it is.
        tasks: The handlers of other sessions that it set off: they run in the same loop, and end with it.
    """

    calls: HandlerCalls
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def finish(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run the handler, and then those that it set off, to their ends."""
        await coroutine
        while self.tasks:
            await asyncio.wait(tuple(self.tasks))


_run_to_the_end: ContextVar[tuple[_RunToTheEnd, ...]] = ContextVar("_run_to_the_end", default=())
"""The asynchronous handlers that are being run to their ends, outermost first."""

_handler_task: ContextVar[asyncio.Task[Any] | None] = ContextVar("_handler_task", default=None)
"""The task of the asynchronous handler that runs; tasks that it starts know it too."""


@dataclass(eq=False)
class _Waiter:
    """Somebody who waits for all handlers: the task of the handler that does, if one does, and how to wake it."""

    handler: asyncio.Task[Any] | None
    wake: Callable[[], object]


class HandlerCalls:
    """Calls handlers, keeps the asynchronous ones that still run, and what went wrong.

    Args:
        tell: Called with each error, after it was written to stderr.

    Attributes:
        errors: The last errors.
    """

    def __init__(self, tell: Callable[[HandlerError], None]) -> None:
        self.errors: deque[HandlerError] = deque(maxlen=MAX_ERRORS)
        self._on_error = tell
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiters: set[_Waiter] = set()

    def call(self, handler: Callable[[Any], object], event: SessionEvent) -> None:
        """Call a handler.

        A coroutine function is run by the running event loop, which goes on meanwhile. Where none runs, as in a
        plain script, it is run to its end.
        """
        try:
            answer = handler(event)
        except (TimeUp, EndlessReactions):
            raise
        except Exception as error:
            self._report(HandlerError(event, _name_of(handler), error))
            return
        if inspect.isawaitable(answer):
            self._start(self._run(answer, handler, event))

    @property
    def play_waits_for_caller(self) -> bool:
        """Whether the code that asks runs in a handler that play waits for, since no event loop runs."""
        return any(one.calls is self for one in _run_to_the_end.get())

    async def finished(self) -> None:
        """Wait until every asynchronous handler has finished; one that asks waits for no other that does."""
        handler, loop, change = _handler_task.get(), asyncio.get_running_loop(), asyncio.Event()
        is_handler = handler in self._tasks
        # handlers may run in another thread than the one that waits for them
        waiter = _Waiter(handler if is_handler else None, lambda: loop.call_soon_threadsafe(change.set))
        self._waiters.add(waiter)
        self._wake()
        try:
            while self._tasks - ({one.handler for one in self._waiters} if is_handler else set()):
                await change.wait()
                change.clear()
        finally:
            self._waiters.remove(waiter)

    def _wake(self) -> None:
        for waiter in tuple(self._waiters):
            waiter.wake()

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        outer = _run_to_the_end.get()
        with suppress(RuntimeError):  # no event loop runs
            task = asyncio.get_running_loop().create_task(coroutine)
            self._tasks.add(task)
            task.add_done_callback(self._end)
            if outer:
                outer[-1].tasks.add(task)
                task.add_done_callback(outer[-1].tasks.discard)
            return
        own = _RunToTheEnd(self)
        token = _run_to_the_end.set((*outer, own))
        try:
            asyncio.run(own.finish(coroutine))
        finally:
            _run_to_the_end.reset(token)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake()

    async def _run(self, answer: Awaitable[object], handler: Callable[[Any], object], event: SessionEvent) -> None:
        _handler_task.set(asyncio.current_task())
        try:
            await answer
        except Exception as error:
            self._report(HandlerError(event, _name_of(handler), error))

    def _report(self, failure: HandlerError) -> None:
        self.errors.append(failure)
        sys.stderr.write(f"{failure}\n{''.join(traceback.format_exception(failure.error))}")
        if failure.event.topic != "error":
            self._on_error(failure)


def _name_of(handler: Callable[[Any], object]) -> str:
    return str(getattr(handler, "__name__", None) or type(handler).__name__)
