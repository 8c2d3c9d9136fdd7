"""Worlds and runs for the play room's tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.strategies import documents
from worldkit import NotAvailable, Session, World, WorldError

Json = dict[str, Any]


@st.composite
def playable(draw: st.DrawFn) -> World:
    """Return worlds with waypoints, and sometimes with rule errors: dangling ends, duplicate names, no entrance."""
    document = draw(documents())
    events = document["scene"]["events"]
    for event in events:
        if draw(st.integers(0, 3)) == 0:
            event["waypoint"] = {"label": "x", "distanceM": draw(st.integers(1, 40)), "speedMs": 10}
        if draw(st.integers(0, 7)) == 0:
            event["landWhen"] = {"maxMotion": 12, "auto": draw(st.booleans())}
        if draw(st.integers(0, 9)) == 0:
            event["to"] = "nowhere at all"
        if draw(st.integers(0, 9)) == 0:
            event["name"] = events[0]["name"]
    if draw(st.integers(0, 9)) == 0:
        document["entrance"] = {"state": "nowhere at all"}
    return World.from_dict(document)


inputs = st.lists(
    st.one_of(
        st.tuples(st.just("fire"), st.integers(0, 20)),
        st.tuples(st.just("fire"), st.integers(0, 20)),
        st.tuples(st.just("fire"), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.integers(0, 1500)),
        st.tuples(st.just("travel"), st.integers(0, 1500)),
        st.tuples(st.just("ask"), st.just(0)),
    ),
    max_size=12,
)
going_back = st.lists(
    st.one_of(
        st.tuples(st.just("fire"), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.integers(0, 1500)),
        st.tuples(st.just("travel"), st.integers(0, 1500)),
        st.tuples(st.just("undo"), st.integers(1, 3)),
        st.tuples(st.just("jump"), st.integers(0, 20)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("ask"), st.just(0)),
    ),
    max_size=16,
)


def names(session: Session) -> list[str]:
    """Return what can be fired, as its offers say."""
    return [offer.name for offer in session.offers + session.hidden_offers if offer.available]


def do(session: Session, what: str, number: int) -> None:
    """Do one input; a press picks one of what is available."""
    match what:
        case "fire":
            can = names(session)
            if can:
                session.fire(can[number % len(can)])
        case "wait":
            session.wait(number)
        case "travel":
            session.travel(number)
        case "ask" if session.terminal:
            session.ask("?")
        case "undo":
            while number and session.can_undo:
                session.undo()
                number -= 1
        case "jump":
            session.jump(number % len(session.trail))
        case "restart":
            session.restart()


def play_inputs(world: World, run: list[tuple[str, int]], **options: Any) -> Session:
    """Return a session after some inputs."""
    session = Session(world, **options)
    for what, number in run:
        do(session, what, number)
    return session


__all__ = ["Json", "NotAvailable", "WorldError", "do", "going_back", "inputs", "names", "play_inputs", "playable"]
