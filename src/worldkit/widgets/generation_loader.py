"""Generation as editors need it, imported when one is begun: it is a large part of the package, and few editors do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json

if TYPE_CHECKING:
    from worldkit.generation.pipeline.run import Outcome
    from worldkit.widgets.generation_job import GenerationJob


def open_job(show: Callable[[], None], finished: Callable[[Outcome], bool]) -> GenerationJob:
    """Return a job that runs generations.

    Args:
        show, finished: As for ``GenerationJob``.
    """
    from worldkit.widgets.generation_job import GenerationJob

    return GenerationJob(show, finished)


def model_offers() -> list[Json]:
    """Return the models that can be used here; see ``worldkit.widgets.model_offers``."""
    from worldkit.widgets import model_offers as offers

    return offers.model_offers()
