"""``lower``: the difference of two worlds in the nine operations of a hosted server (docs/spec/ops.md, "Lowering").

Only the two worlds count, not the operations between them, so no operation needs its own rule. The order of the
operations is one that a hosted server accepts: a state is deleted after everything that named it has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from worldkit.core.argument_checks import checked
from worldkit.core.brief import shown_briefly
from worldkit.core.diagnostics import Item
from worldkit.core.document import D, Document, from_valid_json, json_of
from worldkit.core.errors import NotExpressible
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.profile import HOSTED, Profile
from worldkit.core.quoting import first_few
from worldkit.editing.batch import apply
from worldkit.editing.hosted_form import hosted_form
from worldkit.editing.hosted_operations import hosted_operations
from worldkit.editing.likeness import SERVER_FIELDS, changed_fields, is_alike, unlike_items
from worldkit.editing.raw_ops import RAW_OPS
from worldkit.editing.refs import sources

OP_OF_FIELD: Mapping[str, str] = {
    "missions": "add_mission",
    "sequences": "add_sequence",
    "cutscenes": "add_cutscene",
    "story": "set_story",
    "introVideo": "set_intro",
    "introStatic": "set_intro",
    "outro": "set_outro",
    "narrate": "set_narrate",
    "subject": "set_subject",
    "styleTail": "set_subject",
}
"""The local operation that sets a field of the world for which a hosted server has none."""

DESCRIPTIVE_FIELDS = ("name", "description", "visibility")
"""Fields that a server keeps beside the graph: ``describe`` sets them."""


@dataclass(frozen=True, slots=True)
class Inexpressible:
    """A part of an edit that the nine operations cannot express.

    Attributes:
        op: The local operation that makes such a change.
        item: What it changes.
        reason: Why it cannot be expressed.
        path: The keys that lead to it in the document.

    Example:
        >>> after = world.apply([{"op": "set_subject", "subject": "A courier."}])
        >>> wk.lower(world, after, partial=True).unsent[0].field
        'subject'
    """

    op: str
    item: Item
    reason: str
    path: tuple[str, ...]

    @property
    def field(self) -> str:
        """The name of what cannot be expressed: a field of the world, or the id of an item."""
        return self.item.id or self.item.field


@shown_briefly
@dataclass(frozen=True, slots=True)
class Lowered(Generic[D]):
    """The result of ``lower``.

    Attributes:
        ops: Operations of the nine, in an order that a hosted server accepts.
        expected: The world that a hosted server then holds.
        unsent: What stays local, with ``partial``.

    It can be unpacked: ``ops, expected = wk.lower(...)``.

    Example:
        >>> wk.lower(world, world).ops
        []
    """

    ops: list[Json]
    expected: D
    unsent: tuple[Inexpressible, ...] = ()

    def __iter__(self) -> Iterator[list[Json] | D]:
        return iter((self.ops, self.expected))


@checked
def lower(before: D, after: D | Sequence[Mapping[str, Any]], *, partial: bool = False) -> Lowered[D]:
    """Translate an edit into the nine operations of a hosted server.

    What counts is the difference of the two worlds, whatever operations made it. Pairs that the server requires are
    filled. The order of states cannot be expressed; it is not compared either.

    Args:
        before: The world that the server holds.
        after: The world that it should hold, or the operations that make it from ``before``.
        partial: Leave out what cannot be expressed, and name it in ``unsent``.

    Returns:
        The operations, and the world that the server holds once it has applied them.

    Raises:
        NotExpressible: No hosted operation makes some of the change; names the local operation and every field.
        OpError: One of the operations cannot be applied.

    Example:
        >>> wk.lower(world, [{"op": "set_field", "state": "lane", "field": "base", "value": "Rain."}]).ops
        [{'op': 'update_state', 'id': 'lane', 'patch': {'base': 'Rain.'}}]
    """
    if isinstance(after, Document):
        return lower_difference(before, after, partial=partial)
    result = apply(before, after)
    try:
        return lower_difference(before, result.world, partial=partial)
    except NotExpressible:
        lowered_edit = lower_difference(before, result.world, partial=True)
        raise not_expressible_of(before, result.ops, lowered_edit) from None


def lower_difference(before: D, after: D, *, partial: bool, profile: Profile = HOSTED) -> Lowered[D]:
    """Return the difference of two worlds in the nine operations, in the form that a server of a profile stores.

    Args:
        before: The world that the server holds.
        after: The world that it should hold.
        partial: Leave out what cannot be expressed.
        profile: Whose rules the server follows.

    Raises:
        NotExpressible: No hosted operation makes some of the change.
    """
    old, target, unsent = json_of(before), json_of(after), list[Inexpressible]()
    unsent += _inexpressible_fields(old, target)
    unsent += _refused_states(old, target)
    target = _without(old, hosted_form(target, old, profile), unsent)
    states_in_use = list(_states_in_use(old, target))
    unsent += states_in_use
    target = _without(old, target, states_in_use)
    if unsent and not partial:
        raise not_expressible(unsent)
    expected = from_valid_json(type(after), target)
    return Lowered(deep_copy(list(hosted_operations(old, target))), expected, tuple(unsent))


def not_expressible(unsent: Sequence[Inexpressible]) -> NotExpressible:
    """Return the error that names what cannot be expressed.

    Args:
        unsent: What cannot be expressed, at least one.
    """
    reasons = first_few([*dict.fromkeys(one.reason for one in unsent)], 5, joint="; ")
    return NotExpressible(0, unsent[0].op, reasons, dict.fromkeys(one.field for one in unsent))


def not_expressible_of(world: Document, ops: Sequence[Json], lowered: Lowered[Any]) -> NotExpressible:
    """Return the error of a batch, which names the first of its operations that cannot be expressed.

    Args:
        world: The world before the batch.
        lowered: What of it can be expressed, and at least one thing that cannot.
    """
    error = not_expressible(lowered.unsent)
    index = first_op_that_changes(world, ops, lowered.unsent[0].path)
    advice = "; partial=True sends the rest" if lowered.ops else ""
    return NotExpressible(index, ops[index]["op"], f"{error.reason}{advice}", error.fields)


def is_same_world(expected: D, actual: D) -> bool:
    """Return whether a server's world is the expected one, apart from what a server may write in its own way.

    Args:
        expected: The world that was expected.
        actual: The world that the server returned.
    """
    return next(unlike_items(json_of(expected), json_of(actual)), None) is None


def first_op_that_changes(world: Document, ops: Sequence[Json], path: tuple[str, ...]) -> int:
    """Return the position of the first operation of a batch after which a value of the document differs.

    Args:
        world: The world before the batch.
        ops: The batch, which can be applied.
        path: The keys that lead to the value.
    """
    before, current = _value_at(path, json_of(world)), world
    for index, operation in enumerate(ops):
        # one by one, an exact operation may leave a reference that a later one mends
        step = {**operation, "force": True} if operation["op"] in RAW_OPS else operation
        current = apply(current, [step]).world
        if not is_alike(before, _value_at(path, json_of(current))):
            return index
    return len(ops) - 1


def has_value_at(path: tuple[str, ...], world: Document) -> bool:
    """Return whether a document has a value at a path.

    Args:
        path: The keys that lead to it.
    """
    return _value_at(path, json_of(world)) is not None


def _value_at(path: tuple[str, ...], value: Any) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


# ---- what cannot be expressed --------------------------------------------------------------------


def _inexpressible_fields(old: Json, target: Json) -> Iterator[Inexpressible]:
    for key in changed_fields(old, target):
        if key in SERVER_FIELDS or key in ("scene", "entrance"):
            continue
        hint = "; describe() sets it" if key in DESCRIPTIVE_FIELDS else ""
        yield Inexpressible(
            OP_OF_FIELD.get(key, "put_world"),
            Item("world", field=key),
            f"a hosted server has no operation for the world's {quote(key)} that makes this change{hint}",
            (key,),
        )
    for key in changed_fields(old["scene"], target["scene"]):
        if key not in ("states", "events"):
            reason = f"a hosted server has no operation for the scene's {quote(key)}"
            yield Inexpressible("put_world", Item("world", field=f"scene.{key}"), reason, ("scene", key))
    old_entrance, entrance = old.get("entrance") or {}, target.get("entrance") or {}
    for key in changed_fields(old_entrance, entrance):
        # without a target the entrance is cleared, with all that is in it
        if entrance and key not in ("state", "image"):
            reason = f"a hosted server has no operation for the entrance's {quote(key)}"
            yield Inexpressible("put_world", Item("world", field=f"entrance.{key}"), reason, ("entrance", key))
    for world in (old, target):
        names = [event["name"] for event in world["scene"]["events"]]
        repeated_name = next((name for name, count in Counter(names).items() if count > 1), None)
        if repeated_name is not None and not is_alike(old["scene"]["events"], target["scene"]["events"]):
            advice = "delete_event() them, and add_event() each under a name of its own"
            reason = f"events are addressed by name, and several are called {quote(repeated_name)}: {advice}"
            yield Inexpressible("update_event", Item("event", repeated_name), reason, ("scene", "events"))
            return


def _refused_states(old: Json, target: Json) -> Iterator[Inexpressible]:
    """Yield the new states with the id of a cutscene: a server does not add those."""
    cutscenes = {cutscene["id"] for world in (old, target) for cutscene in world.get("cutscenes") or ()}
    for id in target["scene"]["states"]:
        if id in cutscenes and id not in old["scene"]["states"]:
            reason = f"a hosted server does not add state {quote(id)}, because a cutscene has this id"
            yield Inexpressible("add_state", Item("state", id), reason, ("scene", "states", id))


def _without(old: Json, target: Json, unsent: Sequence[Inexpressible]) -> Json:
    """Return the target with the parts that stay local as they are on the server."""
    for one in unsent:
        target = _with_value_at(one.path, old, target)
    return target


def _with_value_at(path: tuple[str, ...], source: Json, target: Json) -> Json:
    """Return an object with the value at a path as another object has it, or without it."""
    key, *rest = path
    if rest:
        return {**target, key: _with_value_at(tuple(rest), source.get(key) or {}, target[key])}
    if key in source:
        return {**target, key: source[key]}
    return {name: value for name, value in target.items() if name != key}


def _states_in_use(old: Json, target: Json) -> Iterator[Inexpressible]:
    """Yield the states that should go and are still named when their turn comes: a server keeps those."""
    scene = target["scene"]
    users = [(f"event {quote(event['name'])}", {*sources(event), event.get("to")}) for event in scene["events"]]
    users += [
        (f"cutscene {quote(cutscene['id'])}", {cutscene["from"], cutscene["to"]})
        for cutscene in target.get("cutscenes") or ()
    ]
    users.append(("the entrance", {(target.get("entrance") or {}).get("state")}))
    first_users: dict[str | None, str] = {}
    for user, ids in users:
        for id in ids:
            first_users.setdefault(id, user)
    for id in old["scene"]["states"]:
        if id not in scene["states"] and id in first_users:
            reason = f"a hosted server does not delete state {quote(id)}, because {first_users[id]} names it"
            yield Inexpressible("delete_state", Item("state", id), reason, ("scene", "states", id))


__all__ = [
    "OP_OF_FIELD",
    "Inexpressible",
    "Lowered",
    "first_op_that_changes",
    "is_same_world",
    "lower",
    "lower_difference",
    "not_expressible",
]
