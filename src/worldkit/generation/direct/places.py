"""Writes all places of a plan, several at a time where the model answers fast; the world is the same either way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from worldkit.core.progress import Address, tell_plan
from worldkit.exploration.flag_arrival import FlagArrival
from worldkit.generation.direct import example, passages, place_question, proof
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.parallel import run_tasks
from worldkit.generation.direct.plan import MoveOutline, PlaceOutline, WorldPlan
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
    arrivals = proof.key_arrivals(plan)
    limit = at_once if job.conversation.longest_s < SLOW_S else 1
    writers = [_writer(job, plan, place, arrivals, {}) for place in plan.places if not place.ending]
    try:
        run_tasks([writer.write for writer in writers], limit)
        # an ending is told by what was written of the deeds that lead to it
        move_texts = _move_texts(plan, writers)
        endings = [_writer(job, plan, place, arrivals, move_texts) for place in plan.places if place.ending]
        writers += endings
        run_tasks([writer.write for writer in endings], limit)
        texts: dict[str, Address] = {}
        repairs = []
        for writer in writers:
            repairs.append(partial(writer.replace_repeats, dict(texts)))
            texts |= {writer.prose.texts[at]: at for at in writer.prose.model}
        run_tasks(repairs, limit)
    finally:
        for writer in writers:
            prose.add(writer.prose)


def _move_texts(plan: WorldPlan, writers: Iterable[PlaceWriter]) -> dict[MoveOutline, str]:
    """Return what was written of each move that leads to an ending: its narration, and its steps if it has some."""
    texts = {at: text for writer in writers for at, text in writer.prose.texts.items()}
    move_texts = {}
    for move, name in zip(plan.moves, plan.event_names(), strict=True):
        fields = ("narration", *(f"phases.{number}.base" for number in range(passages.PHASES)))
        move_texts[move] = " ".join(text for field in fields if (text := texts.get(("event", name, field))))
    return {move: text for move, text in move_texts.items() if text}


def _writer(
    job: WritingJob,
    plan: WorldPlan,
    place: PlaceOutline,
    arrivals: Mapping[str, FlagArrival],
    move_texts: Mapping[MoveOutline, str],
) -> PlaceWriter:
    always = [key for key, arrival in arrivals.items() if place.id in arrival.always]
    sometimes = [key for key, arrival in arrivals.items() if place.id in arrival.sometimes]
    is_weak = job.conversation.is_weak
    prompt = place_question.question(plan, place, always, sometimes, is_weak=is_weak, move_texts=move_texts)
    event_ids = (f"e{number}" for number in range(1, len(plan.at(place.id)) + 1))
    judge = TextJudge(
        example.texts(),
        prompt,
        plan.basis.who,
        example.strange_stems(plan),
        plan.ids.every_id.union(event_ids),
        is_weak=is_weak,
    )
    texts = passages.passages(plan, place, always, is_weak=is_weak)
    return PlaceWriter(job, plan, place.name, prompt, texts, judge)
