"""A run is carried over to an edited world, and what no longer holds is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growing import BATCHES, crowded
from worldkit import InvalidWorld, Position, Session, World
from worldkit.playing.rebase import adopt, rebase, snapshot
from worldkit.playing.renames import Renames, renames_of


def go(name: str, source: str, to: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "transition", "from": [source], "to": to, **more}


def world() -> World:
    states = {id: {"base": f"{id}."} for id in ("lane", "gate", "yard", "hall")}
    states["hall"]["ending"] = {"kind": "win", "title": "HOME"}  # type: ignore[assignment]
    take = {"name": "take", "kind": "override", "from": ["gate"], "grants": ["key"], "oneShot": True}
    events = [go("walk", "lane", "gate"), take, go("cross", "gate", "yard"), go("enter", "yard", "hall")]
    return World.from_dict({"entrance": {"state": "lane"}, "scene": {"states": states, "events": events}})


def run() -> Session:
    session = Session(world(), seed=3)
    for event in ("walk", "take", "cross"):
        session.fire(event)
    return session


def world_after(*ops: dict[str, Any]) -> World:
    return world().apply(ops)


def test_a_run_that_holds_goes_on_whole_and_says_nothing() -> None:
    session = run()
    result = rebase(session, world_after({"op": "add_state", "id": "attic", "base": "Cedar."}))
    assert (result.outcome, result.message, result.index) == ("run", "", None)
    assert result.session.trace == session.trace and result.session.position == session.position
    assert result.session.undo().state == "gate"
    assert session.state == "yard", "the session itself is left as it is"


def test_renames_of_states_and_events_are_followed() -> None:
    changed = world_after(
        {"op": "rename_state", "from": "yard", "to": "court"},
        {"op": "update_event", "name": "take", "patch": {"name": "pick_up"}},
    )
    result = rebase(run(), changed, Renames({"yard": "court"}, {"take": "pick_up"}))
    assert result.outcome == "run"
    assert result.session.position == Position("court", frozenset({"key"}), frozenset({"pick_up"}))
    assert result.session.trace.events == ("walk", "pick_up", "cross")


def test_the_position_stays_when_the_way_to_it_no_longer_holds() -> None:
    session = run()
    result = rebase(session, world_after({"op": "delete_event", "name": "take"}))
    assert (result.outcome, result.index) == ("position", 1)
    assert result.session.position == session.position
    assert "Step 2 no longer holds" in result.message and "still in" in result.message
    assert result.session.undo().state == "gate", "undo goes back to the last point that holds"


def test_a_run_that_ends_as_it_began_is_not_called_whole_when_its_steps_no_longer_hold() -> None:
    before = world_after({"op": "add_event", "event": go("back", "gate", "lane")})
    session = Session(before)
    session.fire("walk")
    session.fire("back")
    result = rebase(session, before.apply([{"op": "update_event", "name": "walk", "patch": {"grants": ["mud"]}}]))
    assert (result.outcome, result.index) == ("position", 0)
    assert result.session.position == session.position
    assert "Step 1 no longer holds" in result.message and "the trail begins here" in result.message


def test_a_last_wait_that_no_longer_holds_leaves_the_run_whole() -> None:
    session = run()
    session.wait(5000)
    chime = {"name": "chime", "kind": "override", "from": ["yard"], "autoAfterMs": 1000}
    result = rebase(session, world_after({"op": "add_event", "event": chime}))
    assert (result.outcome, result.message) == ("run", "")
    assert (result.session.trace.events, result.session.clock) == (session.trace.events, 0)


def test_a_state_that_is_gone_leads_back_to_the_last_point_that_holds() -> None:
    result = rebase(run(), world_after({"op": "delete_state", "id": "yard"}))
    assert (result.outcome, result.session.state, result.index) == ("trail", "gate", 2)
    assert result.session.flags == {"key"}
    assert '"yard" is gone' in result.message and "after 2 steps" in result.message


def test_without_its_beginning_a_run_begins_again() -> None:
    session = Session(world(), at=Position("yard"))
    result = rebase(session, world_after({"op": "delete_state", "id": "yard"}))
    assert (result.outcome, result.session.state) == ("nothing", "lane")
    assert "begins again" in result.message


def test_a_world_without_states_cannot_be_gone_on_in() -> None:
    with pytest.raises(InvalidWorld):
        rebase(run(), World.from_dict({"scene": {"states": {}, "events": []}}))


def test_whoever_listens_goes_on_listening_in_the_new_world() -> None:
    session = run()
    states: list[str] = []
    session.on("hall", lambda happening: states.append(happening.state))
    adopt(session, rebase(session, world_after({"op": "add_state", "id": "attic", "base": "Cedar."})).session)
    session.fire("enter")
    assert states == ["hall"] and "attic" in session.world.states
    assert session.restart().state == "lane"


def test_a_snapshot_keeps_still() -> None:
    session = run()
    copy = snapshot(session)
    session.undo(3)
    assert (copy.state, copy.can_undo, session.can_undo) == ("yard", True, False)


def test_what_plays_is_played_on_in_real_time() -> None:
    states = {"a": {"base": "a"}, "b": {"base": "b"}}
    event = go("step", "a", "b", phases=[{"base": "Up.", "minMs": 2000}])
    before = World.from_dict({"entrance": {"state": "a"}, "scene": {"states": states, "events": [event]}})
    session = Session(before, mode="real-time")
    session.fire("step")
    session.wait(500)
    result = rebase(session, before.apply([{"op": "rename_state", "from": "b", "to": "c"}]), Renames({"b": "c"}))
    assert result.outcome == "run" and result.session.playing is not None
    result.session.finish()
    assert result.session.state == "c"


def test_renames_follow_one_another_and_cancel_out() -> None:
    there, back = Renames({"a": "b"}), Renames({"b": "a"})
    assert there.then(back) == Renames()
    assert there.then(Renames({"b": "c", "x": "y"})) == Renames({"a": "c", "x": "y"})


def test_what_a_batch_renames_is_read_off_its_operations_one_after_the_other() -> None:
    renames = renames_of(
        [
            {"op": "rename_state", "from": "lane", "to": "road"},
            {"op": "rename_event", "from": "go", "to": "walk"},
            {"op": "rename_state", "from": "road", "to": "street"},
            {"op": "update_event", "name": "walk", "patch": {"name": "stroll"}},
            {"op": "rename_flag", "from": "key", "to": "brass key"},
            {"op": "update_event", "name": "ring", "patch": {"base": "A bell."}},
        ]
    )
    assert (renames.state("lane"), renames.event("go"), renames.flag("key")) == ("street", "stroll", "brass key")
    position = renames.position(Position("lane", frozenset({"key", "lamp"}), frozenset({"go", "ring"})))
    assert position == Position("street", frozenset({"brass key", "lamp"}), frozenset({"stroll", "ring"}))


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=8))
def test_the_renames_of_a_batch_are_those_of_its_operations_one_after_the_other(pairs: list[tuple[str, str]]) -> None:
    one_by_one = Renames()
    for old, new in pairs:
        one_by_one = one_by_one.then(Renames(flags={old: new}))
    ops = [{"op": "rename_flag", "from": old, "to": new} for old, new in pairs]
    assert renames_of(ops) == one_by_one


@pytest.mark.parametrize("batch", BATCHES)
def test_what_an_editor_renames_is_followed_in_the_operations_of_a_run(batch: str) -> None:
    before = World.from_dict(crowded(4))
    session = Session(before)
    session.apply([BATCHES[batch](1)])
    renaming: list[dict[str, Any]] = [
        {"op": "rename_state", "from": "s1", "to": "hut"},
        {"op": "rename_event", "from": "go 1", "to": "stroll"},
        {"op": "rename_flag", "from": "f1", "to": "brass"},
    ]
    result = rebase(session, before.apply(renaming), Renames({"s1": "hut"}, {"go 1": "stroll"}, {"f1": "brass"}))
    assert (result.outcome, result.message) == ("run", "")
    world = session.world
    still_there = [world.states, world.events_by_name, world.flags]
    ops = [op for op, names in zip(renaming, still_there, strict=True) if op["from"] in names]
    expected, carried = world.apply(ops), result.session.world
    # what still names a thing that the run deleted names it by its new name
    assert carried.scene == expected.scene if batch.startswith("delete") else carried == expected


def test_what_a_run_renames_itself_keeps_the_name_that_the_run_gave_it() -> None:
    session = run()
    session.apply(
        [{"op": "rename_state", "from": "yard", "to": "court"}, {"op": "add_state", "id": "yard", "base": "Y."}]
    )
    session.apply([{"op": "set_field", "state": "yard", "field": "base", "value": "New."}])
    session.apply([{"op": "set_field", "state": "court", "field": "base", "value": "Old."}])
    renamed = world_after({"op": "rename_state", "from": "yard", "to": "close"})
    result = rebase(session, renamed, Renames({"yard": "close"}))
    assert (result.outcome, result.session.state) == ("run", "court")
    assert [result.session.world.states[id].base for id in ("yard", "court")] == ["New.", "Old."]
    assert [step.state for step in result.session.trace.steps] == ["gate", "gate", "close", "court", "court", "court"]
