"""Content addressing: a world comes back exactly, and what two worlds share is kept once."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.store.worlds import rooms
from tests.strategies import Json, documents
from worldkit.stores.local.objects import ITEM, LARGEST, NODE, Missing, Object, children, decoded, encoded


class Shelf(dict[bytes, Object]):
    """Objects in memory."""

    def fetch(self, names: Iterable[bytes]) -> dict[bytes, Object]:
        return {name: self[name] for name in names if name in self}


@settings(max_examples=40, deadline=None)
@given(documents())
def test_a_world_comes_back_letter_for_letter(document: Json) -> None:
    world = wk.World.from_dict(document)
    tree, made = encoded(world)
    back = decoded(tree.root, Shelf(made).fetch)
    assert back.world.to_json() == world.to_json()
    assert back.digests == tree.digests == made.keys()


@settings(max_examples=40, deadline=None)
@given(documents(), documents(), st.booleans())
def test_equal_roots_are_equal_texts_and_nothing_else(a: Json, b: Json, same: bool) -> None:
    one, two = wk.World.from_dict(a), wk.World.from_dict(a if same else b)
    assert (encoded(one)[0].root == encoded(two)[0].root) == (one.to_json() == two.to_json())


@settings(max_examples=40, deadline=None)
@given(documents(max_states=6), st.data())
def test_what_an_edit_leaves_alone_is_not_written_again(document: Json, data: st.DataObject) -> None:
    world = wk.World.from_dict(document)
    state = data.draw(st.sampled_from(sorted(world.raw["scene"]["states"])))
    after = world.apply([{"op": "set_field", "state": state, "field": "base", "value": "Something else altogether."}])
    base, first = encoded(world)
    tree, made = encoded(after, base)
    alone, whole = encoded(after)
    assert tree.root == alone.root and tree.digests == alone.digests
    assert made.keys() == whole.keys() - first.keys()
    assert sum(kind == ITEM for kind, _ in made.values()) <= 1
    assert decoded(tree.root, Shelf(first | made).fetch).world.to_json() == after.to_json()


@pytest.mark.parametrize("at", [0, 500, 999])
def test_a_state_put_in_anywhere_costs_a_handful_of_objects(at: int) -> None:
    world = rooms(1000)
    base, _ = encoded(world)
    states = list(world.raw["scene"]["states"].items())
    states.insert(at, ("cellar", {"base": "A cellar with one step missing."}))
    raw = {**world.raw, "scene": {**world.raw["scene"], "states": dict(states)}}
    _, made = encoded(wk.World.from_dict(raw), base)
    assert sum(kind == ITEM for kind, _ in made.values()) == 1
    assert len(made) < 12


def test_a_thousand_equal_events_are_kept_once_and_come_back() -> None:
    event = {"name": "again", "kind": "override", "from": ["lane"], "base": "Again."}
    world = wk.World.from_dict({"scene": {"states": {"lane": {"base": "A lane."}}, "events": [event] * 1000}})
    tree, made = encoded(world)
    assert len(made) < 30
    assert decoded(tree.root, Shelf(made).fetch).world == world


def test_no_node_grows_beyond_its_bound() -> None:
    _, made = encoded(rooms(3000))
    assert max(len(children(body)) for kind, body in made.values() if kind == NODE) <= LARGEST


def test_an_object_that_is_changed_or_missing_is_noticed() -> None:
    tree, made = encoded(wk.samples.load("bench"))
    for name in made:
        kind, body = made[name]
        with pytest.raises(Missing, match=name.hex()):
            decoded(tree.root, Shelf({**made, name: (kind, body + b" ")}).fetch)
        with pytest.raises(Missing, match=name.hex()):
            decoded(tree.root, Shelf({key: made[key] for key in made if key != name}).fetch)
