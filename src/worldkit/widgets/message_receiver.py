"""``MessageReceiver``: answers each message of a view once, whatever goes wrong meanwhile."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.process_lock import ProcessLock
from worldkit.widgets import parsing, protocol
from worldkit.widgets.interruption import answer_when_interrupted, finish, raise_first

log = logging.getLogger("worldkit.widgets")

Result = TypeVar("Result")
"""What a message comes to: its reply, and what else there is to do."""


class MessageReceiver(Generic[Result]):
    """Answers the messages of views, one after the other."""

    if TYPE_CHECKING:

        def send(self, content: Any) -> None:
            """Send a message to the views."""

    def _init_receiver(self) -> None:
        # ipykernel may hand over a message on another thread while a cell runs
        self._lock = ProcessLock()

    def _receive(self, _: object, content: Any, _buffers: object = None) -> None:
        to = protocol.address(content)
        with answer_when_interrupted(self.send, protocol.interrupted(to)), self._lock:
            result = self._result(content, to)
            interruption = finish(lambda: self._deliver(result, to))
        raise_first(interruption, self._follow(result))

    def _result(self, content: Any, to: protocol.Address) -> Result:
        """Return what a message comes to, also when it is refused."""
        try:
            return self._carry_out(content, to)
        except Exception as error:
            return self._refuse_message(error, content, to)

    def _carry_out(self, content: Any, to: protocol.Address) -> Result:
        """Do what a message asks for.

        Raises:
            Malformed: It is too large, or not of the protocol.
            WorldError: It cannot be done.
        """
        raise NotImplementedError

    def _refuse_message(self, error: Exception, content: Any, to: protocol.Address) -> Result:
        """Return what a message comes to that was not carried out."""
        raise NotImplementedError

    def _deliver(self, result: Result, to: protocol.Address) -> None:
        """Send the reply; done again from its beginning when it is interrupted."""
        raise NotImplementedError

    def _follow(self, result: Result) -> BaseException | None:
        """Do what follows a reply that was sent; return what is to be raised after all."""


class ReplySender(MessageReceiver[Json]):
    """Answers messages that come to a reply and nothing else."""

    def _refuse_message(self, error: Exception, content: Any, to: protocol.Address) -> Json:
        return refusal(error, to)

    def _deliver(self, result: Json, to: protocol.Address) -> None:
        self.send(result)


def refusal(error: Exception, to: protocol.Address, rev: str | None = None) -> Json:
    """Return the reply to a message that was not carried out; a defect of worldkit's own goes to the log.

    Args:
        error: What was raised.
        to: Whom to answer.
        rev: The revision of the world, where there is one.
    """
    match error:
        case parsing.Malformed():
            return protocol.rejected(to, error.code, str(error), rev)
        case WorldError():
            return protocol.rejected(to, "op", str(error), rev)
    log.error("worldkit failed on a message", exc_info=error)
    return protocol.internal(to, rev)
