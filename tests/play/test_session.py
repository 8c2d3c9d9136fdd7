"""The session as a person uses it: its arguments, what it refuses, what it shows, who hears of it."""

from __future__ import annotations

import html
import math
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit import (
    Console,
    InvalidWorld,
    NotAvailable,
    Offer,
    Position,
    Session,
    SessionEvent,
    Step,
    World,
    WorldError,
    WrongArgument,
)
from worldkit.playing import session as session_module
from worldkit.playing.transition_table import table_of


def world(**more: Any) -> World:
    return World.from_dict(
        {
            "name": "Bench",
            "scene": {
                "states": {
                    "lane": {"base": "A lane.", "narration": "The lane."},
                    "gate": {"base": "A gate.", "arriveLabel": "gate"},
                    "home": {"base": "A kitchen.", "ending": {"kind": "win", "title": "Home", "subtitle": "At last."}},
                },
                "events": [
                    {"name": "walk_up", "kind": "transition", "from": ["lane"], "to": "gate", "grants": ["seen"]},
                    {
                        "name": "open",
                        "kind": "transition",
                        "from": ["gate"],
                        "to": "home",
                        "requires": ["key"],
                        "lockedHint": "It is locked.",
                    },
                    {"name": "take", "kind": "override", "from": ["gate"], "oneShot": True, "grants": ["key"]},
                    {"name": "rain", "kind": "override", "from": ["lane"], "hidden": True, "autoAfterMs": 1000},
                    {
                        "name": "desk",
                        "kind": "terminal",
                        "from": ["lane"],
                        "terminal": {"persona": "Clerk", "facts": [{"text": "F"}, {"text": "G", "requires": ["key"]}]},
                    },
                ],
            },
            **more,
        }
    )


def test_fire_returns_the_step_the_trace_will_say() -> None:
    session = Session(world())
    step = session.fire("walk_up")
    assert isinstance(step, Step)
    assert (step.event, step.by, step.origin, step.state) == ("walk_up", "player", "lane", "gate")
    assert step.granted == ("seen",)
    assert step.evidence == "not observed"
    assert session.trace.steps == (step,)
    assert "not observed" in repr(step)


def test_an_offer_can_be_fired() -> None:
    session = Session(world())
    offer = session.offers[0]
    assert isinstance(offer, Offer)
    assert session.fire(offer).event == offer.name == "walk_up"


def test_wait_returns_what_fired_by_itself() -> None:
    session = Session(world())
    assert session.wait(999) == ()
    (step,) = session.wait(1)
    assert (step.event, step.by, step.at) == ("rain", "timer", 1000)


def test_a_world_without_states_cannot_be_played() -> None:
    empty = World.from_dict({"name": "Void", "scene": {"states": {}, "events": []}})
    with pytest.raises(InvalidWorld, match="at least one state") as error:
        Session(empty)
    assert isinstance(error.value, WorldError)


def test_a_position_in_no_state_of_the_world_is_refused() -> None:
    with pytest.raises(WorldError, match="no state 'moon'"):
        Session(world(), at=Position("moon"))


@pytest.mark.parametrize("bad", [{}, {"state": 3}, {"state": "lane", "flags": "key"}, {"state": "lane", "used": [1]}])
def test_a_malformed_position_is_refused(bad: Any) -> None:
    with pytest.raises(WorldError, match="not a position"):
        Session(world(), at=bad)


@pytest.mark.parametrize("flags", [{1, 2}, {"\ud800"}])
def test_flags_that_no_file_can_hold_are_no_part_of_a_position(flags: Any) -> None:
    at = Position("lane", frozenset(flags))
    for begin in (lambda: Session(world(), at=at), lambda: Session(world()).begin(at)):
        with pytest.raises(WorldError, match="not a position: expected flags to be a list of strings, got one that"):
            begin()
    with pytest.raises(WorldError, match="not a position"):
        Position("lane", list(flags))  # type: ignore[arg-type]


