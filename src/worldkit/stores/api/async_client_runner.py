# Written by scripts/async_client.py from client_runner.py. Change that file and run the script.
"""How ``AsyncClient`` runs a call: it takes every step of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from worldkit.core.error_frames import take_frames
from worldkit.stores.api.base import ApiConnection
from worldkit.stores.api.protocol import Call, LogLine, Need, Pause, Send, Step, Work
from worldkit.stores.api.transport import Sender

Result = TypeVar("Result")


class AsyncClientRunner(ApiConnection):
    """Runs calls; every value of it is an ``AsyncClient``."""

    _sender: Sender
    _sleep: Callable[[float], Awaitable[None]]

    async def _run(self, call: Call[Result]) -> Result:
        """Take every step of a call, and return what it comes to."""
        handled = sys.exception()
        try:
            return await self._run_steps(call)
        except BaseException as error:
            take_frames(error, True, handled)  # they hold answers, which may hold a new key
            raise

    async def _run_steps(self, call: Call[Result]) -> Result:
        resume: Callable[[Any], Step] = call.send
        value: Any = None
        while True:
            try:
                step = resume(value)
            except StopIteration as stop:
                result: Result = stop.value
                return result
            try:
                resume, value = call.send, await self._take(step)
            except BaseException as error:
                resume, value = call.throw, error

    async def _take(self, step: Step) -> Any:
        match step:
            case Send(request):
                return self._calls.observe(await self._sender.send(self._check_scope(request)))
            case Pause(seconds):
                return await self._sleep(seconds)
            case LogLine(line):
                return self._note(line)
            case Need(scope):
                return self._need(scope)
            case Work(function):
                return await asyncio.to_thread(function)
        return self._clock()
