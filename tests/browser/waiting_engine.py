"""A double of a model for notebooks: it answers nine questions, and the others once there is a file named ``go``.

A module of its own, so that mypy checks it against the protocol of an engine:
code in the text of a cell is not checked.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from worldkit.generation.engines.base import Ask, ChatRequest, Engine, ModelAnswer, OnReply, OnText, Reply

IMMEDIATE_REPLIES = 9


class WaitingEngine:
    """It writes words that no template holds, so that a test can wait for them."""

    name = "waiting"
    capable = is_weak = holds_lengths = False

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        """Return a reply to every ask, in order."""
        replies: list[Reply] = []
        for number, ask in enumerate(asks):
            while number >= IMMEDIATE_REPLIES and not Path("go").exists():
                on_reply(number - 1, replies[-1])  # a model that writes on calls again and again
                time.sleep(0.02)
            replies.append(Reply(f"{ask.prefix} {_words(number)}.", True, -1.0, 5))
            on_reply(number, replies[-1])
        return replies

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        """Never called: a small model is asked no conversation."""
        raise NotImplementedError


def _words(number: int) -> str:
    things = zip(("amber", "azure", "ivory", "olive"), "bdfg", ("glass", "brass", "linen", "paper"), strict=True)
    ending = f"{'aeiou'[number % 5]}{'lmnrst'[number % 6]}"
    return " ".join(f"{hue} {first}{ending} {thing}" for hue, first, thing in things)


_: Engine = WaitingEngine()
