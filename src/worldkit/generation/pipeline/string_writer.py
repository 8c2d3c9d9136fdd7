"""Writing single strings for a world that exists, with whatever a model's name means, opened when first needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.progress import Address, Progress
from worldkit.generation.engines import local_runner
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.conversation import Chat
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.report import Report, prose_fields
from worldkit.generation.planning.plan import Plan
from worldkit.generation.prose.fields import Field
from worldkit.generation.prose.writer import ModelWriter, ProseResult, Writer, WritingHalted
from worldkit.ruleset.gate import verify
from worldkit.world import World

Opened = tuple[Writer, str]
Opener = Callable[[], Opened]


def opener(model: str, progress: Progress) -> Opener:
    """Return what opens the writer of a model, once it is known that something has to be written.

    Args:
        model: As for ``generate``, but not ``"hosted"``.
        progress: Told that a model is being loaded.

    Raises:
        WorldError: The name means nothing, or the hosted service.
    """
    writer = model_for_text(model)
    return lambda: backend.opened(writer, progress)


def model_for_text(model: str, key: str | None = None) -> backend.ModelSpec:
    """Return what a model's name means, where texts are wanted and not a whole world.

    Args:
        model: As for ``generate``, but not ``"hosted"``.
        key: The key of a chat endpoint, if it is not in the environment.

    Raises:
        WorldError: The name means nothing, or the hosted service.
    """
    meaning = backend.named(model, key=key)
    if meaning.kind == "hosted":
        raise WorldError('model "hosted" generates whole worlds only; name another, such as "local" or a chat endpoint')
    return meaning


def talker(model: str, key: str | None = None) -> Chat | None:
    """Return the chat endpoint a name means, or None when it means something else.

    Args:
        model: As for ``generate``.
        key: The key of a chat endpoint, if it is not in the environment.

    Raises:
        WorldError: The name means nothing.
    """
    chosen_model = backend.named(model, key=key)
    if chosen_model.endpoint is None:
        return None
    return ChatEngine(chosen_model.endpoint)


def thinker(model: str, progress: Progress) -> Chat | None:
    """Return the model that runs here and can be asked for JSON, or None when the name means none that large.

    Args:
        model: As for ``generate``.
        progress: Told that it is being loaded.

    Raises:
        MissingExtra: A package is missing.
        WorldError: It cannot be loaded.
    """
    if model == "templates" or local_runner.is_packaged(model):
        return None
    writer, _ = opener(model, progress)()
    if not isinstance(writer, ModelWriter):
        return None
    engine: Any = writer.engine
    return engine if engine.capable else None


@dataclass
class StringWriter:
    """Writes, and keeps count of what it took.

    Args:
        open: Opens the writer.
        seed: The seed of everything it writes.
        progress: Told how far it is.
    """

    open: Opener
    seed: int
    progress: Progress
    _writer: Opened | None = None
    _began: float = field(default_factory=time.monotonic)
    _all: list[ProseResult] = field(default_factory=list)

    def write(self, plan: Plan, fields: Iterable[Field]) -> dict[Address, str]:
        """Return a string for every field of a plan."""
        every = list(fields)
        if not every:
            return {}
        if self._writer is None:
            self._writer = self.open()
        try:
            result = self._writer[0].write(plan, every, self.seed, self.progress)
        except WritingHalted:
            raise KeyboardInterrupt from None  # nothing of a change is kept that was not finished
        self._all.append(result)
        return result.texts

    def report(self, world: World) -> Report:
        """Return the account of all that was written.

        Args:
            world: The generated world, to be scored.
        """
        return Report(
            model=self._writer[1] if self._writer else "",
            seed=self.seed,
            score=verify(world).score,
            seconds=time.monotonic() - self._began,
            **prose_fields(self._all),
        )
