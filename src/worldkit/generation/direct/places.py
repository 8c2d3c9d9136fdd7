"""Writes all places of a plan, several at a time where the model answers fast; the world is the same either way."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from worldkit.core.progress import Address, tell_plan
from worldkit.exploration.budget import BudgetSpent
from worldkit.exploration.flag_arrival import FlagArrival, flag_arrivals
from worldkit.generation.direct import example, passages, proof
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.parallel import run_tasks
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.prose import PlaceWriter, Prose
from worldkit.generation.direct.writing_job import WritingJob
from worldkit.generation.prose.requests import COMING

SLOW_S = 60.0
"""A model that took longer for an answer is asked one question at a time: what waits in its queue would look silent."""


def write_places(job: WritingJob, plan: WorldPlan, prose: Prose, at_once: int) -> None:
    """Write all places, ``at_once`` of them together at most, then anew what two of them say in the same words.

    The prose receives the texts, also those that are there when it is interrupted.

    Raises:
        KeyboardInterrupt: It was interrupted.
    """
    tell_plan(job.progress, partial(document, plan), {passage.at: COMING for passage in passages.all_passages(plan)})
    writers = _writers(job, plan)
    limit = at_once if job.conversation.longest_s < SLOW_S else 1
    try:
        run_tasks([writer.write for writer in writers], limit)
        texts: dict[str, Address] = {}
        repairs = []
        for writer in writers:
            repairs.append(partial(writer.replace_repeats, dict(texts)))
            texts |= {writer.prose.texts[at]: at for at in writer.prose.model}
        run_tasks(repairs, limit)
    finally:
        for writer in writers:
            prose.add(writer.prose)


def _writers(job: WritingJob, plan: WorldPlan) -> list[PlaceWriter]:
    arrivals: dict[str, FlagArrival] = {}
    with suppress(BudgetSpent):
        arrivals = flag_arrivals(proof.skeleton(plan))
    writers = []
    strange_stems = example.strange_stems(plan)
    for place in plan.places:
        always = [key for key, arrival in arrivals.items() if place.id in arrival.always]
        sometimes = [key for key, arrival in arrivals.items() if place.id in arrival.sometimes]
        prompt = passages.question(plan, place, always, sometimes)
        event_ids = (f"e{number}" for number in range(1, len(plan.at(place.id)) + 1))
        judge = TextJudge(example.texts(), prompt, plan.basis.who, strange_stems, plan.ids.every_id.union(event_ids))
        writers.append(PlaceWriter(job, plan, place.name, prompt, passages.passages(plan, place, always), judge))
    return writers
