"""Safe fixes as operations, so that they can be undone, replayed and exported like any edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from worldkit.core.diagnostics import Item
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.core.model import Event
from worldkit.editing.patching import apply_patch
from worldkit.ruleset.index import Index


def patch_ops(index: Index, items: Iterable[Item], patch: Callable[[Event, Json], Json | None]) -> list[Json]:
    """Return operations that patch events; several may share a name in a world with errors.

    Args:
        index: The world.
        items: The events, by name.
        patch: From an event, typed and raw, to its patch (null removes); None leaves it alone.

    Returns:
        ``update_event`` where the name is enough to say which event is meant and what it keeps exists, else
        ``put_event`` by index.
    """
    bodies: list[Json] = json_of(index.world)["scene"]["events"]
    ops: list[Json] = []
    for name in dict.fromkeys(item.id for item in items):
        indices = index.places.get(name, ())
        for place in indices:
            event_patch = patch(index.events[place], bodies[place])
            if event_patch is None:
                continue
            # the places that a patch keeps may have dangled before, which only a forced operation lets stand
            dangles = any(id not in index.states for id in event_patch.get("from") or ())
            if len(indices) == 1 and not dangles:
                ops.append({"op": "update_event", "name": name, "patch": event_patch})
            else:
                ops.append(put_event_op(place, bodies[place], apply_patch(bodies[place], event_patch)))
    return ops


def put_event_op(index: int, before: Json, after: Json) -> Json:
    """Return the operation that changes an event; forced, because its dangling references are not new.

    It is refused in a world whose event at that index is another one.
    """
    return {"op": "put_event", "index": index, "event": after, "was": before, "force": True}
