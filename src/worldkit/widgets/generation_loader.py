"""Generation as editors and players need it, imported when it is begun: a large part of the package, seldom used."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json

if TYPE_CHECKING:
    from worldkit.generation.pipeline.run import Outcome
    from worldkit.widgets.action_job import ActionJob
    from worldkit.widgets.console_job import ConsoleJob, ConsoleQuestion
    from worldkit.widgets.generation_job import GenerationJob


def open_job(show: Callable[[], None], on_finished: Callable[[Outcome], bool]) -> GenerationJob:
    """Return a job that runs generations.

    Args:
        show, on_finished: As for ``GenerationJob``.
    """
    from worldkit.widgets.generation_job import GenerationJob

    return GenerationJob(show, on_finished)


def model_offers() -> list[Json]:
    """Return the models that can be used here as they are, the one to begin with first, as JSON values."""
    from worldkit.generation.engines import weights
    from worldkit.stores.api.secret import KEY_VARIABLE

    offers = []
    if not weights.missing() and weights.weights_file() is not None:
        about = "Runs here, without a network. It writes simple sentences and takes a minute or more."
        offers.append({"id": "tiny", "label": "The small model on this machine", "about": about})
    offers.append(
        {"id": "templates", "label": "No model: ready-made sentences", "about": "Ready at once. Good for a first try."}
    )
    if os.environ.get(KEY_VARIABLE):
        about = "Plans and writes freely; it counts against your quota there."
        offers.append({"id": "hosted", "label": "The hosted service", "about": about})
    return offers


def check_writer(model: str, key: str | None) -> None:
    """Refuse a model's name that can mean none that writes.

    Args:
        model, key: As for ``worldkit.propose_action``.
    """
    from worldkit.generation.action.capable_model import require_writer

    require_writer(model, key)


def open_action_job(show: Callable[[], None], model: str | None, key: str | None) -> ActionJob:
    """Return a job that writes the results of typed actions.

    Args:
        show, model, key: As for ``ActionJob``.
    """
    from worldkit.widgets.action_job import ActionJob

    return ActionJob(show, model, key)


def open_console_job(on_answer: Callable[[ConsoleQuestion, str, str], None], model: str, key: str | None) -> ConsoleJob:
    """Return a job that answers the questions to consoles.

    Args:
        on_answer, model, key: As for ``ConsoleJob``.
    """
    from worldkit.widgets.console_job import ConsoleJob

    return ConsoleJob(on_answer, model, key)
