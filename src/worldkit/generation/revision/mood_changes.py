"""Giving places a mood: words that go against it are swapped, and a sentence that shows it is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.generation.pipeline.string_writer import Prose
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.planning.sketch import sketch
from worldkit.generation.prose.fields import Field, sign
from worldkit.generation.prose.moods import Mood
from worldkit.world import World

BUDGET = 1900
"""Characters that a state's prose may have in all (docs/spec/rules.md#lint-rules)."""


def tint(
    world: World, ids: Sequence[str], moods: Sequence[Mood], prose: Prose, *, air: bool = False
) -> list[dict[str, Any]]:
    """Return the operations that give states a mood.

    Args:
        world: The world.
        ids: The states.
        moods: The moods, in order.
        prose: What writes the sentences.
        air: Change the world's sentence of light and atmosphere too.

    Raises:
        WorldError: The world's prose is in no language that can be written on in.
    """
    if not ids:
        raise WorldError("there is nothing to change: the world has no states")
    plan = sketch(world, ids, prose.seed, fill=False)
    fields: list[Field] = []
    for place in plan.places:
        said = len(world.states[place.id].base)
        fields += [sign(plan, place, mood, ("state", place.id, mood.name), prose.seed + said) for mood in moods]
    texts = prose.write(plan, fields)
    ops: list[dict[str, Any]] = []
    for id in ids:
        state = world.states[id]
        base = _with(swapped(state.base, moods), [texts["state", id, mood.name] for mood in moods], _room(world, id))
        ops.append({"op": "set_field", "state": id, "field": "base", "value": base})
        if state.ending is not None:
            line = state.ending.subtitle or ""
            subtitle = " ".join([line, *(mood.close for mood in moods if mood.close not in line)]).strip()
            ending = {"kind": state.ending.kind, "title": state.ending.title, "subtitle": subtitle}
            ops.append({"op": "set_state_ending", "state": id, **ending})
    if air:
        tail = swapped(world.style_tail or "", moods).strip().rstrip(".")
        said_air = ", ".join(part for part in (tail, *(mood.air for mood in moods)) if part)
        ops.append({"op": "set_subject", "styleTail": f"{said_air[:1].upper()}{said_air[1:]}."})
    return ops


def swapped(text: str, moods: Iterable[Mood]) -> str:
    """Return a text with every word that goes against a mood replaced."""
    for mood in moods:
        text = mood.swapped(text)
    return text


def _room(world: World, id: str) -> int:
    """Return how many characters a state's description may have, what else is sent with it being as it is."""
    state = world.states[id]
    pairs = [pair for pair in (state.camera, state.movement) if pair is not None]
    rest = [half for pair in pairs for half in (pair.static, pair.dynamic)] + list(state.ambient or ())
    return BUDGET - sum(len(text) + 1 for text in rest if text)


def _with(base: str, added: Sequence[str], room: int) -> str:
    """Return a description with sentences added; when there is no room for them they take the place of its last."""
    kept = sentences(base)
    new = [text for text in added if text not in kept]
    while len(kept) > 1 and len(" ".join([*kept, *new])) > room:
        kept.pop()
    whole = " ".join([*kept, *new])
    return whole if len(whole) <= room else base
