"""Exact operations of our own: ``put_state``, ``put_event``, ``put_world``.

Worlds are ordered and may hold nulls, which patch semantics cannot say; undo and diff need both.
These put what they are given, merge nothing, take nothing along, and keep a ``null`` as a null.
**Choice:** they are no part of docs/spec/ops.md; a batch of them is refused when it ends with a
``from``, ``to`` or entrance that names nothing and did not already, unless one says ``force``.
"""

from __future__ import annotations

from worldkit.core.json_values import Json, shown
from worldkit.editing import field_names
from worldkit.editing.draft import Draft
from worldkit.editing.refusals import Refused, unknown
from worldkit.editing.registry import Argument, op

EXACT = ("put_state", "put_event", "put_world")

_AT = Argument("at", "index", required=False)
_FORCE = Argument("force", "switch", required=False)


def _within(at: int | None, last: int) -> None:
    if at is not None and at > last:
        raise Refused(f"at: expected an index from 0 to {last}, got {at}")


@op(
    "put_state",
    "Put state {id}",
    Argument("id", "text", ("stateId",)),
    Argument("state", "object", null=True),
    _AT,
    _FORCE,
)
def put_state(draft: Draft, args: Json) -> None:
    """Put exactly this body for a state, at an index if one is given; null removes it and nothing else."""
    id, body, at = args["id"], args["state"], args.get("at")
    if body is None:
        draft.state(id)
        draft.drop_state(id)
        return
    _within(at, len(draft.states) - (id in draft.states))
    draft.put_state(id, body, at)


def _one_event(args: Json) -> Json:
    if "name" in args and "index" in args:
        raise Refused('expected "name" or "index" or neither; both are given')
    if args["event"] is None and "name" not in args and "index" not in args:
        raise Refused('expected "name" or "index" of the event to remove; neither is given')
    return args


@op(
    "put_event",
    "Put event {name}",
    Argument("name", "text", ("eventName",), required=False),
    Argument("index", "index", required=False),
    Argument("event", "object", null=True),
    _AT,
    _FORCE,
    check=_one_event,
)
def put_event(draft: Draft, args: Json) -> None:
    """Put exactly this event: replace one by name or index, or insert one; null removes it."""
    body, at = args["event"], args.get("at")
    if "name" not in args and "index" not in args:
        _within(at, len(draft.events))
        draft.insert_event(body, at)
        return
    index = draft.index(args["name"]) if "name" in args else args["index"]
    if index >= len(draft.events):
        raise Refused(f"index: there is no event {index}; there are {len(draft.events)}, counted from 0")
    if body is None:
        draft.drop_event(index)
    elif at is None or at == index:
        draft.put_event(index, body)
    else:
        _within(at, len(draft.events) - 1)
        draft.drop_event(index)
        draft.insert_event(body, at)


@op(
    "put_world",
    "Put world fields",
    Argument("set", "object", required=False),
    Argument("remove", "names", required=False),
    Argument("order", "names", required=False),
    _FORCE,
)
def put_world(draft: Draft, args: Json) -> None:
    """Set and remove exactly these fields of the world, or of its scene as ``scene.<key>``, and order them."""
    if not args.keys() & {"set", "remove", "order"}:
        raise Refused('expected "set", "remove" or "order"; none is given')
    for name in args.get("remove", ()):
        inside, key = _written(name)
        if key not in (draft.scene if inside else draft.top):
            raise unknown("field", name, _fields(draft))
        if inside:
            draft.drop_scene(key)
        else:
            draft.drop_top(key)
    for name, value in args.get("set", {}).items():
        inside, key = _written(name)
        if inside:
            draft.set_scene(key, value)
        else:
            draft.set_top(key, value)
    if args.get("order"):
        _order(draft, args["order"])


def _written(name: str) -> tuple[bool, str]:
    inside, key = field_names.read(name)
    if not inside and key == "scene":
        raise Refused("the scene is put by its parts: put_state, put_event, and its other fields as scene.<key>")
    if inside and key in ("states", "events"):
        raise Refused(f"scene.{key} is put item by item, with put_{key[:-1]}")
    return inside, key


def _fields(draft: Draft) -> list[str]:
    return [*map(field_names.of_world, draft.top), *map(field_names.of_scene, draft.scene)]


def _order(draft: Draft, names: list[str]) -> None:
    known = set(_fields(draft))
    for name in names:
        if name not in known:
            raise unknown("field", name, known)
    if len(set(names)) != len(names):
        raise Refused(f"order: each field once, got {shown(names)}")
    read = [field_names.read(name) for name in names]
    draft.order_fields([key for inside, key in read if not inside], [key for inside, key in read if inside])
