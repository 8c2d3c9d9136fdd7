"""How ``Client`` runs a call: it takes every step of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from worldkit.core.error_frames import take_frames
from worldkit.model_access import background_loop
from worldkit.stores.api.base import ApiConnection
from worldkit.stores.api.protocol import Call, LogLine, Pause, Send, Step, Work
from worldkit.stores.api.transport import Sender

Result = TypeVar("Result")


class ClientRunner(ApiConnection):
    """Runs calls; every value of it is a ``Client``."""

    _sender: Sender
    _sleep: Callable[[float], None]

    def _run(self, call: Call[Result]) -> Result:
        """Take every step of a call, and return what it comes to."""
        outer_error = sys.exception()
        try:
            return self._run_steps(call)
        except BaseException as error:
            take_frames(error, True, outer_error)  # they hold answers, which may hold a new key
            raise

    def _run_steps(self, call: Call[Result]) -> Result:
        resume: Callable[[Any], Step] = call.send
        value: Any = None
        while True:
            try:
                step = resume(value)
            except StopIteration as stop:
                result: Result = stop.value
                return result
            try:
                resume, value = call.send, self._take(step)
            except BaseException as error:
                resume, value = call.throw, error

    def _take(self, step: Step) -> Any:
        match step:
            case Send(request):
                return self._calls.observe(background_loop.run(self._sender.send, self._check_scope(request)))
            case Pause(seconds):
                return self._sleep(seconds)
            case LogLine(line):
                return self._note(line)
            case Work(function):
                return function()
