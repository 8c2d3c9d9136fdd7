"""Giving places a mood: words that go against it are swapped, and a sentence that shows it is added."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.ending_tone import ending_tone
from worldkit.core.json_values import Json
from worldkit.core.model import Ending
from worldkit.core.unsent_prose import change_between_layers
from worldkit.generation.engines.base import TaskRefused, seed_of
from worldkit.generation.pipeline.generate_one import StringWriter
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.planning.sketch import layers_of, own_base, sketch
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.moods import MOODS, Mood, sign
from worldkit.generation.prose.requests import Field
from worldkit.generation.revision.applying import has_room
from worldkit.generation.text.english import capital
from worldkit.language.lexicon import lexicon
from worldkit.world import World


def tint(
    world: World, ids: Sequence[str], moods: Sequence[Mood], prose: StringWriter, *, air: bool
) -> list[dict[str, Any]]:
    """Return the operations that give states moods, in order, and the world's sentence of ``air`` where that is meant.

    Raises:
        WorldError: The world's prose is in no language that can be written on in.
    """
    if not ids:
        raise TaskRefused("there is nothing to change: the world has no states")
    plan = sketch(world, ids, prose.seed, fill=False)
    fields: list[Field] = []
    for each in plan.places:
        own_length = len(own_base(world, each.id))
        place = replace(each, props=_solid_things(each.props, own_base(world, each.id)))
        fields += [sign(plan, place, mood, ("state", place.id, mood.name), prose.seed + own_length) for mood in moods]
    texts = prose.write(plan, fields)
    ops: list[dict[str, Any]] = []
    layers = layers_of(world)
    new_layers = layers | ({"styleTail": _tail(world, moods)} if air else {})
    endings = [state.ending for state in world.states.values() if state.ending is not None]
    line_counts = Counter(
        line for ending in endings for mood in moods for line in mood.closing_lines if line in (ending.subtitle or "")
    )
    for id in ids:
        state = world.states[id]
        # a sign may be of a thing whose words a mood drives out
        signs = [swapped(texts["state", id, mood.name], moods[number:]) for number, mood in enumerate(moods)]
        fits = partial(has_room, state, layers=new_layers)
        change = partial(_base_with_mood, moods=moods, signs=signs, fits=fits)
        base = change_between_layers(state.base, layers, change)
        ops.append({"op": "set_field", "state": id, "field": "base", "value": base})
        if state.ending is not None:
            subtitle = _subtitle(state.ending, moods, line_counts, prose.seed)
            ops.append(ending_op(world, id, {"subtitle": subtitle}))
    if air:
        ops.append({"op": "set_subject", "styleTail": new_layers["styleTail"]})
    return ops


_COMPARISON = re.compile(r"\b(?:like|as [\w-]+ as|(?:shape|size|colour) of) [^,.;:!?]*", re.IGNORECASE)


def _solid_things(things: Iterable[Thing], text: str) -> tuple[Thing, ...]:
    """Return the things that a light or a frost can lie on: no people, parts of them, or what is only compared with."""
    there = _COMPARISON.sub("", text)
    return tuple(thing for thing in things if _is_solid(thing.head) and (thing.head in there or thing.head not in text))


def _is_solid(word: str) -> bool:
    senses = [sense for lemma in lexicon().lemmas(word, "n")[:1] for sense in lexicon().senses(lemma)[:1]]
    unfit_ids = {sense.id for lemma in ("body part", "celestial body") for sense in lexicon().senses(lemma)}
    return any(sense.kind == "t" and unfit_ids.isdisjoint(lexicon().ancestors(sense.id)) for sense in senses)


def _subtitle(ending: Ending, moods: Sequence[Mood], line_counts: Counter[str], seed: int) -> str:
    """Return the line under the title of an ending with a sentence for each mood, one that endings have least."""
    parts = [ending.subtitle or ""]
    for mood in moods:
        for line in MOODS[mood.against].closing_lines:
            parts[0] = " ".join(parts[0].replace(line, "").split())
        if any(line in parts[0] for line in mood.closing_lines):
            continue
        lines = list(mood.lost if ending_tone(ending.kind) == "lose" else mood.won)
        random.Random(seed_of("close", mood.name, ending.title, seed)).shuffle(lines)
        closing_line = min(lines, key=lambda line: line_counts[line])
        line_counts[closing_line] += 1
        parts.append(closing_line)
    return " ".join(filter(None, parts))


def _tail(world: World, moods: Sequence[Mood]) -> str:
    """Return the world's sentence of light and atmosphere, as moods put it."""
    tail = world.style_tail or ""
    for mood in moods:
        tail = _without_air(tail, MOODS[mood.against])
    tail = swapped(tail, moods).strip().rstrip(".")
    airs = [mood.air for mood in moods if mood.air.casefold() not in tail.casefold()]
    return f"{capital(', '.join(part for part in (tail, *airs) if part))}."


def _without_air(tail: str, mood: Mood) -> str:
    """Return a sentence of light and atmosphere without what a mood added, also where another mood swapped a word."""
    airs = {mood.air, *(each.swapped(mood.air) for each in MOODS.values())}
    pattern = "|".join(re.escape(air) for air in airs)
    rest = re.sub(rf"(?:, |\A)(?:{pattern})(?=[,.]|\Z)", "", tail, flags=re.IGNORECASE)
    return rest.lstrip(", .")


_LOSSES = {
    "cold": (re.compile(r"\b(?:holds|keeps) the (?:heat|warmth) of\b"), "has lost the heat of"),
    "warm": (re.compile(r"\b(?:holds|keeps) the cold of\b"), "has lost the chill of"),
}
"""By mood: phrases for the heat or the cold that a place keeps, and what is said instead, since it loses that."""


def swapped(text: str, moods: Iterable[Mood]) -> str:
    """Return a text with every word that goes against a mood replaced."""
    for mood in moods:
        if loss := _LOSSES.get(mood.name):
            text = loss[0].sub(loss[1], text)
        text = mood.swapped(text)
    return text


def _base_with_mood(base: str, *, moods: Sequence[Mood], signs: Sequence[str], fits: Callable[[str], bool]) -> str:
    """Return a description with moods and their signs; when these do not fit they take its last sentences."""
    base = swapped(base, moods)
    sentences_before = sentences(base)
    new = [text for text in signs if text not in sentences_before]
    while len(sentences_before) > 1 and not fits(" ".join([*sentences_before, *new])):
        sentences_before.pop()
    new_text = " ".join([*sentences_before, *new])
    return new_text if fits(new_text) else base


def ending_op(world: World, state: str, texts: Json) -> Json:
    """Return the operation that changes the title or the subtitle of an ending; its kind may be of a later version."""
    ending = {**json_of(world)["scene"]["states"][state]["ending"], **texts}
    new_ending = {name: text for name, text in ending.items() if text or name == "title"}
    return {"op": "update_state", "id": state, "patch": {"ending": new_ending}}
