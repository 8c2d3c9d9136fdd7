"""``ConsoleJob``: a language model that speaks for a player's consoles, beside the kernel."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.core.json_values import escape_unprintable
from worldkit.core.process_lock import ProcessLock
from worldkit.generation.action.capable_model import console_voice
from worldkit.playing.console import Console, Voice
from worldkit.widgets.console import record_voice
from worldkit.widgets.kernel_widget import new_thread

log = logging.getLogger("worldkit.widgets")

MAX_ERROR = 300


@dataclass(frozen=True, slots=True)
class ConsoleQuestion:
    """A question that was asked.

    Attributes:
        console: The console at that time.
    """

    console: Console
    text: str


class ConsoleJob:
    """Answers one question at a time; where the model does not, the console's records do.

    Args:
        on_answer: Called in a thread with the question, its answer, and why the records gave it; empty for the model's.
        model: The model, named as for ``console_voice``.
        key: The key of a chat endpoint, if it is not in the environment.

    Attributes:
        question: What is not answered yet; None without one.
    """

    def __init__(self, on_answer: Callable[[ConsoleQuestion, str, str], None], model: str, key: str | None) -> None:
        self.question: ConsoleQuestion | None = None
        self._on_answer = on_answer
        self._model, self._key = model, key
        self._voice: Voice | None = None
        self._lock = ProcessLock()

    def begin(self, console: Console | None, text: str) -> None:
        """Have a question answered.

        Args:
            console: The open console.

        Raises:
            WorldError: No console is open, or it has not answered the question before.
        """
        if console is None:
            raise WorldError("no console is open; fire an event of kind terminal first")
        with self._lock:
            if self.question is not None and self.question.console.name == console.name:
                raise WorldError("the console has not answered yet")
            question = self.question = ConsoleQuestion(console, text)
        new_thread("console", self._work, question).start()

    def _work(self, question: ConsoleQuestion) -> None:
        trouble = ""
        try:
            if self._voice is None:
                self._voice = console_voice(self._model, key=self._key)
            answer = self._voice(question.console, question.text)
        except Exception as error:
            if not isinstance(error, WorldError):
                log.exception("a console's model failed")
            answer = record_voice(question.console, question.text)
            reason = escape_unprintable((str(error) or type(error).__name__).splitlines()[0])[:MAX_ERROR]
            trouble = f"The model did not answer, so the console's records did: {reason}"
        with self._lock:
            if self.question is not question:
                return
            self.question = None
        self._on_answer(question, answer, trouble)
