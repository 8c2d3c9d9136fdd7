"""Raw operations: ``put_state``, ``put_event``, ``put_world`` overwrite without merging.

Worlds are ordered and may hold nulls, which patch semantics cannot express; undo and diff need both.
These write exactly what they are given, without cascades, and keep a ``null`` as a null.
**Choice:** they are no part of docs/spec/ops.md; a batch of them is refused when it ends with a
``from``, ``to`` or entrance that names nothing and did not already, unless one has ``force``.
"""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import field_names
from worldkit.editing.allowances import follow_event_rename
from worldkit.editing.draft import Draft
from worldkit.editing.refusals import OpRefused, unknown_name
from worldkit.editing.registry import Argument, op

RAW_OPS = ("put_state", "put_event", "put_world")

_INDEX = Argument("at", "index", is_required=False)
_FORCE = Argument("force", "switch", is_required=False)


def _require_index(at: int | None, last: int) -> None:
    if at is not None and at > last:
        raise OpRefused(f"at: expected an index from 0 to {last}, got {at}")


@op(
    "put_state",
    "Put state {id}",
    Argument("id", "text", ("stateId",)),
    Argument("state", "object", null=True),
    _INDEX,
    _FORCE,
)
def put_state(draft: Draft, args: Json) -> None:
    """Set exactly this body for a state, at an index if one is given; null removes the state and nothing else."""
    id, body, at = args["id"], args["state"], args.get("at")
    if body is None:
        draft.state(id)
        draft.remove_state(id)
        return
    _require_index(at, len(draft.states) - (id in draft.states))
    draft.put_state(id, body, at)


def _require_one_target(args: Json) -> Json:
    if "name" in args and "index" in args:
        raise OpRefused('expected "name" or "index" or neither; both are given')
    if args["event"] is None and "name" not in args and "index" not in args:
        raise OpRefused('expected "name" or "index" of the event to remove; neither is given')
    if "was" in args and "name" not in args and "index" not in args:
        raise OpRefused('expected "name" or "index" of the event that "was" describes; neither is given')
    return args


@op(
    "put_event",
    "Put event {name}",
    Argument("name", "text", ("eventName",), is_required=False),
    Argument("index", "index", is_required=False),
    Argument("event", "object", null=True),
    Argument("was", "object", is_required=False),
    _INDEX,
    _FORCE,
    check=_require_one_target,
)
def put_event(draft: Draft, args: Json) -> None:
    """Set exactly this event: replace one by name or index, or insert one; null removes it."""
    body, at = args["event"], args.get("at")
    if "name" not in args and "index" not in args:
        _require_index(at, len(draft.events))
        draft.insert_event(body, at)
        return
    index = draft.event_index(args["name"]) if "name" in args else args["index"]
    if index >= len(draft.events):
        raise OpRefused(f"index: there is no event {index}; there are {len(draft.events)}, counted from 0")
    old_name = draft.events[index]["name"]
    if "was" in args and draft.events[index] != args["was"]:
        if draft.events[index] == body and at in (None, index):
            return  # it was done before
        name, was = quote(old_name), quote(args["was"].get("name"))
        place = f"event {index}" if "index" in args else "the event"
        what = f"is {name} now, not {was}" if name != was else f"{name} has changed since"
        raise OpRefused(f"was: {place} {what}; make the operation anew for this world")
    if body is None:
        draft.remove_event(index)
    elif at is None or at == index:
        draft.put_event(index, body)
    else:
        _require_index(at, len(draft.events) - 1)
        draft.remove_event(index)
        draft.insert_event(body, at)
    if "was" in args and body is not None and body["name"] != old_name:
        follow_event_rename(draft, old_name, body["name"])


@op(
    "put_world",
    "Put world fields",
    Argument("set", "object", is_required=False),
    Argument("remove", "names", is_required=False),
    Argument("order", "names", is_required=False),
    _FORCE,
)
def put_world(draft: Draft, args: Json) -> None:
    """Set and remove exactly these fields of the world, or of its scene as ``scene.<key>``, and order them."""
    if not args.keys() & {"set", "remove", "order"}:
        raise OpRefused('expected "set", "remove" or "order"; none is given')
    names = args.get("remove", ())
    removes_many = len(names) > 1
    if removes_many:
        draft.restore_order()  # once, since the inverse of each removal would name all fields
    for name in names:
        inside, key = _read_field_name(name)
        if key not in (draft.scene if inside else draft.fields):
            raise unknown_name("field", name, _field_names(draft))
        if inside:
            draft.remove_scene_field(key, restore_order=not removes_many)
        else:
            draft.remove_field(key, restore_order=not removes_many)
    for name, value in args.get("set", {}).items():
        inside, key = _read_field_name(name)
        if inside:
            draft.set_scene_field(key, value)
        else:
            draft.set_field(key, value)
    if args.get("order"):
        _reorder_fields(draft, args["order"])


def _read_field_name(name: str) -> tuple[bool, str]:
    inside, key = field_names.parse_name(name)
    if not inside and key == "scene":
        raise OpRefused("the scene is set by its parts: put_state, put_event, and its other fields as scene.<key>")
    if inside and key in ("states", "events"):
        raise OpRefused(f"scene.{key} is set item by item, with put_{key[:-1]}")
    return inside, key


def _field_names(draft: Draft) -> list[str]:
    return [*map(field_names.world_name, draft.fields), *map(field_names.scene_name, draft.scene)]


def _reorder_fields(draft: Draft, names: list[str]) -> None:
    known_names = set(_field_names(draft))
    for name in names:
        if name not in known_names:
            raise unknown_name("field", name, known_names)
    if len(set(names)) != len(names):
        raise OpRefused(f"order: each field once, got {quote(names)}")
    key_paths = [field_names.parse_name(name) for name in names]
    draft.order_fields([key for inside, key in key_paths if not inside], [key for inside, key in key_paths if inside])
