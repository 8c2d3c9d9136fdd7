"""Returns the operation that undoes one step of a draft exactly, key order included.

An operation of the public vocabulary is used where it is exact, because any store understands it;
elsewhere one of the raw operations (``put_state``, ``put_event``, ``put_world``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worldkit.core.json_values import Json, deep_copy
from worldkit.editing import field_names
from worldkit.editing.patching import has_doubled_labels, patch_between

_SCALARS = {
    "subject": ("set_subject", "subject"),
    "styleTail": ("set_subject", "styleTail"),
    "narrate": ("set_narrate", "narrate"),
    "introVideo": ("set_intro", "video"),
    "introStatic": ("set_intro", "static"),
}


def put_state(id: str, body: Json | None, *, at: int | None = None, force: bool = False) -> Json:
    """Return the raw operation that sets a state."""
    op: Json = {"op": "put_state", "id": id, "state": deep_copy(body)}
    return _with_arguments(op, at=at, force=force or None)


def of_added_state(id: str, mentioned_ids: bool) -> Json:
    """Undo the addition of a state; one that something names must be removed without a cascade."""
    return put_state(id, None, force=True) if mentioned_ids else {"op": "delete_state", "id": id}


def of_changed_state(id: str, before: Json, after: Json) -> Json:
    """Undo a new body of a state."""
    patch = patch_between(after, before)
    if patch is None or ("variants" in patch and has_doubled_labels(before)):
        return put_state(id, before)
    return {"op": "update_state", "id": id, "patch": deep_copy(patch)}


def of_removed_state(id: str, body: Json, at: int, is_plain: bool) -> Json:
    """Undo the removal of a state; ``is_plain`` when ``add_state`` would restore it at its position."""
    if is_plain and None not in body.values() and not has_doubled_labels(body):
        return {"op": "add_state", "id": id, "state": deep_copy(body)}
    return put_state(id, body, at=at)


def of_added_event(index: int, name: str, first: bool) -> Json:
    """Undo the addition of an event; by index when an earlier one has the same name."""
    return {"op": "delete_event", "name": name} if first else {"op": "put_event", "index": index, "event": None}


def of_changed_event(index: int, before: Json, after: Json, by_name: bool, resolves: bool) -> Json:
    """Undo a new body of an event.

    Args:
        before: The body to restore.
        after: Its present body.
        by_name: Whether its name identifies it, and its old name is unused.
        resolves: Whether everything the old body names exists.
    """
    patch = patch_between(after, before) if by_name else None
    safe = patch is not None and (resolves or not patch.keys() & {"from", "to"})
    if patch is not None and safe and _is_accepted_patch(patch):
        return {"op": "update_event", "name": after["name"], "patch": deep_copy(patch)}
    op: Json = {"op": "put_event", "index": index, "event": deep_copy(before)}
    return _with_arguments(op, force=None if resolves else True)


def _is_accepted_patch(patch: Json) -> bool:
    """Return whether ``update_event`` accepts a patch: a name that is not blank, ``from`` a non-empty list."""
    has_source_list = "from" not in patch or (isinstance(patch["from"], list) and bool(patch["from"]))
    return has_source_list and ("name" not in patch or bool(patch["name"].strip()))


def of_removed_event(index: int, body: Json, can_be_appended: bool, resolves: bool) -> Json:
    """Undo the removal of an event; ``can_be_appended`` when it was the last and its name is unused."""
    has_source_list = isinstance(body["from"], list) and bool(body["from"])
    if can_be_appended and resolves and has_source_list and None not in body.values():
        return {"op": "add_event", "event": deep_copy(body)}
    op: Json = {"op": "put_event", "event": deep_copy(body), "at": index}
    return _with_arguments(op, force=None if resolves else True)


def of_changed_field(before: Json, after: Json, key: str, dangles: bool, order: Iterable[str] | None = None) -> Json:
    """Undo a change of one top-level field.

    Args:
        before: The field to restore, if there was one.
        after: The present field, if there is one.
        key: Its name.
        dangles: Whether the old value names a state that does not exist.
        order: The names of the fields in the order to restore; None when the operation needs not restore it.
    """
    if order is None:
        if key in _SCALARS:
            name, argument = _SCALARS[key]
            return {"op": name, argument: before.get(key)}
        if key == "entrance" and not dangles:
            entrance_op = _entrance(before.get(key), after.get(key))
            if entrance_op is not None:
                return entrance_op
    put_op = _put_world(field_names.world_name(key), before, key)
    if order is not None:
        put_op["order"] = [field_names.world_name(name) for name in order]
    return _with_arguments(put_op, force=dangles or None)


def of_field(before: Json, key: str) -> Json:
    """Undo all changes of one top-level field since some fields, in which no field was removed."""
    return _put_world(field_names.world_name(key), before, key)


def of_variants(id: str, before: Json) -> Json:
    """Undo changes of a state's variants alone since some body, while there is still one."""
    if has_doubled_labels(before):
        return put_state(id, before)
    return {"op": "update_state", "id": id, "patch": {"variants": deep_copy(before.get("variants"))}}


def of_changed_scene(before: Json, key: str, order: Iterable[str] | None = None) -> Json:
    """Undo a change of one of the scene's own extra fields; arguments as for ``of_changed_field``."""
    op = _put_world(field_names.scene_name(key), before, key)
    if order is not None:
        op["order"] = [field_names.scene_name(name) for name in order]
    return op


def order(top: Json, scene: Json) -> Json:
    """Return the operation that restores the present order of the fields."""
    names = [*map(field_names.world_name, top), *map(field_names.scene_name, scene)]
    return {"op": "put_world", "order": names}


def _entrance(before: Json | None, after: Json | None) -> Json | None:
    if before is None:
        return {"op": "set_entrance", "state": None}
    patch = patch_between(after or {}, before)
    if patch is None or not patch.keys() <= {"state", "image"} or (after is None and next(iter(before)) != "state"):
        return None
    return {"op": "set_entrance", **deep_copy(patch), "state": before["state"]}


def _put_world(name: str, before: Json, key: str) -> Json:
    if key in before:
        return {"op": "put_world", "set": {name: deep_copy(before[key])}}
    return {"op": "put_world", "remove": [name]}


def _with_arguments(op: Json, **arguments: Any) -> Json:
    op.update({key: value for key, value in arguments.items() if value is not None})
    return op
