"""References to states: where a world can name one, and functions that read and replace them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from worldkit.core.json_values import Json

Path = tuple[str, ...]

EACH_ITEM = "*"
_FROM_GETTER = itemgetter("from")

STATE_REFS: Mapping[str, tuple[Path, ...]] = {
    "entrance": (("state",),),
    "cutscenes": ((EACH_ITEM, "from"), (EACH_ITEM, "to")),
    "sequences": ((EACH_ITEM, "beats", EACH_ITEM, "state"),),
    "story": (("beats", EACH_ITEM, "states", EACH_ITEM),),
    "outro": (("state",),),
    "missions": ((EACH_ITEM, "objectives", EACH_ITEM, "location"),),
}
"""The path of every reference to a state outside the events, by top-level field; ``*`` is each item of a list."""


class StateMention(NamedTuple):
    """One mention of a state: the list indices on its path, and the id."""

    at: tuple[int, ...]
    id: str


def mentions(value: Any, path: Path, at: tuple[int, ...] = ()) -> Iterator[StateMention]:
    """Yield the mentions at a path in a JSON value; a missing step yields none."""
    if not path:
        yield StateMention(at, value)
    elif path[0] == EACH_ITEM:
        for index, item in enumerate(value):
            yield from mentions(item, path[1:], (*at, index))
    elif path[0] in value:
        yield from mentions(value[path[0]], path[1:], at)


def replace_at(value: Any, path: Path, change: Callable[[str], str]) -> Any:
    """Return a JSON value with the ids at a path changed; unchanged parts are shared."""
    if not path:
        return change(value)
    if path[0] == EACH_ITEM:
        items = [replace_at(item, path[1:], change) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if path[0] not in value:
        return value
    old = value[path[0]]
    new = replace_at(old, path[1:], change)
    return value if new is old else {**value, path[0]: new}


def sources(event: Json) -> list[str]:
    """Return an event's ``from`` as a list; a single string becomes a one-item list."""
    value = event["from"]
    return [value] if isinstance(value, str) else value


def cutscene_ids(fields: Json) -> set[str]:
    """Return the ids of a world's cutscenes, which an event's ``to`` may name."""
    return {cutscene["id"] for cutscene in fields.get("cutscenes", ())}


def count_dangling(fields: Json, states: Container[str], events: list[Json]) -> Counter[tuple[str, str, str]]:
    """Count the ``from``, ``to`` and entrance that name nothing, by (kind, field, id)."""
    cutscenes = cutscene_ids(fields)
    counts: Counter[tuple[str, str, str]] = Counter()
    for event in events:
        for source in sources(event):
            if source not in states:
                counts["event", "from", source] += 1
        to = event.get("to")
        if to is not None and to not in states and to not in cutscenes:
            counts["event", "to", to] += 1
    for cutscene in fields.get("cutscenes", ()):
        for end in ("from", "to"):
            if cutscene[end] not in states:
                counts["cutscene", end, cutscene[end]] += 1
    if "entrance" in fields and fields["entrance"]["state"] not in states:
        counts["world", "entrance", fields["entrance"]["state"]] += 1
    return counts


def source_and_target_ids(events: list[Json]) -> tuple[set[str], set[str]]:
    """Return every id that a ``from`` names, and every id that a ``to`` names.

    The first set also has the letters of each ``from`` that is a single string; its users allow for extra ids.
    """
    values = list(map(_FROM_GETTER, events))
    source_ids = set(chain.from_iterable(values))
    source_ids.update(source for source in values if type(source) is str)
    target_ids: set[Any] = {event.get("to") for event in events}
    target_ids.discard(None)
    return source_ids, target_ids


def mentioned_ids(fields: Json, events: list[Json]) -> set[str]:
    """Return every id that a ``from``, a ``to`` or the entrance names, existing or not; perhaps more, as above."""
    source_ids, target_ids = source_and_target_ids(events)
    other_ids = (
        mention.id
        for field in ("entrance", "cutscenes")
        if field in fields
        for path in STATE_REFS[field]
        for mention in mentions(fields[field], path)
    )
    return source_ids.union(target_ids, other_ids)
