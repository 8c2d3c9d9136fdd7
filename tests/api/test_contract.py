"""Exact operations said in the specification's words: exactly, or not at all."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.edit.ops_strategy import EXACT_MAKERS, MAKERS, messy_documents, operations, rich_documents
from tests.strategies import event_bodies
from worldkit.editing.batch import apply
from worldkit.editing.canonical import canonicalize
from worldkit.stores.api.fallback_ops import as_contract_ops, is_exact

Json = dict[str, Any]
LAWS = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
BENCH = wk.samples.load("bench")
NAMES = [event.name for event in BENCH.events]


def with_listed_sources(world: wk.World) -> wk.World:
    """Return a world whose events are all offered in lists."""
    raw = world.to_dict()
    for event in raw["scene"]["events"]:
        event["from"] = [event["from"]] if isinstance(event["from"], str) else event["from"]
    return wk.World.from_dict(raw)


@given(st.data())
@LAWS
def test_a_batch_is_said_exactly_or_refused(data: st.DataObject) -> None:
    world = wk.World.from_dict(data.draw(st.one_of(rich_documents(), messy_documents())))
    makers = data.draw(st.sampled_from([None, EXACT_MAKERS]))
    batch = data.draw(st.lists(operations(world.raw, makers), min_size=1, max_size=3))
    try:
        expected = apply(world, batch).world
    except wk.OpError:
        if any(map(is_exact, batch)):
            with pytest.raises(wk.OpError):
                as_contract_ops(world, canonicalize(batch))
        return
    with contextlib.suppress(wk.OpError):
        contract_ops = as_contract_ops(world, canonicalize(batch))
        assert not any(map(is_exact, contract_ops))
        world_after = apply(world, contract_ops).world if contract_ops else world
        assert with_listed_sources(world_after) == with_listed_sources(expected)


@given(st.data())
@LAWS
def test_any_order_of_any_events_can_be_said(data: st.DataObject) -> None:
    here = st.sampled_from(list(BENCH.states))
    bodies = data.draw(st.lists(event_bodies([data.draw(here)]), max_size=5))
    new = [{"name": f"new {n}", **{k: v for k, v in body.items() if v is not None}} for n, body in enumerate(bodies)]
    for event in new:
        if event["kind"] == "transition":
            event["to"] = data.draw(here)
    old_events = [event for event in BENCH.raw["scene"]["events"] if data.draw(st.booleans())]
    events = data.draw(st.permutations([*old_events, *new]))
    expected = wk.World.from_dict({**BENCH.raw, "scene": {**BENCH.raw["scene"], "events": events}})
    contract_ops = as_contract_ops(BENCH, wk.diff(BENCH, expected).ops)
    assert not any(map(is_exact, contract_ops)) and (BENCH.apply(contract_ops) if contract_ops else BENCH) == expected


@given(st.data())
@LAWS
def test_every_step_back_from_an_edit_of_an_event_or_a_field_can_be_said(data: st.DataObject) -> None:
    world = wk.World.from_dict(data.draw(rich_documents()))
    kinds = ("set_event_", "update_event", "delete_event", "add_event", "set_field", "update_state", "set_subject")
    makers = {name: make for name, make in MAKERS.items() if name.startswith(kinds)}
    with contextlib.suppress(wk.OpError):
        result = apply(world, [data.draw(operations(world.raw, makers))])
        if any(
            None in body.values() for body in [*world.raw["scene"]["events"], *world.raw["scene"]["states"].values()]
        ):
            return  # the specification has no word for a null that is kept
        contract_ops = as_contract_ops(result.world, result.inverse)
        assert (result.world.apply(contract_ops) if contract_ops else result.world) == world


@pytest.mark.parametrize(
    ("batch", "contract_ops"),
    [
        (
            [{"op": "put_event", "name": NAMES[0], "event": None}],
            [{"op": "delete_event", "name": NAMES[0]}],
        ),
        (
            [{"op": "put_state", "id": "lane", "state": {**BENCH.raw["scene"]["states"]["lane"], "base": "Rain."}}],
            [{"op": "update_state", "id": "lane", "patch": {"base": "Rain."}}],
        ),
        ([{"op": "put_world", "set": {"subject": "A courier."}}], [{"op": "set_subject", "subject": "A courier."}]),
        (
            [{"op": "put_state", "id": "attic", "state": {"base": "Dust."}}],
            [{"op": "add_state", "id": "attic", "state": {"base": "Dust."}}],
        ),
    ],
)
def test_what_is_sent_is_what_a_person_would_write(batch: list[Json], contract_ops: list[Json]) -> None:
    assert as_contract_ops(BENCH, batch) == contract_ops


def test_the_contracts_own_operations_of_a_batch_stay_as_they_are() -> None:
    mission = {"id": "m", "title": "Find it", "objectives": [{"id": "o", "text": "Look", "location": "lane"}]}
    own = canonicalize([{"op": "add_mission", "mission": mission}])
    batch = [*own, {"op": "put_world", "set": {"narrate": True}}]
    assert as_contract_ops(BENCH, batch) == [*own, {"op": "set_narrate", "narrate": True}]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ({"op": "put_state", "id": "attic", "state": {"base": "Dust."}, "at": 0}, "↕ state attic"),
        ({"op": "put_state", "id": "lane", "state": {"base": "Rain.", "x": None}}, "~ state lane x: absent → null"),
        (
            {"op": "put_event", "event": {"name": "n", "kind": "override", "from": ["lane"], "x": None}},
            "~ event n x: absent",
        ),
        ({"op": "put_world", "set": {"music": "m.mp3"}}, '~ world music: absent → "m.mp3"'),
        ({"op": "put_world", "set": {"name": "Other"}}, '~ world name: .* → "Other"'),
        ({"op": "put_state", "id": "lane", "state": None, "force": True}, "specification"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason_and_the_place(step: Json, why: str) -> None:
    batch = [{"op": "set_narrate", "narrate": True}, step]
    apply(BENCH, batch)
    with pytest.raises(wk.OpError, match=why) as error:
        as_contract_ops(BENCH, batch)
    assert (error.value.index, error.value.op) == (1, step["op"])
    assert "this server takes" in str(error.value)