def test_a_position_may_be_given_as_the_text_that_was_saved(tmp_path: Path) -> None:
    session = Session(world(), flags=["key"])
    session.fire("walk_up")
    text = session.save(tmp_path / "here.json", "position").read_text()
    assert Position.from_json(text) == session.position
    assert Session(world(), at=text).position == session.position == Session(world()).begin(text).position
    assert wk.explore(world(), at=text).at == session.position
    assert wk.play(world(), at=text).session.position == session.position
    assert wk.playtest(world(), runs=1, at=text).runs


@pytest.mark.parametrize("text", ["", "{", "here.json", "[]", '{"state": 3}'])
def test_a_text_that_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(WorldError, match="not a position"):
        Session(world(), at=text)


def test_a_path_in_place_of_a_position_is_told_how_to_read_it() -> None:
    with pytest.raises(WorldError, match=r'looks like a path; read the file with pathlib\.Path\("here\.json"\)'):
        Session(world(), at="here.json")
    with pytest.raises(WorldError, match=r'read it with worldkit\.Position\.from_json\(pathlib\.Path\("here\.json"\)'):
        Session(world(), at=Path("here.json"))  # type: ignore[arg-type]


def test_a_position_is_a_value() -> None:
    one = Position("lane", frozenset({"a"}), frozenset())
    two = Position("lane", ["a"], ())  # type: ignore[arg-type]
    assert one == two
    assert len({one, two}) == 1
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(AttributeError):
        one.state = "gate"  # type: ignore[misc]


@pytest.mark.parametrize("ms", [-1, math.inf, math.nan, "5", True, None])
def test_time_is_a_finite_number_of_at_least_0(ms: Any) -> None:
    session = Session(world())
    for spend in (session.wait, session.travel):
        with pytest.raises(ValueError, match=r"milliseconds|ms: expected a number"):
            spend(ms)
    assert (session.clock, session.can_undo) == (0, False)


def test_time_may_be_a_number_of_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    session = Session(world())
    session.wait(numpy.int64(5))
    session.wait(numpy.float32(2.5))
    assert session.clock == 8 and type(session.clock) is int


def test_whether_play_goes_on_past_endings_is_decided_when_a_session_begins() -> None:
    session = Session(world(), at={"state": "home"})
    with pytest.raises(AttributeError):
        session.past_endings = True  # type: ignore[misc]
    assert session.over and not session.past_endings and Session(world(), past_endings=True).past_endings


def test_nothing_to_undo_says_so_and_changes_nothing() -> None:
    session = Session(world())
    session.fire("walk_up")
    with pytest.raises(WorldError, match="cannot undo 2 times"):
        session.undo(2)
    assert session.state == "gate"
    assert session.undo() is session
    assert not session.can_undo


def test_a_wait_in_which_nothing_happens_leaves_nothing_to_undo() -> None:
    session = Session(world())
    session.wait(0)
    assert not session.can_undo


def test_a_point_off_the_trail_is_refused() -> None:
    session = Session(world())
    for to in (1, -2):
        with pytest.raises(ValueError, match="point of the trail"):
            session.jump(to)


def test_a_restart_can_be_undone() -> None:
    session = Session(world())
    session.fire("walk_up")
    trace = session.trace
    session.restart()
    assert (session.state, session.flags, len(session.trace)) == ("lane", frozenset(), 0)
    assert session.undo().trace == trace


def test_the_seed_is_kept_in_the_trace() -> None:
    assert Session(world(), seed=41).trace.seed == 41


def test_ended_is_the_ending() -> None:
    session = Session(world(), at=Position("gate", frozenset({"key"})))
    assert session.ended is None
    session.fire("open")
    assert session.ended is not None
    assert (session.ended.kind, session.ended.title) == ("win", "Home")
    with pytest.raises(NotAvailable, match="the run is over"):
        session.fire("take")


