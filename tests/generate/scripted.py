"""A capable model that says what it was told to say: the double of a chat endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from worldkit.generation.engines.base import ChatRequest, ModelAnswer, OnText


class Scripted:
    """Answers with each of its lines in turn, the last of them for ever; keeps what it was asked, and how.

    Args:
        lines: Texts, or JSON values.
    """

    name = "a scripted chat"
    is_weak = holds_lengths = False

    def __init__(self, *lines: Any) -> None:
        self._lines = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        self.asked: list[list[dict[str, str]]] = []
        self.systems: list[str] = []
        self.schemas: list[Mapping[str, Any] | None] = []
        self.seeds: list[int] = []

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        """Return the next line."""
        self.systems.append(request.system)
        self.asked.append([dict(message) for message in request.messages])
        self.schemas.append(request.schema)
        self.seeds.append(request.options.seed)
        line = self._lines[min(len(self.asked), len(self._lines)) - 1]
        on_text("4.5 tokens/s")
        return ModelAnswer(line, True, 10)
