"""Laws that hold for every operation on every world."""

from __future__ import annotations

import contextlib
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

from tests.edit.ops_strategy import MAKERS, OWN_MAKERS, messy_documents, operations, rich_documents, spellings
from tests.schemas import schema_problems
from worldkit import OpError, World
from worldkit.editing import refs
from worldkit.editing.batch import Applied, apply
from worldkit.editing.canonical import canonicalize

Json = dict[str, Any]

LAWS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def dangling(world: World) -> Any:
    raw = world.raw
    return refs.count_dangling(raw, raw["scene"]["states"], raw["scene"]["events"])


def attempt(world: World, batch: list[Json]) -> Applied | None:
    """Apply a batch, holding it to the laws of accepted and of refused batches; None when refused."""
    before = world.to_json()
    result = None
    with contextlib.suppress(OpError):
        result = apply(world, batch)
    assert world.to_json() == before
    return result


def holds_together(world: World) -> None:
    """Check that a world's typed parts are those its JSON gives."""
    read = World.from_dict(world.to_dict())
    assert read == world
    assert read.scene == world.scene
    assert (read.scene, read.raw) == (world.scene, world.raw)


@given(st.data())
@LAWS
def test_every_batch_keeps_the_laws(data: st.DataObject) -> None:
    world = World.from_dict(data.draw(st.one_of(rich_documents(), messy_documents())))
    for _ in range(data.draw(st.integers(1, 5))):
        batch = data.draw(st.lists(operations(world.raw), min_size=1, max_size=3))
        result = attempt(world, batch)
        if result is None:
            continue
        holds_together(result.world)
        back = apply(result.world, result.inverse)
        assert back.world == world
        assert back.world.to_json() == world.to_json()
        assert apply(back.world, back.inverse).world.to_json() == result.world.to_json()
        assert apply(world, result.ops).world.to_json() == result.world.to_json()
        assert canonicalize(result.ops) == result.ops
        assert canonicalize(result.inverse) == result.inverse
        assert [schema_problems(op, "ops") for op in (*result.ops, *result.inverse) if schema_problems(op, "ops")] == []
        assert all(schema_problems(note.to_dict(), "diagnostic") == [] for note in result.notes)
        world = result.world


@given(st.data())
@LAWS
def test_a_long_batch_does_what_its_operations_do_one_by_one_and_is_taken_back_exactly(data: st.DataObject) -> None:
    first = world = World.from_dict(data.draw(st.one_of(rich_documents(), messy_documents())))
    batch: list[Json] = []
    for _ in range(data.draw(st.integers(4, 16))):
        result = attempt(world, [data.draw(operations(world.raw))])
        if result is not None:
            batch, world = [*batch, *result.ops], result.world
    whole = attempt(first, batch)
    if whole is not None:
        holds_together(whole.world)
        assert whole.world.to_json() == world.to_json()
        assert apply(whole.world, whole.inverse).world.to_json() == first.to_json()


@given(st.data())
@LAWS
def test_no_edit_leaves_a_reference_that_names_nothing(data: st.DataObject) -> None:
    world = World.from_dict(data.draw(rich_documents()))
    assert not dangling(world)
    for _ in range(6):
        op = data.draw(operations(world.raw))
        op.pop("force", None)
        result = attempt(world, [op])
        if result is not None:
            assert not dangling(result.world)
            world = result.world


@given(st.data())
@LAWS
def test_a_log_of_operations_replays_to_the_same_bytes(data: st.DataObject) -> None:
    first = world = World.from_dict(data.draw(messy_documents()))
    log: list[Json] = []
    for _ in range(6):
        result = attempt(world, [data.draw(operations(world.raw))])
        if result is not None:
            log, world = [*log, *result.ops], result.world
    assert apply(first, log).world.to_json() == world.to_json()


@given(st.data())
@LAWS
def test_every_spelling_means_the_canonical_operation(data: st.DataObject) -> None:
    op = data.draw(operations(data.draw(rich_documents()), MAKERS))
    try:
        canonical = canonicalize([op])
    except OpError:
        return
    other = data.draw(spellings(op))
    assert canonicalize([other]) == canonical
    assert canonicalize(canonical) == canonical


@pytest.mark.parametrize("name", sorted({**MAKERS, **OWN_MAKERS}))
def test_every_operation_is_accepted_by_some_random_world(name: str) -> None:
    makers = {name: {**MAKERS, **OWN_MAKERS}[name]}

    @st.composite
    def tries(draw: st.DrawFn) -> Applied | None:
        world = draw(st.sampled_from(_random_worlds()))
        return attempt(world, [draw(operations(world.raw, makers))])

    many = settings(max_examples=500, deadline=None, database=None, **GENERATE_ONLY)
    assert find(tries(), lambda result: result is not None, settings=many, random=Random(1))


GENERATE_ONLY: dict[str, Any] = {"phases": [Phase.generate], "suppress_health_check": list(HealthCheck)}


@cache
def _random_worlds() -> list[World]:
    """Return worlds of all kinds, drawn once for all operations.

    One in thirteen has sequences, and which ones are drawn depends on the modules that are loaded: hypothesis takes
    constants from them. So there are many.
    """
    worlds: list[World] = []

    @seed(1)
    @settings(max_examples=150, deadline=None, database=None, **GENERATE_ONLY)
    @given(rich_documents())
    def draw(document: Json) -> None:
        worlds.append(World.from_dict(document))

    draw()
    return worlds


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.binary(), st.lists, max_leaves=3))
@settings(max_examples=60, deadline=None)
def test_whatever_is_given_as_a_batch_is_applied_or_refused_in_words(value: Any) -> None:
    world = World.from_dict({"scene": {"states": {}, "events": []}})
    with contextlib.suppress(OpError):
        assert apply(world, value).world == world
