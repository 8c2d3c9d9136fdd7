"""Writing single strings for a world that exists, with whatever a model's name means, opened when first needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.progress import Address, Progress
from worldkit.generation.engines import local_runner
from worldkit.generation.engines.base import Chat
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.feedback_loop import FitAnswer
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.report import Report, prose_fields
from worldkit.generation.planning.plan import Plan
from worldkit.generation.prose.requests import Field
from worldkit.generation.prose.writer import ProseJob, ProseResult, Writer
from worldkit.ruleset.gate import verify
from worldkit.world import World

Opener = Callable[[], Writer]


def opener(model: str, progress: Progress) -> Opener:
    """Return what opens the writer of a model, once it is known that something has to be written."""
    meaning = model_for_text(model)
    return lambda: backend.opened(meaning, progress)


def model_for_text(model: str, key: str | None = None, features: Iterable[str] = ()) -> backend.ModelSpec:
    """Return what a model's name means, where a text is to be changed or followed."""
    meaning = backend.named(model, key, features=features)
    if meaning.kind == "hosted":
        raise WorldError('model "hosted" generates whole worlds only; name another, such as "local" or a chat endpoint')
    return meaning


def talker(model: str, key: str | None = None) -> Chat | None:
    """Return the chat endpoint a name means, or None when it means something else."""
    where = backend.named(model, key).endpoint
    return ChatEngine(where) if where else None


def thinker(model: str, progress: Progress) -> Chat | None:
    """Return the model that runs here and can be asked for JSON, or None when the name means none that large."""
    if local_runner.is_packaged(model):
        return None
    engine: Any = opener(model, progress)().engine
    return engine if engine is not None and engine.capable else None


@dataclass
class StringWriter:
    """Writes, and keeps count of what it took; ``seed`` is that of everything it writes."""

    open: Opener
    seed: int
    progress: Progress
    _writer: Writer | None = None
    _began: float = field(default_factory=time.monotonic)
    _all: list[ProseResult] = field(default_factory=list)

    def write(self, plan: Plan, fields: Iterable[Field]) -> dict[Address, str]:
        """Return a string for every field of a plan."""
        job = ProseJob(plan, tuple(fields), self.seed)
        if not job.fields:
            return {}
        if self._writer is None:
            self._writer = self.open()
        [result] = self._writer.write([job], self.progress)
        self._all.append(result)
        return result.texts

    def report(self, world: World) -> Report:
        """Return the account of all that was written for a world."""
        name, seconds = self._writer.name if self._writer else "", time.monotonic() - self._began
        return Report(name, self.seed, verify(world).score, seconds, **prose_fields(self._all))


def chat_report(chat: Chat, seed: int, began: float, answer: FitAnswer[Any], world: World, written: int) -> Report:
    """Return the account of an answer from which a world became this one, with so many texts."""
    score, seconds = verify(world).score, time.monotonic() - began
    return Report(chat.name, seed, score, seconds, answer.tokens, written, again=len(answer.refusals))
