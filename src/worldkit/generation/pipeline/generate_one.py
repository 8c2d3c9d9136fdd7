"""The making of worlds: planned, written, put together and judged; one at a time or several in the same batches.

And of single strings for a world that exists, with whatever a model's name means, opened when first needed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from worldkit.assessment.premise import read_premise
from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.progress import Address, Progress, Watch, ignore, tell_plan
from worldkit.core.prose import prose_of
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.engines.base import Chat, TaskRefused
from worldkit.generation.engines.feedback_loop import FitAnswer
from worldkit.generation.pipeline.report import Generated, Report, premise_fields, prose_fields
from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose.assembly import document
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import Field, texts_to_come
from worldkit.generation.prose.writer import TEMPLATES, ProseJob, ProseResult, Writer
from worldkit.generation.text.phrases import BRACE
from worldkit.generation.tiny.furnishing import furnish
from worldkit.ruleset.gate import Verdict, verify
from worldkit.world import World

Judge = Callable[[ProseJob, ProseResult], tuple[World, Verdict]]
EMPTY_PREMISE = "the premise is empty: the seed chose what the world is about"
Opener = Callable[[], Writer]
"""Opens what writes, once it is known that something has to be written."""


def failed(order: Generated, error: Exception) -> Generated:
    """Return the result of a failure; an order is a result that has neither world nor error yet."""
    return replace(order, error=str(error) if isinstance(error, WorldError) else f"{type(error).__name__}: {error}")


def generate_one(
    premise: str, seed: int, states: int, writer: Writer, progress: Progress, notes: tuple[str, ...] = ()
) -> tuple[World, Report]:
    """Plan, write, put together and judge a world; ``notes`` is what else the report is to say."""
    began = time.monotonic()
    [job], [prose] = _write([(plan(premise, seed, states), seed)], writer, progress)
    notes = (*notes, *notes_on_premise(premise))
    outcome = finished(job, prose, writer.name, time.monotonic() - began, notes, premise, judged)
    progress(1, 1, "done")
    return outcome


def generate_one_directly(
    premise: str, seed: int, states: int, writer: DirectWriter, features: frozenset[str], progress: Progress
) -> tuple[World, Report]:
    """Have a capable model write a world, and give account of it."""
    draft = writer.write(premise, seed, states, features, progress)
    report = direct_report(draft, writer.chat.name, seed, premise)
    report = replace(report, notes=(*report.notes, *notes_on_premise(premise, is_for_model=report.planned == "model")))
    progress(1, 1, "done")
    return draft.world, report


def direct_report(draft: WrittenWorld, name: str, seed: int, premise: str = "") -> Report:
    """Return the account of a world that a capable model wrote, from a premise or, without one, from a chapter."""
    fields = prose_fields([draft.prose]) | premise_fields(draft.world, premise)
    return Report(name, seed, draft.score, draft.seconds, planned=draft.planned, **fields)


def notes_on_premise(premise: str, *, is_for_model: bool = False) -> tuple[str, ...]:
    """Return what there is to say of a premise that says nothing to code, or that is read otherwise than it is written.

    What is ``is_for_model`` was planned by one, which reads other languages.
    """
    if not any(map(str.isalnum, premise)):
        return (EMPTY_PREMISE,)
    read = read_premise(premise)
    if not read.story and not is_for_model:
        return ("code reads premises in English only: the seed chose what the world is about",)
    corrections = read.corrections
    pairs = ", ".join(f'"{word}" as "{right}"' for word, right in corrections)
    return (f"code read {pairs}: write a name with a capital to keep it",) if corrections else ()


_FILE_NAME = re.compile(r"\s*\S{1,400}\.(?:txt|md|markdown|rst|rtf|docx?|odt|pdf|epub|html?)\s*", re.IGNORECASE)


def refuse_file_name(text: str) -> None:
    """Refuse the name of a file in the place of what the file holds; whether there is one is not looked at."""
    if _FILE_NAME.fullmatch(text):
        raise TaskRefused(
            f"{quote(text)} is the name of a file; expected the text itself, such as pathlib.Path(...).read_text()"
        )


def generate_several(
    orders: Sequence[Generated], writer: Writer, progress: Progress, notes: tuple[str, ...]
) -> list[Generated]:
    """Make several worlds, each as it would come out alone, their answers decoded in the same batches.

    What goes wrong with one is its own, and its time is its share of the whole.
    """
    began = time.monotonic()
    results: dict[Generated, Generated] = {}
    planned: dict[Generated, Plan] = {}
    for order in orders:
        try:
            refuse_file_name(order.premise)
            planned[order] = plan(order.premise, order.seed, order.states)
        except WorldError as error:
            results[order] = failed(order, error)
    plans = [(plan, order.seed) for order, plan in planned.items()]
    jobs, written = _write(plans, writer, progress)
    each = (time.monotonic() - began) / max(1, len(jobs))
    for order, job, prose in zip(planned, jobs, written, strict=True):
        try:
            notes_on_world = (*notes, *notes_on_premise(order.premise))
            world, report = finished(job, prose, writer.name, each, notes_on_world, order.premise, judged)
            if not prose.notes:  # else they say that the model was lost, or stopped
                report.require_use()
            results[order] = replace(order, world=world, report=report)
        except WorldError as error:
            results[order] = failed(order, error)
    return [results[order] for order in orders]


def _write(
    plans: Sequence[tuple[Plan, int]], writer: Writer, progress: Progress
) -> tuple[list[ProseJob], list[ProseResult]]:
    """Furnish and write plans, each given with its seed."""
    if writer.engine is not None and not writer.engine.capable:
        plans = furnish(writer.engine, plans, progress)
    jobs = [ProseJob(plan, tuple(wanted(plan, seed)), seed) for plan, seed in plans]
    if len(jobs) == 1 and isinstance(progress, Watch):  # who watches sees one world
        tell_plan(progress, partial(document, jobs[0].plan), texts_to_come(jobs[0].fields))
    return jobs, writer.write(jobs, progress)


def finished(
    job: ProseJob, prose: ProseResult, name: str, seconds: float, notes: tuple[str, ...], premise: str, judge: Judge
) -> tuple[World, Report]:
    """Put a plan and its prose together and judge the whole, by a function that does both; ``premise`` may be empty."""
    world, verdict = judge(job, prose)
    if not verdict.passed and prose.model:
        # each string was checked by itself, so this takes a rule that looks at several; the templates keep it
        [by_templates] = Writer().write([job], ignore)
        fallbacks = prose.fallbacks | prose.model
        prose = replace(prose, texts=by_templates.texts, model=set(), fallbacks=fallbacks)
        notes = (*notes, f"the model's prose together did not pass, and was left out: {verdict.issues}")
        world, verdict = judge(job, prose)
    if not verdict.passed:
        raise WorldError(f"the generated world did not pass the verify gate; please report it: {verdict.issues}")
    fields = prose_fields([prose], notes) | premise_fields(world, premise)
    return world, Report(name, job.seed, verdict.score, seconds, **fields)


def judged(job: ProseJob, prose: ProseResult) -> tuple[World, Verdict]:
    """Put a plan and its prose together, and return the world with the gate's word on it, and on gaps left in it."""
    world = World.from_dict(document(job.plan, prose.texts), source="the generated world")
    verdict = verify(world, job.plan.premise)
    # the logline, which the author alone reads, is the premise itself, and may hold braces
    texts = [each for each in prose_of(world.raw) if each.reader != "author"]
    gaps = [f"{each.key} has a gap that was not filled" for each in texts if BRACE.search(each.text)]
    return world, replace(verdict, passed=verdict.passed and not gaps, issues=(*verdict.issues, *gaps))


