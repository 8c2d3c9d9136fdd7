"""From a plan to the strings it wants written, each with what a model is asked and what is said without one."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace

from worldkit.core.progress import Address
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.moods import Mood
from worldkit.generation.prose.place_fields import PlaceTexts
from worldkit.generation.prose.requests import Field, Question, Turns
from worldkit.generation.prose.step_fields import StepTexts
from worldkit.generation.text.english import lowered
from worldkit.generation.text.frames import fill

__all__ = ["Field", "description", "sign", "wanted"]

ON = (" over", " around", " along", " beside")


def wanted(plan: Plan, seed: int) -> list[Field]:
    """Return every string a plan wants, in world order; the seed decides which templates and verbs each gets."""
    dice = random.Random(seed_of("fields", plan.premise, seed, len(plan.places)))
    fields: list[Field] = []
    offered, turns = Counter[str](), Turns(plan)
    for number, place in enumerate(plan.places):
        fields += PlaceTexts(plan, place, dice, number, turns).fields()
    for step in plan.steps:
        fields += StepTexts(plan, step, dice, offered, turns).fields()
    return fields


def description(plan: Plan, place: PlanPlace, at: Address, seed: int) -> Field:
    """Return the field of a place's description, put anew by every seed and about other things."""
    dice = random.Random(seed_of("description", plan.premise, place.id, seed))
    things = list(place.props)
    dice.shuffle(things)
    texts = PlaceTexts(plan, replace(place, props=tuple(things)), dice, seed, Turns(plan, defaultdict(lambda: seed)))
    return texts.description(at)


def sign(plan: Plan, place: PlanPlace, mood: Mood, at: Address, seed: int) -> Field:
    """Return the field of a sentence that shows a mood in a place; the seed decides what shows it, and on what."""
    dice = random.Random(seed_of("sign", plan.premise, place.id, mood.name, seed))
    things = dice.sample(place.props, len(place.props)) or [Thing(place.name)]
    seen_sign, verbs = dice.choice(sorted(mood.signs.items()))
    stock = [fill(line, {}, {"thing": thing.the}) for thing in things for line in mood.lines]
    dice.shuffle(stock)
    question = Question(
        "ambient",
        f"Place: {place.the}. It is {mood.name} there. What {lowered(seen_sign)} does.",
        seen_sign,
        " {one}{around}{thing}.",
        {"one": verbs, "around": ON, "thing": [f" {thing.the}" for thing in things[:4]]},
    )
    return Field(at, tuple(stock), question)
