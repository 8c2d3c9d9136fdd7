"""How a safe fix is written as operations, so that it is undone, replayed and copied out like any edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from worldkit.core.diagnostics import Item
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.model import Event
from worldkit.ruleset.index import Index


def patches(index: Index, items: Iterable[Item], patch: Callable[[Event, Json], Json | None]) -> list[Json]:
    """Return operations that patch events; several may share a name while a world is mended.

    Args:
        index: The world.
        items: The events, by name.
        patch: From an event, typed and raw, to its patch (null removes); None leaves it alone.

    Returns:
        ``update_event`` where the name is enough to say which event is meant, else ``put_event`` by index.
    """
    bodies: list[Json] = json_of(index.world)["scene"]["events"]
    ops: list[Json] = []
    for name in dict.fromkeys(item.id for item in items):
        places = index.places.get(name, ())
        for place in places:
            found = patch(index.events[place], bodies[place])
            if found is None:
                continue
            if len(places) == 1:
                ops.append({"op": "update_event", "name": name, "patch": found})
            else:
                removed = [key for key, value in found.items() if value is None]
                event = {key: value for key, value in {**bodies[place], **found}.items() if key not in removed}
                ops.append(put(place, event))
    return ops


def put(place: int, event: Json) -> Json:
    """Return the operation that puts an event; forced, because what dangles in it dangled before."""
    return {"op": "put_event", "index": place, "event": event, "force": True}
