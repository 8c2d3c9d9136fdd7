"""How a safe fix is written as operations, so that it is undone, replayed and copied out like any edit."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.jsonish import Json
from worldkit.model import Event
from worldkit.world import World


def patches(world: World, name: str, patch: Callable[[Event, Json], Json | None]) -> list[Json]:
    """Return operations that patch the events of a name; there are several while a world is mended.

    Args:
        world: The world.
        name: The events' name.
        patch: From an event, typed and raw, to its patch (null removes); None leaves it alone.

    Returns:
        ``update_event`` where the name is enough to say which event is meant, else ``put_event`` by index.
    """
    places = [place for place, event in enumerate(world.events) if event.name == name]
    ops: list[Json] = []
    for place in places:
        body: Json = world.raw["scene"]["events"][place]
        found = patch(world.events[place], body)
        if found is None:
            continue
        if len(places) == 1:
            ops.append({"op": "update_event", "name": name, "patch": found})
        else:
            gone = [key for key, value in found.items() if value is None]
            event = {key: value for key, value in {**body, **found}.items() if key not in gone}
            ops.append(put(place, event))
    return ops


def put(place: int, event: Json) -> Json:
    """Return the operation that puts an event; forced, because what dangles in it dangled before."""
    return {"op": "put_event", "index": place, "event": event, "force": True}