def test_the_reason_why_an_event_cannot_be_fired_is_short_however_long_names_and_lists_are() -> None:
    # docs/spec/runtime.md#offers-in-world-order: missing flags: [...]
    long_name = "x" * 100_000
    states = {"a": {"base": "A."}, long_name: {"base": "B.", "ending": {"kind": "win", "title": long_name}}}
    flags = [f"f{k:04}" for k in range(5_000)]
    events = [
        {"name": "locked", "kind": "override", "from": ["a"], "requires": flags},
        {"name": long_name, "kind": "override", "from": [long_name]},
        {"name": "end", "kind": "transition", "from": ["a"], "to": long_name},
    ]
    session = Session(World.from_dict({"scene": {"states": states, "events": events}}))
    with pytest.raises(NotAvailable, match=r"missing flags: \['f0000', .*'f0019' and 4980 more\]") as locked:
        session.fire("locked")
    assert list(locked.value.missing) == flags
    reasons = [str(locked.value)]
    for name, step in ((long_name, "end"), ("locked", None)):
        with pytest.raises(NotAvailable) as refusal:
            session.fire(name)
        reasons.append(str(refusal.value))
        if step is not None:
            session.fire(step)
    assert max(map(len, reasons)) < 800


def test_timers_that_chase_each_other_are_stopped_and_the_clock_stands_where_it_got_to() -> None:
    states = {"a": {"base": "A."}, "b": {"base": "B."}}
    events = [
        {"name": name, "kind": "transition", "from": [a], "to": b, "autoAfterMs": 0}
        for name, a, b in (("there", "a", "b"), ("back", "b", "a"))
    ]
    session = Session(World.from_dict({"scene": {"states": states, "events": events}}))
    with pytest.raises(WorldError, match="fired by themselves in one wait"):
        session.wait(10**6)
    assert session.clock == len(session.trace) == session_module.MAX_SELF_FIRED
    session.wait(5)
    assert session.clock == session_module.MAX_SELF_FIRED + 5
    with pytest.raises(WorldError, match=r"stands at .* ms, at its end, where more may be due: wait again"):
        session.wait(session_module.MAX_SELF_FIRED)


def test_a_scene_with_very_many_timers_is_stopped_before_it_takes_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # docs/spec/runtime.md#time: each fires once per entry, and each one is looked for among all of them
    from worldkit.playing import run

    monkeypatch.setattr(run, "MAX_CHECKED_EVENTS", 1_000)
    timers = [{"name": f"t{k}", "kind": "override", "from": ["a"], "autoAfterMs": k} for k in range(100)]
    session = Session(World.from_dict({"scene": {"states": {"a": {"base": "A."}}, "events": timers}}))
    with pytest.raises(WorldError, match="11 events fired by themselves in one wait"):
        session.wait(100)
    assert [step.event for step in session.trace] == [f"t{k}" for k in range(11)]
    session.wait(1)  # the next one fires: what was kept goes on from there
    assert session.trace[-1].event == "t11"


def test_a_world_is_compiled_once_and_an_edit_is_compiled_anew() -> None:
    one = world()
    assert table_of(one) is table_of(one)
    assert Session(one)._table is Session(one)._table
    assert table_of(world()) is not table_of(one)


# ---- consoles ----------------------------------------------------------------------------------


def test_another_voice_may_answer_and_never_sees_what_is_withheld() -> None:
    session = Session(world())
    session.fire("desk")
    consoles: list[Console] = []

    def voice(console: Console, question: str) -> str:
        consoles.append(console)
        return question[::-1]

    assert session.ask("abc", voice) == "cba"
    assert consoles[0].facts == ("F",)
    assert session.terminal is not None
    assert session.terminal.log == (("you", "abc"), ("console", "cba"))


def test_a_voice_that_fails_leaves_nothing_said() -> None:
    session = Session(world())
    session.fire("desk")

    def voice(console: Console, question: str) -> str:
        raise RuntimeError("no link")

    with pytest.raises(RuntimeError):
        session.ask("abc", voice)
    assert session.terminal is not None
    assert session.terminal.log == ()


