"""Sessions that react: handlers that change the run and its world, what is recorded of that, and what keeps them in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.test_session import world
from tests.play.worlds import do, inputs, playable
from worldkit import (
    EndlessReactions,
    NotAssignable,
    NotAvailable,
    OpError,
    Position,
    RuleViolation,
    Session,
    SessionEvent,
    Trace,
    TraceError,
    World,
    WorldError,
    replay,
    samples,
)
from worldkit.playing import handlers
from worldkit.playing.session_view import run_of
from worldkit.playing.world_change import exact_ops

Json = dict[str, Any]

HINT = [{"op": "set_field", "state": "gate", "field": "base", "value": "A gate. A key glints in the grass."}]


def base(session: Session, state: str) -> str:
    return session.world.states[state].base


# ---- changing the world ------------------------------------------------------------------------


def test_apply_changes_the_world_from_now_on_and_leaves_the_player_where_they_stand() -> None:
    first = world()
    session = Session(first)
    session.fire("walk_up")
    step = session.apply(HINT)
    assert (step.event, step.by, step.state) == ("author:apply", "author", "gate")
    assert session.here.base.endswith("glints in the grass.")
    assert (session.position, session.clock) == (Position("gate", frozenset({"seen"})), 0)
    assert session.first_world is first
    assert base(Session(first), "gate") == "A gate."


def test_an_event_that_apply_adds_can_be_fired_at_once() -> None:
    session = Session(world())
    session.apply([{"op": "add_event", "event": {"name": "shout", "kind": "override", "from": ["lane"]}}])
    assert session.fire("shout").event == "shout"


def test_undo_goes_back_across_an_applied_change() -> None:
    session = Session(world())
    session.apply(HINT)
    session.fire("walk_up")
    changed = session.world
    assert base(session.undo(), "gate") == base(session, "gate") != "A gate."
    assert session.world is changed
    assert base(session.undo(), "gate") == "A gate."
    assert session.trace.steps == ()


def test_jumping_back_before_a_change_takes_it_back() -> None:
    session = Session(world())
    session.fire("walk_up")
    session.apply(HINT)
    assert base(session.jump(1), "gate") == "A gate."


def test_a_refused_batch_changes_nothing() -> None:
    session = Session(world())
    nowhere = {"name": "walk_up", "kind": "transition", "from": ["lane"], "to": "nowhere"}
    with pytest.raises(OpError):
        session.apply([*HINT, {"op": "delete_state", "id": "attic"}])
    with pytest.raises(RuleViolation):
        session.apply([{"op": "put_event", "index": 0, "event": nowhere, "force": True}], strict=True)
    assert (session.world, session.trace.steps, session.can_undo) == (session.first_world, (), False)


def test_the_state_the_player_is_in_cannot_be_taken_away() -> None:
    session = Session(world())
    session.fire("walk_up")
    with pytest.raises(WorldError, match='the player is in "gate", which the changed world does not have'):
        session.apply([{"op": "delete_state", "id": "gate"}])
    assert (session.state, len(session.trace)) == ("gate", 1)


def test_what_is_renamed_is_followed() -> None:
    session = Session(world())
    session.fire("walk_up")
    session.fire("take")
    session.apply(
        [
            {"op": "rename_state", "from": "gate", "to": "arch"},
            {"op": "update_event", "name": "take", "patch": {"name": "pick_up"}},
        ]
    )
    assert session.state == "arch"
    assert session.used == {"pick_up"}
    with pytest.raises(NotAvailable, match="used up"):
        session.fire("pick_up")


def test_a_timer_that_fired_does_not_fire_again_because_events_moved_in_the_list() -> None:
    session = Session(world())
    session.wait(1000)
    session.apply([{"op": "delete_event", "name": "walk_up"}])
    assert session.wait(5000) == ()


def test_a_new_narration_of_the_state_is_shown_at_once() -> None:
    session = Session(world())
    lines: list[str] = []
    session.on("line", lambda event: lines.append(event.text))
    session.apply([{"op": "update_state", "id": "lane", "patch": {"narration": "The lane, at dusk."}}])
    assert (session.line, lines) == ("The lane, at dusk.", ["The lane, at dusk."])


def test_a_state_that_becomes_an_ending_under_the_player_ends_the_run() -> None:
    session = Session(world())
    endings: list[str] = []
    session.on("end", lambda event: endings.append(event.state))
    session.apply([{"op": "set_state_ending", "state": "lane", "kind": "lose", "title": "Lost"}])
    assert (session.over, endings, session.offers) == (True, ["lane"], [])


def test_nothing_is_changed_while_something_plays() -> None:
    session = Session(world(), mode="real-time").observe(luminance=1)
    session.fire("walk_up")
    for change in (lambda: session.apply(HINT), lambda: session.rebase(world()), lambda: session.say("Hm.")):
        with pytest.raises(NotAvailable, match="is playing"):
            change()


def test_assigning_the_world_names_the_calls_that_change_it() -> None:
    session = Session(world())
    with pytest.raises(NotAssignable, match=r"session\.rebase\(world\)"):
        session.world = world()  # type: ignore[misc]
    assert isinstance(NotAssignable(""), (WorldError, AttributeError))


# ---- going on in another version ---------------------------------------------------------------


def test_rebase_goes_on_in_the_other_world_and_retry_begins_there() -> None:
    session = Session(world())
    session.fire("walk_up")
    other = world().apply(HINT)
    step = session.rebase(other)
    assert (step.event, session.world, session.position.state) == ("author:rebase", other, "gate")
    assert session.retry().world == other
    session.undo(2)
    assert session.world == session.first_world
    assert session.retry().world == session.first_world


def test_what_was_applied_in_a_run_is_not_in_the_next() -> None:
    session = Session(world())
    session.apply(HINT)
    assert base(session.retry(), "gate") == "A gate."
    assert base(session.undo(), "gate") != "A gate."
    assert base(session.restart(), "gate") == "A gate."
    session.rebase(world().apply(HINT))
    assert base(session.restart(), "gate") != "A gate."


def test_a_restart_follows_the_start_and_says_when_it_is_gone() -> None:
    renames = [
        {"op": "rename_state", "from": "gate", "to": "arch"},
        {"op": "update_event", "name": "take", "patch": {"name": "pick_up"}},
    ]
    session = Session(world(), at={"state": "gate", "flags": ["key"], "used": ["take"]})
    session.rebase(world().apply(renames), states={"gate": "arch"}, events={"take": "pick_up"})
    session.fire("open")
    assert session.restart().position == Position("arch", ["key"], ["pick_up"])
    assert session.undo(3).restart().position == Position("gate", ["key"], ["take"])
    session.undo().begin({"state": "lane"})
    session.rebase(world().apply([{"op": "delete_state", "id": "gate"}]))
    before = (session.trace, session.position)
    with pytest.raises(WorldError, match='this world has no state "gate", where the run began'):
        session.restart()
    assert (session.trace, session.position) == before


def test_rebase_can_be_told_what_the_place_is_called_now() -> None:
    world_with_rename = world().apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    session = Session(world())
    with pytest.raises(WorldError, match="say what the state is called now"):
        session.rebase(world_with_rename)
    assert session.rebase(world_with_rename, states={"lane": "road"}) and session.state == "road"
    assert replay(session.first_world, session.trace).world == world_with_rename


@pytest.mark.parametrize(
    ("states", "state"), [({"lane": "gate", "gate": "lane"}, "lane"), ({"lane": "gate", "gate": "arch"}, "arch")]
)
def test_names_that_are_exchanged_or_passed_on_are_followed(states: dict[str, str], state: str) -> None:
    events = {"take": "open", "open": "take"}
    names = [("rename_state", states), ("rename_event", events)]
    away = [{"op": op, "from": old, "to": f"{old} of before"} for op, pairs in names for old in pairs]
    back = [{"op": op, "from": f"{old} of before", "to": new} for op, pairs in names for old, new in pairs.items()]
    session = Session(world())
    session.fire("walk_up")
    session.fire("take")
    after = world().apply([*away, *back])
    session.rebase(after, states=states, events=events)
    assert (session.world, session.state, session.used) == (after, state, {"open"})
    assert replay(session.first_world, session.trace).position == session.position


def test_a_world_without_states_cannot_be_gone_on_in() -> None:
    with pytest.raises(WorldError):
        Session(world()).rebase(World.from_dict({"scene": {"states": {}, "events": []}}))


@settings(max_examples=60, deadline=None)
@given(playable(), playable())
def test_exact_operations_make_one_world_the_other(before: World, after: World) -> None:
    result = before.apply(exact_ops(before, after))
    assert result == after
    assert list(result.states) == list(after.states)
    assert exact_ops(before, before) == []


# ---- the trace ---------------------------------------------------------------------------------


def test_changes_are_recorded_and_replayed_exactly() -> None:
    session = Session(world())
    session.fire("walk_up")
    session.say("Somebody left a key.")
    session.apply(HINT)
    session.wait(300)
    session.rebase(session.world.apply([{"op": "delete_event", "name": "rain"}]))
    session.fire("take")
    session.stop("Enough.")
    trace = Trace.from_json(session.trace.to_json())
    assert trace == session.trace
    assert trace.events == (*("walk_up", "author:say", "author:apply", "author:rebase", "take", "author:stop"),)
    again = replay(session.first_world, trace)
    assert (again.trace, again.world, again.line, again.stopped) == (trace, session.world, session.line, "Enough.")
    assert hash(trace.steps[2]) == hash(again.trace.steps[2])


@pytest.mark.parametrize(
    "ops",
    [
        3,
        [3],
        [{"op": float("nan")}],
        [{"op": "put_world", "set": {"name": object()}}],
        [{"op": "nonsense"}],
        [{}],
        [{"op": "put_state", "id": "lane", "state": None, "force": True}],
        [{"op": "put_world", "set": {"x": [[]] * 3}, "remove": 7}],
    ],
)
@pytest.mark.parametrize("event", ["author:apply", "author:rebase"])
def test_a_hostile_trace_of_changes_is_refused_in_words(ops: Any, event: str) -> None:
    step = {"event": event, "by": "author", "at": 0, "from": "lane", "state": "lane", "ops": ops}
    trace = Session(world()).trace.to_dict() | {"steps": [step]}
    with pytest.raises(TraceError):
        replay(world(), trace)


def test_a_change_that_no_longer_holds_is_named() -> None:
    session = Session(world())
    session.fire("walk_up")
    session.apply([{"op": "delete_event", "name": "rain"}])
    without = world().apply([{"op": "delete_event", "name": "rain"}])
    with pytest.raises(TraceError, match="rain") as error:
        replay(without, session.trace)
    assert error.value.index == 1


reactions: dict[str, Callable[[Session, int], object]] = {
    "say": lambda session, number: session.say(f"Line {number}."),
    "grant": lambda session, number: session.grant(f"flag {number % 3}"),
    "wait": lambda session, number: session.wait(number % 700),
    "rewrite": lambda session, number: session.apply(
        [{"op": "update_state", "id": session.state, "patch": {"base": f"Rewritten {number} times."}}]
    ),
    "add": lambda session, number: session.apply(
        [{"op": "add_event", "event": {"name": f"added {number}", "kind": "override", "from": [session.state]}}]
    ),
    "drop": lambda session, number: session.apply(
        [{"op": "put_event", "index": number % len(session.world.events), "event": None}]
        if session.world.events
        else []
    ),
    "fire": lambda session, number: [session.fire(offer) for offer in session.offers[:1] if offer.available],
    "rebase": lambda session, number: session.rebase(
        session.world.apply([{"op": "set_subject", "value": f"Subject {number}"}])
    ),
}


@settings(max_examples=60, deadline=None)
@given(playable(), inputs, st.lists(st.sampled_from(sorted(reactions)), max_size=6), st.sampled_from(["land", "enter"]))
def test_whatever_handlers_do_the_trace_replays_to_the_same_place(
    first: World, run: list[tuple[str, int]], deeds: list[str], topic: str
) -> None:
    session = Session(first)
    remaining = list(enumerate(deeds))

    @session.on(topic)
    def react(event: SessionEvent) -> None:
        if remaining:
            number, deed = remaining.pop()
            reactions[deed](session, number)

    for what, number in run:
        do(session, what, number)
    again = replay(session.first_world, Trace.from_json(session.trace.to_json()))
    assert again.trace == session.trace
    assert (again.position, again.clock, again.line) == (session.position, session.clock, session.line)
    assert again.world == session.world
    while session.can_undo:
        session.undo()
    assert session.world == first and session.position == Session(first).position


# ---- what handlers do --------------------------------------------------------------------------


def test_say_is_shown_told_and_taken_back() -> None:
    session = Session(world())
    events: list[tuple[str, str]] = []
    session.on("*", lambda event: events.append((event.topic, event.text)))
    session.say("The wind turns.")
    assert events == [("say", "The wind turns."), ("line", "The wind turns.")]
    assert session.line == "The wind turns."
    assert session.undo().line == "The lane."


def test_a_stopped_run_offers_nothing_and_lets_nothing_happen_until_it_is_taken_back() -> None:
    session = Session(world())
    session.stop("The park closes.")
    assert (session.over, session.stopped, session.offers, session.hidden_offers) == (True, "The park closes.", [], [])
    assert session.wait(5000) == ()
    with pytest.raises(NotAvailable, match=r'the run was stopped \("The park closes\."\)') as error:
        session.fire("walk_up")
    assert error.value.reason == "over"
    assert "stopped" in repr(session) and "The park closes." in session._repr_html_()
    assert session.retry().over is False


def test_a_decorated_handler_hears_of_one_state_only_and_stays_a_function() -> None:
    session = Session(world())
    states: list[str] = []

    @session.on("enter", state="gate")
    def at_the_gate(event: SessionEvent) -> None:
        states.append(event.state)
        session.grant("key")
        session.fire("open")

    session.fire("walk_up")
    assert states == ["gate"]
    assert callable(at_the_gate)
    assert (session.state, session.over) == ("home", True)
    assert session.off(at_the_gate) == 1 and session.off(at_the_gate) == 0
    session.undo(3)
    session.fire("walk_up")
    assert states == ["gate"]


def test_a_handler_can_be_limited_to_an_event_or_to_several_states() -> None:
    session = Session(world())
    events: list[tuple[str, str]] = []
    session.on("locked", lambda event: events.append((event.topic, event.event or "")), event="open")
    session.on("land", lambda event: events.append((event.topic, event.state)), state=["gate", "home"])
    session.wait(1000)
    session.fire("walk_up")
    with pytest.raises(NotAvailable):
        session.fire("open")
    assert events == [("land", "gate"), ("locked", "open")]


@pytest.mark.parametrize("limit", [{"state": "attic"}, {"event": "fly"}, {"state": ["gate", "attic"]}])
def test_a_state_or_an_event_that_is_not_there_cannot_be_listened_to(limit: Json) -> None:
    with pytest.raises(ValueError, match=r'expected an? (state|event) of this world; got "(attic|fly)"'):
        Session(world()).on("enter", **limit)


def test_undo_takes_back_what_a_handler_did_one_thing_at_a_time() -> None:
    session = Session(world())
    session.on("gate", lambda _: session.grant("key"))
    session.fire("walk_up")
    assert session.undo().flags == {"seen"}
    assert session.undo().state == "lane"


@pytest.mark.parametrize("land", [Session.finish, lambda session: session.wait(60_000)])
def test_undo_goes_back_through_a_landing_that_a_handler_answered(land: Callable[[Session], object]) -> None:
    session = Session(samples.load("bench"), mode="real-time")
    session.on("land", lambda _: session.say("Hello."))
    session.fire("walk_up_the_lane")
    pressed = session.clock
    land(session)
    assert (session.line, run_of(session).last_was_reaction) == ("Hello.", True)
    assert session.undo().line != "Hello." and (session.state, session.clock) == ("bench", 5000)
    assert session.undo().playing is not None and session.clock == pressed
    assert session.undo().trace.steps == () and not session.can_undo


def test_a_landing_that_a_handler_brings_about_is_an_answer() -> None:
    session = Session(samples.load("bench"), mode="real-time")
    session.on("fire", lambda _: session.finish())
    session.fire("walk_up_the_lane")
    assert (session.state, run_of(session).last_was_reaction) == ("bench", True)
    assert session.finish() is None
    session.undo(2)
    assert session.state == "lane" and not session.can_undo


def short_run() -> World:
    events = [{"name": "fall", "kind": "transition", "from": ["ledge"], "to": "sea", "autoAfterMs": 1000}]
    states = {"ledge": {"base": "A ledge."}, "sea": {"base": "The sea.", "ending": {"kind": "lose", "title": "Lost"}}}
    return World.from_dict({"entrance": {"state": "ledge"}, "scene": {"states": states, "events": events}})


def test_a_handler_may_begin_the_run_again_and_what_is_left_of_the_wait_passes_there() -> None:
    session = Session(short_run())
    session.on("end", lambda event: session.restart())
    waits: list[int] = []
    session.on("wait", lambda event: waits.append(event.ms))
    assert len(session.wait(10_500)) == 10
    assert (session.state, session.clock, waits) == ("ledge", 500, [10_500])


def test_a_handler_may_undo_in_the_middle_of_a_wait_and_what_is_left_of_it_passes_there() -> None:
    session = Session(short_run())
    session.wait(100)
    off = session.on("end", lambda event: (off(), session.undo()))
    assert len(session.wait(1000)) == 1
    assert (session.state, session.clock) == ("ledge", 200)


def test_an_error_in_a_handler_is_told_and_does_not_keep_others_from_hearing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    session = Session(world())
    errors: list[str] = []
    session.on("error", lambda event: errors.append(event.text))

    @session.on("enter")
    def failing_handler(event: SessionEvent) -> None:
        raise KeyError(event.state)

    states: list[str] = []
    session.on("enter", lambda event: states.append(event.state))
    session.fire("walk_up")
    assert states == ["gate"]
    assert errors == ["the handler failing_handler failed on enter (gate): KeyError: 'gate'"]
    assert errors[0] in capsys.readouterr().err


def test_a_handler_of_errors_that_fails_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(world())
    session.on("enter", lambda _: 1 / 0)
    session.on("error", lambda _: 1 / 0)
    session.fire("walk_up")
    assert len(session.errors) == 2
    assert capsys.readouterr().err.count("ZeroDivisionError: division by zero\n") >= 2


# ---- bounds ------------------------------------------------------------------------------------


def test_handlers_that_answer_each_other_without_end_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MAX_REACTIONS", 50)
    session = Session(world())
    session.on("say", lambda event: session.say("ping" if event.text == "pong" else "pong"))
    with pytest.raises(EndlessReactions, match="did 50 things in answer to one"):
        session.say("ping")
    assert len(session.trace) == 51
    assert session.fire("walk_up").state == "gate"


def test_handlers_that_fire_without_end_stop_a_wait_where_it_got_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MAX_REACTIONS", 50)
    session = Session(world())
    session.apply([{"op": "add_event", "event": {"name": "again", "kind": "override", "from": ["lane"]}}])
    session.on("land", lambda _: session.fire("again"))
    with pytest.raises(EndlessReactions):
        session.wait(5000)
    assert session.clock == 1000


def test_two_sessions_that_answer_each_other_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MAX_REACTIONS", 50)
    one, other = Session(world()), Session(world())
    one.on("say", lambda _: other.say("to one"))
    other.on("say", lambda _: one.say("to other"))
    with pytest.raises(EndlessReactions):
        one.say("begin")


def test_asynchronous_handlers_that_answer_each_other_without_end_are_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(handlers, "MAX_REACTIONS", 50)

    async def play() -> Session:
        session = Session(world())

        @session.on("say")
        async def echo(event: SessionEvent) -> None:
            await asyncio.sleep(0)
            session.say(event.text)

        session.say("hello")
        return await session.handled()

    session = asyncio.run(play())
    assert len(session.trace) == 51
    assert "EndlessReactions" in capsys.readouterr().err


# ---- asynchronous handlers and streams ---------------------------------------------------------


def test_an_asynchronous_handler_goes_on_while_play_goes_on() -> None:
    async def play() -> Session:
        session = Session(world())
        has_written = asyncio.Event()

        @session.on("enter", state="gate")
        async def rewrite(event: SessionEvent) -> None:
            await has_written.wait()
            session.apply(HINT)

        session.fire("walk_up")
        assert base(session, "gate") == "A gate."
        session.fire("take")
        has_written.set()
        return await session.handled()

    session = asyncio.run(play())
    assert base(session, "gate").endswith("in the grass.")
    assert session.trace.events == ("walk_up", "take", "author:apply")
    assert replay(session.first_world, session.trace).world == session.world


def test_where_no_loop_runs_an_asynchronous_handler_runs_to_its_end() -> None:
    session = Session(world())

    @session.on("enter")
    async def rewrite(event: SessionEvent) -> None:
        await asyncio.sleep(0)
        session.apply(HINT)

    session.fire("walk_up")
    assert base(session, "gate").endswith("in the grass.")


def test_where_no_loop_runs_handlers_of_other_sessions_run_to_their_ends_too() -> None:
    one, other, third = Session(world()), Session(world()), Session(world())
    said: list[str] = []

    @one.on("enter")
    async def lead(event: SessionEvent) -> None:
        other.fire("walk_up")

    @other.on("enter")
    async def follow(event: SessionEvent) -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        said.append("follow")
        third.fire("walk_up")

    @third.on("enter")
    async def come_last(event: SessionEvent) -> None:
        await asyncio.sleep(0)
        said.append("come last")

    one.fire("walk_up")
    assert said == ["follow", "come last"]


def test_handlers_that_wait_for_all_handlers_do_not_wait_for_each_other() -> None:
    finished: list[str] = []

    async def play() -> None:
        session = Session(world())

        @session.on("enter")
        async def speak(event: SessionEvent) -> None:
            session.say("Here.")
            await session.handled()
            finished.append("speak")

        @session.on("say")
        async def answer(event: SessionEvent) -> None:
            await asyncio.gather(session.handled(), asyncio.create_task(session.handled()))  # in tasks of their own
            finished.append("answer")

        @session.on("say")
        async def think(event: SessionEvent) -> None:
            for _ in range(5):
                await asyncio.sleep(0)
            finished.append("think")

        session.fire("walk_up")
        await asyncio.wait_for(session.handled(), 30)
        assert len(finished) == 3

    asyncio.run(play())
    assert finished[0] == "think" and sorted(finished) == ["answer", "speak", "think"]


def test_an_error_in_an_asynchronous_handler_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    async def play() -> Session:
        session = Session(world())

        @session.on("enter")
        async def failing_handler(event: SessionEvent) -> None:
            await asyncio.sleep(0)
            raise OSError("no link")

        session.fire("walk_up")
        return await session.handled()

    assert [type(error.error) for error in asyncio.run(play()).errors] == [OSError]
    assert "no link" in capsys.readouterr().err


def test_a_handler_that_is_ready_in_the_middle_of_an_event_can_wait_for_its_landing() -> None:
    async def play() -> Session:
        session = Session(world(), mode="real-time").observe(luminance=1)
        has_pressed = asyncio.Event()

        @session.on("fire")
        async def rewrite(event: SessionEvent) -> None:
            has_pressed.set()
            await session.idle()
            session.apply(HINT)

        session.fire("walk_up")
        await has_pressed.wait()
        assert session.playing is not None
        session.finish()
        return await session.handled()

    session = asyncio.run(play())
    assert session.errors == ()
    assert session.trace.events == ("walk_up", "author:apply")


@pytest.mark.parametrize(
    "go_back", [Session.cancel, Session.undo, Session.restart, lambda session: session.begin({"state": "gate"})]
)
def test_a_handler_that_waits_for_a_landing_goes_on_when_the_press_is_taken_back(
    go_back: Callable[[Session], object],
) -> None:
    async def play() -> None:
        session = Session(world(), mode="real-time").observe(luminance=1)
        is_waiting = asyncio.Event()

        @session.on("fire")
        async def wait(event: SessionEvent) -> None:
            is_waiting.set()
            await session.idle()

        session.fire("walk_up")
        await is_waiting.wait()
        go_back(session)
        await asyncio.wait_for(session.handled(), 30)

    asyncio.run(play())


@pytest.mark.parametrize("go", [Session.undo, lambda session: session.begin({"state": "home"})])
def test_a_stream_ends_when_play_goes_to_where_the_run_is_over(go: Callable[[Session], object]) -> None:
    async def play() -> list[SessionEvent]:
        session = Session(world(), at={"state": "home"})
        session.begin({"state": "lane"})
        stream = aiter(session)

        async def read() -> list[SessionEvent]:
            return [event async for event in stream]

        reading = asyncio.create_task(read())
        await asyncio.sleep(0)
        go(session)
        return await asyncio.wait_for(reading, 30)

    assert asyncio.run(play()) == []


@pytest.mark.parametrize("how", ["idle", "next event"])
def test_a_handler_that_play_waits_for_cannot_wait_for_play(how: str, capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(world(), mode="real-time").observe(luminance=1)

    @session.on("fire")
    async def wait(event: SessionEvent) -> None:
        if how == "idle":
            await session.idle()
        else:
            async for _ in session:
                return

    session.fire("walk_up")  # in a plain script it would wait for itself
    assert session.playing is not None
    [error] = session.errors
    assert isinstance(error.error, WorldError) and "no event loop runs" in str(error.error)
    assert "no event loop runs" in capsys.readouterr().err

    @session.on("land")
    async def look(event: SessionEvent) -> None:
        await session.idle()  # nothing plays: there is nothing to wait for

    session.finish()
    assert len(session.errors) == 1


def test_the_events_of_a_session_can_be_iterated_until_it_is_over() -> None:
    async def play() -> list[tuple[str, str]]:
        session = Session(world())
        events: list[tuple[str, str]] = []

        async def listen() -> None:
            async for event in session:
                if event.topic in ("enter", "end"):
                    events.append((event.topic, event.state))
                    if event.state == "gate":
                        session.grant("key")
                        session.fire("open")

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        session.fire("walk_up")
        await listening
        return events

    assert asyncio.run(play()) == [("enter", "gate"), ("enter", "home"), ("end", "home")]


def test_a_stream_that_is_dropped_stops_listening() -> None:
    session = Session(world())
    stream = aiter(session)
    assert run_of(session).bus.has_listeners
    del stream
    assert not run_of(session).bus.has_listeners


def test_a_stream_hears_of_a_session_that_another_thread_drives() -> None:
    async def play() -> list[str]:
        session = Session(world())
        stream = aiter(session)
        await asyncio.to_thread(session.stop, "Closed.")
        return [event.topic async for event in stream]

    assert asyncio.run(play()) == ["stop", "close"]


# ---- beginning with flags ----------------------------------------------------------------------


def test_retry_returns_to_the_flags_the_session_began_with() -> None:
    session = Session(world(), flags=["key"])
    session.fire("walk_up")
    assert session.flags == {"key", "seen"}
    assert session.retry().position == Position("lane", frozenset({"key"}))
    session_with_key = Session(world(), at=Position("gate", frozenset({"key"}), frozenset({"take"})))
    assert session_with_key.retry().position == Position("lane", frozenset({"key"}))


def test_flags_and_a_position_cannot_both_be_given() -> None:
    with pytest.raises(TypeError, match="flags or at"):
        Session(world(), flags=["key"], at=Position("gate"))


def test_a_topic_goes_before_a_state_or_an_event_that_is_called_so() -> None:
    renames = [
        {"op": "rename_state", "from": "two_mittens", "to": "end"},
        {"op": "rename_event", "from": "walk_up_the_lane", "to": "drive"},
    ]
    session = Session(samples.load("bench").apply(renames))
    heard: list[tuple[str, str]] = []
    session.on("end", lambda event: heard.append(("end", event.topic)))
    session.on("drive", lambda event: heard.append(("drive", event.topic)))
    session.on("enter", lambda event: heard.append(("state end", event.topic)), state="end")
    session.apply([{"op": "rename_state", "from": "end", "to": "finish"}])
    session.on("finish", lambda event: heard.append(("finish", event.topic)))
    for name in ("pick_up_the_red_mitten", "drive", "hold_out_the_mitten"):
        session.fire(name)
    assert heard == [("state end", "enter"), ("finish", "enter"), ("end", "end")]
