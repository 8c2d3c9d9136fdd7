"""Where things are in a place, said the same in every text: what comes into view, and what is hidden.

A small model that is asked twice where a thing stands puts it in two places. So it is asked once, for the description
of the place, and every event that shows the thing says the same of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import takewhile

from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.sorts import is_alive, sort_of
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.requests import stems
from worldkit.generation.text import phrases
from worldkit.generation.text.constraints import faults
from worldkit.generation.text.english import capital, lowered, plain
from worldkit.generation.text.phrases import fill

_CLAUSE_ENDS = re.compile(r"[.;] ?| while ")


def sight(description: str, thing: Thing) -> str:
    """Return the sentence that a description gives a thing; another one where it gives none."""
    verbs = {verb.split()[0] for verb in sort_of(thing).rests}
    # what comes behind the thing is what it does, or the clause ends: a lamp post is no lamp
    after = "|".join({*verbs, *map(plain, verbs)})
    clause_of_thing = re.compile(rf"\b{re.escape(thing.text)}(?:\Z| (?:{after})\b)", re.IGNORECASE)
    clause = next((clause for clause in _CLAUSE_ENDS.split(description) if clause_of_thing.search(clause)), "")
    verb = "come" if thing.many else "comes"
    return f"{capital(clause or f'{thing.text} {verb} into view')}."


def seen_again(sentence: str, thing: Thing, times_seen: int) -> str:
    """Return the sentence of somebody who was seen before, in the same place: whoever lives does something else."""
    verbs = sort_of(thing).rests
    did = "|".join(sorted({*verbs, *map(plain, verbs), "comes into view", "come into view"}, key=len, reverse=True))
    match = re.fullmatch(rf"(?:(.+) (?:{did}) )?{re.escape(thing.text)}(?: (?:{did})(.*))?\.", sentence, re.IGNORECASE)
    if not (match and times_seen and is_alive(thing)):
        return sentence
    where = f" {lowered(match[1])}" if match[1] else match[2] or ""
    others = [verb for verb in phrases.family("seen_again") if verb not in sentence]
    verb = others[times_seen % len(others)]
    return f"{capital(thing.the)} {plain(verb) if thing.many else verb}{where}."


def with_sight(text: str, description: str, thing: Thing, times_seen: int = 0) -> str:
    """Return a text with what comes into view at its end; without it where both together say something too often."""
    sentence = seen_again(sight(description, thing), thing, times_seen)
    if thing.text in text:  # the night guard is the guard when he is named again
        sentence = re.sub(rf"\b{re.escape(thing.text)}\b", f"the {thing.head}", sentence, flags=re.IGNORECASE)
        sentence = capital(sentence)
    whole_text = f"{text} {sentence}"
    return text if faults(whole_text) else whole_text


def hidden(plan: Plan, at: str, thing: Thing) -> str:
    """Return where something to be found lies in a place, the same whenever it is asked: ``behind the stove``."""
    place = plan.place(at)
    things_here = [step.thing for step in plan.steps if step.at == at and step.kind == "take"]
    props = list(place.props)
    for each in (*takewhile(lambda other: other != thing, things_here), thing):
        how, prop_nearby = _spot(plan, place, each, props)
        props = [prop for prop in props if prop != prop_nearby] or list(place.props)
    return f"{how} {prop_nearby.the}"


def found(plan: Plan, at: str, thing: Thing, sentence: str) -> str:
    """Return a sentence of the family ``found`` filled in: it shows where a thing lies; see ``hidden``."""
    spot = hidden(plan, at, thing)
    return fill(sentence, {"c": thing}, {"spot": spot, "Spot": capital(spot)})


def _spot(plan: Plan, place: PlanPlace, thing: Thing, props: Sequence[Thing]) -> tuple[str, Thing]:
    dice = random.Random(seed_of("hidden", plan.premise, place.id, thing.text))
    # a word that the place's name holds as well, or a phrase that is long, would be said too often in its description
    name_stems = set(stems(f"{place.name} {thing.text}"))
    suitable_props = [
        prop
        for prop in props[:3]
        if prop != thing and " of " not in prop.text and name_stems.isdisjoint(stems(prop.bare))
    ]
    # what is hidden beside a heron is not there any more when the heron is gone
    suitable_props = [prop for prop in suitable_props if not is_alive(prop)] or suitable_props
    ways = [(how, prop) for prop in suitable_props for how in sort_of(prop).hides]
    return dice.choice(ways) if ways else ("near", (suitable_props or list(props))[0])
