"""What a model has answered in a generation, so that one that was stopped goes on where it was.

An answer hangs on its question and its seed alone. So a generation that is run again with its memory asks only for what
is missing, and comes out as it would have without the stop. With the memory alone, and no model, it comes out as far as
it had come, with the rest from the templates.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from worldkit.core.errors import ModelError, WorldError
from worldkit.generation.engines.base import Ask, ChatRequest, Engine, ModelAnswer, OnReply, OnText, Reply

STOP_REASON = "the rest came from the templates, because the generation was stopped"

AskKey = tuple[int, str, str, str]


@dataclass(slots=True)
class Memory:
    """The answers of one generation.

    Attributes:
        engine: The name of the model that gave them; empty as long as none was opened.
        capable: Whether it is a capable one, which is asked in another way.
        holds_lengths: Whether a schema can hold its texts to a length.
        is_weak: Whether it is a weak one, whose answers are read more strictly.
        choice: How many answers to a short question it is asked for, to choose from.
        is_lost: Whether it failed to answer since it was opened, so that the templates wrote what it might still write.
        replies: Its replies to short questions.
        answers: What it said in conversations, by the conversation.
    """

    engine: str = ""
    capable: bool = False
    holds_lengths: bool = False
    is_weak: bool = False
    choice: int = 1
    is_lost: bool = False
    replies: dict[AskKey, Reply] = field(default_factory=dict)
    answers: dict[str, ModelAnswer] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered yet."""
        return not (self.replies or self.answers)

    def remember(self, ask: Ask, reply: Reply) -> None:
        """Remember a reply; that of an engine that was lost is none."""
        if reply.failure:
            self.is_lost = True
        else:
            self.replies[_key(ask)] = reply

    def reply(self, ask: Ask) -> Reply | None:
        """Return the reply to a question that was asked before."""
        return self.replies.get(_key(ask))


def _key(ask: Ask) -> AskKey:
    return ask.seed, ask.system, ask.question, ask.prefix


class RememberingEngine:
    """An engine, which is a chat too, that is asked only what is not remembered, and remembers what it answers.

    Without one, what is not remembered is written from the templates.
    """

    def __init__(self, engine: Engine | None, memory: Memory) -> None:
        self._engine = engine
        self._memory = memory
        if engine is not None:
            memory.is_lost = False
            memory.engine, memory.capable = engine.name, engine.capable
            memory.holds_lengths, memory.is_weak = engine.holds_lengths, engine.is_weak
        self.holds_lengths, self.is_weak = memory.holds_lengths, memory.is_weak
        self.name = memory.engine
        self.capable = memory.capable

    @property
    def is_open(self) -> bool:
        """Whether there is an engine to ask."""
        return self._engine is not None

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        replies = {number: reply for number, ask in enumerate(asks) if (reply := self._memory.reply(ask))}
        for number, reply in replies.items():
            on_reply(number, reply)
        if self._engine is None:
            return [replies.get(number) or Reply("", False, 0.0, 0, STOP_REASON) for number in range(len(asks))]
        new_numbers = [number for number in range(len(asks)) if number not in replies]

        def on_new_reply(place: int, reply: Reply) -> None:
            number = new_numbers[place]
            self._memory.remember(asks[number], reply)
            replies[number] = reply
            on_reply(number, reply)

        if new_numbers:
            self._engine.answer([asks[number] for number in new_numbers], on_new_reply)
        return [replies[number] for number in range(len(asks))]

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        key = json.dumps([request.options.seed, request.system, *request.messages])
        if (answer := self._memory.answers.get(key)) is None:
            if self._engine is None:
                raise NotRemembered("the generation was stopped before the model had answered")
            try:
                answer = self._engine.reply(request, on_text)
            except WorldError:
                self._memory.is_lost = True
                raise
            if answer.is_complete or answer.is_at_limit:  # what broke off is asked for again
                self._memory.answers[key] = answer
        return answer


class NotRemembered(ModelError):
    """A conversation goes on beyond what is remembered, and there is no model to ask."""
