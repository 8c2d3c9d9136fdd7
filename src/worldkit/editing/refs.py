"""Where a world names its states: one table of places, and what can be asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from worldkit.core.json_values import Json

Path = tuple[str, ...]

EACH = "*"
_FROM = itemgetter("from")

SITES: Mapping[str, tuple[Path, ...]] = {
    "entrance": (("state",),),
    "cutscenes": ((EACH, "from"), (EACH, "to")),
    "sequences": ((EACH, "beats", EACH, "state"),),
    "story": (("beats", EACH, "states", EACH),),
    "outro": (("state",),),
    "missions": ((EACH, "objectives", EACH, "location"),),
}
"""Every place outside the events that holds a state id, by top-level field; ``*`` is each item of a list."""


class Found(NamedTuple):
    """One mention of a state: the indices passed on the way to it, and the id found there."""

    at: tuple[int, ...]
    id: str


def mentions(value: Any, path: Path, at: tuple[int, ...] = ()) -> Iterator[Found]:
    """Yield what stands at a path in a JSON value; a missing step ends that branch."""
    if not path:
        yield Found(at, value)
    elif path[0] == EACH:
        for index, item in enumerate(value):
            yield from mentions(item, path[1:], (*at, index))
    elif path[0] in value:
        yield from mentions(value[path[0]], path[1:], at)


def replaced(value: Any, path: Path, change: Callable[[str], str]) -> Any:
    """Return a JSON value with what stands at a path changed; unchanged parts are shared."""
    if not path:
        return change(value)
    if path[0] == EACH:
        items = [replaced(item, path[1:], change) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if path[0] not in value:
        return value
    old = value[path[0]]
    new = replaced(old, path[1:], change)
    return value if new is old else {**value, path[0]: new}


def sources(event: Json) -> list[str]:
    """Return an event's ``from`` as a list; a single string is read as a one-item list."""
    held = event["from"]
    return [held] if isinstance(held, str) else held


def cutscene_ids(top: Json) -> set[str]:
    """Return the ids of a world's cutscenes, which an event's ``to`` may name."""
    return {cut["id"] for cut in top.get("cutscenes", ())}


def dangling(top: Json, states: Container[str], events: list[Json]) -> Counter[tuple[str, str, str]]:
    """Count the ``from``, ``to`` and entrance that name nothing, by (kind, field, id)."""
    cuts = cutscene_ids(top)
    found: Counter[tuple[str, str, str]] = Counter()
    for event in events:
        for source in sources(event):
            if source not in states:
                found["event", "from", source] += 1
        to = event.get("to")
        if to is not None and to not in states and to not in cuts:
            found["event", "to", to] += 1
    for cut in top.get("cutscenes", ()):
        for end in ("from", "to"):
            if cut[end] not in states:
                found["cutscene", end, cut[end]] += 1
    if "entrance" in top and top["entrance"]["state"] not in states:
        found["world", "entrance", top["entrance"]["state"]] += 1
    return found


def from_and_to(events: list[Json]) -> tuple[set[str], set[str]]:
    """Return every id that a ``from`` names, and every id that a ``to`` names.

    Of a ``from`` that is a single string the letters are in it too: the first set errs on the side of more.
    """
    held = list(map(_FROM, events))
    offered = set(chain.from_iterable(held))
    offered.update(source for source in held if type(source) is str)
    leads: set[Any] = {event.get("to") for event in events}
    leads.discard(None)
    return offered, leads


def mentioned(top: Json, events: list[Json]) -> set[str]:
    """Return every id that a ``from``, a ``to`` or the entrance names, whether it exists or not; errs as above."""
    offered, leads = from_and_to(events)
    ends = (
        hit.id
        for field in ("entrance", "cutscenes")
        if field in top
        for path in SITES[field]
        for hit in mentions(top[field], path)
    )
    return offered.union(leads, ends)
