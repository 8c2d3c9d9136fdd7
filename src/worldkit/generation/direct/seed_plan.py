"""Plans by code what a capable model writes: the worlds of weak models, which contradict their plans, and large ones.

A premise is read and its graph is proven as for the templates (``planning``), and so is that of a chapter. The model is
asked for the prose alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import count

from worldkit.core.progress import ignore
from worldkit.generation.direct.basis import Basis, basis_question
from worldkit.generation.direct.conversation import WritingJob
from worldkit.generation.direct.example import exchange
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.plan_form import FEATURE_OF_TIMED_EVENT, own_timed_move
from worldkit.generation.direct.wording import bare
from worldkit.generation.planning.plan import Plan, PlanStep
from worldkit.generation.planning.planner import plan as planned
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import ProseJob, Writer
from worldkit.generation.text.english import capital, the

_LETTERS = {None: "p", "win": "w", "lose": "l"}
"""How the ids of places begin, by how the story ends there."""


def plan_by_code(job: WritingJob) -> WorldPlan:
    """Return the plan of a premise or a chapter, with what its features ask for; the model is told the basis."""
    chapter, is_weak = job.chapter, job.is_weak
    source = (chapter and chapter.plan) or planned(job.premise, job.seed, job.states)
    plan = world_plan(source, job.seed, is_weak=is_weak, is_chapter=chapter is not None)
    # what a chapter says is at stake is no event, and a run may never come to its last place, which is beside the way
    ids = replace(plan.ids, inner=plan.ids.inner[:-1]) if chapter else plan.ids
    own_moves = [
        replace(own_timed_move(plan.basis, ids, plan.places, is_hidden=feature == "hidden"), is_told=is_weak)
        for feature in FEATURE_OF_TIMED_EVENT.values()
        if feature in job.feature_names
    ]
    if chapter:
        basis = replace(plan.basis, premise="", who=chapter.hero, chapter=chapter)
        part_places = tuple(place.name for place in source.places[: len(chapter.parts)])
        stake = chapter.stake.rstrip(".") or basis.stake
        people = dict.fromkeys(name for part in chapter.parts for name in part.people)
        others = tuple(name for name in people if not set(bare(chapter.hero).split()).issubset(name.split()))
        plan = replace(plan, basis=replace(basis, places=part_places, stake=stake, others=others))
    if "variants" in job.feature_names:
        several = (ids.inner[0], ids.inner[-1])
        plan = replace(plan, places=tuple(replace(place, has_variant=place.id in several) for place in plan.places))
    question = basis_question(job.premise, len(plan.basis.places), chapter, is_weak=is_weak)
    job.turns += exchange(question, plan.basis.as_json())
    return plan.with_moves([*plan.moves, *own_moves])


def world_plan(plan: Plan, seed: int, *, is_weak: bool, is_chapter: bool = False) -> WorldPlan:
    """Return a plan of the templates, with their texts, as one whose prose a capable model writes.

    The templates tell all moves to a weak model, which contradicts them, and what somebody answers to every model. Of
    the places of a chapter they tell nothing, since they do not have its words.
    """
    [prose] = Writer().write([ProseJob(plan, tuple(wanted(plan, seed)), seed)], ignore)
    texts = defaultdict[tuple[str, str], dict[str, str]](dict)
    for (kind, id, field), text in prose.texts.items():
        if kind == "event" or not is_chapter:
            texts[kind, id][field] = text
    places = sorted(plan.places, key=lambda place: [*_LETTERS].index(place.ending))
    numbers = {kind: count(1) for kind in _LETTERS}
    ids = {place.id: f"{_LETTERS[place.ending]}{next(numbers[place.ending])}" for place in places}
    things = {
        flag: f"the answer of {step.thing.the}" if step.about else step.thing.text
        for step in plan.steps
        for flag in step.grants
    }
    keys = {flag: f"k{number}" for number, flag in enumerate(things, 1)}

    def move(step: PlanStep) -> MoveOutline:
        target = plan.place(step.to) if step.to else None
        return MoveOutline(
            do=f"{step.do} to {target.the}" if target and not (target.end or target.name in step.do) else step.do,
            at=ids[step.at],
            to=ids[step.to] if step.to else None,
            takes=next((keys[flag] for flag in step.grants), None),
            needs=tuple(keys[flag] for flag in step.requires),
            template_texts=texts["event", step.name] | ({"hint": step.hint} if step.hint else {}),
            is_told=is_weak or step.about is not None,
        )

    return WorldPlan(
        basis=_basis(plan),
        places=tuple(replace(place, id=ids[place.id], template_texts=texts["state", place.id]) for place in places),
        moves=tuple(map(move, plan.steps)),
        keys={keys[flag]: thing for flag, thing in things.items()},
        learned=frozenset(keys[flag] for step in plan.steps if step.about for flag in step.grants),
        is_weak=is_weak,
    )


def _basis(plan: Plan) -> Basis:
    loss = next((place.end.subtitle for place in plan.places if place.end and place.end.kind == "lose"), "")
    return Basis(
        premise=plan.premise,
        title=plan.name,
        who=the(plan.who),
        look=f"{capital(plan.look)}.",
        goal=f"{plan.goal} {plan.deadline}".rstrip(),
        stake=loss.rstrip("."),
        logline=plan.logline,
        air=plan.air,
        truth="",
        places=tuple(place.name for place in plan.places if place.end is None),
        others=(),
        things=(),
    )
