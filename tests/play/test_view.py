"""The view has exactly the members the player widget's protocol names."""

from __future__ import annotations

import pytest

import worldkit as wk
from tests.play.test_session import world
from worldkit import Position, Session
from worldkit.core.diagnostics import make_diagnostic
from worldkit.playing.notices import notices_of
from worldkit.playing.view import view


def test_the_view_has_exactly_the_protocols_members() -> None:
    session = Session(
        world(missions=[{"id": "m", "title": "Home", "objectives": [{"id": "key", "text": "Take the key"}]}])
    )
    step = session.fire("walk_up")
    problem = make_diagnostic("no-entrance", "error", "no entrance", "world", field="entrance")
    view_json = view(session, notices=notices_of([step]), blocked=[problem])
    assert view_json == {
        "protocol": 1,
        "title": "Bench",
        "state": {"id": "gate", "base": "A gate.", "ending": None},
        "line": "",
        "sceneLine": "",
        "prompt": "A gate.",
        "offers": [
            {
                "name": "open",
                "label": "open",
                "available": False,
                "hint": "It is locked.",
                "hotkey": None,
                "kind": "transition",
            },
            {"name": "take", "label": "take", "available": True, "hint": None, "hotkey": None, "kind": "override"},
        ],
        "hidden": [],
        "flags": ["seen"],
        "held": [{"flag": "seen", "event": "walk_up", "at": 0, "by": "player"}],
        "trail": [
            {"state": "lane", "event": None, "at": 0},
            {"state": "gate", "event": "walk_up", "at": 0, "granted": ["seen"]},
        ],
        "trailFrom": 0,
        "start": {"state": "lane", "flags": [], "used": []},
        "seed": 0,
        "clock": 0,
        "timeUses": {"lasting": False, "waiting": True, "walking": False},
        "ended": None,
        "stopped": None,
        "missions": [
            {
                "id": "m",
                "title": "Home",
                "complete": False,
                "objectives": [{"id": "key", "text": "Take the key", "status": "active"}],
            }
        ],
        "arrivals": [],
        "mode": "instant",
        "playing": None,
        "promptNow": "A gate.",
        "controls": [],
        "ambient": "",
        "waypoints": [],
        "timers": [],
        "zones": [],
        "seen": None,
        "variants": [],
        "variant": None,
        "intro": None,
        "outro": None,
        "canUndo": True,
        "terminal": None,
        "notices": [
            {"kind": "grant", "text": "Now held: seen."},
        ],
        "blocked": [problem.to_dict()],
    }


def test_an_ending_is_shown_with_its_subtitle() -> None:
    view_json = view(Session(world(), at=Position("home")))
    assert (
        view_json["ended"] == view_json["state"]["ending"] == {"kind": "win", "title": "Home", "subtitle": "At last."}
    )
    assert view_json["offers"] == view_json["hidden"] == []


def test_an_open_console_is_shown_without_its_facts() -> None:
    session = Session(world())
    session.fire("desk")
    session.ask("hello?")
    assert view(session)["terminal"] == {
        "name": "desk",
        "persona": "Clerk",
        "greeting": "",
        "log": [{"who": "you", "text": "hello?"}, {"who": "console", "text": "F"}],
        "facts": 1,
    }
    assert "G" not in str(view(session)["terminal"])


def test_another_console_may_be_shown_instead() -> None:
    assert view(Session(world()), terminal={"name": "x"})["terminal"] == {"name": "x"}


def test_hidden_events_are_listed_apart() -> None:
    assert [offer["name"] for offer in view(Session(world()))["hidden"]] == ["rain"]


@pytest.mark.parametrize(
    ("src", "is_shown"),
    [
        ("data:image/png;base64,AAAA", True),
        ("https://pictures.example/lane.png", False),
        ("lane.png", False),
        ("data:image/svg+xml;base64,AAAA", False),
        ("data:text/html;base64,AAAA", False),
        ('data:image/png;base64,AA"onerror=x', False),
    ],
)
def test_the_entrance_picture_is_in_the_view_where_play_begins_and_nothing_that_is_fetched(
    src: str, is_shown: bool
) -> None:
    image = {"src": src, "label": "A lane"}
    world = wk.samples.load("bench").apply([{"op": "set_entrance", "state": "lane", "image": image}])
    session = wk.Session(world)
    assert view(session).get("picture") == ({"src": src, "label": "A lane"} if is_shown else None)
    session.fire("walk_up_the_lane")
    assert "picture" not in view(session)


WAYPOINT = {"label": "the gate", "distanceM": 20}


@pytest.mark.parametrize(
    ("more", "uses"),
    [
        ({"phases": [{"base": "She walks."}]}, {"lasting"}),
        ({"minPlayMs": 900}, {"lasting"}),
        ({"autoAfterMs": 0}, {"waiting"}),
        ({"waypoint": WAYPOINT}, {"walking"}),
        ({"landWhen": {"label": "gate"}}, set()),
    ],
)
def test_the_view_says_what_the_clock_is_for_in_its_world(more: dict[str, object], uses: set[str]) -> None:
    event = {"name": "on", "kind": "transition", "from": ["lane"], "to": "gate", **more}
    states = {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}}
    walk = wk.World.from_dict(
        {"name": "W", "entrance": {"state": "lane"}, "scene": {"states": states, "events": [event]}}
    )
    told = view(Session(walk))["timeUses"]
    assert {use for use, is_used in told.items() if is_used} == uses
