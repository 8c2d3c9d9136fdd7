"""A scene as operations: one state, the event into it and its ways on; and the proof that they do no harm.

They change nothing that exists. What they do to play is decided by playing every possible run
(docs/spec/runtime.md#exhaustive-play).
"""

from __future__ import annotations

from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal, quote
from worldkit.core.model import State
from worldkit.core.prompt_parts import LIMIT
from worldkit.core.unsent_prose import with_layers
from worldkit.editing.naming import UnusedNames, cut_id, unused_name
from worldkit.exploration import explore_counted
from worldkit.generation.action.answer_form import NewScene
from worldkit.generation.action.situation import Situation
from worldkit.generation.planning.sketch import layers_of
from worldkit.generation.revision.new_places import free_key
from worldkit.generation.text.english import short_slug
from worldkit.playing.position import Position
from worldkit.playing.prompts import budget
from worldkit.world import World

_ID = 30


def addition_ops(situation: Situation, scene: NewScene) -> list[Json]:
    """Return the operations that add what a model wrote to where the player stands."""
    world, state = situation.world, situation.state
    place = unused_name(f"{cut_id(state, _ID)}_{short_slug(scene.place, _ID) or 'place'}", world.states)
    ops: list[Json] = [{"op": "add_state", "id": place, "state": _state_body(situation, scene)}]
    rows = [(scene.choice, state, place, scene.view), *((way.do, place, way.to, way.view) for way in scene.ways)]
    names = UnusedNames(world.events_by_name)
    keys: list[str] = []
    for label, start, to, picture in rows:
        name = names.take(short_slug(label, _ID) or "act")
        event: Json = {"name": name, "from": [start], "to": to, "detail": label, "base": picture}
        if key := free_key(world, start, label.lower(), keys):
            keys.append(key)
            event["hotkey"] = key
        ops.append({"op": "add_transition", "event": event})
    return ops


def require_additions_only(before: World, after: World, state: str, place: str) -> None:
    """Refuse a change that is more than a new state, ``place``, an event into it from ``state``, and ways on.

    Raises:
        WorldError: Something that exists would be changed, or something else would be added.
    """
    old_json, new_json = json_of(before), json_of(after)
    new_scene, count = new_json["scene"], len(old_json["scene"]["events"])
    for event in new_scene["events"][count:]:
        is_way_in = event.get("from") == [state] and event.get("to") == place
        if not is_way_in and event.get("from") != [place]:
            raise WorldError(f"the event {quote(event.get('name'))} would be offered elsewhere; nothing was changed")
    other_states = {id: body for id, body in new_scene["states"].items() if id != place}
    scene_without_new = {**new_scene, "states": other_states, "events": new_scene["events"][:count]}
    if not json_equal({**new_json, "scene": scene_without_new}, old_json):
        raise WorldError("something that exists would be changed; nothing was changed")


def _state_body(situation: Situation, scene: NewScene) -> Json:
    """Return the new state, filmed as the one it begins in where its prompt has room for that."""
    world = situation.world
    origin = json_of(world)["scene"]["states"][situation.state]
    body: Json = {"base": with_layers(scene.base, layers_of(world))}
    if scene.narration:
        body["narration"] = scene.narration
    shot = {key: deep_copy(origin[key]) for key in ("camera", "movement") if key in origin}
    return body | shot if budget(State.model_validate(body | shot)) <= LIMIT else body


def play_problems(before: World, after: World, position: Position, place: str) -> list[str]:
    """Return what an addition did to play that nobody wants, in sentences; empty when it did no harm.

    Every run is played from the entrance, and every run on from where the player stands, which is ``position``. What is
    not decided does not count against an addition.
    """
    problems: list[str] = []
    for start in (None, position):
        old, new = (explore_counted(world, start) for world in (before, after))
        if lost_endings := sorted(old.endings & new.unreachable_endings):
            problems.append(f"The ending in {quote(lost_endings[0])} could no longer be reached.")
        if start is not None and place in new.unreachable_states:
            problems.append(f"The new place {quote(place)} could not be reached.")
        if new.stuck_classes is None or old.stuck_classes is None:
            continue
        # a run that was stuck where the action begins is stuck in the new place too; the addition did not cause it
        known_soft_locks = old.soft_lock_states | ({place} if position.state in old.soft_lock_states else set())
        new_soft_locks = sorted(new.soft_lock_states - known_soft_locks)
        problems += [f"A run could get stuck in {quote(id)}." for id in new_soft_locks[:3]]
    return list(dict.fromkeys(problems))
