"""Content addressing: a world comes back exactly, and what two worlds share is kept once."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.store.worlds import rooms
from tests.strategies import Json, documents
from worldkit.stores.local.objects import (
    ITEM,
    MAX_NODE_DIGESTS,
    MAX_SMALL_WORLD_BYTES,
    MAX_SMALL_WORLD_ITEMS,
    NODE,
    WORLD,
    Missing,
    Object,
    children,
    decode_world,
    encode_world,
)


class Shelf(dict[bytes, Object]):
    """Objects in memory."""

    def fetch(self, names: Iterable[bytes]) -> dict[bytes, Object]:
        return {name: self[name] for name in names if name in self}


def small_up_to(size: int) -> AbstractContextManager[Any]:
    """Let worlds be one object up to a size; with 0, all are trees, as large ones are."""
    return patch("worldkit.stores.local.objects.MAX_SMALL_WORLD_BYTES", size)


SIZES = st.sampled_from([0, MAX_SMALL_WORLD_BYTES])


@settings(max_examples=60, deadline=None)
@given(documents(), SIZES)
def test_a_world_comes_back_letter_for_letter(document: Json, size: int) -> None:
    world = wk.World.from_dict(document)
    with small_up_to(size):
        tree, objects = encode_world(world)
    back = decode_world(tree.root, Shelf(objects).fetch)
    assert back.world.to_json() == world.to_json()
    assert back.digests == tree.digests == objects.keys()


@settings(max_examples=60, deadline=None)
@given(documents(), documents(), st.booleans(), SIZES)
def test_equal_roots_are_equal_texts_and_nothing_else(a: Json, b: Json, same: bool, size: int) -> None:
    one, two = wk.World.from_dict(a), wk.World.from_dict(a if same else b)
    with small_up_to(size):
        assert (encode_world(one)[0].root == encode_world(two)[0].root) == (one.to_json() == two.to_json())


@settings(max_examples=60, deadline=None)
@given(documents(max_states=6), st.data(), SIZES)
def test_what_an_edit_leaves_alone_is_not_written_again(document: Json, data: st.DataObject, size: int) -> None:
    world = wk.World.from_dict(document)
    state = data.draw(st.sampled_from(sorted(world.raw["scene"]["states"])))
    after = world.apply([{"op": "set_field", "state": state, "field": "base", "value": "Something else altogether."}])
    with small_up_to(size):
        base, first = encode_world(world)
        tree, objects = encode_world(after, base)
        alone, whole = encode_world(after)
    assert tree.root == alone.root and tree.digests == alone.digests
    assert objects.keys() == whole.keys() - first.keys()
    assert sum(kind == ITEM for kind, _ in objects.values()) <= 1
    assert decode_world(tree.root, Shelf(first | objects).fetch).world.to_json() == after.to_json()


def test_a_small_world_is_one_object_and_a_larger_one_a_tree() -> None:
    bench = wk.samples.load("bench")
    tree, objects = encode_world(bench)
    assert [kind for kind, _ in objects.values()] == [WORLD] and tree.digests == {tree.root}
    assert encode_world(bench, tree)[1] == {}
    long = bench.apply(
        [{"op": "set_field", "state": "lane", "field": "base", "value": "Rain. " * (MAX_SMALL_WORLD_BYTES // 6)}]
    )
    for world, base in ((long, tree), (rooms(MAX_SMALL_WORLD_ITEMS // 2 + 1), None)):
        large, objects = encode_world(world, base)
        assert {kind for kind, _ in objects.values()} == {ITEM, NODE}
        assert decode_world(large.root, Shelf(objects).fetch).world == world
    back, objects = encode_world(bench, encode_world(long)[0])
    assert back.root == tree.root and [*objects] == [tree.root]


@pytest.mark.parametrize("at", [0, 500, 999])
def test_a_state_put_in_anywhere_costs_a_handful_of_objects(at: int) -> None:
    world = rooms(1000)
    base, _ = encode_world(world)
    states = list(world.raw["scene"]["states"].items())
    states.insert(at, ("cellar", {"base": "A cellar with one step missing."}))
    raw = {**world.raw, "scene": {**world.raw["scene"], "states": dict(states)}}
    _, objects = encode_world(wk.World.from_dict(raw), base)
    assert sum(kind == ITEM for kind, _ in objects.values()) == 1
    assert len(objects) < 12


def test_a_thousand_equal_events_are_kept_once_and_come_back() -> None:
    event = {"name": "again", "kind": "override", "from": ["lane"], "base": "Again."}
    world = wk.World.from_dict({"scene": {"states": {"lane": {"base": "A lane."}}, "events": [event] * 1000}})
    tree, objects = encode_world(world)
    assert 2 < len(objects) < 30
    assert decode_world(tree.root, Shelf(objects).fetch).world == world


def test_no_node_grows_beyond_its_bound() -> None:
    _, objects = encode_world(rooms(3000))
    assert max(len(children(body)) for kind, body in objects.values() if kind == NODE) <= MAX_NODE_DIGESTS


@pytest.mark.parametrize("size", [0, MAX_SMALL_WORLD_BYTES])
def test_an_object_that_is_changed_or_missing_is_noticed(size: int) -> None:
    with small_up_to(size):
        tree, objects = encode_world(wk.samples.load("bench"))
    for name in objects:
        kind, body = objects[name]
        with pytest.raises(Missing, match=name.hex()):
            decode_world(tree.root, Shelf({**objects, name: (kind, body + b" ")}).fetch)
        for other_kind in {ITEM, NODE, WORLD, 3} - {kind}:
            with pytest.raises(Missing, match=name.hex()):
                decode_world(tree.root, Shelf({**objects, name: (other_kind, body)}).fetch)
        with pytest.raises(Missing, match=name.hex()):
            decode_world(tree.root, Shelf({key: objects[key] for key in objects if key != name}).fetch)
