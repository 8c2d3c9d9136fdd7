"""``ModelGenerator``: what makes and revises worlds for a server; called from several threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.generation import generate
from worldkit.generation.revision.reviser import revise
from worldkit.generation.revision.revision import Revision
from worldkit.world import World

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ModelGenerator:
    """Makes and revises worlds with a language model, or from templates alone.

    Attributes:
        model: Its name, as for ``worldkit.generate``: ``"templates"``, ``"tiny"``, ``"local"``, ``"local:..."``
            or ``"chat:..."``.
    """

    model: str

    def generate(self, premise: str, seed: int, progress: Progress) -> World:
        """Return a world made from a premise.

        Raises:
            TaskRefused: The premise is to blame, and the caller is shown why. The text of other errors goes to the log.
        """
        return generate(premise, self.model, seed, progress=progress)

    def revise(self, world: World, instruction: str, progress: Progress) -> Revision:
        """Return what to change in a world.

        Raises:
            TaskRefused: The instruction or the world is to blame; the caller is shown why.
        """
        return revise(world, instruction, self.model, progress=progress)


def named(name: str) -> ModelGenerator | None:
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
