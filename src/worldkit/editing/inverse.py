"""The operation that takes one step of a draft back, exactly, key order included.

A specification operation is used where it says the step back exactly, because any store understands it;
elsewhere one of the exact operations (``put_state``, ``put_event``, ``put_world``).
"""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json, copied
from worldkit.editing import field_names
from worldkit.editing.patching import patch_between

_SCALARS = {
    "subject": ("set_subject", "subject"),
    "styleTail": ("set_subject", "styleTail"),
    "narrate": ("set_narrate", "narrate"),
    "introVideo": ("set_intro", "video"),
    "introStatic": ("set_intro", "static"),
}


def put_state(id: str, body: Json | None, *, at: int | None = None, force: bool = False) -> Json:
    """Return the exact operation for a state."""
    op: Json = {"op": "put_state", "id": id, "state": copied(body)}
    return _with(op, at=at, force=force or None)


def of_added_state(id: str, mentioned: bool) -> Json:
    """Take back a state that was added; one that something names must go without a cascade."""
    return put_state(id, None, force=True) if mentioned else {"op": "delete_state", "id": id}


def of_changed_state(id: str, before: Json, after: Json) -> Json:
    """Take back a new body of a state."""
    patch = patch_between(after, before)
    if patch is None:
        return put_state(id, before)
    return {"op": "update_state", "id": id, "patch": copied(patch)}


def of_removed_state(id: str, body: Json, at: int, plain: bool) -> Json:
    """Take back a removed state; ``plain`` when ``add_state`` would put it back where it was."""
    if plain and None not in body.values():
        return {"op": "add_state", "id": id, "state": copied(body)}
    return put_state(id, body, at=at)


def of_added_event(index: int, name: str, first: bool) -> Json:
    """Take back an event that was added; by index when another of its name comes before it."""
    return {"op": "delete_event", "name": name} if first else {"op": "put_event", "index": index, "event": None}


def of_changed_event(index: int, before: Json, after: Json, by_name: bool, resolves: bool) -> Json:
    """Take back a new body of an event.

    Args:
        index: Where it stands.
        before: The body to go back to.
        after: The body it has now.
        by_name: Whether its name reaches it, and its old name is free.
        resolves: Whether everything the old body names exists.
    """
    patch = patch_between(after, before) if by_name else None
    safe = patch is not None and (resolves or not patch.keys() & {"from", "to"})
    if patch is not None and safe and _writable(patch):
        return {"op": "update_event", "name": after["name"], "patch": copied(patch)}
    op: Json = {"op": "put_event", "index": index, "event": copied(before)}
    return _with(op, force=None if resolves else True)


def _writable(patch: Json) -> bool:
    """Say whether ``update_event`` takes a patch as it is: a name that is not blank, ``from`` a list with an item."""
    listed = "from" not in patch or (isinstance(patch["from"], list) and bool(patch["from"]))
    return listed and ("name" not in patch or bool(patch["name"].strip()))


def of_removed_event(index: int, body: Json, plain: bool, resolves: bool) -> Json:
    """Take back a removed event; ``plain`` when it was the last and its name is free."""
    listed = isinstance(body["from"], list) and bool(body["from"])
    if plain and resolves and listed and None not in body.values():
        return {"op": "add_event", "event": copied(body)}
    op: Json = {"op": "put_event", "event": copied(body), "at": index}
    return _with(op, force=None if resolves else True)


def of_changed_top(before: Json, after: Json, key: str, dangles: bool) -> Json:
    """Take back a change of one top-level field.

    Args:
        before: The top-level fields to go back to.
        after: The fields as they are now.
        key: The one that changed.
        dangles: Whether the old value names a state that does not exist.
    """
    appended = [*(k for k in after if k != key), key] if key not in after else list(after)
    in_place = key not in before or appended == list(before)
    if in_place:
        if key in _SCALARS:
            name, argument = _SCALARS[key]
            return {"op": name, argument: before.get(key)}
        if key == "entrance" and not dangles:
            op = _entrance(before.get(key), after.get(key))
            if op is not None:
                return op
    made = _put_world(field_names.of_world(key), before, key)
    if not in_place:
        made["order"] = [field_names.of_world(k) for k in before]
    return _with(made, force=dangles or None)


def of_changed_scene(before: Json, after: Json, key: str) -> Json:
    """Take back a change of one of the scene's own extra fields."""
    made = _put_world(field_names.of_scene(key), before, key)
    appended = [*after, key] if key not in after else list(after)
    if key in before and appended != list(before):
        made["order"] = [field_names.of_scene(k) for k in before]
    return made


def order(top: Json, scene: Json) -> Json:
    """Return the operation that puts the fields back in their present order."""
    names = [*map(field_names.of_world, top), *map(field_names.of_scene, scene)]
    return {"op": "put_world", "order": names}


def _entrance(before: Json | None, after: Json | None) -> Json | None:
    if before is None:
        return {"op": "set_entrance", "state": None}
    patch = patch_between(after or {}, before)
    if patch is None or not patch.keys() <= {"state", "image"} or (after is None and next(iter(before)) != "state"):
        return None
    return {"op": "set_entrance", **copied(patch), "state": before["state"]}


def _put_world(name: str, before: Json, key: str) -> Json:
    if key in before:
        return {"op": "put_world", "set": {name: copied(before[key])}}
    return {"op": "put_world", "remove": [name]}


def _with(op: Json, **given: Any) -> Json:
    op.update({key: value for key, value in given.items() if value is not None})
    return op
