"""A store in a file of its own, and the sample world in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import worldkit as wk
from tests.store.worlds import lane


@pytest.fixture
def store(tmp_path: Path) -> Iterator[wk.Store]:
    with wk.Store(tmp_path / "worlds.db") as opened_store:
        yield opened_store


@pytest.fixture
def bench(store: wk.Store) -> wk.StoredWorld:
    return store.create(wk.samples.load("bench"), name="bench")


@pytest.fixture
def full(store: wk.Store, bench: wk.StoredWorld) -> wk.Store:
    """A store with a branch of versions, a fork and positions."""
    first = bench.snapshot("first")
    bench.apply(lane("Rain.")).snapshot("rain")
    bench.checkout(first.id).apply(lane("Snow.")).snapshot("snow")
    store.place(bench.id, {"lane": (1, 2.5)})
    store.annotate(bench.id, {"regions": {"a": {"name": "Act one", "states": ["lane"]}}})
    store.describe(bench.id, visibility="public")
    store.fork(bench.id, name="darker")
    return store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[wk.Store]:
    with wk.Store(tmp_path / "other.db") as opened_store:
        yield opened_store