@dataclass
class StringWriter:
    """Writes, and keeps count of what it took; ``seed`` is that of everything it writes."""

    open: Opener
    seed: int
    progress: Progress
    _writer: Writer | None = None
    _began: float = field(default_factory=time.monotonic)
    _all: list[ProseResult] = field(default_factory=list)

    def write(self, plan: Plan, fields: Iterable[Field]) -> dict[Address, str]:
        """Return a string for every field of a plan."""
        job = ProseJob(plan, tuple(fields), self.seed)
        if not job.fields:
            return {}
        if self._writer is None:
            self._writer = self.open()
        [result] = self._writer.write([job], self.progress)
        self._all.append(result)
        return result.texts

    def report(self, world: World) -> Report:
        """Return the account of all that was written for a world."""
        name, seconds = self._writer.name if self._writer else TEMPLATES, time.monotonic() - self._began
        return Report(name, self.seed, verify(world).score, seconds, **prose_fields(self._all))


def chat_report(chat: Chat, seed: int, began: float, answer: FitAnswer[Any], world: World, written: int) -> Report:
    """Return the account of an answer from which a world became this one, with so many texts."""
    score, seconds = verify(world).score, time.monotonic() - began
    return Report(chat.name, seed, score, seconds, answer.tokens, written, again=len(answer.refusals))