@pytest.mark.parametrize("answer", [None, 5, ["The lamps."], "\ud800"])
def test_a_voice_that_answers_no_text_leaves_nothing_said(answer: Any) -> None:
    session = Session(world())
    session.fire("desk")
    with pytest.raises(WrongArgument, match="voice: expected a function that returns a string"):
        session.ask("abc", lambda console, question: answer)
    assert session.terminal is not None and session.terminal.log == ()


def test_what_a_voice_does_to_its_console_stays_done() -> None:
    session = Session(world())
    session.fire("desk")
    assert session.ask("Open?", lambda *_: session.close_terminal() and "Closed.") == "Closed."
    assert session.terminal is None
    session.fire("desk")
    session.ask("one", lambda *_: session.ask("two", lambda *_: "second") and "first")
    assert session.terminal is not None
    assert session.terminal.log == (("you", "two"), ("console", "second"), ("you", "one"), ("console", "first"))


def test_a_question_is_not_written_into_another_console_that_its_voice_opened() -> None:
    phone = {"name": "phone", "kind": "terminal", "from": ["lane"], "terminal": {"persona": "Maud"}}
    session = Session(world().apply([{"op": "add_event", "event": phone}]))
    session.fire("desk")

    def put_through(console: Console, question: str) -> str:
        session.fire("phone")
        return "One moment."

    assert session.ask("Maud?", put_through) == "One moment."
    assert session.terminal is not None and (session.terminal.name, session.terminal.log) == ("phone", ())

    def rename(console: Console, question: str) -> str:
        session.apply([{"op": "rename_event", "from": "phone", "to": "telephone"}])
        return "Yes?"

    session.ask("Maud?", rename)
    assert session.terminal.name == "telephone"
    assert session.terminal.log == (("you", "Maud?"), ("console", "Yes?"))


def test_asking_without_a_console_is_refused() -> None:
    with pytest.raises(WorldError, match="no console is open"):
        Session(world()).ask("hello?")


def test_what_was_said_can_be_undone() -> None:
    session = Session(world())
    session.fire("desk")
    session.ask("hello?")
    session.undo()
    assert session.terminal is not None
    assert session.terminal.log == ()
    session.close_terminal()
    assert session.terminal is None
    session.undo()
    assert session.terminal is not None


# ---- subscribers -------------------------------------------------------------------------------


def log_of(session: Session, *topics: str) -> list[tuple[str, str, str | None]]:
    log: list[tuple[str, str, str | None]] = []
    for topic in topics:
        session.on(topic, lambda h: log.append((h.topic, h.state, h.event)))
    return log


def test_subscribers_hear_in_the_order_of_the_contract() -> None:
    session = Session(world(), at=Position("gate", frozenset({"key"})))
    log = log_of(session, "end", "enter", "land", "leave", "grant", "fire")
    session.fire("take")
    session.fire("open")
    assert log == [
        ("fire", "gate", "take"),
        ("land", "gate", "take"),
        ("fire", "gate", "open"),
        ("leave", "gate", "open"),
        ("enter", "home", "open"),
        ("land", "home", "open"),
        ("end", "home", "open"),
    ]


def test_a_state_is_heard_when_entered_and_an_event_when_it_lands() -> None:
    session = Session(world())
    log = log_of(session, "gate", "walk_up", "rain", "desk")
    session.wait(1000)
    session.fire("desk")
    session.fire("walk_up")
    assert log == [
        ("land", "lane", "rain"),
        ("land", "lane", "desk"),
        ("enter", "gate", "walk_up"),
        ("land", "gate", "walk_up"),
    ]


def test_a_locked_press_is_heard_with_what_is_missing_and_still_refused() -> None:
    session = Session(world(), at=Position("gate"))
    log: list[SessionEvent] = []
    session.on("locked", log.append)
    with pytest.raises(NotAvailable):
        session.fire("open")
    assert [(h.event, h.flags) for h in log] == [("open", ("key",))]


