"""Laws of play, on random worlds (some with rule errors) and random runs."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.worlds import do, going_back, inputs, names, play_inputs, playable
from worldkit import NotAvailable, Position, Session, SessionEvent, Trace, World, replay
from worldkit.core import json_values
from worldkit.playing.machine import available_events, resolve, step
from worldkit.playing.notices import notices_of
from worldkit.playing.transition_table import Action, table_of
from worldkit.playing.view import view

modest = settings(max_examples=50, deadline=None)


@modest
@given(playable(), inputs)
def test_flags_and_used_only_grow_within_a_run(world: World, run: list[tuple[str, int]]) -> None:
    session = Session(world)
    for what, number in run:
        before = session.position
        do(session, what, number)
        assert before.flags <= session.flags
        assert before.used <= session.used


@modest
@given(playable(), going_back, st.booleans())
def test_the_same_world_seed_and_inputs_give_the_same_trace(
    world: World, run: list[tuple[str, int]], past: bool
) -> None:
    again = World.from_dict(world.to_dict())
    one = play_inputs(world, run, seed=7, past_endings=past)
    two = play_inputs(again, run, seed=7, past_endings=past)
    assert one.trace == two.trace
    assert (one.position, one.clock, one.line) == (two.position, two.clock, two.line)


@modest
@given(playable(), inputs, st.integers(0, 20))
def test_undo_then_refire_gives_the_same_position(world: World, run: list[tuple[str, int]], pick: int) -> None:
    session = play_inputs(world, run)
    can = names(session)
    if can:
        before = (session.position, session.clock, session.line, session.trace)
        name = can[pick % len(can)]
        step = session.fire(name)
        after = (session.position, session.clock, session.line, session.trace)
        session.undo()
        assert (session.position, session.clock, session.line, session.trace) == before
        assert session.fire(name) == step
        assert (session.position, session.clock, session.line, session.trace) == after


@modest
@given(playable(), inputs)
def test_undoing_everything_leads_back_to_the_start(world: World, run: list[tuple[str, int]]) -> None:
    session = play_inputs(world, run)
    start = Session(world)
    while session.can_undo:
        session.undo()
    assert (session.position, session.clock, session.line) == (start.position, 0, start.line)
    assert session.trace == start.trace


def _why_not(world: World, position: Position, name: str) -> tuple[str, set[str]]:
    """Say why a name cannot be fired, read off the document alone."""
    events = [event for event in world.raw["scene"]["events"] if event["name"] == name]
    if not events:
        return "unknown", set()
    if "ending" in world.raw["scene"]["states"][position.state]:
        return "over", set()
    here = [
        event
        for event in events
        if position.state in ([event["from"]] if isinstance(event["from"], str) else event["from"])
    ]
    unspent = [event for event in here if not (event.get("oneShot") and name in position.used)]
    if unspent:
        return "missing flags", set(unspent[0].get("requires", [])) - position.flags
    return ("used up" if here else "not here"), set()


@modest
@given(playable(), inputs)
def test_available_offers_fire_and_everything_else_is_refused_for_the_right_reason(
    world: World, run: list[tuple[str, int]]
) -> None:
    session = play_inputs(world, run)
    before = (session.position, session.clock, session.line, session.trace, session.can_undo)
    can = names(session)
    for name in can:
        session.fire(name)
        session.undo()
    others = {event.name for event in world.events} | {"no such event", "sequence:none"}
    for name in sorted(others - set(can)):
        with pytest.raises(NotAvailable, match=re.escape(repr(name))) as error:
            session.fire(name)
        assert (error.value.reason, set(error.value.missing)) == _why_not(world, session.position, name)
    assert (session.position, session.clock, session.line, session.trace, session.can_undo) == before


@modest
@given(playable(), inputs)
def test_offers_are_what_the_document_says(world: World, run: list[tuple[str, int]]) -> None:
    position = (session := play_inputs(world, run)).position
    for is_hidden, offers in ((False, session.offers), (True, session.hidden_offers)):
        expected = []
        for event in [] if session.ended else world.raw["scene"]["events"]:
            sources = [event["from"]] if isinstance(event["from"], str) else event["from"]
            is_used_up = event.get("oneShot", False) and event["name"] in position.used
            has_flags = set(event.get("requires", [])) <= position.flags
            here = position.state in sources and not is_used_up and event.get("hidden", False) == is_hidden
            if here and (has_flags or "lockedHint" in event):
                expected.append((event["name"], has_flags, None if has_flags else event["lockedHint"]))
        assert [(o.name, o.available, o.hint) for o in offers if o.kind != "sequence"] == expected


@modest
@given(playable(), going_back, st.booleans())
def test_replaying_a_trace_reproduces_the_run(world: World, run: list[tuple[str, int]], past: bool) -> None:
    session = play_inputs(world, run, seed=3, past_endings=past)
    again = replay(world, session.trace)
    assert (again.position, again.clock, again.line) == (session.position, session.clock, session.line)
    assert again.trace == session.trace
    assert again.trail == session.trail


@modest
@given(playable(), inputs)
def test_a_replayed_run_goes_on_as_the_run_would_have(world: World, run: list[tuple[str, int]]) -> None:
    session = play_inputs(world, run)
    again = replay(world, session.trace)
    for one in (session, again):
        one.travel(700)
        one.wait(900)
    assert again.trace == session.trace


@modest
@given(playable(), inputs)
def test_traces_survive_json(world: World, run: list[tuple[str, int]]) -> None:
    trace = play_inputs(world, run, seed=11).trace
    text = trace.to_json()
    assert Trace.from_json(text) == trace
    assert Trace.from_dict(json.loads(json.dumps(trace.to_dict()))) == trace
    assert replay(world, text).trace == trace
    assert len(trace) == len(trace.steps) == len(trace.events)
    assert Position.from_dict(json.loads(json.dumps(trace.start.to_dict()))) == trace.start


@modest
@given(playable(), inputs)
def test_after_an_ending_nothing_is_offered_and_nothing_fires_by_itself(
    world: World, run: list[tuple[str, int]]
) -> None:
    session = play_inputs(world, run)
    if session.ended:
        assert session.offers == session.hidden_offers == []
        assert session.wait(60_000) == session.travel(60_000) == ()


@modest
@given(playable(), inputs)
def test_the_session_agrees_with_the_pure_step(world: World, run: list[tuple[str, int]]) -> None:
    session = play_inputs(world, run)
    table = table_of(world)
    offers = [o.name for o in session.offers + session.hidden_offers if o.available and o.kind != "sequence"]
    assert sorted(action.name for action in available_events(table, session.position)) == sorted(offers)
    for name in names(session):
        resolution = resolve(table, session.position, name)
        if isinstance(resolution, Action):
            after, effects = step(session.position, resolution)
            move = session.fire(name)
            assert session.position == after
            assert (move.moved, move.granted, move.used) == (effects.moved, effects.granted, effects.used)
            session.undo()


@modest
@given(playable(), inputs)
def test_what_subscribers_hear_adds_up_to_the_run(world: World, run: list[tuple[str, int]]) -> None:
    session = Session(world)
    events: list[SessionEvent] = []
    for topic in ("enter", "leave", "fire", "land", "grant", "end", "wait"):
        session.on(topic, events.append)
    start = session.position
    for what, number in run:
        do(session, what, number)
    state, flags = start.state, set(start.flags)
    for happening in events:
        match happening.topic:
            case "leave":
                assert happening.state == state
            case "enter":
                state = happening.state
            case "grant":
                assert not flags & set(happening.flags)
                flags |= set(happening.flags)
            case "land":
                assert happening.state == state
    assert (state, flags) == (session.state, session.flags)
    firings = [happening.event for happening in events if happening.topic == "fire"]
    assert firings == list(session.trace.events)
    assert [happening.at for happening in events] == sorted(happening.at for happening in events)


@modest
@given(playable(), inputs, st.sampled_from(["enter", "leave", "fire", "land", "grant", "wait", "end", "locked"]))
def test_a_subscriber_that_raises_changes_nothing_of_the_run(
    world: World, run: list[tuple[str, int]], topic: str
) -> None:
    def fail(happening: SessionEvent) -> None:
        raise RuntimeError(happening.topic)

    plain, failing = Session(world), Session(world)
    failing.on(topic, fail)
    for what, number in run:
        do(plain, what, number)
        do(failing, what, number)
    assert failing.trace == plain.trace
    assert failing.position == plain.position


@modest
@given(playable(), inputs)
def test_playing_leaves_the_world_as_it_was(world: World, run: list[tuple[str, int]]) -> None:
    before = json_values.dumps(world.raw)
    session = play_inputs(world, run)
    view(session)
    assert json_values.dumps(world.raw) == before


@modest
@given(playable(), going_back)
def test_the_view_is_json_at_every_point(world: World, run: list[tuple[str, int]]) -> None:
    session = play_inputs(world, run)
    view_json = view(session, notices=notices_of(session.trace))
    assert json.loads(json.dumps(view_json, allow_nan=False)) == view_json
    assert view_json["trail"][-1]["state"] == session.state
    assert repr(session)
    assert "<script" not in session._repr_html_()


@modest
@given(playable(), st.lists(st.integers(0, 400), min_size=1, max_size=6), st.booleans())
def test_a_wait_may_be_cut_in_pieces(world: World, pieces: list[int], forward: bool) -> None:
    raw = world.to_dict()
    for event in raw["scene"]["events"]:
        for field in ("phases", "minPlayMs"):
            event.pop(field, None)
    whole, in_pieces = Session(World.from_dict(raw)), Session(World.from_dict(raw))
    for session, times in ((whole, [sum(pieces)]), (in_pieces, pieces)):
        for ms in times:
            session.travel(ms) if forward else session.wait(ms)
    assert whole.trace == in_pieces.trace
    assert (whole.position, whole.clock) == (in_pieces.position, in_pieces.clock)
