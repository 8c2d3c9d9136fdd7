"""Writes all places of a plan in waves, each after those that it has to agree with, side by side in threads."""

from __future__ import annotations

import operator
import queue
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from worldkit.core.progress import Address, tell_plan
from worldkit.exploration.flag_arrival import FlagArrival
from worldkit.generation.direct import example, passages, place_question, proof
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.conversation import WritingJob
from worldkit.generation.direct.judge import TextJudge, parts_of
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.prose import PlaceWriter, Prose, Report
from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.prose.requests import PENDING_TEXT

SLOW_ANSWER_S = 60.0
"""A model that took longer for an answer is asked one question at a time: what waits in its queue would look silent."""
Task = Callable[[Report], None]


def write_places(job: WritingJob, plan: WorldPlan, prose: Prose, at_once: int) -> None:
    """Write all places in waves, ``at_once`` at most, anew what two say in the same words, and plainly what is left."""
    arrivals = proof.key_arrivals(plan)
    always = {place.id: [key for key in arrivals if place.id in arrivals[key].certain_states] for place in plan.places}
    every_passage = passages.all_passages(plan, always)
    tell_plan(job.progress, partial(document, plan), {passage.at: PENDING_TEXT for passage in every_passage})
    prose.texts |= {text.at: text.plain for text in every_passage if text.is_told}
    writers: dict[str, PlaceWriter] = {}
    move_texts: dict[MoveOutline, str] = {}
    try:
        # a later wave is shown what an earlier one told of its deeds and keys
        for wave in waves(plan):
            wave_writers = [_writer(job, plan, plan.place(id), always[id], arrivals, move_texts) for id in wave]
            writers |= zip(wave, wave_writers, strict=True)
            run_tasks([writer.write for writer in wave_writers], _limit(job, at_once))
            move_texts |= _move_texts(plan, wave_writers)
        in_order = [writers[place.id] for place in plan.places]
        said: dict[Hashable, Address] = {}
        repairs: list[Task] = []
        for writer in in_order:
            texts = {at: writer.prose.texts[at] for at in sorted(writer.prose.model)}
            if any((text,) in said for text in texts.values()):
                writer.judge.said |= said
                repairs.append(writer.replace_repeats)
            said |= {part: at for at, text in texts.items() for part in parts_of(text)}
        run_tasks(repairs, _limit(job, at_once))
    finally:
        for writer in writers.values():
            prose.add(writer.prose)
    prose.fill(every_passage)


def waves(plan: WorldPlan) -> list[list[str]]:
    """Return the ids of all places in waves; those of one wave do not wait for one another, and the endings come last.

    A place of a strong model waits for the one from which it is first reached, and for those where the keys are got
    that it needs. Where places wait for one another, the one that is reached first goes first.
    """
    endings = list(plan.ids.endings)
    if plan.is_weak:
        first_id, *other_ids = plan.ids.inner
        return [[first_id], other_ids, endings]
    sources = {move.takes: move.at for move in reversed(plan.moves) if move.takes}
    waiting: dict[str, set[str]] = {plan.places[0].id: set()}
    reached_ids = [plan.places[0].id]
    for id in reached_ids:
        for move in plan.at(id):
            if move.to in plan.ids.inner and move.to not in waiting:
                reached_ids.append(move.to)
                waiting[move.to] = {id, *(sources[key] for key in move.needs if key in sources)}
    for move in plan.moves:
        waiting.setdefault(move.at, set()).update(sources[key] for key in move.needs if key in sources)
    all_waves: list[list[str]] = []
    written_ids: set[str] = set()
    while waiting:
        ready_ids = [id for id, earlier_ids in waiting.items() if earlier_ids <= {*written_ids, id}]
        all_waves.append(ready_ids or [next(iter(waiting))])
        for id in all_waves[-1]:
            del waiting[id]
        written_ids.update(all_waves[-1])
    return [*all_waves, endings]


def _limit(job: WritingJob, at_once: int) -> int:
    return at_once if job.longest_s < SLOW_ANSWER_S else 1


def _move_texts(plan: WorldPlan, writers: Iterable[PlaceWriter]) -> dict[MoveOutline, str]:
    """Return what was written of each move in some places: its narration and what else tells of it."""
    texts = {at: text for writer in writers for at, text in writer.prose.texts.items()}
    endings = plan.ids.endings
    move_texts = {}
    for name, move in plan.events.items():
        steps = [f"phases.{number}.base" for number in range(passages.PHASE_COUNT)]
        fields = ("narration", *steps) if move.to in endings else ("base", "narration")
        move_texts[move] = " ".join(text for field in fields if (text := texts.get(("event", name, field))))
    return {move: text for move, text in move_texts.items() if text}


def _writer(
    job: WritingJob,
    plan: WorldPlan,
    place: PlanPlace,
    always: Collection[str],
    arrivals: Mapping[str, FlagArrival],
    move_texts: Mapping[MoveOutline, str],
) -> PlaceWriter:
    sometimes = [key for key, arrival in arrivals.items() if place.id in arrival.uncertain_states]
    prompt = place_question.question(plan, place, always, sometimes, move_texts=move_texts)
    event_ids = (f"e{number}" for number in range(1, len(plan.at(place.id)) + 1))
    judge = TextJudge(
        example.texts(),
        prompt,
        plan.basis.who,
        example.strange_stems(plan),
        plan.ids.every_id.union(event_ids),
        is_weak=plan.is_weak,
        secret="" if place.ending == "win" else plan.basis.truth,
    )
    texts = [text for text in passages.passages(plan, place, always) if not text.is_told]
    return PlaceWriter(job, plan, place.name, prompt, texts, judge)


def run_tasks(tasks: Sequence[Task], limit: int) -> None:
    """Run tasks, ``limit`` at a time; with 1, in this thread. An interrupt ends all; an error is raised at the end."""
    if limit <= 1 or len(tasks) <= 1:
        for task in tasks:
            task(operator.call)
        return
    events: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
    is_cancelled = threading.Event()

    def report(*event: Any) -> None:
        if is_cancelled.is_set():
            raise KeyboardInterrupt
        events.put(event)

    def run(task: Task) -> None:
        try:
            if not is_cancelled.is_set():
                task(report)
        finally:
            events.put(None)

    with ThreadPoolExecutor(min(limit, len(tasks)), thread_name_prefix="worldkit-place") as pool:
        try:
            futures = [pool.submit(run, task) for task in tasks]
            running_count = len(futures)
            while running_count:
                event = events.get()
                if event is None:
                    running_count -= 1
                else:
                    operator.call(*event)
        except BaseException:
            is_cancelled.set()
            raise
    for future in futures:
        future.result()
