"""Many worlds in a call: the same as one call for each, all or none, and nobody waits for a slow iterator."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.store.worlds import lane, rooms
from tests.strategies import Json, documents
from worldkit.stores.local import store_bulk


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(documents=st.lists(documents(), max_size=5), batch=st.integers(1, 4), data=st.data())
def test_many_worlds_are_stored_and_read_as_one_by_one(
    store: wk.Store, documents: list[Json], batch: int, data: st.DataObject
) -> None:
    worlds = [wk.World.from_dict(document) for document in documents]
    stored = store.create_many(worlds)
    assert [one.world.to_json() for one in stored] == [world.to_json() for world in worlds]
    assert [ref.id for ref in store.list(limit=500)][: len(worlds)] == [one.id for one in reversed(stored)]
    ids = data.draw(st.lists(st.sampled_from([one.id for one in stored]), max_size=9)) if stored else []
    with patch.object(store_bulk, "WORLDS_PER_READ", batch):
        many = list(store.get_many(ids))
    one_by_one = [store.get(id) for id in ids]
    assert many == one_by_one
    assert [one.world.to_json() for one in many] == [one.world.to_json() for one in one_by_one]


def test_large_worlds_and_small_ones_are_read_together(store: wk.Store, bench: wk.StoredWorld) -> None:
    large, small = store.create_many([rooms(200), bench.world])
    store.apply(large.id, [{"op": "set_field", "state": "room_7", "field": "base", "value": "A cellar."}])
    read = list(store.get_many([small.id, large.id, bench.id]))
    assert [one.rev for one in read] == ["0", "1", "0"]
    assert read[1].world.states["room_7"].base == "A cellar."
    assert read[0].world == read[2].world == bench.world


def test_of_many_worlds_none_is_stored_when_one_cannot_be(store: wk.Store, bench: wk.StoredWorld) -> None:
    def worlds() -> Iterator[wk.World]:
        yield bench.world
        raise RuntimeError("the generator broke")

    with pytest.raises(RuntimeError, match="the generator broke"):
        store.create_many(worlds())
    for wrong in ([bench.world, {"scene": {}}], iter([bench.world, {"scene": {}}])):
        with pytest.raises(wk.WrongArgument, match="worlds: expected a list of"):
            store.create_many(wrong)  # type: ignore[arg-type]
    with pytest.raises(wk.WrongArgument):
        store.create_many(bench.world)  # type: ignore[arg-type]
    assert [ref.id for ref in store] == [bench.id]
    assert store.create_many([]) == []


def test_while_worlds_are_made_or_read_others_can_write(store: wk.Store, bench: wk.StoredWorld) -> None:
    def worlds() -> Iterator[wk.World]:
        for text in ("Rain.", "Snow."):
            store.apply(bench.id, lane(text))  # would wait for ever for a transaction that waits for it
            yield bench.world

    ids = [one.id for one in store.create_many(worlds())]
    with patch.object(store_bulk, "WORLDS_PER_READ", 1):
        read = store.get_many(ids)
        next(read)
        store.apply(ids[1], lane("Fog."))
        assert next(read).world.states["lane"].base == "Fog."


def test_a_world_of_no_such_id_is_named(store: wk.Store, bench: wk.StoredWorld) -> None:
    with pytest.raises(wk.NotFound, match="nowhere"):
        list(store.get_many([bench.id, "nowhere"]))
    with pytest.raises(wk.NotFound):
        list(store.space("other").get_many([bench.id]))
    with pytest.raises(wk.WrongArgument):
        store.get_many(bench.id)


def test_many_forks_record_where_they_came_from(store: wk.Store, bench: wk.StoredWorld) -> None:
    version = bench.snapshot("first")
    parent = bench.reload().world
    forks = store.create_many(parent.fork(f"copy {k}") for k in range(3))
    assert [(one.parent, one.parent_version) for one in forks] == [(bench.id, version.id)] * 3
    assert [store.base(one.id) for one in forks] == [parent] * 3


def test_many_worlds_are_part_of_the_transaction_around_them(store: wk.Store, bench: wk.StoredWorld) -> None:
    def create_and_fail() -> None:
        with store.transaction():
            ids = [one.id for one in store.create_many([bench.world] * 3)]
            assert [one.id for one in store.get_many(ids)] == ids
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        create_and_fail()
    assert [ref.id for ref in store] == [bench.id]
