"""Writing single strings for a world that exists, with whatever a model's name means, opened when first needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worldkit.errors import WorldError
from worldkit.generate.fields import Address, Field
from worldkit.generate.plan import Plan
from worldkit.generate.progress import Progress
from worldkit.generate.report import Report
from worldkit.generate.write import TemplateWriter, Writer, Written
from worldkit.rules.verify import verify

if TYPE_CHECKING:
    from worldkit.generate.conversing import Chat
    from worldkit.world import World

Opened = tuple[Writer, str]
Opener = Callable[[], Opened]


def opener(model: str, progress: Progress) -> Opener:
    """Return what opens the writer of a model, once it is known that something has to be written.

    Args:
        model: ``"local"``, ``"local:"`` and a folder or a Hugging Face id, or ``"templates"``.
        progress: Told that a model is being loaded.

    Raises:
        WorldError: The name means none of these.
    """
    if model == "templates":
        return lambda: (TemplateWriter(), "")
    if not isinstance(model, str) or model.partition(":")[0] != "local":
        raise WorldError(
            f'model {model!r} is not known here; expected "local", "local:" followed by a folder or a Hugging Face id, '
            '"templates" or "chat:<base url>#<model>"'
        )

    def opened() -> Opened:
        from worldkit.generate import models, torch_lm
        from worldkit.generate.write import ModelWriter

        progress(0, 1, "loading the model")
        engine = torch_lm.load(models.source(model))
        return ModelWriter(engine), engine.name

    return opened


def talker(model: str) -> Chat | None:
    """Return the capable model a name means, or None when it means one that only fills in fields.

    Args:
        model: ``"chat:<base url>#<model>"``, or anything else.
    """
    if not isinstance(model, str) or not model.startswith("chat:"):
        return None
    raise NotImplementedError


@dataclass
class Prose:
    """Writes, and keeps count of what it took.

    Args:
        open: Opens the writer.
        seed: The seed of everything it writes.
        progress: Told how far it is.
    """

    open: Opener
    seed: int
    progress: Progress
    _opened: Opened | None = None
    _began: float = field(default_factory=time.monotonic)
    _all: list[Written] = field(default_factory=list)

    def write(self, plan: Plan, fields: Iterable[Field]) -> dict[Address, str]:
        """Return a string for every field of a plan."""
        every = list(fields)
        if not every:
            return {}
        if self._opened is None:
            self._opened = self.open()
        written = self._opened[0].write(plan, every, self.seed, self.progress)
        self._all.append(written)
        return written.texts

    def report(self, world: World, model: str = "") -> Report:
        """Return the account of all that was written.

        Args:
            world: What came of it, to be scored.
            model: Who did it, when it was not the writer.
        """
        return Report(
            model=model or (self._opened[1] if self._opened else ""),
            seed=self.seed,
            score=verify(world).score,
            seconds=time.monotonic() - self._began,
            tokens=sum(written.tokens for written in self._all),
            written=sum(len(written.model) for written in self._all),
            again=sum(written.again for written in self._all),
            fallbacks=tuple(
                f"{kind}s.{id}.{name}" for written in self._all for kind, id, name in sorted(written.fallbacks)
            ),
        )
