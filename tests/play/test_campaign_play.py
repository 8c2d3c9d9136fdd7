"""Playing a campaign: hand-overs, going back through them, its record, and what it refuses."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.worlds import playable, played
from worldkit import Campaign, World
from worldkit.campaign import next_edge
from worldkit.errors import NotAvailable, WorldError
from worldkit.play import Position, TraceError, replay
from worldkit.play.campaign import (
    CampaignPosition,
    CampaignSession,
    CampaignTrace,
    explore_campaign,
    replay_campaign,
)

Json = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "schema" / "conformance" / "campaigns"
CASES = sorted(FOLDER.glob("*.json"))
ROUND = "lead round for ever"


# ---- conformance ---------------------------------------------------------------------------------


def _case(path: Path) -> Json:
    case: Json = json.loads(path.read_text(encoding="utf-8"))
    case["worlds"] = {id: World.from_dict(document) for id, document in case["worlds"].items()}
    case["campaign"] = Campaign.from_dict(case["campaign"])
    return case


def _run(case: Json) -> CampaignSession:
    options = {"at": case.get("at"), "past_endings": case.get("pastEndings", False)}
    session = CampaignSession(case["campaign"], case["worlds"], case.get("seed", 0), **options)
    for number, given_ in enumerate(case["inputs"]):
        try:
            _do(session, given_)
        except AssertionError as wrong:
            raise AssertionError(f"input {number} {given_}: {wrong}") from wrong
    return session


def _do(session: CampaignSession, given_: Json) -> None:
    match given_:
        case {"check": expected}:
            _check(session, expected)
        case {"fire": name, "refused": expected}:
            before = (session.position, session.trace)
            with pytest.raises(NotAvailable) as refused:
                session.fire(name)
            assert {"reason": refused.value.reason, "missing": list(refused.value.missing)} == {
                "missing": [],
                **expected,
            }
            assert (session.position, session.trace) == before
        case {"restart": True}:
            session.restart()
        case _:
            ((what, value),) = given_.items()
            {"fire": session.fire, "wait": session.wait, "undo": session.undo, "jump": session.jump}[what](value)


def _check(session: CampaignSession, expected: Json) -> None:
    for key, value in expected.items():
        found = getattr(session, {"hidden": "hidden_offers"}.get(key, key))
        match key:
            case "trace":
                value = CampaignTrace.from_dict(value)
            case "offers" | "hidden":
                made = [offer.to_dict() for offer in found]
                found = [{k: offer[k] for k in wanted} for offer, wanted in zip(made, value, strict=False)]
                assert len(made) == len(value), f"{key}: {made}"
            case "ended":
                found = found and {k: getattr(found, k) for k in value or {"kind": 0}}
            case "flags" | "used":
                found = sorted(found)
            case "acts":
                found = list(found)
            case "trail":
                found = len(found)
        assert found == value, f"{key}: {found!r}, expected {value!r}"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_session_agrees_with_a_hand_written_case(path: Path) -> None:
    case = _case(path)
    _check(_run(case), case["expect"])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_trace_of_a_hand_written_case_replays(path: Path) -> None:
    case = _case(path)
    session = _run(case)
    again = replay_campaign(case["campaign"], case["worlds"], case["expect"]["trace"])
    assert (again.position, again.trace, again.over) == (session.position, session.trace, session.over)


# ---- a campaign of our own -----------------------------------------------------------------------


def _world(id: str, **gate: Any) -> World:
    """Return a lane, a gate one walks to and back from, and what time does there."""
    return World.from_dict(
        {
            "id": id,
            "entrance": {"state": "lane"},
            "scene": {
                "states": {
                    "lane": {"base": "A lane.", "narration": f"The lane of {id}."},
                    "gate": {"base": "A gate.", **gate},
                },
                "events": [
                    {"name": "go", "kind": "transition", "from": ["lane"], "to": "gate", "minPlayMs": 10},
                    {"name": "take", "kind": "override", "from": ["lane"], "grants": ["key", "dust"], "oneShot": True},
                    {"name": "drift", "kind": "transition", "from": ["lane"], "to": "gate", "autoAfterMs": 1000},
                    {"name": "back", "kind": "transition", "from": ["gate"], "to": "lane"},
                ],
            },
        }
    )


def _edge(start: str, state: str, to: Json | None, kind: str = "golden", **fields: Any) -> Json:
    return {"from": {"actId": start, "state": state}, "to": to, "kind": kind, **fields}


def _saga(*edges: Json, acts: tuple[str, ...] = ("one", "two")) -> Campaign:
    listed = [{"actId": id, "worldId": f"w-{id}", "title": id.upper(), "canonical": True} for id in acts]
    return Campaign.from_dict({"id": "saga", "start": "one", "acts": listed, "edges": list(edges)})


WIN = {"kind": "win", "title": "Out"}
WORLDS = {"w-one": _world("w-one"), "w-two": _world("w-two", ending=WIN), "w-three": _world("w-three")}
PLAIN = _saga(_edge("one", "gate", {"actId": "two"}, carryFlags=["key"]))


def _there_and_back() -> CampaignSession:
    session = CampaignSession(PLAIN, WORLDS)
    session.fire("take")
    session.wait(40)
    session.fire("go")
    return session


def test_the_next_act_begins_with_the_flags_carried_and_nothing_else() -> None:
    session = _there_and_back()
    assert (session.act, session.title, session.state) == ("two", "TWO", "lane")
    assert (session.flags, session.used) == ({"key"}, frozenset())
    assert (session.clock, session.line, session.world.id) == (50, "The lane of w-two.", "w-two")
    assert session.acts == ("one", "two")
    assert [offer.name for offer in session.offers] == ["go", "take", "drift"]


def test_an_undo_goes_back_through_a_hand_over_to_the_act_as_it_was_left() -> None:
    session = _there_and_back()
    session.fire("take")
    session.undo(2)
    assert (session.act, session.state, session.clock) == ("one", "lane", 40)
    assert (session.flags, session.used) == ({"key", "dust"}, {"take"})
    assert session.undo(2).trace == CampaignSession(PLAIN, WORLDS).trace
    assert not session.can_undo


def test_a_jump_into_an_act_that_was_left_can_be_undone() -> None:
    session = _there_and_back()
    session.fire("take")
    before = (session.position, session.trace, session.trail)
    session.jump(1)
    assert (session.act, session.state, session.clock, session.acts) == ("one", "lane", 0, ("one",))
    session.fire("go")
    assert session.acts == ("one", "two")
    session.undo(2)
    assert (session.position, session.trace, session.trail) == before


def test_a_point_of_the_trail_is_where_a_step_led() -> None:
    session = _there_and_back()
    session.fire("go")
    assert session.trail == [
        {"act": "one", "state": "lane", "event": None, "at": 0},
        {"act": "one", "state": "lane", "event": "take", "at": 0},
        {"act": "two", "state": "lane", "event": "go", "at": 50},
        {"act": "two", "state": "gate", "event": "go", "at": 60},
    ]


def test_a_saved_position_is_played_on_from() -> None:
    session = _there_and_back()
    saved = session.position.to_dict()
    assert saved == {"act": "two", "state": "lane", "flags": ["key"], "used": []}
    again = CampaignSession(PLAIN, WORLDS, at=json.loads(json.dumps(saved)))
    assert (again.position, again.acts, again.clock) == (session.position, ("two",), 0)
    again.fire("go")
    assert again.over and again.restart().position == session.position


def test_every_act_of_a_trace_replays_in_its_own_world() -> None:
    session = _there_and_back()
    session.wait(1500)
    for segment, world in zip(session.trace.segments, ("w-one", "w-two"), strict=True):
        assert replay(WORLDS[world], segment.trace).trace == segment.trace


def test_time_after_the_story_was_left_passes_and_nothing_fires() -> None:
    session = CampaignSession(_saga(_edge("one", "gate", None)), WORLDS)
    session.fire("go")
    assert session.wait(5000) == () and session.travel(5) == ()
    assert (session.over, session.ended, session.clock, session.offers) == (True, None, 5015, [])
    assert session.exit is session.campaign.edges[0]
    with pytest.raises(NotAvailable, match="the story was left from 'gate' of act 'one'") as refused:
        session.fire("back")
    assert refused.value.reason == "over"
    assert replay_campaign(session.campaign, WORLDS, session.trace).trace == session.trace
    assert session.jump(-1).over and session.clock == 10
    assert not session.jump(0).over
    assert session.undo(2).clock == 5015


def test_what_happens_is_told_in_order_whatever_the_act() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    heard: list[Any] = []
    for topic in ("leave", "enter", "land", "act", "end", "wait"):
        session.on(topic, lambda h: heard.append((h.topic, h.act, h.state, h.at)))
    session.fire("go")
    session.wait(2000)
    assert heard == [
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


def test_one_hears_of_an_act_by_its_id_with_the_edge_and_the_flags_carried() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    heard: list[Any] = []
    forget = session.on("two", heard.append)
    session.fire("take")
    session.fire("go")
    (one,) = heard
    assert (one.topic, one.act, one.edge, one.flags, one.event) == ("act", "two", PLAIN.edges[0], ("key",), "go")
    forget()
    session.undo()
    session.fire("go")
    assert len(heard) == 1
    with pytest.raises(ValueError, match="nothing is called 'nobody'"):
        session.on("nobody", heard.append)


def test_an_ending_that_an_edge_leaves_from_is_no_end() -> None:
    worlds = {**WORLDS, "w-one": _world("w-one", ending=WIN)}
    session = CampaignSession(PLAIN, worlds)
    heard: list[Any] = []
    session.on("end", heard.append)
    session.fire("go")
    assert (session.act, session.over, session.ended, heard) == ("two", False, None, [])
    session.fire("go")
    assert session.over and session.ended is not None and [h.act for h in heard] == ["two"]


def test_a_story_left_from_an_ending_ends_once() -> None:
    session = CampaignSession(_saga(_edge("one", "gate", None)), {**WORLDS, "w-one": _world("w-one", ending=WIN)})
    heard: list[Any] = []
    session.on("end", heard.append)
    session.fire("go")
    assert len(heard) == 1 and session.ended is not None and session.exit is not None


def test_a_subscriber_may_play_on_and_its_steps_are_undone_one_by_one() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.on("two", lambda _: session.fire("take"))
    session.wait(3000)
    assert (session.act, session.state, session.over, session.clock) == ("two", "gate", True, 3000)
    assert session.flags == {"key", "dust"}
    session.undo()
    assert (session.act, session.clock, session.flags) == ("two", 1000, frozenset())
    session.undo()
    assert (session.act, session.clock) == ("one", 0)


def test_what_a_subscriber_raises_comes_out_and_the_hand_over_stands() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.on("act", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        session.fire("go")
    assert session.act == "two" and session.undo().act == "one"
    with pytest.raises(ZeroDivisionError):
        session.wait(5000)
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


def test_edges_that_lead_round_at_once_are_refused_before_anything_changes() -> None:
    round_ = _saga(
        _edge("one", "gate", {"actId": "two"}),
        _edge("two", "lane", {"actId": "one", "entrance": "gate"}, "loop"),
    )
    session = CampaignSession(round_, WORLDS)
    with pytest.raises(WorldError, match=r"lead round for ever: taking edges 0 -> 1 comes back"):
        session.fire("go")
    assert (session.state, session.clock, session.can_undo, session.acts) == ("lane", 0, False, ("one",))
    session.wait(300)
    with pytest.raises(WorldError, match=ROUND):
        session.wait(5000)
    assert (session.state, session.clock, session.acts) == ("lane", 999, ("one",))
    with pytest.raises(WorldError, match=ROUND):
        CampaignSession(round_, WORLDS, at=CampaignPosition("two", Position("lane")))


def test_timers_that_chase_each_other_through_acts_are_stopped_with_progress_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.modules[CampaignSession.__module__], "MOST_TIMED", 30)
    session = CampaignSession(_saga(_edge("one", "gate", {"actId": "one"}, "loop"), acts=("one",)), WORLDS)
    with pytest.raises(WorldError, match="30 events fired by themselves"):
        session.wait(200_000)
    assert (session.clock, len(session.trace), len(session.acts)) == (30_000, 30, 31)
    assert session.undo().clock == 0


def test_what_is_missing_is_all_said_before_the_story_begins() -> None:
    broken = _saga(
        _edge("one", "gate", {"actId": "two"}),
        _edge("two", "gate", {"actId": "nine"}),
        _edge("two", "lane", {"actId": "three"}),
        acts=("one", "two", "three", "unreached"),
    )
    worlds = {"w-one": WORLDS["w-one"], "w-three": World.from_dict({"scene": {"states": {}, "events": []}})}
    with pytest.raises(WorldError) as caught:
        CampaignSession(broken, worlds)
    said = str(caught.value)
    for part in ('edge 1 leads to "nine"', 'act "two" plays in the world "w-two"', 'act "three"', "no states"):
        assert part in said
    assert "unreached" not in said
    with pytest.raises(WorldError, match="which is no act"):
        CampaignSession(Campaign.from_dict({"start": "x", "acts": [], "edges": []}), {})


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ({"act": "nine", "state": "lane"}, "no act of this campaign"),
        ({"act": "two", "state": "attic"}, "has no state 'attic'"),
        ({"state": "lane"}, 'with "act", a string'),
        ({"act": "two"}, 'with "state", a string'),
        ({"act": "two", "state": "lane", "flags": "key"}, "flags to be a list"),
    ],
)
def test_a_position_that_is_none_of_this_campaign_is_refused(at: Json, said: str) -> None:
    with pytest.raises(WorldError, match=said):
        CampaignSession(PLAIN, WORLDS, at=at)


# ---- replaying -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "index", "said"),
    [
        ((), 2, "no edge leads on from there, expected one"),
        ((_edge("one", "gate", None),), 2, "edge 0 leads out of the story"),
        ((_edge("one", "gate", {"actId": "two"}),), 2, r"flags=\['key'\]"),
        ((_edge("one", "gate", {"actId": "two", "entrance": "gate"}, carryFlags=["key"]),), 2, "Position\\('gate'"),
        ((_edge("one", "lane", None), *map(dict, [PLAIN.to_dict()["edges"][0]])), 0, "began in 'lane'"),
        ((PLAIN.to_dict()["edges"][0], _edge("two", "lane", None)), 2, "edge 1 leads out of the story"),
    ],
)
def test_a_trace_whose_hand_over_no_longer_holds_says_at_which_step(
    edges: tuple[Json, ...], index: int, said: str
) -> None:
    trace = _there_and_back().trace
    with pytest.raises(TraceError, match=said) as broken:
        replay_campaign(_saga(*edges), WORLDS, trace)
    assert broken.value.index == index


def test_a_trace_whose_step_no_longer_holds_names_the_act_and_counts_through() -> None:
    session = _there_and_back()
    session.fire("take")
    session.fire("go")
    document = WORLDS["w-two"].to_dict()
    document["scene"]["events"] = [e for e in document["scene"]["events"] if e["name"] != "take"]
    with pytest.raises(TraceError, match="in act 'two': 'take' cannot be fired") as broken:
        replay_campaign(PLAIN, {**WORLDS, "w-two": World.from_dict(document)}, session.trace)
    assert broken.value.index == 2
    with pytest.raises(TraceError, match=r"cannot begin: .*no state 'lane'") as broken:
        replay_campaign(PLAIN, {**WORLDS, "w-one": _elsewhere()}, session.trace)
    assert broken.value.index == 0


def _elsewhere() -> World:
    return World.from_dict({"scene": {"states": {"moor": {"base": "A moor."}}, "events": []}})


def test_an_edge_before_the_one_taken_does_not_break_a_trace() -> None:
    trace = _there_and_back().trace
    more = _saga(_edge("one", "gate", {"actId": "two"}, "deviation"), *PLAIN.to_dict()["edges"])
    again = replay_campaign(more, WORLDS, trace.to_json())
    assert [segment.edge for segment in again.trace.segments] == [1, None]


def test_a_replayed_run_is_undone_step_by_step_through_its_acts() -> None:
    session = _there_and_back()
    again = replay_campaign(PLAIN, WORLDS, session.trace)
    while again.can_undo:
        assert (again.position, again.clock, again.trace) == (session.position, session.clock, session.trace)
        again.undo()
        session.undo()
    assert not session.can_undo and again.trace == session.trace


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "smworld-trace"}, "format"),
        ({"segments": []}, "segments: expected at least one item"),
        ({"segments": [{"act": "one"}]}, r"segments\[0\].trace: required"),
        ({"segments": [{"act": 1, "trace": {}, "edge": -1}]}, r"segments\[0\].act: expected a string"),
        ({"clock": 7}, "its acts take 50 ms, and it says 7 ms in all"),
        ({"clock": 70}, "its acts take 50 ms, and it says 70 ms in all"),
    ],
)
def test_a_trace_that_cannot_be_read_says_where(change: Json, said: str) -> None:
    with pytest.raises(TraceError, match=said):
        replay_campaign(PLAIN, WORLDS, {**_there_and_back().trace.to_dict(), **change})
    with pytest.raises(TraceError, match="not a readable trace"):
        CampaignTrace.from_json("{")


def test_waiting_where_the_next_act_begins_at_once_does_not_replay() -> None:
    trace = _there_and_back().trace.to_dict()
    trace["segments"][0]["trace"]["clock"] += 5
    del trace["clock"]
    with pytest.raises(TraceError, match="it was recorded waiting there"):
        replay_campaign(PLAIN, WORLDS, trace)


def test_it_shows_itself_with_text_from_the_campaign_escaped() -> None:
    campaign = Campaign.from_dict({**PLAIN.to_dict(), "title": "<b>\nSaga"})
    session = CampaignSession(campaign, WORLDS)
    assert "<b>" not in session._repr_html_() and "Saga" in session._repr_html_()
    assert repr(session).startswith(r"Campaign '<b>\nSaga': act 'one' (1 begun), 0 ms, 0 fired")
    left = CampaignSession(_saga(_edge("one", "gate", None)), WORLDS)
    left.fire("go")
    assert "the story was left from 'gate'" in repr(left)
    assert "was left from <code>gate</code>" in left._repr_html_()
    assert "act 'one' from 'lane' holding nothing" in repr(left.trace) and "left by edge 0" in repr(left.trace)


def test_a_timer_that_is_due_where_the_run_ended_does_not_fire_when_it_is_replayed() -> None:
    document = WORLDS["w-one"].to_dict()
    document["scene"]["events"].append({"name": "rest", "kind": "override", "from": ["lane"], "minPlayMs": 3000})
    worlds = {**WORLDS, "w-one": World.from_dict(document)}
    session = CampaignSession(PLAIN, worlds)
    session.fire("rest")
    assert replay_campaign(PLAIN, worlds, session.trace).trace == session.trace


# ---- laws ----------------------------------------------------------------------------------------

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["fire", "fire", "fire", "wait", "travel", "undo", "jump", "restart"]), st.integers(0, 1500)
    ),
    max_size=12,
)


@st.composite
def sagas(draw: st.DrawFn) -> tuple[Campaign, dict[str, World]]:
    """Return campaigns of up to three acts on worlds of every shape, with edges from and to any of their states."""
    acts = ["one", "two", "three"][: draw(st.integers(1, 3))]
    worlds = {f"w-{act}": draw(playable()) for act in acts}
    edges = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.sampled_from(acts))
        to: Json | None = None
        if draw(st.integers(0, 3)):
            to = {"actId": draw(st.sampled_from(acts))}
            if draw(st.booleans()):
                to["entrance"] = draw(st.sampled_from([*worlds[f"w-{to['actId']}"].states, "nowhere at all"]))
        edge = _edge(
            start,
            draw(st.sampled_from([*worlds[f"w-{start}"].states])),
            to,
            draw(st.sampled_from(["golden", "deviation", "recombine", "loop"])),
            carryFlags=draw(st.lists(st.sampled_from(["key", "lamp", "oil"]), max_size=3)),
        )
        if draw(st.booleans()):
            edge["requiresFlag"] = draw(st.sampled_from(["key", "lamp"]))
        edges.append(edge)
    return _saga(*edges, acts=tuple(acts)), worlds


def _play(session: CampaignSession, moves: list[tuple[str, int]]) -> CampaignSession:
    for what, number in moves:
        before = (session.position, session.trace, session.trail)
        try:
            can = [o.name for o in session.offers + session.hidden_offers if o.available]
            match what:
                case "fire" if can:
                    session.fire(can[number % len(can)])
                case "wait":
                    session.wait(number)
                case "travel":
                    session.travel(number)
                case "undo" if session.can_undo:
                    session.undo()
                case "jump":
                    session.jump(number % len(session.trail))
                case "restart":
                    session.restart()
        except WorldError as failure:
            if ROUND not in str(failure):
                raise
            if what == "fire":
                assert (session.position, session.trace, session.trail) == before
    return session


def _begun(saga: tuple[Campaign, dict[str, World]]) -> CampaignSession | None:
    try:
        return CampaignSession(*saga, seed=3)
    except WorldError as failure:
        if ROUND not in str(failure):
            raise
        return None


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_a_run_replays_to_the_same_position_and_the_same_record(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = _begun(saga)
    if session is not None:
        _play(session, moves)
        again = replay_campaign(*saga, session.trace.to_json())
        assert (again.position, again.trace, again.trail) == (session.position, session.trace, session.trail)
        assert (again.over, again.offers, again.exit) == (session.over, session.offers, session.exit)


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_undoing_everything_gives_back_the_beginning(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = _begun(saga)
    if session is not None:
        first = (session.position, session.trace, session.offers)
        _play(session, moves)
        while session.can_undo:
            session.undo()
        assert (session.position, session.trace, session.offers) == first


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_acts_begin_with_no_more_than_was_held_and_nothing_used(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = _begun(saga)
    if session is not None:
        segments = _play(session, moves).trace.segments
        for before, after in pairwise(segments):
            assert before.edge is not None
            edge = session.campaign.edges[before.edge]
            held = before.trace.start.flags.union(*(step.granted for step in before.trace))
            assert edge.requires_flag is None or edge.requires_flag in held
            assert after.trace.start.flags == held & set(edge.carry_flags or ())
            assert not after.trace.start.used


@settings(max_examples=30, deadline=None)
@given(playable(), MOVES)
def test_a_campaign_of_one_act_without_edges_plays_as_its_world_does(
    world: World, moves: list[tuple[str, int]]
) -> None:
    session = CampaignSession(_saga(acts=("one",)), {"w-one": world})
    alone = played(world, [move for move in moves if move[0] != "undo"])
    _play(session, [move for move in moves if move[0] != "undo"])
    assert session.trace.segments[0].trace == alone.trace
    assert (session.offers, session.clock, session.line) == (alone.offers, alone.clock, alone.line)


# ---- every run at once ---------------------------------------------------------------------------


def test_exploring_says_which_acts_and_edges_can_be_reached_and_holding_what() -> None:
    campaign = _saga(
        _edge("one", "gate", {"actId": "two"}, carryFlags=["key"]),
        _edge("two", "gate", None, requiresFlag="key"),
        _edge("one", "gate", {"actId": "three"}, "deviation", requiresFlag="sword"),
        acts=("one", "two", "three"),
    )
    found = explore_campaign(campaign, WORLDS)
    assert found.complete and (found.acts, found.unreachable_acts) == ({"one", "two"}, {"three"})
    assert (found.edges, found.dead_edges) == ({0, 1}, {2})
    assert found.entries["two"] == {Position("lane"), Position("lane", frozenset({"key"}))}
    assert found.ends == {("two", "gate")}
    assert "unreachable acts: 'three'" in repr(found)


def test_a_shortest_run_into_an_act_is_played() -> None:
    campaign = _saga(
        _edge("one", "gate", {"actId": "two"}, requiresFlag="key", carryFlags=["key"]),
        _edge("two", "lane", {"actId": "three"}, requiresFlag="key"),
        _edge("three", "gate", {"actId": "one"}, "loop"),
        acts=("one", "two", "three"),
    )
    found = explore_campaign(campaign, WORLDS)
    route = found.route_to("three")
    assert route is not None and (route.events, route.acts) == (("take", "go"), ("one", "two", "three"))
    start = found.route_to("one")
    assert start is not None and len(start) == 0 and found.route_to("nine") is None


def test_a_search_that_is_cut_short_claims_nothing_unreachable() -> None:
    found = explore_campaign(PLAIN, WORLDS, nodes=1)
    assert not found.complete and not found.unreachable_acts and not found.dead_edges
    assert "cut short" in repr(found)


def test_standing_where_a_landing_leaves_the_story_is_searched_too() -> None:
    world = World.from_dict(
        {
            "scene": {
                "states": {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}, "yard": {"base": "A yard."}},
                "events": [
                    {"name": "go", "kind": "transition", "from": ["lane"], "to": "gate"},
                    {"name": "rush", "kind": "transition", "from": ["lane"], "to": "gate", "grants": ["key"]},
                    {"name": "find", "kind": "override", "from": ["gate"], "grants": ["key"]},
                    {"name": "on", "kind": "transition", "from": ["gate"], "to": "yard", "requires": ["key"]},
                ],
            }
        }
    )
    campaign = _saga(_edge("one", "gate", None, requiresFlag="key"), _edge("one", "yard", {"actId": "two"}))
    found = explore_campaign(campaign, {**WORLDS, "w-one": world})
    assert found.edges == {0, 1} and "two" in found.acts


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_whatever_a_run_does_exploring_has_seen(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = _begun(saga)
    if session is None:
        with pytest.raises(WorldError, match=ROUND):
            explore_campaign(*saga)
        return
    found = explore_campaign(*saga, nodes=20_000)
    _play(session, moves)
    if found.complete:
        segments = session.trace.segments
        assert set(session.acts) <= found.acts
        assert {segment.edge for segment in segments} - {None} <= found.edges
        for segment in segments:
            starts = {entry.state for entry in found.entries[segment.act]}
            assert segment.trace.start.state in starts
        if session.over:
            assert (session.act, session.state) in found.ends
    for act in found.acts:
        route = found.route_to(act)
        assert route is None or act in route.acts


@settings(max_examples=30, deadline=None)
@given(sagas())
def test_leaving_out_what_cannot_matter_changes_no_answer(saga: tuple[Campaign, dict[str, World]]) -> None:
    names = [[event.name for event in world.events] for world in saga[1].values()]
    if _begun(saga) is None or any(len(set(of_one)) < len(of_one) for of_one in names):
        return
    found = explore_campaign(*saga, nodes=20_000)
    plain = _plainly(*saga)
    if found.complete and plain is not None:
        assert (found.acts, found.edges, found.ends) == plain


def _plainly(campaign: Campaign, worlds: dict[str, World]) -> tuple[set[str], set[int], set[tuple[str, str]]] | None:
    """Search by playing: every position whole, every offer fired; None when there are too many positions."""
    first = CampaignSession(campaign, worlds)
    acts, edges, ends = set[str](), set[int](), set[tuple[str, str]]()
    seen = {first.position}
    waiting = [first]
    while waiting:
        here = waiting.pop()
        acts |= set(here.acts)
        edges |= {segment.edge for segment in here.trace.segments if segment.edge is not None}
        if here.over:
            ends.add((here.act, here.state))
            continue
        for name in dict.fromkeys(o.name for o in here.offers + here.hidden_offers if o.available):
            there = CampaignSession(campaign, worlds, at=here.position) if _stays(campaign, here) else None
            if there is None:
                there = replay_campaign(campaign, worlds, here.trace)
            try:
                there.fire(name)
            except WorldError:
                continue
            acts |= set(there.acts)
            edges |= {segment.edge for segment in there.trace.segments if segment.edge is not None}
            if there.exit is not None:
                ends.add((there.act, there.state))
            elif there.position not in seen:
                if len(seen) > 150:
                    return None
                seen.add(there.position)
                waiting.append(there)
    return acts, edges, ends


def _stays(campaign: Campaign, session: CampaignSession) -> bool:
    return next_edge(campaign, session.act, session.state, session.flags) is None