def test_a_wait_is_heard_with_its_length() -> None:
    session = Session(world())
    log: list[SessionEvent] = []
    session.on("wait", log.append)
    session.wait(1500)
    assert [(h.at, h.ms) for h in log] == [(1500, 1500)]


def test_a_limited_handler_is_not_told_that_another_place_is_ready() -> None:
    session = Session(world())
    heard: list[str] = []
    session.on("ready", lambda event: heard.append("gate"), state="gate")
    session.on("ready", lambda event: heard.append("walk"), event="walk_up")
    session.on("ready", lambda event: heard.append("lane"), state="lane")
    assert heard == ["lane"]


def test_unsubscribing_stops_the_calls_even_from_inside() -> None:
    session = Session(world())
    log: list[str] = []

    def once(_: SessionEvent) -> None:
        log.append("once")
        stop()

    stop = session.on("land", once)
    other = session.on("land", lambda _: log.append("other"))
    session.fire("walk_up")
    session.undo()
    session.fire("walk_up")
    other()
    other()
    session.undo()
    session.fire("walk_up")
    assert log == ["once", "other", "other"]


def test_subscribers_see_the_state_after_the_landing() -> None:
    session = Session(world())
    states: list[str] = []
    for topic in ("fire", "leave", "grant"):
        session.on(topic, lambda _: states.append(session.state))
    session.fire("walk_up")
    assert states == ["gate", "gate", "gate"]


def test_a_subscriber_that_raises_is_shown_and_play_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(world())

    def fail(_: SessionEvent) -> None:
        raise RuntimeError("mine")

    session.on("fire", fail)
    log = log_of(session, "land")
    assert session.fire("walk_up").state == "gate"
    assert log == [("land", "gate", "walk_up")]
    assert [str(error) for error in session.errors] == ["the handler fail failed on fire (lane): RuntimeError: mine"]
    assert "RuntimeError: mine" in capsys.readouterr().err


def test_a_wait_goes_to_its_end_though_a_subscriber_raises() -> None:
    session = Session(world())

    def fail(_: SessionEvent) -> None:
        raise RuntimeError("mine")

    session.on("rain", fail)
    session.wait(5000)
    assert (session.clock, len(session.trace), len(session.errors)) == (5000, 1, 1)


def test_a_subscriber_that_stops_the_program_is_not_held_back_and_leaves_nothing_pending() -> None:
    session = Session(world())

    def stop(_: SessionEvent) -> None:
        raise KeyboardInterrupt

    unsubscribe = session.on("fire", stop)
    log = log_of(session, "land")
    with pytest.raises(KeyboardInterrupt):
        session.fire("walk_up")
    assert session.state == "gate"
    unsubscribe()
    session.fire("take")
    assert log == [("land", "gate", "take")]


def test_a_subscriber_may_fire_and_everybody_hears_in_order() -> None:
    session = Session(world())
    session.on("gate", lambda _: session.fire("take"))
    log = log_of(session, "fire", "land")
    session.fire("walk_up")
    assert log == [
        ("fire", "lane", "walk_up"),
        ("land", "gate", "walk_up"),
        ("fire", "gate", "take"),
        ("land", "gate", "take"),
    ]
    assert session.flags == {"seen", "key"}
    assert [session.undo().state, session.undo().state] == ["gate", "lane"]


def test_a_subscriber_may_fire_while_time_passes() -> None:
    session = Session(world())
    session.on("rain", lambda _: session.fire("walk_up"))
    session.wait(5000)
    assert (session.state, session.clock) == ("gate", 5000)
    assert [step.at for step in session.trace] == [1000, 1000]


def test_a_name_that_nothing_has_cannot_be_subscribed_to() -> None:
    with pytest.raises(ValueError, match='got "entre"; did you mean "enter"'):
        Session(world()).on("entre", print)


# ---- showing -----------------------------------------------------------------------------------


