"""What a document of a merge names: its states, cutscenes and sequences, and who mentions them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from worldkit.comparison.merging.alignment import AlignedDocument, Key
from worldkit.comparison.merging.conflict import LIST_FIELD_OF_KIND, Decisions
from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import Json
from worldkit.editing import refs

RESTORED_KINDS: tuple[ItemKind, ...] = ("state", "cutscene", "sequence")


class ItemMention(NamedTuple):
    """One mention: the kind of the mentioning item, its id, and the field."""

    kind: str
    id: Key
    field: str


Mentions = dict[tuple[ItemKind, str], set[ItemMention]]
"""The mentions of each item, by its kind and id."""


class MergedParts(NamedTuple):
    """The parts of the merged world during the merge; changed in place.

    Attributes:
        events: The events, by key.
        fields: The world's own fields.
    """

    states: Json
    events: dict[Key, Json]
    fields: Json


def ids_of(document: AlignedDocument | MergedParts, kind: str) -> Mapping[str, Any]:
    """Return the items of a kind in a document, by id."""
    if kind == "state":
        return document.states
    return {item["id"]: item for item in document.fields.get(LIST_FIELD_OF_KIND[kind], ())}  # type: ignore[index]


def find_users(document: AlignedDocument | MergedParts, items: Iterable[tuple[ItemKind, str]]) -> Mentions:
    """Return who mentions each of some items in a document."""
    users: Mentions = {item: set() for item in items}
    for kind, id, mention in mentions(document):
        if (kind, id) in users:
            users[kind, id].add(mention)
    return users


def mentions(document: AlignedDocument | MergedParts) -> Iterator[tuple[ItemKind, str, ItemMention]]:
    """Yield the mentions in a document: the kind and id of the mentioned item, and the mention."""
    cutscene_ids = refs.cutscene_ids(document.fields)
    for key, body in document.events.items():
        yield from mentions_in_event(key, body, cutscene_ids)
    for field, paths in refs.STATE_REFS.items():
        if field in document.fields:
            for path in paths:
                for mention in refs.mentions(document.fields[field], path):
                    owner = (
                        document.fields[field][mention.at[0]].get("id", field) if path[0] == refs.EACH_ITEM else field
                    )
                    yield "state", mention.id, ItemMention(field, owner, ".".join(path))
    for beat in document.fields.get("story", {}).get("beats", ()):
        if "sequence" in beat:
            yield "sequence", beat["sequence"], ItemMention("story", "story", "sequence")


def mentions_in_event(
    key: Key, body: Json, cutscene_ids: Collection[str]
) -> Iterator[tuple[ItemKind, str, ItemMention]]:
    """Yield the mentions in an event.

    Args:
        cutscene_ids: The ids of cutscenes, which its ``to`` may name.
    """
    for source in refs.sources(body):
        yield "state", source, ItemMention("event", key, "from")
    to = body.get("to")
    if to is not None:
        yield "cutscene", to, ItemMention("event", key, "to")
        if to not in cutscene_ids:
            yield "state", to, ItemMention("event", key, "to")


def open_mentions(
    parts: MergedParts, labels: Mapping[Key, str], decisions: Decisions
) -> Iterator[tuple[ItemKind, str, ItemMention]]:
    """Yield the mentions in the values that open conflicts may still be decided for, besides those that are held.

    Args:
        parts: The merged world so far.
        labels: The label of each event in conflicts.
        decisions: The decisions, with the open conflicts.
    """
    key_of = {label: key for key, label in labels.items()}
    cutscene_ids = refs.cutscene_ids(parts.fields)
    indexes: dict[int, dict[str | int, Any]] = {}
    for place, value in decisions.alternatives:
        if place.mark:
            continue
        if place.kind == "event":
            key = key_of[place.id]
            body = _branch(parts.events[key], place.keys, value, indexes) if key in parts.events else None
            if body is not None:
                yield from mentions_in_event(key, body, cutscene_ids)
        elif place.kind == "world":
            field, keys = str(place.keys[0]), place.keys[1:]
            part = _branch(parts.fields.get(field), keys, value, indexes)
            if part is not None:
                yield from mentions(MergedParts({}, {}, {field: part}))


def _branch(whole: Any, keys: tuple[str | int, ...], value: Any, indexes: dict[int, dict[str | int, Any]]) -> Any:
    """Return a JSON value with another one at a path that names items by their ids; None where there is no such path.

    Of each list on the path only the item on it is left: a long list with many conflicts is not copied for each.

    Args:
        indexes: The items of each list that was looked at, by their ids and their places.
    """
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(whole, dict):
        part = _branch(whole.get(key), rest, value, indexes)
        return None if part is None else {**whole, key: part}
    if isinstance(whole, list):
        if id(whole) not in indexes:
            indexes[id(whole)] = {**dict(enumerate(whole)), **{_id_of(item): item for item in reversed(whole)}}
        part = _branch(indexes[id(whole)].get(key), rest, value, indexes)
        return None if part is None else [part]
    return None


def _id_of(item: Any) -> Any:
    """Return what identifies an item of a list, None where nothing does."""
    name = item.get("id", item.get("label")) if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
