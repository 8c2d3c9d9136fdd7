"""The screens of a generation: the form in the first screen, its progress, and what is offered after a stop."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.stand import Stand
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.run import Commission, PremiseRun
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose.assembly import document
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import texts_to_come
from worldkit.widgets.generation_progress import GenerationProgress
from worldkit.widgets.generator import Generator

PREMISE = "A lighthouse keeper must relight the lamp before the storm"
BASE = "A spiral stair climbs the white tower to the lamp. Salt has dried on every window of the landing."


def under_way() -> GenerationProgress:
    """Return a generation of which nine texts are written."""
    progress = GenerationProgress(Commission("premise", PREMISE, backend.named("tiny"), 1), lambda: None)
    world_plan = plan(PREMISE, 1, 6)
    fields = wanted(world_plan, 1)
    progress.planned(partial(document, world_plan), texts_to_come(fields))
    for item in fields[:9]:
        progress.wrote(item.at, next(chain(item.answers, item.stock)))
    progress.wrote(("state", world_plan.places[0].id, "base"), BASE)
    progress._next_message = progress._next_picture = 0.0
    progress(9, 43, "writing")
    return progress


def running() -> Any:
    editor = wk.edit(height=560)
    editor.generation = under_way().state()
    return editor


def stopped_run() -> Any:
    editor = wk.edit(height=560)
    editor._generation_job.rest_at(PremiseRun(Commission("premise", PREMISE, backend.named("tiny"), 1)), under_way())
    return editor


def press(name: str) -> Any:
    def act(stand: Stand) -> None:
        stand.page.get_by_role("button", name=name).click()
        stand.page.locator(".wg-order").wait_for()

    return act


SCREENS = (
    Screen("editor", "premise", lambda: wk.edit(height=560), press("From a premise"), (".wg-order",), ("Scenes",)),
    Screen("editor", "chapter", lambda: wk.edit(height=560), press("From a chapter"), (".wg-order",), ("The chapter",)),
    Screen(
        "generation", "generating", running, shows=(".wg-progress", ".wg-picture"), says=("Writing: 9 of 43", "Stop")
    ),
    Screen(
        "editor",
        "stopped",
        stopped_run,
        shows=(".wg-stopped",),
        says=("Stopped: 9 of 43 texts are written", "Continue", "Edit as is"),
    ),
    Screen(
        "workbench", "generate", lambda: Generator(print), shows=(".wg-order",), says=("What is it about?", "Generate")
    ),
)
