"""Content addressing: a world as a tree of small objects, each named by the hash of its bytes.

Every state and every event is an item; what is left of the document is one more. The items of a list are
held by nodes that list digests, and nodes by nodes, up to one root. Where a node ends is decided by the
digests themselves (as in content-defined chunking), so that an item put in, taken out or changed anywhere
makes one new item and a handful of new nodes, and two worlds that share most items share most objects.

A small world is one object: each object costs a page of the disk's log, wherever its digest puts it, so that writing
all of a small world takes less than writing what changed of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import pydantic_core

from worldkit.core.document import from_json, json_of
from worldkit.core.json_values import Json
from worldkit.core.recent_values import RecentValues
from worldkit.world import World

ITEM, NODE, WORLD = 0, 1, 2
DIGEST_BYTES = 24
"""Bytes of a digest: by chance no two objects ever share one, and finding two on purpose takes 2**96 tries."""
_KIND_NAMES = {ITEM: b"item", NODE: b"node", WORLD: b"world"}
MIN_NODE_DIGESTS, MAX_NODE_DIGESTS = 4, 64
"""Digests in a node; at least two, so that every level of a tree is shorter than the one below."""

MAX_SMALL_WORLD_BYTES, MAX_SMALL_WORLD_ITEMS = 8192, 64
"""Bytes, and states and events, of a world that is one object: with its versions, it is kept whole each time."""

Object = tuple[int, bytes]
Fetch = Callable[[Iterable[bytes]], Mapping[bytes, Object]]


class Missing(Exception):
    """An object that a tree names is not there, or is not what its digest says."""


@dataclass(frozen=True, slots=True)
class WorldTree:
    """A world and the objects it is made of.

    Attributes:
        root: Digest of its root, which stands for the whole world.
        digests: Every digest in the tree.
        item_digests: Digests of its items by key and identity: an edit shares what it left alone, which then need
            not be written as JSON and hashed again. ``world`` keeps the identities alive.
    """

    world: World
    root: bytes
    digests: frozenset[bytes]
    item_digests: Mapping[tuple[str | None, int], bytes] = field(repr=False)


TreeCache = RecentValues[bytes, WorldTree]
"""Trees that were read or written lately, by root: a content hash, so that no entry ever becomes stale."""

CACHED_TREES = 16


def encode_world(world: World, base: WorldTree | None = None) -> tuple[WorldTree, dict[bytes, Object]]:
    """Return the tree of a world.

    Args:
        base: The tree of the world it was made from, whose objects are at hand already.

    Returns:
        The tree, and the objects that ``base`` does not hold, by digest.
    """
    raw = json_of(world)
    scene = raw["scene"]
    if (
        len(scene["states"]) + len(scene["events"]) <= MAX_SMALL_WORLD_ITEMS
        and len(body := _json(raw)) <= MAX_SMALL_WORLD_BYTES
    ):
        name = digest(WORLD, body)
        is_new = base is None or name != base.root
        return WorldTree(world, name, frozenset((name,)), {}), {name: (WORLD, body)} if is_new else {}
    new_objects: dict[bytes, Object] = {}
    digests: set[bytes] = set()
    item_digests: dict[tuple[str | None, int], bytes] = {}
    base_items = base.item_digests if base else {}

    def add(kind: int, body: bytes) -> bytes:
        name = digest(kind, body)
        digests.add(name)
        if base is None or name not in base.digests:
            new_objects[name] = (kind, body)
        return name

    def items(values: list[tuple[str | None, Json]]) -> list[bytes]:
        identities = [(key, id(value)) for key, value in values]
        names = [base_items.get(identity) for identity in identities]
        item_names = [
            name or add(ITEM, _json(value if key is None else [key, value]))
            for name, (key, value) in zip(names, values, strict=True)
        ]
        digests.update(item_names)
        item_digests.update(zip(identities, item_names, strict=True))
        return item_names

    rest = add(ITEM, _json({**raw, "scene": {**scene, "states": {}, "events": []}}))
    states = items([*scene["states"].items()])
    events = items([(None, event) for event in scene["events"]])
    root = add(NODE, b"".join([rest, _list(states, add), _list(events, add)]))
    return WorldTree(world, root, frozenset(digests), item_digests), new_objects


def decode_world(root: bytes, fetch: Fetch) -> WorldTree:
    """Return the tree under a root.

    Args:
        root: Its digest.
        fetch: Returns the objects of some digests.

    Raises:
        Missing: An object is not there or does not match its digest.
    """
    objects: dict[bytes, Object] = {}
    _fetch([root], fetch, objects)
    kind, body = objects[root]
    if kind == WORLD:
        return WorldTree(
            from_json(World, pydantic_core.from_json(body), "the stored world"), root, frozenset((root,)), {}
        )
    lists = [[name] for name in children(body)]
    if kind != NODE or len(lists) != 3:
        raise Missing(root.hex())
    while True:
        _fetch((name for names in lists for name in names), fetch, objects)
        if all(objects[name][0] == ITEM for names in lists for name in names):
            break
        lists = [[child for name in names for child in _expand(name, objects)] for names in lists]
    return _build_tree(root, lists, objects)


def _build_tree(root: bytes, lists: list[list[bytes]], objects: Mapping[bytes, Object]) -> WorldTree:
    (rest,), states, events = lists
    item_digests: dict[tuple[str | None, int], bytes] = {}
    raw = pydantic_core.from_json(objects[rest][1])
    for name in states:
        key, state = pydantic_core.from_json(objects[name][1])
        raw["scene"]["states"][key] = state
        item_digests[key, id(state)] = name
    for name in events:
        event = pydantic_core.from_json(objects[name][1])
        raw["scene"]["events"].append(event)
        item_digests[None, id(event)] = name
    return WorldTree(from_json(World, raw, "the stored world"), root, frozenset(objects), item_digests)


def digest(kind: int, body: bytes) -> bytes:
    """Return the name of an object; objects of different kinds and the same bytes have different ones."""
    return blake2b(body, digest_size=DIGEST_BYTES, person=_KIND_NAMES.get(kind, b"")).digest()


def children(body: bytes) -> list[bytes]:
    """Return the digests a node lists."""
    return [body[at : at + DIGEST_BYTES] for at in range(0, len(body), DIGEST_BYTES)]


def _list(names: list[bytes], add: Callable[[int, bytes], bytes]) -> bytes:
    level = [add(NODE, b"".join(chunk)) for chunk in _chunks(names)] or [add(NODE, b"")]
    while len(level) > 1:
        level = [add(NODE, b"".join(chunk)) for chunk in _chunks(level)]
    return level[0]


def _chunks(names: list[bytes]) -> Iterator[list[bytes]]:
    """Cut where a digest ends in four zero bits: 16 apart on average, wherever the list begins."""
    chunk: list[bytes] = []
    for name in names:
        chunk.append(name)
        if len(chunk) >= MAX_NODE_DIGESTS or (len(chunk) >= MIN_NODE_DIGESTS and not name[-1] & 15):
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _expand(name: bytes, objects: Mapping[bytes, Object]) -> list[bytes]:
    kind, body = objects[name]
    return [name] if kind == ITEM else children(body)


def _fetch(names: Iterable[bytes], fetch: Fetch, objects: dict[bytes, Object]) -> None:
    missing = set(names) - objects.keys()
    if not missing:
        return
    fetched_objects = fetch(missing)
    for name in missing:
        if name not in fetched_objects or digest(*fetched_objects[name]) != name:
            raise Missing(name.hex())
    objects.update((name, fetched_objects[name]) for name in missing)  # others were not held to their digests


def _json(value: Any) -> bytes:
    return _ENCODER.encode(value).encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
