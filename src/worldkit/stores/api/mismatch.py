"""What a hosted server stored differently from what it was asked: which edits, where, and why (docs/spec/ops.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from worldkit.comparison import diff
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item, ItemKind
from worldkit.core.document import json_of
from worldkit.core.errors import NotAsApplied, PartlyApplied, StoredOtherwise
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.profile import HOSTED
from worldkit.editing.likeness import unlike_items
from worldkit.editing.lowering import Inexpressible
from worldkit.stores.api.server_words import safe_text
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

E = TypeVar("E", bound=StoredOtherwise)

NOT_TAKEN = "not-taken"
"""The ``lint`` of a diagnostic that names an edit which the server did not take."""

NOT_SENT = "not-sent"
"""The ``lint`` of a diagnostic that names a part of an edit which no operation can express."""

MAX_SHOWN = 10
"""Edits that a message lists; all are in ``diagnostics``."""


def partly_applied(
    errors: Sequence[str], ops: Sequence[Json], expected: World, stored_world: StoredWorld
) -> PartlyApplied:
    """Return the error for operations that a server lists as not applied.

    Args:
        errors: What the server lists, as ``"<op>: <reason>"``.
        ops: The operations that were sent.
        expected: The world that they should have made.
        stored_world: What the server holds now.
    """
    texts = tuple(safe_text(error) for error in errors)
    diagnostics = Diagnostics(
        (_not_taken(item_of_error(text, ops), _refusal(text)) for text in texts), stored_world.world
    )
    count = len(texts)
    head = f"{count} of {len(ops)} operations {'was' if count == 1 else 'were'} not applied; the rest is stored"
    error = PartlyApplied(_message(head, diagnostics, stored_world))
    error.errors = texts
    return _completed(error, ops, expected, stored_world, diagnostics)


def not_as_applied(ops: Sequence[Json], expected: World, stored_world: StoredWorld) -> NotAsApplied | None:
    """Return the error for a world that differs from the expected one; None when it does not.

    Args:
        ops: The operations that were sent.
        expected: The world that they should have made.
        stored_world: What the server holds now.
    """
    items = list(unlike_items(json_of(expected), json_of(stored_world.world)))
    if not items:
        return None
    notes = (_not_taken(item, _difference(item, expected, stored_world.world)) for item in items)
    diagnostics = Diagnostics(notes, stored_world.world)
    head = "the server reported success, but its world is not what was asked for"
    error = NotAsApplied(_message(head, diagnostics, stored_world))
    error.diff = diff(expected, stored_world.world)
    return _completed(error, ops, expected, stored_world, diagnostics)


def not_sent(unsent: Iterable[Inexpressible]) -> list[Diagnostic]:
    """Return a note for every part of an edit that stays local.

    Args:
        unsent: What cannot be expressed.
    """
    return [Diagnostic(NOT_SENT, "info", _path(one.item), f"it stays local: {one.reason}", one.item) for one in unsent]


def not_removed(unsent: Iterable[Inexpressible]) -> list[Diagnostic]:
    """Return a note for every part of a server's world that stays though the document does not have it.

    Args:
        unsent: What cannot be removed.
    """
    return [
        Diagnostic(NOT_SENT, "warning", _path(one.item), f"what the server made stays: {one.reason}", one.item)
        for one in unsent
    ]


def item_of_error(error: str, ops: Sequence[Json]) -> Item:
    """Return the item that an operation is about which a server did not apply; the world when it cannot be told.

    Args:
        error: What the server lists: ``"<op>: <reason>"``, where the reason names the item.
        ops: The operations that were sent.
    """
    kind, _, reason = error.partition(":")
    candidates = [op for op in ops if op["op"] == kind.strip()] or list(ops)
    matches = [op for op in candidates if (name := _item(op).id) and name in reason]
    if matches:
        return _item(max(matches, key=lambda op: len(_item(op).id)))
    return _item(candidates[0]) if len(candidates) == 1 else Item("world")


def _refusal(error: str) -> str:
    op, _, reason = error.partition(": ")
    return f"the server did not apply {op}: {reason}" if reason else f"the server did not apply it: {error}"


def _item(op: Json) -> Item:
    patch = op.get("patch")
    field = next(iter(patch)) if isinstance(patch, dict) and len(patch) == 1 else ""
    match op["op"]:
        case "set_entrance":
            return Item("world", field="entrance")
        case "add_variant" | "remove_variant":
            return Item("state", str(op["state"]), "variants")
        case "add_event" | "update_event" | "delete_event":
            name = op.get("name") or op.get("event", {}).get("name")
            return Item("event", str(name), field) if name else Item("world")
        case _:  # a state that is added without an id is given one by the server
            return Item("state", str(op["id"]), field) if "id" in op else Item("world")


def _difference(item: Item, expected: World, actual: World) -> str:
    sent_value, value = _at(item, expected), _at(item, actual)
    if not item.field:
        return "the server does not have it" if value is None else "the server still has it"
    if item.field in ("scene.events", "from") and sent_value != value:
        return f"the server has {item.field} in another way than it was sent"
    return f"the server has {_short(value)} where {_short(sent_value)} was sent"


def _at(item: Item, world: World) -> object:
    raw = json_of(world)
    match item.kind:
        case "state":
            target: Json | None = raw["scene"]["states"].get(item.id)
        case "event":
            target = next((event for event in raw["scene"]["events"] if event["name"] == item.id), None)
        case _:
            target = raw["scene"] if item.field.startswith("scene.") else raw
    return target if target is None or not item.field else target.get(item.field.removeprefix("scene."))


def _short(value: object) -> str:
    return "nothing" if value is None else safe_text(quote(value), 120)


def _not_taken(item: Item, message: str) -> Diagnostic:
    return Diagnostic(NOT_TAKEN, "warning", _path(item), message, item)


def _path(item: Item) -> str:
    kind: ItemKind = item.kind
    return HOSTED.path(kind, item.id, item.field)


def _message(head: str, diagnostics: Diagnostics, stored_world: StoredWorld) -> str:
    lines = [f"  {one.path}: {one.message}" for one in diagnostics[:MAX_SHOWN]]
    if len(diagnostics) > MAX_SHOWN:
        lines.append(f"  and {len(diagnostics) - MAX_SHOWN} more in .diagnostics")
    lines.append(
        f"The world as it now stands is in .stored, at revision {stored_world.rev}. Do not send the batch again."
    )
    return "\n".join([f"{head}:", *lines])


def _completed(
    error: E, ops: Sequence[Json], expected: World, stored_world: StoredWorld, diagnostics: Diagnostics
) -> E:
    error.ops = tuple(deep_copy(list(ops)))
    error.expected, error.stored, error.diagnostics = expected, stored_world, diagnostics
    error.status = 200
    return error
