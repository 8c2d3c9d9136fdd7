"""Time that passes by itself, beginning anew and switching the mode: what a player in a page does to a session."""

from __future__ import annotations

from typing import Any

import pytest

from worldkit import NotAvailable, Position, Session, World, WorldError, replay
from worldkit.playing.view import time_view, view, world_facts


def timed_world() -> World:
    lamp = {"name": "lift", "kind": "override", "from": ["lane"], "grants": ["lamp"], "phases": [{"base": "A hand."}]}
    walk = {
        "name": "walk",
        "kind": "transition",
        "from": ["lane"],
        "to": "gate",
        "landWhen": {"label": "Gate", "hits": 2},
    }
    wind = {"name": "wind", "kind": "override", "from": ["lane"], "autoAfterMs": 8000, "hidden": True, "oneShot": True}
    bright = {"name": "sun", "kind": "transition", "from": ["gate"], "to": "lane"}
    bright |= {"landWhen": {"auto": True, "minLuminance": 200, "hits": 3}}
    locked_event = {"name": "in", "kind": "transition", "from": ["gate"], "to": "lane", "requires": ["key"]}
    events: list[dict[str, Any]] = [lamp, walk, wind, bright, locked_event]
    states = {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}}
    return World.from_dict({"entrance": {"state": "lane"}, "scene": {"states": states, "events": events}})


def test_undo_takes_back_a_press_with_all_the_time_since() -> None:
    session = Session(timed_world(), mode="real-time")
    for _ in range(5):
        session.tick(100)
    assert not session.can_undo, "time alone is nothing to undo"
    session.fire("lift")
    for _ in range(60):
        session.tick(100)
    assert session.flags == {"lamp"} and session.clock == 6500
    session.undo()
    assert (session.clock, session.flags, session.playing, session.can_undo) == (500, frozenset(), None, False)


def test_what_fires_by_itself_in_a_tick_can_be_undone_by_itself() -> None:
    session = Session(timed_world(), mode="real-time")
    session.fire("lift")
    for _ in range(90):
        session.tick(100)
    assert session.trace.events == ("lift", "wind")
    session.undo()
    assert session.trace.events == ("lift",) and session.clock == 7900
    session.undo()
    assert session.clock == 0 and not session.can_undo


def test_ticks_and_one_wait_make_the_same_trace() -> None:
    ticked, in_one_wait = Session(timed_world(), mode="real-time"), Session(timed_world(), mode="real-time")
    for session in (ticked, in_one_wait):
        session.fire("lift")
    for _ in range(100):
        ticked.tick(100)
    in_one_wait.wait(10_000)
    assert ticked.trace == in_one_wait.trace


def test_beginning_anew_can_be_undone_and_refuses_a_state_that_is_not_there() -> None:
    session = Session(timed_world())
    session.fire("lift")
    session.begin({"state": "gate", "flags": ["key"]})
    assert session.position == Position("gate", frozenset({"key"})) and session.trace.start.state == "gate"
    session.undo()
    assert session.state == "lane" and session.flags == {"lamp"}
    with pytest.raises(WorldError, match="no state"):
        session.begin({"state": "moon"})
    assert session.state == "lane"


def test_the_mode_is_switched_where_the_run_stands_and_the_run_replays() -> None:
    session = Session(timed_world())
    session.fire("lift")
    session.switch("real-time").observe(luminance=20).fire("walk")
    with pytest.raises(NotAvailable):
        session.switch("instant")
    session.observe(labels=["gate"])
    session.tick(2000)
    assert session.state == "gate"
    session.switch("instant")
    assert session.trace.mode == "real-time", "what was seen while it played is seen again only where things play"
    assert replay(timed_world(), session.trace).trace.events == ("lift", "walk")
    with pytest.raises(ValueError, match="instant"):
        session.switch("slow")  # type: ignore[arg-type]


def test_a_run_switched_before_anything_was_seen_is_told_in_its_last_mode() -> None:
    session = Session(timed_world(), mode="real-time")
    session.fire("lift")
    session.finish()
    session.switch("instant")
    assert session.trace.mode == "instant"
    assert replay(timed_world(), session.trace).position == session.position


def test_the_view_tells_timers_zones_and_what_could_be_shown() -> None:
    session = Session(timed_world(), mode="real-time")
    session.wait(1000)
    [timer] = time_view(session)["timers"]
    assert timer == {"event": "wind", "label": "wind", "since": 0, "due": 8000, "available": True, "hidden": True}
    assert [arrival["waitsFor"] for arrival in view(session)["arrivals"]] == ["'gate' in the picture"]
    session.observe(luminance=20)
    session.fire("walk")
    playing = time_view(session)["playing"]
    assert playing["shows"] == {"labels": {"gate": 0.5}} and playing["stages"] == [{"what": "evidence", "ms": 20000}]
    session.observe(playing["shows"])
    session.wait(1400)
    assert session.state == "gate" and session.trace[-1].evidence == "observed"
    [zone] = time_view(session)["zones"]
    assert (zone["needs"], zone["hits"], zone["waitsFor"]) == (3, 0, "luminance of at least 200")
    session.observe(zone["shows"])
    session.wait(3000)
    assert session.state == "lane" and session.trace[-1].by == "zone"


@pytest.mark.parametrize("impossible", [{"minLuminance": 300}, {"minLuminance": 90, "maxLuminance": 60}])
def test_beside_what_no_picture_shows_the_view_tells_what_one_can_show(impossible: dict[str, Any]) -> None:
    document = timed_world().to_dict()
    document["scene"]["events"][1]["landWhen"] = {**impossible, "minMotion": 5}
    session = Session(World.from_dict(document), mode="real-time").observe(luminance=20)
    [arrival] = view(session)["arrivals"]
    assert arrival["shows"] == {"motion": 130.0}
    session.fire("walk")
    session.observe(arrival["shows"])
    session.wait(2000)
    assert session.state == "gate" and session.trace[-1].evidence == "observed"


def test_what_is_known_of_the_world_names_who_grants_each_flag() -> None:
    facts = world_facts(Session(timed_world()))
    assert facts["flags"] == [{"flag": "key", "events": []}, {"flag": "lamp", "events": ["lift"]}]
    assert (facts["states"], facts["labels"], facts["entrance"]) == (["lane", "gate"], ["Gate"], "lane")


def test_flags_held_say_where_they_are_from() -> None:
    session = Session(timed_world(), at={"state": "lane", "flags": ["old"]})
    session.fire("lift")
    session.grant("key")
    session.revoke("old")
    flag_rows = view(session)["held"]
    assert [(one["flag"], one["event"], one["by"]) for one in flag_rows] == [
        ("key", "author:grant", "author"),
        ("lamp", "lift", "player"),
    ]
    assert [point.get("revoked") for point in view(session)["trail"]] == [None, None, None, ["old"]]


def test_a_flag_that_was_renamed_since_says_where_it_is_from() -> None:
    session = Session(timed_world())
    session.fire("lift")
    session.apply([{"op": "rename_flag", "from": "lamp", "to": "lantern"}])
    [row] = view(session)["held"]
    assert (row["flag"], row["event"], row["by"]) == ("lantern", "lift", "player")
    session.revoke("lantern")
    session.grant("lantern")
    [row] = view(session)["held"]
    assert (row["flag"], row["event"], row["by"]) == ("lantern", "author:grant", "author")
