"""Idempotency keys: the same key again returns the first answer and does nothing."""

from __future__ import annotations

import pytest

import worldkit as wk
from tests.store.worlds import lane, rooms


def test_the_same_key_makes_one_world(store: wk.Store) -> None:
    first = store.create(rooms(2), name="one", idempotency_key="k")
    store.apply(first.id, [{"op": "delete_state", "id": "room_1"}])
    again = store.create(rooms(3), name="two", idempotency_key="k")
    assert again == first and again.world == first.world
    assert [ref.id for ref in store] == [first.id]
    assert store.create(rooms(2), idempotency_key="other").id != first.id


def test_the_same_key_edits_once_even_against_a_revision_that_is_stale_by_then(
    store: wk.Store, bench: wk.StoredWorld
) -> None:
    ops = [{"op": "delete_state", "id": "lane"}]
    first = bench.apply(ops, idempotency_key="k")
    store.apply(bench.id, [{"op": "add_state", "id": "attic", "base": "An attic."}])
    again = bench.apply(ops, idempotency_key="k")
    assert again == first and again.diagnostics == first.diagnostics and again.diagnostics
    assert bench.reload().rev == "2"


def test_the_same_key_snapshots_and_forks_once(store: wk.Store, bench: wk.StoredWorld) -> None:
    assert [store.snapshot(bench.id, "a", idempotency_key="k") for _ in range(2)] == [*bench.versions()] * 2
    assert store.fork(bench.id, idempotency_key="k") == store.fork(bench.id, idempotency_key="k")
    assert store.usage()["worlds"] == 2


def test_a_call_that_was_refused_leaves_its_key_free(store: wk.Store, bench: wk.StoredWorld) -> None:
    bench.apply(lane("Rain."))
    with pytest.raises(wk.Conflict):
        bench.apply(lane("Snow."), idempotency_key="k")
    assert store.apply(bench.id, lane("Snow."), idempotency_key="k").rev == "2"


def test_a_remembered_answer_survives_compacting_and_a_deleted_world_takes_its_keys_along(
    store: wk.Store, bench: wk.StoredWorld
) -> None:
    first = bench.apply(lane("Rain."), idempotency_key="k")
    first.apply(lane("Snow."))
    store.compact()
    with wk.Store(store.database.place) as fresh:
        assert fresh.apply(bench.id, [], idempotency_key="k").world == first.world
    bench.delete()
    with pytest.raises(wk.NotFound):
        store.apply(bench.id, lane("Rain."), idempotency_key="k")
