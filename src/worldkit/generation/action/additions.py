"""A scene as operations: one state, the event into it and its ways on; and the proof that they change nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal, quote
from worldkit.core.model import State
from worldkit.core.prompt_parts import LIMIT
from worldkit.core.unsent_prose import with_layers
from worldkit.editing.naming import unused_name
from worldkit.generation.planning.sketch import layers_of
from worldkit.generation.revision.addition import free_key
from worldkit.generation.text.english import slug
from worldkit.playing.prompts import budget

if TYPE_CHECKING:
    from worldkit.generation.action.answer_form import NewScene
    from worldkit.generation.action.situation import Situation
    from worldkit.world import World

_ID = 30


def addition_ops(situation: Situation, scene: NewScene) -> list[Json]:
    """Return the operations that add a scene.

    Args:
        situation: Where the player stands.
        scene: What a model wrote.
    """
    world, state = situation.world, situation.state
    place = unused_name(f"{state[:_ID]}_{slug(scene.place)[:_ID].strip('_') or 'place'}", world.states)
    ops: list[Json] = [{"op": "add_state", "id": place, "state": _state_body(situation, scene)}]
    rows = [(scene.choice, state, place, scene.view), *((way.do, place, way.to, way.view) for way in scene.ways)]
    names: list[str] = []
    keys: list[str] = []
    for label, start, to, picture in rows:
        names.append(unused_name(slug(label)[:_ID].strip("_") or "act", world.events_by_name, names))
        event: Json = {"name": names[-1], "from": [start], "to": to, "detail": label, "base": picture}
        if key := free_key(world, start, label.lower(), keys):
            keys.append(key)
            event["hotkey"] = key
        ops.append({"op": "add_transition", "event": event})
    return ops


def require_additions_only(before: World, after: World, ops: Sequence[Json], state: str) -> None:
    """Refuse a change that is more than a new state, an event into it and ways on from it.

    Args:
        before, after: The worlds.
        ops: The operations between them.
        state: Where the player stands, who may be offered one thing more there.

    Raises:
        WorldError: Something that exists would be changed, or something else would be added.
    """
    new_states = [op.get("id") for op in ops if op.get("op") == "add_state"]
    if len(new_states) != 1 or {op.get("op") for op in ops} - {"add_state", "add_transition"}:
        raise WorldError("expected one new state and events of its own; nothing was changed")
    old_json, new_json = json_of(before), json_of(after)
    old_scene, new_scene = old_json["scene"], new_json["scene"]
    place = new_states[0]
    for id, body in old_scene["states"].items():
        if not json_equal(body, new_scene["states"].get(id)):
            raise WorldError(f"the state {quote(id)} would be changed; nothing was changed")
    if set(new_scene["states"]) - set(old_scene["states"]) != {place}:
        raise WorldError("expected one new state; nothing was changed")
    count = len(old_scene["events"])
    if not json_equal(old_scene["events"], new_scene["events"][:count]):
        raise WorldError("an event would be changed; nothing was changed")
    for event in new_scene["events"][count:]:
        is_way_in = event.get("from") == [state] and event.get("to") == place
        if not is_way_in and event.get("from") != [place]:
            raise WorldError(f"the event {quote(event.get('name'))} would be offered elsewhere; nothing was changed")
    for old, new, parts in ((old_json, new_json, {"scene"}), (old_scene, new_scene, {"states", "events"})):
        if not json_equal(_without_keys(old, parts), _without_keys(new, parts)):
            raise WorldError("the world itself would be changed; nothing was changed")


def _without_keys(body: Any, parts: set[str]) -> Json:
    return {key: value for key, value in body.items() if key not in parts}


def _state_body(situation: Situation, scene: NewScene) -> Json:
    """Return the new state, filmed as the one it begins in where its prompt has room for that."""
    world = situation.world
    origin = json_of(world)["scene"]["states"][situation.state]
    body: Json = {"base": with_layers(scene.base, layers_of(world))}
    if scene.narration:
        body["narration"] = scene.narration
    shot = {key: deep_copy(origin[key]) for key in ("camera", "movement") if key in origin}
    return body | shot if budget(State.model_validate(body | shot)) <= LIMIT else body
