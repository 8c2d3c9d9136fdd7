"""``model="hosted"``, which makes a world from a premise or a picture."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace

from worldkit.core.progress import Progress
from worldkit.generation.pipeline.report import Report, premise_fields
from worldkit.ruleset.gate import verify
from worldkit.stores.api import Client
from worldkit.stores.api.frames import InputFrame
from worldkit.world import World

NAME = "hosted"


def with_frame(
    world: World, report: Report, frame: InputFrame | None, pov: str | None, model: str
) -> tuple[World, Report]:
    """Return a world that a model made without a picture with it on the entrance, and a report of what was not used."""
    notes = list(report.notes)
    if frame is not None and world.start is not None:
        world = world.apply([{"op": "set_entrance", "state": world.start, "image": {"src": frame.src}}])
        notes.append(
            f"{model} reads no pictures: the frame became the entrance's picture, and the text knows none of it"
        )
    if pov is not None:
        notes.append(f'{model} takes no pov: it is for model="hosted"')
    return world, replace(report, notes=tuple(notes))


def hosted(
    premise: str,
    seed: int,
    states: int,
    progress: Progress,
    *,
    frame: InputFrame | None = None,
    pov: str | None = None,
    features: Collection[str] = (),
) -> tuple[World, Report]:
    """Have a world made from a premise, and judge it as our own are judged.

    The host plans and writes as it likes: what our judges say of its world stands in the report and raises nothing.
    The world stays at the host too, under the id that the report names. A host of the specification knows no seeds, and
    is not told of ``states`` and ``features``: the report says where its world differs.

    Raises:
        ApiError: It was not made; ``QuotaExceeded`` when the quota is used up, and nothing was charged.
        KeyboardInterrupt: Its ``job_id`` names the job, which goes on; ``wk.Client().wait(job_id)`` returns its world.
    """
    client = Client()
    began = time.monotonic()
    picture = None if frame is None else frame.url or frame.data
    generation = client.generate(premise, seed=seed, frame=picture, pov=pov, progress=progress)
    verdict = verify(generation.world, premise)
    state_count = len(generation.world.states)
    notes = [f"kept at {client.label} as {generation.id}"]
    if state_count != states:
        notes.append(f"{states} states were asked for, the host made {state_count}")
    if features:
        notes.append(f"{', '.join(sorted(features))}: left out, because the host is not told of them")
    kept_and_missed = premise_fields(generation.world, premise)
    seconds = time.monotonic() - began
    return generation.world, Report(
        NAME, seed, verdict.score, seconds, notes=(*notes, *verdict.issues), **kept_and_missed
    )
