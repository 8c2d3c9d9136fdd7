"""The operations for a world's own fields: public ones where they are exact, else one ``put_world``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worldkit.comparison.fields import shallow_patch
from worldkit.comparison.steps import TargetIndex
from worldkit.core.json_values import Json, json_equal
from worldkit.editing import field_names, refs

_FIELD_OPERATIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("set_subject", {"subject": "subject", "styleTail": "styleTail"}),
    ("set_intro", {"introVideo": "video", "introStatic": "static"}),
    ("set_narrate", {"narrate": "narrate"}),
)
"""Operations that set single fields: the operation, and its argument for each field."""


def world_steps(have: Json, want: Json, target: TargetIndex) -> Iterator[Json]:
    """Yield the operations that change a world's own fields, whose states already exist."""
    keys = [key for key in {**have, **want} if key != "scene" and not _is_same_field(have, want, key)]
    for name, arguments in _FIELD_OPERATIONS:
        arguments_given = {arguments[key]: want.get(key) for key in arguments if key in keys}
        if arguments_given:
            yield {"op": name, **arguments_given}
            keys = [key for key in keys if key not in arguments]
    for key in list(keys):
        steps = _FIELD_STEPS[key](have.get(key), want.get(key), have, target) if key in _FIELD_STEPS else None
        if steps is not None:
            yield from steps
            keys.remove(key)
    scenes = [have["scene"], want["scene"]]
    scene_keys = [
        key
        for key in {**scenes[0], **scenes[1]}
        if key not in ("states", "events") and not _is_same_field(scenes[0], scenes[1], key)
    ]
    values = {field_names.world_name(key): want[key] for key in keys if key in want}
    values |= {field_names.scene_name(key): scenes[1][key] for key in scene_keys if key in scenes[1]}
    removed_names = [field_names.world_name(key) for key in keys if key not in want]
    removed_names += [field_names.scene_name(key) for key in scene_keys if key not in scenes[1]]
    if values or removed_names:
        yield {
            "op": "put_world",
            **({"set": values} if values else {}),
            **({"remove": removed_names} if removed_names else {}),
        }


def version_step(want: Json) -> Json:
    """Return the operation that gives a document the version of another."""
    if "schemaVersion" in want:
        return {"op": "put_world", "set": {"schemaVersion": want["schemaVersion"]}}
    return {"op": "put_world", "remove": ["schemaVersion"]}


def _is_same_field(a: Json, b: Json, key: str) -> bool:
    return key in a and key in b and json_equal(a[key], b[key])


def _entrance(before: Any, after: Any, have: Json, target: TargetIndex) -> list[Json] | None:
    if after is None:
        return [{"op": "set_entrance", "state": None}]
    changed_fields = shallow_patch(before or {}, after)
    if changed_fields is None or not changed_fields.keys() <= {"state", "image"} or after["state"] not in target.states:
        return None
    return [{"op": "set_entrance", **changed_fields, "state": after["state"]}]


def _cutscenes(before: Any, after: Any, have: Json, target: TargetIndex) -> list[Json] | None:
    old, new = before or [], after or []
    new_cutscenes = new[len(old) :]
    if not new_cutscenes or not json_equal(old, new[: len(old)]):
        return None
    ids = refs.cutscene_ids(have) | have["scene"]["states"].keys() | target.states.keys()
    for cutscene in new_cutscenes:
        ends_exist = cutscene["from"] in target.states and cutscene["to"] in target.states
        if not ends_exist or cutscene["id"] in ids or not cutscene["id"].strip() or None in cutscene.values():
            return None
        ids.add(cutscene["id"])
    return [{"op": "add_cutscene", "cutscene": cutscene} for cutscene in new_cutscenes]


def _sequences(before: Any, after: Any, have: Json, target: TargetIndex) -> list[Json] | None:
    old, new = before or [], after or []
    if len({sequence["id"] for sequence in old}) < len(old):
        return None
    new_by_id: dict[str, list[Json]] = {}
    for sequence in new:
        new_by_id.setdefault(sequence["id"], []).append(sequence)
    kept_sequences: list[Json] = []
    removed_sequences: list[Json] = []
    for sequence in old:
        is_kept = any(json_equal(sequence, candidate) for candidate in new_by_id.get(sequence["id"], ()))
        (kept_sequences if is_kept else removed_sequences).append(sequence)
    new_sequences = new[len(kept_sequences) :]
    ids = [sequence["id"] for sequence in [*old, *new_sequences]]
    is_emptied = after is not None and not new  # removing the last one removes the list
    if (
        is_emptied
        or not (removed_sequences or new_sequences)
        or not json_equal(kept_sequences, new[: len(kept_sequences)])
        or len(set(ids)) < len(ids)
    ):
        return None
    for sequence in new_sequences:
        is_playable = len(sequence["beats"]) > 1 and all(beat["state"] in target.states for beat in sequence["beats"])
        if not is_playable or not sequence["id"].strip() or None in sequence.values():
            return None
    return [
        *({"op": "remove_sequence", "id": sequence["id"]} for sequence in removed_sequences),
        *({"op": "add_sequence", "sequence": sequence} for sequence in new_sequences),
    ]


def _story(before: Any, after: Any, have: Json, target: TargetIndex) -> list[Json] | None:
    old, new = dict(before or {}), dict(after or {})
    old_beats, beats = old.pop("beats", None), new.pop("beats", None)
    changed_fields = shallow_patch(old, new) if after is not None else None
    new_beats = [] if json_equal(old_beats, beats) else _new_beats(old_beats or [], beats or [], target)
    if changed_fields is None or new_beats is None or {"op", "story"} & changed_fields.keys():
        return None
    return [
        *([{"op": "set_story", **changed_fields}] if changed_fields else []),
        *({"op": "add_story_beat", "beat": beat} for beat in new_beats),
    ]


def _new_beats(old: list[Json], new: list[Json], target: TargetIndex) -> list[Json] | None:
    """Return the beats that were added at the end; None when something else changed, or one could not be added."""
    added_beats = new[len(old) :]
    if not added_beats or not json_equal(old, new[: len(old)]):
        return None
    for beat in added_beats:
        states_exist = target.states.keys() >= set(beat.get("states", ()))
        # its sequence may be added or removed by the same edit, after or before it
        if not beat["summary"].strip() or not states_exist or None in beat.values() or {"op", "sequence"} & beat.keys():
            return None
    return added_beats


_FIELD_STEPS: dict[str, Callable[[Any, Any, Json, TargetIndex], list[Json] | None]] = {
    "entrance": _entrance,
    "cutscenes": _cutscenes,
    "sequences": _sequences,
    "story": _story,
}
