"""``WorldGenerator``: what makes worlds for a server, and the ones there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.generation import generate
from worldkit.generation.revision.reviser import revise
from worldkit.world import World

Progress = Callable[[int, int, str], None]
Task = Literal["generate", "revise"]


class RevisionResult(Protocol):
    """What carrying out an instruction came to.

    Attributes:
        ops: The operations, to be applied strictly.
        reply: What to tell the caller.
    """

    @property
    def ops(self) -> Sequence[Json]:
        """The operations."""
        ...

    @property
    def reply(self) -> str:
        """What to tell the caller."""
        ...


class WorldGenerator(Protocol):
    """What makes worlds from premises and carries out instructions; called from several threads."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    def can(self, task: Task) -> bool:
        """Say whether it can do a task; asked before anything is charged."""
        ...

    def generate(self, premise: str, seed: int, progress: Progress) -> World:
        """Return a world made from a premise.

        Raises:
            TaskRefused: (``worldkit.generation.engines.base``) The premise is to blame, and the caller is shown why.
                The text of other errors goes to the log.
        """
        ...

    def revise(self, world: World, instruction: str, progress: Progress) -> RevisionResult:
        """Return what to change in a world.

        Raises:
            TaskRefused: The instruction or the world is to blame; the caller is shown why.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelGenerator:
    """Makes and revises worlds with a language model, or from templates alone.

    Attributes:
        model: Its name, as for ``worldkit.generate``: ``"templates"``, ``"tiny"``, ``"local"``, ``"local:..."``
            or ``"chat:..."``.
    """

    model: str

    @property
    def name(self) -> str:
        """What to call it."""
        return self.model

    def can(self, task: Task) -> bool:
        """Say whether it can do a task; without a model it follows the instructions that a grammar understands."""
        return True

    def generate(self, premise: str, seed: int, progress: Progress) -> World:
        """Return a world made from a premise."""
        return generate(premise, self.model, seed, progress=progress)

    def revise(self, world: World, instruction: str, progress: Progress) -> RevisionResult:
        """Return what to change in a world."""
        return revise(world, instruction, self.model, progress=progress)


def named(name: str) -> WorldGenerator | None:
    """Return the generator of a name.

    Args:
        name: ``"templates"``, ``"tiny"``, ``"local"``, ``"local:..."``, ``"torch:..."``, ``"vllm:..."``,
            ``"chat:..."``, or ``"none"``.

    Raises:
        WorldError: There is none of that name.
    """
    if name == "none":
        return None
    if name in ("templates", "tiny", "local") or name.startswith(("local:", "torch:", "vllm:", "chat:")):
        return ModelGenerator(name)
    raise WorldError(
        f"there is no generator {name!r}; expected templates, tiny, local, local:..., torch:..., vllm:..., chat:... "
        "or none"
    )
