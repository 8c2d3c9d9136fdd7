"""Playing a campaign: hand-overs, going back through them, its record, and what it refuses."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.play.campaigns import (
    PLAIN,
    WIN,
    WORLDS,
    edge_of,
    lanes,
    saga_of,
    there_and_back,
)
from worldkit import (
    Campaign,
    CampaignSession,
    CampaignTrace,
    NotAvailable,
    TraceError,
    World,
    WorldError,
    replay,
    replay_campaign,
    samples,
)
from worldkit.campaigns import campaign_run

Json = dict[str, Any]


def test_the_next_act_begins_with_the_flags_carried_and_nothing_else() -> None:
    session = there_and_back()
    assert (session.act, session.title, session.state) == ("two", "TWO", "lane")
    assert (session.flags, session.used) == ({"key"}, frozenset())
    assert (session.clock, session.line, session.world.id) == (50, "The lane of w-two.", "w-two")
    assert session.acts == ("one", "two")
    assert [offer.name for offer in session.offers] == ["go", "take", "drift"]


def test_an_undo_goes_back_through_a_hand_over_to_the_act_as_it_was_left() -> None:
    session = there_and_back()
    session.fire("take")
    session.undo(2)
    assert (session.act, session.state, session.clock) == ("one", "lane", 40)
    assert (session.flags, session.used) == ({"key", "dust"}, {"take"})
    assert session.undo(2).trace == CampaignSession(PLAIN, WORLDS).trace
    assert not session.can_undo


def test_a_jump_into_an_act_that_was_left_can_be_undone() -> None:
    session = there_and_back()
    session.fire("take")
    before = (session.position, session.trace, session.trail)
    session.jump(1)
    assert (session.act, session.state, session.clock, session.acts) == ("one", "lane", 0, ("one",))
    session.fire("go")
    assert session.acts == ("one", "two")
    session.undo(2)
    assert (session.position, session.trace, session.trail) == before


def test_a_point_of_the_trail_is_where_a_step_led() -> None:
    session = there_and_back()
    session.fire("go")
    assert session.trail == [
        {"act": "one", "state": "lane", "event": None, "at": 0},
        {"act": "one", "state": "lane", "event": "take", "at": 0},
        {"act": "two", "state": "lane", "event": "go", "at": 50},
        {"act": "two", "state": "gate", "event": "go", "at": 60},
    ]


def test_a_saved_position_is_played_on_from() -> None:
    session = there_and_back()
    saved = session.position.to_dict()
    assert saved == {"act": "two", "state": "lane", "flags": ["key"], "used": []}
    again = CampaignSession(PLAIN, WORLDS, at=json.loads(json.dumps(saved)))
    assert (again.position, again.acts, again.clock) == (session.position, ("two",), 0)
    assert CampaignSession(PLAIN, WORLDS, at=json.dumps(saved)).position == session.position
    again.fire("go")
    assert again.over and again.restart().position == session.position


def test_every_act_of_a_trace_replays_in_its_own_world() -> None:
    session = there_and_back()
    session.wait(1500)
    for segment, world in zip(session.trace.segments, ("w-one", "w-two"), strict=True):
        assert replay(WORLDS[world], segment.trace).trace == segment.trace


def test_time_passes_in_a_complete_story_and_nothing_fires() -> None:
    session = CampaignSession(saga_of(acts=("two",), start="two"), WORLDS)
    session.fire("go")
    assert session.wait(5000) == () and session.travel(5) == ()
    assert (session.over, session.complete, session.clock, session.offers) == (True, True, 5015, [])
    with pytest.raises(NotAvailable, match="the run is over") as error:
        session.fire("back")
    assert error.value.reason == "over"
    assert replay_campaign(session.campaign, WORLDS, session.trace).trace == session.trace
    assert session.jump(-1).over and session.clock == 10
    assert not session.jump(0).over
    assert session.undo(2).clock == 5015


@pytest.mark.parametrize(
    ("gate", "edges", "why"),
    [
        ({"ending": {"kind": "lose", "title": "Drowned"}}, (), "Drowned"),
        ({}, (edge_of("one", "gate", None, label="Lost at sea"),), "Lost at sea"),
        ({}, (), "No way leads on from here"),
    ],
)
def test_a_dead_end_leads_back_to_the_start_of_its_act_and_says_why(
    gate: Json, edges: tuple[Json, ...], why: str
) -> None:
    document = lanes("w-one", **gate).to_dict()
    document["scene"]["events"] = [event for event in document["scene"]["events"] if event["name"] != "back"]
    begun_with = {"act": "one", "state": "lane", "flags": ["lamp"]}
    session = CampaignSession(saga_of(*edges, acts=("one",)), {"w-one": World.from_dict(document)}, at=begun_with)
    events: list[Any] = []
    for topic in ("land", "end", "leave", "rewind", "enter"):
        session.on(topic, lambda h: events.append((h.topic, h.state, h.text)))
    session.fire("take")
    session.fire("go")
    assert (session.state, session.flags, session.used, session.over) == ("lane", {"lamp"}, frozenset(), False)
    assert (session.acts, session.dead_ends, session.clock) == (("one", "one"), 1, 10)
    assert events[1:] == [
        ("leave", "lane", ""),
        ("enter", "gate", ""),
        ("land", "gate", ""),
        ("leave", "gate", ""),
        ("rewind", "lane", why),
        ("enter", "lane", ""),
    ]
    again = replay_campaign(session.campaign, {"w-one": World.from_dict(document)}, session.trace.to_json())
    assert (again.trace, again.position, again.dead_ends) == (session.trace, session.position, 1)
    assert (session.undo().flags, session.dead_ends) == ({"lamp", "key", "dust"}, 0)


def test_a_dead_end_after_a_saved_position_leads_back_to_where_the_act_began() -> None:
    campaign = saga_of(edge_of("one", "gate", {"actId": "two"}, carryFlags=["lamp"]))
    worlds = {**WORLDS, "w-two": lanes("w-two", ending={"kind": "lose", "title": "Drowned"})}
    session = CampaignSession(campaign, worlds)
    session.fire("go")
    session.fire("take")
    saved = session.position.to_dict()
    assert saved["start"] == {"state": "lane", "flags": ["lamp"], "used": []}
    again = CampaignSession(campaign, worlds, at=json.loads(json.dumps(saved)))
    again.fire("go")
    assert (again.state, again.flags) == ("lane", {"lamp"})
    assert replay_campaign(campaign, worlds, again.trace.to_json()).trace == again.trace


def test_the_events_of_a_campaign_can_be_iterated_until_it_is_over() -> None:
    async def play() -> list[tuple[str, str]]:
        session = CampaignSession(PLAIN, WORLDS)
        stream = aiter(session)
        session.fire("go")
        session.fire("go")
        return [(event.topic, event.act) async for event in stream if event.topic in ("act", "end")]

    assert asyncio.run(play()) == [("act", "two"), ("end", "two")]


def test_the_events_of_a_campaign_end_when_play_goes_back_to_where_it_is_over() -> None:
    async def play() -> list[str]:
        session = CampaignSession(PLAIN, WORLDS)
        session.fire("go")
        session.fire("go")
        session.restart()
        stream = aiter(session)

        async def read() -> list[str]:
            return [event.topic async for event in stream]

        reading = asyncio.create_task(read())
        await asyncio.sleep(0)
        session.undo()
        return await asyncio.wait_for(reading, 30)

    assert asyncio.run(play()) == []


def test_an_act_can_be_begun_again_by_hand() -> None:
    session = there_and_back()
    session.fire("take")
    assert session.rewind().flags == {"key"} and session.act == "two"
    assert session.undo().flags == {"key", "dust"}


def test_handlers_of_a_campaign_act_on_the_act_being_played() -> None:
    session = CampaignSession(PLAIN, WORLDS)

    @session.on("act")
    def greet(event: Any) -> None:
        session.say(f"Act {event.act} begins.")
        session.grant("torch")
        session.apply([{"op": "set_field", "state": "gate", "field": "base", "value": "A gate ajar."}])

    session.fire("take")
    session.fire("go")
    assert (session.line, session.flags) == ("Act two begins.", {"key", "torch"})
    assert session.world.states["gate"].base == "A gate ajar."
    assert replay_campaign(PLAIN, WORLDS, session.trace.to_json()).trace == session.trace
    session.undo(3)
    assert (session.act, session.flags) == ("two", {"key"})
    session.stop("Enough.")
    assert session.over and not session.complete and session.off(greet) == 1


def test_what_happens_is_told_in_order_whatever_the_act() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    events: list[Any] = []
    for topic in ("leave", "enter", "land", "act", "end", "wait"):
        session.on(topic, lambda h: events.append((h.topic, h.act, h.state, h.at)))
    session.fire("go")
    session.wait(2000)
    assert events == [
        ("leave", "one", "lane", 10),
        ("enter", "one", "gate", 10),
        ("land", "one", "gate", 10),
        ("leave", "one", "gate", 10),
        ("act", "two", "lane", 10),
        ("enter", "two", "lane", 10),
        ("leave", "two", "lane", 1010),
        ("enter", "two", "gate", 1010),
        ("land", "two", "gate", 1010),
        ("end", "two", "gate", 1010),
        ("wait", "two", "gate", 2010),
    ]


def test_what_is_called_as_a_topic_is_told_of_once() -> None:
    renames = [
        {"op": "rename_state", "from": "lane", "to": "enter"},
        {"op": "rename_state", "from": "gate", "to": "end"},
        {"op": "rename_event", "from": "go", "to": "land"},
    ]
    session = CampaignSession(saga_of(acts=("one",)), {"w-one": WORLDS["w-one"].apply(renames)})
    events: list[Any] = []
    session.on("enter", lambda h: events.append((h.topic, h.state)))
    session.on("land", lambda h: events.append((h.topic, h.event)))
    session.fire("land")
    session.fire("back")
    assert events == [("enter", "end"), ("land", "land"), ("enter", "enter"), ("land", "back")]


def test_one_hears_of_an_act_by_its_id_with_the_edge_and_the_flags_carried() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    events: list[Any] = []
    forget = session.on("two", events.append)
    session.fire("take")
    session.fire("go")
    (one,) = events
    assert (one.topic, one.act, one.edge, one.flags, one.event) == ("act", "two", PLAIN.edges[0], ("key",), "go")
    forget()
    session.undo()
    session.fire("go")
    assert len(events) == 1
    with pytest.raises(ValueError, match='event; got "nobody"'):
        session.on("nobody", events.append)


def test_what_is_told_of_entering_an_act_is_what_is_told_of_any_state() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    heard: list[Json] = []
    session.on("enter", lambda event: heard.append(event.payload))
    session.fire("go")
    assert heard == [
        {"state": "gate", "from": "lane", "event": "go"},
        {"state": "lane", "from": "gate", "event": "go"},
    ]


def test_a_story_that_can_be_played_is_told_at_once_to_whoever_asks() -> None:
    session = there_and_back()
    heard: list[tuple[str, str, Json]] = []
    session.on("ready", lambda event: heard.append((event.act, event.state, event.payload)))
    session.on("ready", lambda event: heard.append(("", "", {})), state="gate")
    assert heard == [("two", "lane", {"worldId": "w-two", "state": "lane"})]


def test_an_ending_that_an_edge_leaves_from_is_no_end() -> None:
    worlds = {**WORLDS, "w-one": lanes("w-one", ending=WIN)}
    session = CampaignSession(PLAIN, worlds)
    endings: list[Any] = []
    session.on("end", endings.append)
    session.fire("go")
    assert (session.act, session.over, session.ended, endings) == ("two", False, None, [])
    session.fire("go")
    assert session.over and session.ended is not None and [h.act for h in endings] == ["two"]


def test_a_story_that_is_complete_ends_once() -> None:
    session = CampaignSession(saga_of(edge_of("one", "gate", None)), {**WORLDS, "w-one": lanes("w-one", ending=WIN)})
    endings: list[Any] = []
    session.on("end", endings.append)
    session.fire("go")
    assert len(endings) == 1 and session.ended is not None and session.complete


def test_a_subscriber_may_play_on_and_its_steps_are_undone_one_by_one() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.on("two", lambda _: session.fire("take"))
    session.wait(3000)
    assert (session.act, session.state, session.over, session.clock) == ("two", "gate", True, 3000)
    assert session.flags == {"key", "dust"}
    session.undo()
    assert (session.act, session.clock, session.flags) == ("two", 1000, {"key"})
    session.undo()
    assert (session.act, session.clock) == ("one", 0)


def test_what_a_handler_of_an_act_does_is_undone_before_what_it_answers() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.act_session.on("grant", lambda _: session.say("A key."))
    session.grant("brush")
    session.fire("take")
    lines = []
    while session.can_undo:
        lines.append((session.line, session.flags))
        session.undo()
    brush, every = frozenset({"brush"}), frozenset({"brush", "key", "dust"})
    assert lines == [("A key.", every), ("A key.", every), ("A key.", brush), ("The lane of w-one.", brush)]


def test_what_a_voice_does_is_undone_after_the_question_it_answers() -> None:
    desk = saga_of(acts=("one",))
    at = {"act": "one", "state": "inquiry_desk"}
    session = CampaignSession(desk, {"w-one": samples.load("archive")}, at=at)
    session.fire("type_to_the_enquiry_engine")

    def answer(console: Any, question: str) -> str:
        session.grant("listed")
        return "You are on the list."

    session.ask("Am I on the list?", answer)
    assert session.terminal is not None and len(session.terminal.log) == 2
    session.undo()
    assert session.terminal is not None and len(session.terminal.log) == 0 and session.flags == {"listed"}
    assert session.undo().flags == frozenset() and session.undo_depth == 1
    session.ask("Hello?")
    with pytest.raises(ZeroDivisionError):
        session.ask("Hello?", lambda console, question: str(1 / 0))
    assert session.undo_depth == 2


def test_a_voice_that_closes_its_console_adds_nothing_to_undo_beside_that() -> None:
    session = CampaignSession(
        saga_of(acts=("one",)), {"w-one": samples.load("archive")}, at={"act": "one", "state": "inquiry_desk"}
    )
    session.fire("type_to_the_enquiry_engine")
    session.ask("Open?", lambda *_: session.close_terminal() and "Closed.")
    assert session.terminal is None and session.undo_depth == 2
    assert session.undo().terminal is not None


def test_what_a_subscriber_raises_is_shown_and_the_hand_over_stands() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.on("act", lambda _: 1 / 0)
    session.fire("go")
    assert session.act == "two" and session.undo().act == "one"
    session.wait(5000)
    assert len(session.errors) == 2
    assert (session.act, session.clock) == ("two", 5000)


def test_a_refusal_is_told_and_changes_nothing() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    with pytest.raises(NotAvailable, match="not here"):
        session.fire("back")
    assert not session.can_undo and len(session.trace) == 0
    with pytest.raises(WorldError, match="cannot undo 1 times"):
        session.undo()
    with pytest.raises(ValueError, match="from 0 to 0"):
        session.jump(1)


# ---- what cannot be played -----------------------------------------------------------------------


def test_an_edge_to_where_another_edge_leaves_from_is_no_round() -> None:
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}),
        edge_of("two", "lane", {"actId": "one", "entrance": "gate"}, "loop"),
        edge_of("two", "gate", {"actId": "one", "entrance": "gate"}, "loop"),
    )
    session = CampaignSession(campaign, {**WORLDS, "w-two": lanes("w-two")})
    session.fire("go")
    assert (session.act, session.state) == ("two", "lane")
    session.fire("go")
    assert (session.act, session.state) == ("one", "gate")
    session.fire("back")
    assert (session.act, session.state) == ("one", "lane")
    session.fire("go")
    assert (session.act, session.state) == ("one", "gate")


def test_timers_that_chase_each_other_through_acts_are_stopped_with_progress_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(campaign_run, "MAX_SELF_FIRED", 30)
    session = CampaignSession(saga_of(edge_of("one", "gate", {"actId": "one"}, "loop"), acts=("one",)), WORLDS)
    with pytest.raises(WorldError, match="30 events fired by themselves"):
        session.wait(200_000)
    assert (session.clock, len(session.trace), len(session.acts)) == (30_000, 30, 31)
    assert session.undo().clock == 0


def test_ambient_lines_told_in_one_wait_are_bounded_across_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_run, "MAX_AMBIENT_LINES", 7)
    lane = {"op": "update_state", "id": "lane", "patch": {"ambient": ["A leaf turns."]}}
    timer = {"op": "update_event", "name": "drift", "patch": {"autoAfterMs": 60_000}}
    talkative = {name: world.apply([lane, timer]) for name, world in WORLDS.items()}
    session = CampaignSession(saga_of(edge_of("one", "gate", {"actId": "one"}, "loop"), acts=("one",)), talkative)
    lines: list[object] = []
    session.on("ambient", lines.append)
    session.wait(600_000)
    assert len(session.acts) > 7 and len(lines) == 7 and session.clock == 600_000


def test_a_handler_may_begin_the_story_again_and_what_is_left_of_the_wait_passes_there() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.on("act", lambda event: session.restart())
    assert len(session.wait(10_500)) == 10
    assert (session.act, session.state, session.clock) == ("one", "lane", 500)


def test_a_handler_may_undo_a_hand_over_in_the_middle_of_a_wait() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    off = session.on("act", lambda event: (off(), session.undo()))
    assert len(session.wait(1900)) == 1
    assert (session.act, session.state, session.clock) == ("one", "lane", 900)


@pytest.mark.parametrize("cuts", [(140_000,), (66_000, 74_000), (10, 139_990)])
def test_the_way_into_the_next_act_is_taken_however_a_wait_is_cut_up(cuts: tuple[int, ...]) -> None:
    """Beyond the edge two timers chase each other, which a wait must not see."""

    def timer(start: str, to: str, ms: int) -> Json:
        return {"name": f"{start} {to}", "kind": "transition", "from": [start], "to": to, "autoAfterMs": ms}

    events = [timer("a", "b", 66_000), timer("b", "z", 0), timer("z", "b", 0)]
    states = {id: {"base": f"Place {id}."} for id in ("a", "b", "z")}
    first = World.from_dict({"id": "w-one", "scene": {"states": states, "events": events}})
    second = World.from_dict({"id": "w-two", "scene": {"states": states, "events": []}})
    session = CampaignSession(saga_of(edge_of("one", "b", {"actId": "two"})), {"w-one": first, "w-two": second})
    entered: list[tuple[str, str]] = []
    session.on("enter", lambda event: entered.append((event.act, event.state)))
    assert session.act_session is not None
    states_entered: list[str] = []
    session.act_session.on("enter", lambda event: states_entered.append(event.state))
    for ms in cuts:
        session.wait(ms)
    assert (session.act, session.state, session.clock) == ("two", "a", 140_000)
    assert entered == [("one", "b"), ("two", "a")] and states_entered == ["b"]
    assert session.undo(session.undo_depth).state == "a" and session.act == "one"


def test_timers_of_an_act_are_heard_once_each() -> None:
    states = {f"s{k}": {"base": f"Place {k}."} for k in range(40)}
    events = [
        {"name": f"e{k}", "kind": "transition", "from": [f"s{k}"], "to": f"s{k + 1}", "autoAfterMs": 1000}
        for k in range(39)
    ]
    session = CampaignSession(
        saga_of(acts=("one",)), {"w-one": World.from_dict({"scene": {"states": states, "events": events}})}
    )
    heard: list[str] = []
    session.act_session.on("enter", lambda event: heard.append(event.state))
    session.wait(60_000)
    assert heard == [f"s{k}" for k in range(1, 40)]


def test_what_is_missing_is_all_said_before_the_story_begins() -> None:
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}),
        edge_of("two", "gate", {"actId": "nine"}),
        edge_of("two", "lane", {"actId": "three"}),
        acts=("one", "two", "three", "unreached"),
    )
    worlds = {"w-one": WORLDS["w-one"], "w-three": World.from_dict({"scene": {"states": {}, "events": []}})}
    with pytest.raises(WorldError) as error:
        CampaignSession(campaign, worlds)
    message = str(error.value)
    for part in ('edge 1 leads to "nine"', 'act "two" plays in the world "w-two"', 'act "three"', "no states"):
        assert part in message
    assert "unreached" not in message
    with pytest.raises(WorldError, match="which is no act"):
        CampaignSession(Campaign.from_dict({"start": "x", "acts": [], "edges": []}), {})


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ({"act": "nine", "state": "lane"}, "no act of this campaign"),
        ({"act": "two", "state": "attic"}, "has no state 'attic'"),
        ({"state": "lane"}, 'with "act", a string'),
        ({"act": "two"}, 'with "state", a string'),
        ({"act": "two", "state": "lane", "flags": "key"}, "flags to be a list"),
    ],
)
def test_a_position_that_is_none_of_this_campaign_is_refused(at: Json, message: str) -> None:
    with pytest.raises(WorldError, match=message):
        CampaignSession(PLAIN, WORLDS, at=at)


# ---- replaying -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "index", "message"),
    [
        ((), 2, "no edge leads on from there, expected one"),
        ((edge_of("one", "gate", None),), 2, "no edge leads on from there, expected one"),
        ((edge_of("one", "gate", {"actId": "two"}),), 2, r"flags=\['key'\]"),
        ((edge_of("one", "gate", {"actId": "two", "entrance": "gate"}, carryFlags=["key"]),), 2, "Position\\('gate'"),
        ((edge_of("one", "gate", {"actId": "one"}, carryFlags=["key"]),), 2, "edge 0 leads to .*act='one'"),
    ],
)
def test_a_trace_whose_hand_over_no_longer_holds_says_at_which_step(
    edges: tuple[Json, ...], index: int, message: str
) -> None:
    trace = there_and_back().trace
    with pytest.raises(TraceError, match=message) as error:
        replay_campaign(saga_of(*edges), WORLDS, trace)
    assert error.value.index == index


def test_a_trace_whose_step_no_longer_holds_names_the_act_and_counts_through() -> None:
    session = there_and_back()
    session.fire("take")
    session.fire("go")
    document = WORLDS["w-two"].to_dict()
    document["scene"]["events"] = [e for e in document["scene"]["events"] if e["name"] != "take"]
    with pytest.raises(TraceError, match="in act 'two': 'take' cannot be fired") as error:
        replay_campaign(PLAIN, {**WORLDS, "w-two": World.from_dict(document)}, session.trace)
    assert error.value.index == 2
    with pytest.raises(TraceError, match=r"cannot begin: .*no state 'lane'") as error:
        replay_campaign(PLAIN, {**WORLDS, "w-one": _elsewhere()}, session.trace)
    assert error.value.index == 0


def test_a_run_is_replayed_when_the_duration_of_an_event_has_changed() -> None:
    trace = there_and_back().trace
    document = WORLDS["w-one"].to_dict()
    document["scene"]["events"][0]["minPlayMs"] = 70
    again = replay_campaign(PLAIN, {**WORLDS, "w-one": World.from_dict(document)}, trace)
    assert (again.act, again.clock) == ("two", trace.clock + 60)


def _elsewhere() -> World:
    return World.from_dict({"scene": {"states": {"moor": {"base": "A moor."}}, "events": []}})


def test_an_edge_before_the_one_taken_does_not_break_a_trace() -> None:
    trace = there_and_back().trace
    more = saga_of(edge_of("one", "gate", {"actId": "two"}, "deviation"), *PLAIN.to_dict()["edges"])
    again = replay_campaign(more, WORLDS, trace.to_json())
    assert [segment.edge for segment in again.trace.segments] == [1, None]


def test_a_replayed_run_is_undone_step_by_step_through_its_acts() -> None:
    session = there_and_back()
    again = replay_campaign(PLAIN, WORLDS, session.trace)
    while again.can_undo:
        assert (again.position, again.clock, again.trace) == (session.position, session.clock, session.trace)
        again.undo()
        session.undo()
    assert not session.can_undo and again.trace == session.trace


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "smworld-trace"}, "format"),
        ({"segments": []}, "segments: expected at least one item"),
        ({"segments": [{"act": "one"}]}, r"segments\[0\].trace: required"),
        ({"segments": [{"act": 1, "trace": {}, "edge": -1}]}, r"segments\[0\].act: expected a string"),
        ({"clock": 7}, "its acts take 50 ms, and it says 7 ms in all"),
        ({"clock": 70}, "its acts take 50 ms, and it says 70 ms in all"),
    ],
)
def test_a_trace_that_cannot_be_read_says_where(change: Json, message: str) -> None:
    with pytest.raises(TraceError, match=message):
        replay_campaign(PLAIN, WORLDS, {**there_and_back().trace.to_dict(), **change})
    with pytest.raises(TraceError, match="not a readable trace"):
        CampaignTrace.from_json("{")


def test_waiting_where_the_next_act_begins_at_once_does_not_replay() -> None:
    trace = there_and_back().trace.to_dict()
    trace["segments"][0]["trace"]["clock"] += 5
    del trace["clock"]
    with pytest.raises(TraceError, match="it was recorded waiting there"):
        replay_campaign(PLAIN, WORLDS, trace)


def test_it_shows_itself_with_text_from_the_campaign_escaped() -> None:
    campaign = Campaign.from_dict({**PLAIN.to_dict(), "title": "<b>\nSaga"})
    session = CampaignSession(campaign, WORLDS)
    assert "<b>" not in session._repr_html_() and "Saga" in session._repr_html_()
    assert repr(session).startswith(r"Campaign '<b>\nSaga': act 'one' (1 begun), 0 ms, 0 fired")
    session.fire("go")
    assert "act 'one' from 'lane' holding nothing, left by edge 0" in repr(session.trace)


def test_a_timer_that_is_due_where_the_run_ended_does_not_fire_when_it_is_replayed() -> None:
    document = WORLDS["w-one"].to_dict()
    document["scene"]["events"].append({"name": "rest", "kind": "override", "from": ["lane"], "minPlayMs": 3000})
    worlds = {**WORLDS, "w-one": World.from_dict(document)}
    session = CampaignSession(PLAIN, worlds)
    session.fire("rest")
    assert replay_campaign(PLAIN, worlds, session.trace).trace == session.trace
