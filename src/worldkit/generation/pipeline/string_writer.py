"""Writing single strings for a world that exists, with whatever a model's name means, opened when first needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.progress import Address, Progress
from worldkit.generation.engines.base import Chat
from worldkit.generation.engines.feedback_loop import FitAnswer
from worldkit.generation.pipeline.report import Report, prose_fields
from worldkit.generation.planning.plan import Plan
from worldkit.generation.prose.requests import Field
from worldkit.generation.prose.writer import ProseJob, ProseResult, Writer
from worldkit.ruleset.gate import verify
from worldkit.world import World

Opener = Callable[[], Writer]
"""Opens what writes, once it is known that something has to be written."""


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
