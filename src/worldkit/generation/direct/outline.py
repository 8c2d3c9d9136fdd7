"""The first two questions: the basis and the plan, each handed back with what is wrong, and completed by code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from worldkit.core.quoting import format_count
from worldkit.generation.direct import basis_form, basis_reading, completion, draft, plan_form, proof
from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.conversation import correction
from worldkit.generation.direct.draft import PlanDraft
from worldkit.generation.direct.example import Turn, exchange, texts
from worldkit.generation.direct.move_words import in_own_words
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.schema import as_object, compact
from worldkit.generation.direct.writing_job import WritingJob


def read_basis(job: WritingJob, data: Any) -> tuple[Basis, list[str]]:
    """Return the basis in an answer, completed from the premise or the chapter, and what is wrong with the answer."""
    return basis_reading.read(
        own_words(data), job.premise, len(job.ids.inner), job.chapter, is_weak=job.conversation.is_weak
    )


def own_words(data: Any) -> Any:
    """Return an answer with every phrase left empty that it takes over from the worked example, as weak models do."""
    if isinstance(data, str):
        return "" if " " in data.strip() and data.strip().rstrip(".").lower() in _example_phrases() else data
    if isinstance(data, Mapping):
        return {key: own_words(value) for key, value in data.items()}
    return [own_words(value) for value in data] if isinstance(data, list) else data


@cache
def _example_phrases() -> frozenset[str]:
    return frozenset(text.rstrip(".").lower() for text in texts())


def ask_basis(job: WritingJob) -> Basis:
    """Ask for the basis, and once more for what is wrong with it; the conversation of the job goes on with it."""
    conversation, place_count = job.conversation, len(job.ids.inner)
    is_weak = conversation.is_weak
    question = basis_form.question(job.premise, place_count, job.chapter, is_weak=is_weak)
    ask = partial(
        conversation.ask,
        schema=basis_form.schema(place_count, is_weak=is_weak),
        max_tokens=500 + (10 if is_weak else 100) * place_count,
        report_status=job.report,
    )
    answer = ask(question, what="the basis")
    first_data = answer.data
    readings = [read_basis(job, first_data)]
    if (refusals := readings[0][1]) and not answer.is_failure:
        turns = exchange(question, answer.text[:4_000] or "{}")
        answer = ask(correction(refusals), what="the basis, again", before=turns)
        # a model may give only what it was asked to put right
        readings.append(read_basis(job, {**as_object(first_data), **as_object(answer.data)}))
    basis, refusals = min(reversed(readings), key=lambda reading: len(reading[1]))
    if refusals:
        source = "the chapter" if job.chapter else "the premise"
        job.notes.append(f"the basis was completed from {source}: {'; '.join(refusals[:3])}")
    conversation.turns += exchange(question, basis.as_json())
    return basis


def ask_plan(job: WritingJob, basis: Basis) -> tuple[WorldPlan, int]:
    """Ask for the plan, hand it back once with what is wrong, and complete it; the conversation goes on with it.

    Returns:
        A plan that holds, and how many of its names and moves are the model's.
    """
    conversation, ids, feature_names = job.conversation, job.ids, job.feature_names
    is_weak = conversation.is_weak
    question = plan_form.question(basis, ids, job.drawn_moves(), feature_names, is_weak=is_weak)
    ask = partial(
        conversation.ask,
        schema=plan_form.schema(ids, feature_names, is_weak=is_weak),
        max_tokens=40 + 110 * job.states if is_weak else 80 + 160 * job.states + 60 * len(ids.keys),
        report_status=job.report,
    )
    prompt, turns = question, list[Turn]()
    best_draft, fewest_faults = draft.read(None, basis, ids, feature_names, is_weak=is_weak), math.inf
    for what in ("the plan", "the plan, correction 1"):
        answer = ask(prompt, what=what, before=turns)
        plan_draft = draft.read(own_words(answer.data), basis, ids, feature_names, is_weak=is_weak)
        problems = proof.problems(plan_draft.plan)
        is_better = bool(plan_draft.words) and len(problems) + len(plan_draft.refusals) < fewest_faults
        if is_better:
            best_draft, fewest_faults = plan_draft, len(problems) + len(plan_draft.refusals)
        if answer.interruption and answer.data is not None:
            job.notes.append(f"the plan was cut off ({answer.interruption}); what had arrived was completed by code")
        # what is only missing in the plan of a weak model is filled by code at once, and so is what a model did not
        # make better when it was told: to ask again costs minutes on a small machine
        is_fit = not problems and (is_weak or not plan_draft.refusals)
        if answer.interruption or answer.data is None or is_fit or not is_better:
            break
        turns = exchange(question, answer.text[:8_000])
        prompt = correction([*problems, *plan_draft.refusals])
    plan = complete(job, best_draft)
    if best_draft.words:  # a model that planned nothing has no words either
        plan = in_own_words(job, plan, best_draft.plan.moves, question)
    for feature, is_hidden in (("timers", False), ("hidden", True)):
        if feature in feature_names and not any(move.after_s and move.is_hidden == is_hidden for move in plan.moves):
            job.notes.append(f"the world has no event for features={feature!r}: what was planned could not be played")
    if best_draft.words and best_draft.refusals:
        job.notes.append(f"of the plan was left out or replaced: {'; '.join(best_draft.refusals[:3])}")
    conversation.turns += exchange(question, compact(plan_form.as_answer(plan)))
    return plan, best_draft.words


def complete(job: WritingJob, plan_draft: PlanDraft) -> WorldPlan:
    """Return a draft as a plan that holds."""
    plan, changes = completion.complete(plan_draft.plan, job.drawn_moves())
    if plan_draft.words and changes:
        were = "was" if changes == 1 else "were"
        moves = format_count(changes, "move")
        job.notes.append(f"{moves} of the plan {were} added or left out by code, so that it can be played")
    return plan
