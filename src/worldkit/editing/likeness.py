"""Whether a hosted server's world is the one that was asked for (docs/spec/ops.md, "What a client does").

A server may write a world in its own way: another key order, ``null`` for an absent field, ``1`` for ``1.0``, one
source as a list. None of that is a difference. The order of events is one, because it is the order of the offers.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from worldkit.core.diagnostics import Item, ItemKind
from worldkit.core.json_values import Json, json_equal

SERVER_FIELDS = frozenset({"id", "slug", "cover", "schemaVersion", "created_at", "updated_at", "kernel"})
"""Fields of a world that the server fills in and changes; they are not compared."""


def is_alike(a: Any, b: Any) -> bool:
    """Return whether two JSON values mean the same to a server.

    Args:
        a: A JSON value.
        b: A JSON value.
    """
    if a is b:
        return True
    if isinstance(a, dict) and isinstance(b, dict):
        return all(is_alike(a.get(key), b.get(key)) for key in a.keys() | b.keys())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(is_alike, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return False  # `a is b` is true of equal booleans
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b
    return type(a) is type(b) and bool(a == b)


def event_form(event: Json) -> Json:
    """Return an event with its sources as a list, as servers write them."""
    return {**event, "from": [event["from"]]} if isinstance(event["from"], str) else event


def changed_fields(before: Json, after: Json, ignored_fields: Container[str] = ()) -> list[str]:
    """Return the fields in which two objects differ, in the order of the second, then of the first.

    Args:
        before: An object.
        after: An object.
        ignored_fields: Fields that are not compared.
    """
    keys = (key for key in {**after, **before} if key not in ignored_fields)
    return [key for key in keys if not is_alike(before.get(key), after.get(key))]


def unlike_items(expected: Json, actual: Json) -> Iterator[Item]:
    """Yield the places in which a server's world differs from what was expected; none when they are alike.

    Args:
        expected: A world document.
        actual: A world document.
    """
    yield from (Item("world", field=key) for key in changed_fields(expected, actual, {"scene", *SERVER_FIELDS}))
    for key in changed_fields(expected["scene"], actual["scene"], {"states", "events"}):
        yield Item("world", field=f"scene.{key}")
    yield from _unlike_objects("state", expected["scene"]["states"], actual["scene"]["states"])
    events, actual_events = (
        {event["name"]: event_form(event) for event in world["scene"]["events"]} for world in (expected, actual)
    )
    yield from _unlike_objects("event", events, actual_events)
    names, actual_names = ([event["name"] for event in world["scene"]["events"]] for world in (expected, actual))
    if names != actual_names and set(names) == set(actual_names):
        yield Item("world", field="scene.events")


def _unlike_objects(kind: ItemKind, expected: Json, actual: Json) -> Iterator[Item]:
    for id in {**expected, **actual}:
        if id not in expected or id not in actual:
            yield Item(kind, id)
        elif not json_equal(expected[id], actual[id]):  # most are equal, which is found out faster
            yield from (Item(kind, id, field) for field in changed_fields(expected[id], actual[id]))
