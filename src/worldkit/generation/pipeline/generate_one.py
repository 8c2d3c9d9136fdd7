"""The making of worlds: planned, written, put together and judged; one at a time or several in the same batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress, ignore, tell_plan
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.pipeline.report import Generated, Interrupted, Report, premise_fields, prose_fields
from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose.assembly import document
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import texts_to_come
from worldkit.generation.prose.writer import ModelWriter, ProseJob, ProseResult, TemplateWriter, Writer, WritingHalted
from worldkit.generation.tiny.furnishing import furnish
from worldkit.ruleset.gate import Verdict, verify
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Order:
    """A world that is wanted; ``refused`` says why it cannot be, where that is known beforehand."""

    premise: str
    seed: int
    states: int
    refused: str = ""


def generate_one(
    premise: str,
    seed: int,
    states: int,
    writer: Callable[[], tuple[Writer, str]],
    progress: Progress,
    notes: tuple[str, ...] = (),
) -> tuple[World, Report]:
    """Plan, write, put together and judge a world.

    Args:
        premise, seed, states: As for ``generate``.
        writer: Makes what writes the prose, and says its name; called once there is a plan.
        progress: As for ``generate``.
        notes: What else the report is to say.

    Raises:
        Interrupted: It was interrupted while it was written; holds the world with the rest from the templates.
        WorldError: The world did not pass its own judges, which is a defect in the planner or the templates.
    """
    began = time.monotonic()
    plan_of_world = plan(premise, seed, states)
    name = ""
    job: ProseJob | None = None
    try:
        prose_writer, name = writer()
        [plan_of_world] = furnish_plans([(plan_of_world, seed)], prose_writer, progress)
        job = _job(plan_of_world, seed)
        tell_plan(progress, partial(document, plan_of_world), texts_to_come(job.fields))
        [prose] = prose_writer.write([job], progress)
    except KeyboardInterrupt as stop:
        job = job or _job(plan_of_world, seed)
        prose = stop.results[0] if isinstance(stop, WritingHalted) else _by_templates(job)
        world, report = finished(job, prose, name, time.monotonic() - began, notes)
        raise Interrupted(world, report) from None
    world, report = finished(job, prose, name, time.monotonic() - began, notes)
    progress(1, 1, "done")
    return world, report


def generate_one_directly(
    premise: str,
    seed: int,
    states: int,
    writer: DirectWriter,
    features: frozenset[str],
    progress: Progress,
) -> tuple[World, Report]:
    """Have a capable model write a world, and give account of it.

    Args:
        premise, seed, states, progress: As for ``generate``.
        writer: What writes it.
        features: What it has beside places and moves.

    Raises:
        Interrupted: It was interrupted; holds the world with the rest told plainly.
        WorldError: The model cannot be asked at all.
    """
    draft = writer.write(premise, seed, states, features, progress)
    report = direct_report(draft, writer.chat.name, seed, premise)
    if draft.is_interrupted:
        raise Interrupted(draft.world, report)
    progress(1, 1, "done")
    return draft.world, report


def direct_report(draft: WrittenWorld, name: str, seed: int, premise: str = "") -> Report:
    """Return the account of a world that a capable model wrote.

    Args:
        draft: What was written.
        name: The model's name.
        seed: The seed.
        premise: The premise; empty for a chapter.
    """
    return Report(
        model=name,
        seed=seed,
        score=draft.score,
        seconds=draft.seconds,
        planned=draft.planned,
        **prose_fields([draft.prose]),
        **premise_fields(draft.world, premise),
    )


def generate_several(
    orders: Sequence[Order],
    writer: ModelWriter,
    name: str,
    progress: Progress,
    notes: tuple[str, ...] = (),
) -> list[Generated]:
    """Make several worlds, their answers decoded in the same batches; what goes wrong with one is its own.

    Args:
        orders: The worlds wanted. Each comes out as it would alone.
        writer: What writes the prose, and
        name: what it is called in the reports.
        progress: Called with how many strings are written, of how many.
        notes: What else the reports are to say.

    Returns:
        The result of each, in order; its time is its share of the whole.

    Raises:
        Interrupted: It was interrupted; holds every world, the rest of their prose from the templates.
        WorldError: The model cannot answer.
    """
    began = time.monotonic()
    plans = [_plan_or_error(order) for order in orders]
    valid_plans = [(plan, order.seed) for plan, order in zip(plans, orders, strict=True) if isinstance(plan, Plan)]
    is_interrupted = False
    try:
        furnished_plans = furnish_plans(valid_plans, writer, progress)
    except KeyboardInterrupt:
        furnished_plans, is_interrupted = [plan for plan, _ in valid_plans], True
    valid_jobs = [_job(plan, seed) for plan, (_, seed) in zip(furnished_plans, valid_plans, strict=True)]
    next_jobs = iter(valid_jobs)
    jobs = [plan if isinstance(plan, WorldError) else next(next_jobs) for plan in plans]
    try:
        prose_of_jobs = (TemplateWriter() if is_interrupted else writer).write(valid_jobs, progress)
    except WritingHalted as stop:
        prose_of_jobs, is_interrupted = stop.results, True
    each = (time.monotonic() - began) / max(1, len(valid_jobs))
    prose = iter(prose_of_jobs)
    results = []
    for order, job in zip(orders, jobs, strict=True):
        request = (order.premise, order.seed, order.states)
        if isinstance(job, WorldError):
            results.append(Generated(*request, error=str(job)))
            continue
        try:
            results.append(Generated(*request, *finished(job, next(prose), name, each, notes)))
        except WorldError as error:
            results.append(Generated(*request, error=str(error)))
    if is_interrupted:
        raise Interrupted(results=results)
    return results


def furnish_plans(plans: Sequence[tuple[Plan, int]], writer: Writer, progress: Progress) -> list[Plan]:
    """Return plans with what a small model says that stands in places of which nothing is known.

    Args:
        plans: The plans, each with its seed.
        writer: What writes them; anything but a small model changes nothing.
        progress: Told that the model is asked.

    Raises:
        KeyboardInterrupt: It was interrupted.
    """
    if not isinstance(writer, ModelWriter) or getattr(writer.engine, "capable", False):
        return [plan for plan, _ in plans]
    return furnish(writer.engine, plans, progress)


def _plan_or_error(order: Order) -> Plan | WorldError:
    try:
        return plan(order.premise, order.seed, order.states)
    except WorldError as error:
        return error


def _job(plan: Plan, seed: int) -> ProseJob:
    return ProseJob(plan, tuple(wanted(plan, seed)), seed)


def _by_templates(job: ProseJob) -> ProseResult:
    return TemplateWriter().write([job], ignore)[0]


def finished(
    job: ProseJob, prose: ProseResult, name: str, seconds: float, notes: tuple[str, ...] = ()
) -> tuple[World, Report]:
    """Put a plan and its prose together and judge the whole.

    Raises:
        WorldError: It does not pass, not even with every string from the templates.
    """
    world, verdict = judged(job, prose)
    if not verdict.passed and prose.model:
        # each string was checked by itself, so this takes a rule that looks at several; the templates keep it
        texts, fallbacks = _by_templates(job).texts, prose.fallbacks | prose.model
        prose = replace(prose, texts=texts, model=set(), fallbacks=fallbacks)
        notes = (*notes, f"the model's prose together did not pass, and was left out: {verdict.issues}")
        world, verdict = judged(job, prose)
    if not verdict.passed:
        raise WorldError(f"the generated world did not pass the verify gate; please report it: {verdict.issues}")
    return world, Report(
        model=name,
        seed=job.seed,
        score=verdict.score,
        seconds=seconds,
        **prose_fields([prose], notes),
        **premise_fields(world, job.plan.premise),
    )


def judged(job: ProseJob, result: ProseResult) -> tuple[World, Verdict]:
    """Put a plan and its prose together, and return the world with the gate's word on it."""
    world = World.from_dict(document(job.plan, result.texts), source="the generated world")
    return world, verify(world, job.plan.premise)