def test_repr_shows_state_line_offers_flags_and_clock() -> None:
    session = Session(world(), at=Position("gate", frozenset({"seen"})))
    session.wait(250)
    text = repr(session)
    for part in ("Bench", "'gate'", "250 ms", "seen", "locked 'open'", "It is locked.", "fire 'take'"):
        assert part in text
    assert "hidden: 'rain'" in repr(Session(world()))
    session.fire("take")
    session.fire("open")
    assert "ended: win, 'Home'" in repr(session)


def test_the_text_of_a_step_is_one_line_that_moves_no_cursor() -> None:
    session = Session(world())
    step = session.say("Rain.\n\x1b[2JThe end.")
    assert repr(step) == r"Step('author:say' by author, in 'lane', at 0 ms, “Rain. \x1b[2JThe end.”)"
    assert repr(step) in repr(session.trace)


def test_html_escapes_everything_a_world_says() -> None:
    evil = "<script>alert('x')</script><img src=x onerror=y>"
    hostile = World.from_dict(
        {
            "name": evil,
            "scene": {
                "states": {
                    evil: {"base": evil, "narration": evil, "ending": {"kind": "win", "title": evil, "subtitle": evil}},
                    "x": {"base": ""},
                },
                "events": [
                    {
                        "name": evil + str(number),
                        "kind": "override",
                        "from": [evil, "x"],
                        "detail": evil,
                        "hotkey": evil,
                        "hidden": bool(number),
                        "requires": [evil] if number else [],
                        "grants": [evil],
                        "lockedHint": evil,
                    }
                    for number in (0, 1)
                ],
            },
        }
    )
    session = Session(hostile, at=Position(evil, frozenset({evil})), past_endings=True)
    session.fire(evil + "0")
    for page in (session._repr_html_(), session.trace._repr_html_(), Session(hostile, at=Position("x"))._repr_html_()):
        tags = set(re.findall(r"<\s*/?\s*(\w+)", page))
        assert tags <= {"div", "p", "strong", "code", "blockquote", "table", "caption", "tr", "th", "td"}
        assert html.escape(evil) in page


def test_listeners_are_told_what_the_page_around_an_embedded_player_is_told() -> None:
    session = Session(world(id="bench"))
    events: list[tuple[str, dict[str, Any]]] = []
    for topic in ("ready", "fire", "enter", "end", "close"):
        session.on(topic, lambda event: events.append((event.topic, event.payload)))
    session.fire("walk_up")
    session.fire("take")
    session.fire("open")
    choice = {"kind": "transition", "grants": [], "requires": []}
    assert events == [
        ("ready", {"worldId": "bench", "state": "lane"}),
        (
            "fire",
            {**choice, "event": "walk_up", "label": "walk up", "state": "lane", "to": "gate", "grants": ["seen"]},
        ),
        ("enter", {"state": "gate", "from": "lane", "event": "walk_up"}),
        (
            "fire",
            {**choice, "event": "take", "kind": "override", "label": "take", "state": "gate", "to": None}
            | {"grants": ["key"]},
        ),
        ("fire", {**choice, "event": "open", "label": "open", "state": "gate", "to": "home", "requires": ["key"]}),
        ("enter", {"state": "home", "from": "gate", "event": "open"}),
        ("end", {"state": "home", "kind": "win", "title": "Home", "subtitle": "At last."}),
    ]


def test_a_run_that_is_stopped_is_told_to_be_closed_with_the_reason_and_its_seconds() -> None:
    session = Session(world())
    session.wait(2500)
    events: list[SessionEvent] = []
    session.on("close", events.append)
    session.stop("The park closes.")
    assert [event.payload for event in events] == [{"reason": "The park closes.", "seconds": 2}]


def test_a_topic_that_nothing_is_called_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(WorldError, match='did you mean "walk_up"'):
        Session(world()).on("walk_upp", print)
    with pytest.raises(WorldError, match='state: expected a state of this world; got "gat"; did you mean "gate"'):
        Session(world()).on("enter", print, state="gat")
