"""A capable model that says what it was told to say: the double of a chat endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.generation.engines.base import (
    DEFAULT_OPTIONS,
    AnswerOptions,
    Arriving,
    ModelAnswer,
    OnText,
    ignore,
)


class Scripted:
    """Answers with each of its lines in turn, the last of them for ever; keeps what it was asked, and how.

    Args:
        lines: Texts, or JSON values.
    """

    name = "a scripted chat"

    def __init__(self, *lines: Any) -> None:
        self._lines = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        self.asked: list[list[dict[str, str]]] = []
        self.systems: list[str] = []
        self.schemas: list[Mapping[str, Any] | None] = []
        self.seeds: list[int] = []

    def reply(
        self,
        system: str,
        messages: Sequence[Mapping[str, str]],
        schema: Mapping[str, Any] | None = None,
        options: AnswerOptions = DEFAULT_OPTIONS,
        on_text: OnText = ignore,
    ) -> ModelAnswer:
        """Return the next line."""
        self.systems.append(system)
        self.asked.append([dict(message) for message in messages])
        self.schemas.append(schema)
        self.seeds.append(options.seed)
        line = self._lines[min(len(self.asked), len(self._lines)) - 1]
        on_text(Arriving(10, 2.0, 1.0, options.max_tokens))
        return ModelAnswer(line, True, 10)
