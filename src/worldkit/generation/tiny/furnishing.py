"""Asks a small model what stands in places that the data knows nothing of, before any general stock is used.

A model of 135 million parameters knows what one finds in a boathouse, and puts anything else beside it, made-up words
among it. So it answers with short lists, several of them a place, held to nouns whose sort is known (``sorts``) and
that the lexicon counts as things. What more of its lists name comes first, then what it thought likelier. What the
premise names itself, and what a step needs, stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from worldkit.core.progress import Progress
from worldkit.generation.engines.base import Ask, Engine, Reply, seed_of
from worldkit.generation.planning.kinds import kind_of, part_called
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.roofs import is_roofed, sides_of
from worldkit.generation.planning.setting import OWN_GENRE
from worldkit.generation.planning.sorts import sorts
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a, the
from worldkit.language.lexicon import lexicon

LIST_COUNT = 4
"""Lists asked for a place."""
MAX_PLACES = 12
"""Places that are asked about; those after them keep what the stock has."""

_SORTS = word_sets.words("furnishing", "sorts")
"""Sorts of things that may stand in any place."""
_EXAMPLES = (
    ("Name three things in the boathouse of a harbour.", "Three things: a boat, a rope, and a barrel."),
    ("Name three things in the waiting room of a station.", "Three things: a bench, a stove, and a clock."),
)
_OPENING = "Three things:"


def furnish(engine: Engine, plans: Sequence[tuple[Plan, int]], progress: Progress) -> Sequence[tuple[Plan, int]]:
    """Return plans with the things that a model names in those of their places of which the data knows nothing.

    Each comes with its seed; the result for one does not depend on the others.
    """
    unknown_places = [[place for place in plan.places if _is_unknown(place, plan)][:MAX_PLACES] for plan, _ in plans]
    asks = [
        _ask(plan, place, seed, number)
        for (plan, seed), places in zip(plans, unknown_places, strict=True)
        for place in places
        for number in range(LIST_COUNT)
    ]
    if not asks:
        return plans
    progress(0, 1, "asking what stands in the places")
    replies = iter(engine.answer(asks))
    return [
        (_furnish_plan(plan, places, replies), seed) for (plan, seed), places in zip(plans, unknown_places, strict=True)
    ]


def _furnish_plan(plan: Plan, places: Sequence[PlanPlace], replies: Iterator[Reply]) -> Plan:
    taken_heads = {prop.head for place in plan.places if place not in places for prop in place.props}
    furnished_places: dict[str, PlanPlace] = {}
    for place in places:
        side = is_roofed(place, plan.surroundings)
        things = things_of(islice(replies, LIST_COUNT))
        things = [thing for thing in things if thing.head not in taken_heads and side in sides_of(thing)]
        furnished_places[place.id] = _with_things(plan, place, things)
        taken_heads |= {prop.head for prop in furnished_places[place.id].props}
    return replace(plan, places=tuple(furnished_places.get(place.id, place) for place in plan.places))


def things_of(replies: Iterable[Reply]) -> list[Thing]:
    """Return the things that a model's lists name, the best first."""
    likelihoods: dict[str, list[float]] = {}
    for reply in replies:
        if reply.is_complete:
            for item in dict.fromkeys(re.split(r", (?:and )?", reply.text.removeprefix(_OPENING).strip(" ."))):
                if item in _items():
                    likelihoods.setdefault(item, []).append(reply.mean_logprob)
    order = sorted(likelihoods, key=lambda item: (-len(likelihoods[item]), -max(likelihoods[item]), item))
    return [Thing(item) for item in order]


@cache
def _items() -> tuple[str, ...]:
    """Return what may be named, each with its article."""
    words = lexicon()
    heads = {head for name in _SORTS for head in sorts()[name].heads}
    return tuple(
        a(head)
        for head in sorted(heads)
        if not re.search(r"[^s]s\Z|\Ahand\Z", head)
        and words.lemmas(head, "n")[:1] == (head,)
        and words.senses(head)[0].kind == "t"
        and clean(head)
    )


@cache
def _grammar() -> str:
    items = " | ".join(json.dumps(f" {item}") for item in _items())
    return f'start: ITEM "," ITEM ", and" ITEM "."\nITEM: {items}\n'


def _is_unknown(place: PlanPlace, plan: Plan) -> bool:
    """Say whether the data knows nothing of what stands in a place: it is of no known kind, nor a part of one."""
    if plan.genre != OWN_GENRE:
        return False
    kind = kind_of(plan.setting)
    known_names = {plan.setting, *(part.name for part in kind.parts)} if kind and kind.parts else ()
    return not (place.name in known_names or kind_of(place.name) or part_called(place.name))


def _ask(plan: Plan, place: PlanPlace, seed: int, number: int) -> Ask:
    is_named = f" {plan.setting} " in f" {place.name} "
    place_phrase = place.name if is_named else f"{place.name} of {a(plan.setting)}"
    return Ask(
        system="You say what one finds in a place: three different things.",
        examples=_EXAMPLES,
        question=f"Name three things in {the(place_phrase)}.",
        prefix=_OPENING,
        grammar=_grammar(),
        seed=seed_of("furnishing", plan.premise, seed, place.id, number),
        max_tokens=40,
    )


def _with_things(plan: Plan, place: PlanPlace, things: Sequence[Thing]) -> PlanPlace:
    """Return a place with a model's things before its own, but for those that a step needs or the premise names."""
    needed_heads = {step.thing.head for step in plan.steps if place.id in (step.at, step.to)}
    premise_words = set(re.findall(r"[a-z]+", plan.premise.lower()))
    kept_props = [prop for prop in place.props if prop.head in needed_heads or set(prop.bare.split()) & premise_words]
    new_things = [thing for thing in things if thing.head not in {prop.head for prop in kept_props}]
    other_props = [prop for prop in place.props if prop not in kept_props]
    return replace(place, props=tuple([*kept_props, *new_things, *other_props][: max(3, len(kept_props))]))
