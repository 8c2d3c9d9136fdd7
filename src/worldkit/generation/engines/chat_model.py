"""Models to hold a conversation with: behind an endpoint, or run here and held to the schema token by token."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from worldkit.generation.engines import run_async
from worldkit.generation.engines.endpoint import Endpoint
from worldkit.generation.engines.feedback_loop import LONGEST
from worldkit.generation.engines.openai_client import Said, Talk

TEMPERATURE = 0.2
TOKENS = 16_000

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


class Partner:
    """A model behind an endpoint, as ``conversing.Chat``.

    Args:
        where: The endpoint.
    """

    def __init__(self, where: Endpoint) -> None:
        self.name = f"{where.model} at {where.shown}"
        self._talk = Talk(where)

    def complete(
        self, system: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None = None
    ) -> str:
        """Return the model's next turn; see ``Chat``.

        Raises:
            Refused: The endpoint refuses what it is asked.
            Broken: It cannot be reached, or broke off each time.
        """
        body: dict[str, Any] = {
            "messages": [{"role": "system", "content": system}, *messages],
            "temperature": TEMPERATURE,
            "max_tokens": TOKENS,
        }
        if schema is not None:
            form = {"name": "answer", "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}

        async def work(_: Callable[[], None]) -> Said:
            async with self._talk.client() as client:
                return await self._talk.ask(client, body, lambda text: len(text) > LONGEST)

        said = run_async.run(work, lambda: None)
        return _THOUGHT.sub("", said.text).strip()


class Drafter(Protocol):
    """A model that runs here and can be asked for JSON."""

    def draft(self, turns: Sequence[Mapping[str, str]], wanted: Mapping[str, Any], seed: int) -> str:
        """Return what it says to a conversation, held to a JSON Schema."""
        ...


class Drafting:
    """A model that runs here, as ``conversing.Chat``.

    Args:
        model: The model, and
        name: what it is called.
        seed: Decides what it answers.
    """

    def __init__(self, model: Drafter, name: str, seed: int) -> None:
        self.name = name
        self._model = model
        self._seed = seed

    def complete(
        self, system: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None = None
    ) -> str:
        """Return the model's next turn; see ``Chat``."""
        turns = [{"role": "system", "content": system}, *messages]
        return self._model.draft(turns, schema or {}, self._seed + len(messages))
