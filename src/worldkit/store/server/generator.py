"""``Generator``: what makes worlds for a server, and the ones there are."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal, Protocol

from worldkit.errors import WorldError
from worldkit.jsonish import Json
from worldkit.world import World

Progress = Callable[[int, int, str], None]
Task = Literal["generate", "revise"]


class Revision(Protocol):
    """What carrying out an instruction came to.

    Attributes:
        ops: The operations, to be applied strictly.
        reply: What to tell whoever asked.
    """

    @property
    def ops(self) -> Sequence[Json]:
        """The operations."""
        ...

    @property
    def reply(self) -> str:
        """What to tell whoever asked."""
        ...


class Generator(Protocol):
    """What makes worlds from premises and carries out instructions; called from several threads."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    def can(self, task: Task) -> bool:
        """Say whether it can do a task; asked before anything is charged."""
        ...

    def generate(self, premise: str, seed: int, progress: Progress) -> World:
        """Return a world made from a premise."""
        ...

    def revise(self, world: World, instruction: str) -> Revision:
        """Return what to change in a world."""
        ...


@dataclass(frozen=True, slots=True)
class Templates:
    """Makes worlds from hand-written templates: no model, no waiting, and no instructions."""

    states: int = 6

    @property
    def name(self) -> str:
        """What to call it."""
        return "templates"

    def can(self, task: Task) -> bool:
        """Say whether it can do a task."""
        return task == "generate"

    def generate(self, premise: str, seed: int, progress: Progress) -> World:
        """Return a world made from a premise."""
        from worldkit.generate import compose
        from worldkit.generate.write import TemplateWriter

        return compose(premise, seed, self.states, lambda: (TemplateWriter(), ""), progress)[0]

    def revise(self, world: World, instruction: str) -> Revision:
        """Refuse: templates follow no instructions."""
        raise WorldError("templates follow no instructions; run the server with --generator local or chat:...")


@dataclass(frozen=True, slots=True)
class Model:
    """Makes worlds with a language model.

    Attributes:
        model: Its name, as for ``worldkit.generate``: ``"local"``, ``"local:..."`` or ``"chat:..."``.
    """

    model: str

    @property
    def name(self) -> str:
        """What to call it."""
        return self.model

    def can(self, task: Task) -> bool:
        """Say whether it can do a task."""
        return task == "generate" or find_spec("worldkit.generate.revise") is not None

    def generate(self, premise: str, seed: int, progress: Progress) -> World:
        """Return a world made from a premise."""
        from worldkit.generate import generate

        return generate(premise, self.model, seed, progress=progress)

    def revise(self, world: World, instruction: str) -> Revision:
        """Return what to change in a world."""
        room: Any = importlib.import_module("worldkit.generate.revise")
        made: Revision = room.revise(world, instruction, model=self.model)
        return made


def named(name: str) -> Generator | None:
    """Return the generator of a name.

    Args:
        name: ``"templates"``, ``"local"``, ``"local:..."``, ``"chat:..."``, or ``"none"``.

    Raises:
        WorldError: There is none of that name.
    """
    if name == "none":
        return None
    if name == "templates":
        return Templates()
    if name == "local" or name.startswith(("local:", "chat:")):
        return Model(name)
    raise WorldError(f"there is no generator {name!r}; expected templates, local, local:..., chat:... or none")
