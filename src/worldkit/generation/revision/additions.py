"""Two operations for models alone, which add words to a text instead of writing all of it again.

A small model that is to write a text anew loses half of it. What it adds is put in by code, and becomes one of the
operations that everything else knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.generation.engines.replies import AnswerRejected
from worldkit.generation.planning.sketch import own_base
from worldkit.generation.revision.arrivals import arrival_ops
from worldkit.generation.text.english import capital
from worldkit.world import World

ADDITIONS = ("add_to_subject", "add_to_base")


def lowered(world: World, ops: Sequence[Json]) -> list[Json]:
    """Return operations of the vocabulary in place of additions.

    No place is named twice in a ``from``. The events into a state look for the thing by which it is recognised now.
    """
    subject = world.subject or ""
    bases: dict[str, str] = {}
    result: list[Json] = []
    for number, op in enumerate(ops):
        if op.get("op") == "add_to_subject":
            words = _text(op, "text", number).rstrip(".").strip(" ,")
            subject = f"{subject.rstrip(' .')}, {words}." if subject else f"{capital(words)}."
            result.append({"op": "set_subject", "subject": subject})
        elif op.get("op") == "add_to_base":
            id = op.get("state")
            if not isinstance(id, str) or id not in world.states:
                expected = ", ".join(list(world.states)[:12])
                raise AnswerRejected(f"operation {number} adds to {quote(id)}; expected a state: {expected}")
            sentence = capital(_text(op, "sentence", number))
            sentence = sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
            bases[id] = f"{bases.get(id) or own_base(world, id)} {sentence}".strip()
            result.append({"op": "set_field", "state": id, "field": "base", "value": bases[id]})
        elif isinstance(places := op.get("from"), list) and all(isinstance(id, str) for id in places):
            result.append({**op, "from": list(dict.fromkeys(places))})
        else:
            result.append(op)
    return [*result, *arrival_ops(world, result)]


def _text(op: Json, key: str, number: int) -> str:
    value: Any = op.get(key)
    if not isinstance(value, str) or not value.strip():
        raise AnswerRejected(f'operation {number} has no "{key}"; expected the words to add')
    return " ".join(value.split())
