"""A batch as a hosted server applies it: what can be applied is, the rest is listed and leaves no trace."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.edit.ops_strategy import messy_documents, operations, rich_documents
from worldkit.core.profile import HOSTED
from worldkit.editing.partial import apply_in_part, state_uses

Json = dict[str, Any]
LAWS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
BENCH = wk.samples.load("bench")


@st.composite
def batches(draw: st.DrawFn) -> tuple[wk.World, list[Any]]:
    world = wk.World.from_dict(draw(st.one_of(rich_documents(), messy_documents())))
    junk = st.one_of(st.none(), st.integers(), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
    return world, draw(st.lists(st.one_of(operations(world.raw), junk), max_size=6))


@LAWS
@given(batches())
def test_every_operation_is_applied_or_listed_and_those_applied_give_the_same_by_themselves(
    batch: tuple[wk.World, list[Any]],
) -> None:
    world, ops = batch
    before = world.to_json()
    result = apply_in_part(world, ops)
    assert len(result.ops) + len(result.errors) == len(ops) and world.to_json() == before
    assert all(HOSTED.takes(op["op"]) for op in result.ops)
    assert all(str(error).startswith(f"{error.op}: ") and error.reason for error in result.errors)
    again = apply_in_part(world, result.ops)
    assert not again.errors and again.world.to_json() == result.world.to_json()


@LAWS
@given(batches())
def test_where_the_local_vocabulary_takes_a_hosted_batch_that_deletes_no_state_both_give_the_same(
    batch: tuple[wk.World, list[Any]],
) -> None:
    world, ops = batch
    hosted_ops = [
        op for op in ops if isinstance(op, dict) and HOSTED.takes(str(op.get("op"))) and op["op"] != "delete_state"
    ]
    try:
        local = world.apply(hosted_ops)
    except wk.OpError:
        return
    result = apply_in_part(world, hosted_ops)
    assert not result.errors and result.world.to_json() == local.to_json()


@LAWS
@given(rich_documents(), st.data())
def test_a_state_is_deleted_if_and_only_if_nothing_uses_it(document: Json, data: st.DataObject) -> None:
    world = wk.World.from_dict(document)
    id = data.draw(st.sampled_from(list(world.raw["scene"]["states"])))
    result = apply_in_part(world, [{"op": "delete_state", "id": id}])
    uses = state_uses(world.raw, world.raw["scene"]["events"], id)
    assert (id in result.world.states) == bool(uses) == bool(result.errors)


def test_use_is_judged_when_the_turn_of_an_operation_comes() -> None:
    ops: list[Json] = [
        {"op": "delete_state", "id": "two_mittens"},
        *({"op": "delete_event", "name": event.name} for event in BENCH.events if event.to == "two_mittens"),
        {"op": "delete_state", "id": "two_mittens"},
    ]
    result = apply_in_part(BENCH, ops)
    assert [error.index for error in result.errors] == [0] and "two_mittens" not in result.world.states


def test_references_are_left_to_the_gate() -> None:
    event = {"op": "add_event", "kind": "transition", "from": "nowhere", "to": "elsewhere"}
    result = apply_in_part(BENCH, [event])
    assert not result.errors and result.world.raw["scene"]["events"][-1]["name"] == "go_to_elsewhere"
    assert "dangling-ref" in {finding.lint for finding in result.world.lint().errors}
