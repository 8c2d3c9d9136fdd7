"""Operations for models alone: words added to a text instead of writing it again, missions by id, texts of the world.

A small model that is to write a text anew loses half of it. What it adds is put in by code, and becomes one of the
operations that everything else knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.unsent_prose import without_layers
from worldkit.editing.naming import unused_name
from worldkit.generation.engines.replies import AnswerRejected
from worldkit.generation.planning.sketch import layers_of, own_base
from worldkit.generation.revision.applying import apply_consistently, old_ids
from worldkit.generation.text.english import capital
from worldkit.world import World

MODEL_ONLY_OPS = ("add_to_subject", "add_to_base", "set_mission", "remove_mission", "set_world")


def lowered(world: World, ops: Sequence[Json]) -> list[Json]:
    """Return operations of the vocabulary in place of those for models alone.

    What is added is joined to the text as the operations before it left it, also of a state that they renamed or added.
    No place is named twice in a ``from``, and of two new events with one name the second gets another.

    Raises:
        OpError: Operations before one of those cannot be applied.
    """
    result: list[Json] = []
    new_names: set[str] = set()
    for number, op in enumerate(ops):
        if op.get("op") in ("add_override", "add_transition") and isinstance(name := op.get("name"), str):
            if name in new_names:
                op = {**op, "name": unused_name(name, new_names, world.events_by_name)}
            new_names.add(op["name"])
        if op.get("op") in MODEL_ONLY_OPS:
            step = apply_consistently(world, result)  # all of them anew: an answer has few
            current_ids = {old_id: id for id, old_id in old_ids(step.world, step.ops).items()}
            match op["op"]:
                case "add_to_base":
                    result += _longer_bases(step.world, op, number, current_ids)
                case "add_to_subject":
                    result.append(_longer_subject(step.world, op, number))
                case "set_world":
                    result.append(_world_texts(op, number))
                case _:
                    result.append(_mission(step.world, op, number, current_ids))
        elif isinstance(places := op.get("from"), list) and all(isinstance(id, str) for id in places):
            result.append({**op, "from": list(dict.fromkeys(places))})
        else:
            result.append(op)
    return result


def _longer_subject(world: World, op: Json, number: int) -> Json:
    """Return the operation that sets the subject with what an addition adds to it, as the operations before left it."""
    words = _text(op, "text", number).rstrip(".").strip(" ,")
    subject = (world.subject or "").rstrip(" .")
    return {"op": "set_subject", "subject": f"{subject}, {words}." if subject else f"{capital(words)}."}


def _longer_bases(world: World, op: Json, number: int, current_ids: Mapping[str, str]) -> list[Json]:
    """Return the operations that add a sentence to the base of a state and of its variants: each shows the same place.

    The number is its place among them; states are called otherwise now where ``current_ids`` says so.
    """
    id = op.get("state")
    if isinstance(id, str) and id not in world.states:
        id = current_ids.get(id, id)
    if not isinstance(id, str) or id not in world.states:
        expected = ", ".join(list(world.states)[:12])
        raise AnswerRejected(f"operation {number} adds to {quote(id)}; expected a state: {expected}")
    sentence = capital(_text(op, "sentence", number))
    sentence = sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
    layers = layers_of(world)
    variants = [
        {"op": "set_variant_field", "state": id, "label": one.label, "field": "base", "value": f"{text} {sentence}"}
        for one in world.states[id].variants or ()
        if one.base and (text := without_layers(one.base, layers))
    ]
    return [
        {"op": "set_field", "state": id, "field": "base", "value": f"{own_base(world, id)} {sentence}".strip()},
        *variants,
    ]


def _world_texts(op: Json, number: int) -> Json:
    """Return the operation that sets the title of the world and what players read of it."""
    if texts := {key: _text(op, key, number) for key in ("name", "description") if key in op}:
        return {"op": "put_world", "set": texts}
    raise AnswerRejected(f'operation {number} sets nothing; expected "name" or "description"')


def _mission(world: World, op: Json, number: int, current_ids: Mapping[str, str]) -> Json:
    """Return the operation after which the record of missions has one, in place of any of its id, or has it no more."""
    missions: list[Json] = deep_copy(json_of(world).get("missions") or [])
    id = op.get("id")
    at = next((place for place, mission in enumerate(missions) if mission.get("id") == id), len(missions))
    if op["op"] == "remove_mission":
        if at == len(missions):
            expected = ", ".join(str(mission.get("id")) for mission in missions) or "none, as there are no missions"
            raise AnswerRejected(f"operation {number} removes the mission {quote(id)}; expected one of {expected}")
        del missions[at]
    else:
        body: Json = deep_copy({key: value for key, value in op.items() if key != "op"})
        before: Json = missions[at] if at < len(missions) else {}
        objectives_before = {objective.get("id"): objective for objective in before.get("objectives", ())}
        objectives = body.get("objectives")
        if not isinstance(objectives, list) or not all(isinstance(objective, dict) for objective in objectives):
            raise AnswerRejected(
                f'operation {number} has no "objectives"; expected a list of objects with "id" and "text"'
            )
        for objective in objectives:
            # a model may answer with anything in place of an id
            if isinstance(location := objective.get("location"), str) and location not in world.states:
                objective["location"] = current_ids.get(location, location)
        body["objectives"] = [
            {**objectives_before.get(str(objective.get("id")), {}), **objective} for objective in objectives
        ]
        missions[at : at + 1] = [{**before, **body}]
    change = {"set": {"missions": missions}} if missions else {"remove": ["missions"]}
    return {"op": "put_world", **change}


def _text(op: Json, key: str, number: int) -> str:
    value: Any = op.get(key)
    if not isinstance(value, str) or not value.strip():
        raise AnswerRejected(f'operation {number} has no "{key}"; expected the words to add')
    return " ".join(value.split())
