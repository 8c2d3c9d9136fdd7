"""Runs a conformance trace (schema/conformance/README.md, "traces") against the stepper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from worldkit import NotAvailable, Session, SessionEvent, Trace, World

Json = dict[str, Any]


def run(case: Json) -> Session:
    """Play a case's inputs, checking on the way, and return the session at the end."""
    session = begin(case)
    events = listening(session, case.get("listen", ()))
    for number, action in enumerate(case["inputs"]):
        try:
            _do(session, action, events)
        except AssertionError as wrong:
            raise AssertionError(f"input {number} {action}: {wrong}") from wrong
    return session


def begin(case: Json) -> Session:
    """Return the session of a case before its inputs."""
    return Session(
        World.from_dict(case["world"]),
        seed=case.get("seed", 0),
        at=case.get("at"),
        past_endings=case.get("pastEndings", False),
        mode=case.get("mode", "instant"),
        evidence=camera(case["camera"]) if "camera" in case else None,
    )


def camera(script: list[Json]) -> Callable[[int], Json | None]:
    """Return a source that sees what a script says: at a clock, its last sample from no later than that."""

    def look(clock: int) -> Json | None:
        past = [sample for sample in script if sample["at"] <= clock]
        return {key: value for key, value in past[-1].items() if key != "at"} if past else None

    return look


def listening(session: Session, topics: Sequence[str]) -> list[SessionEvent]:
    """Return the list that what is heard of some topics goes to, in order."""
    events: list[SessionEvent] = []
    for topic in topics:
        session.on(topic, events.append)
    return events


def _do(session: Session, action: Json, events: Sequence[SessionEvent] = ()) -> None:
    match action:
        case {"fire": name, "refused": expected}:
            before = (session.position, session.trace)
            with pytest.raises(NotAvailable) as error:
                session.fire(name)
            actual = {"reason": error.value.reason, "missing": list(error.value.missing)}
            assert actual == {"missing": [], **expected}
            assert (session.position, session.trace) == before
        case {"fire": name}:
            session.fire(name)
        case {"wait": ms}:
            session.wait(ms)
        case {"travel": ms}:
            session.travel(ms)
        case {"ask": text, "answer": expected}:
            assert session.ask(text) == expected
        case {"close": True}:
            session.close_terminal()
        case {"undo": times}:
            session.undo(times)
        case {"jump": to}:
            session.jump(to)
        case {"restart": True}:
            session.restart()
        case {"retry": True}:
            session.retry()
        case {"finish": True}:
            session.finish()
        case {"cancel": True}:
            session.cancel()
        case {"observe": sample}:
            session.observe(sample)
        case {"grant": flags}:
            session.grant(*flags)
        case {"revoke": flags}:
            session.revoke(*flags)
        case {"variant": label}:
            session.variant(label)
        case {"heard": expected}:
            actual = [event_as_json(happening) for happening in events]
            assert isinstance(events, list)
            events.clear()
            assert _members(actual, expected) == expected, f"heard {actual}, expected {expected}"
        case {"check": expected}:
            check(session, expected)
        case _:
            raise AssertionError(f"no such input: {action}")


def event_as_json(happening: SessionEvent) -> Json:
    """Return a happening as a case writes it: without what is empty."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key in ("topic", "at", "state", "event", "flags", "ms", "text", "controls", "number")
        for value in [getattr(happening, key)]
        if value or key == "at" or (key == "controls" and happening.topic == "drive")
    }


def _members(actual: list[Json], expected: list[Json]) -> list[Json]:
    if len(actual) != len(expected):
        return actual
    return [{key: item.get(key) for key in keys} for item, keys in zip(actual, expected, strict=True)]


def check(session: Session, expected: Json) -> None:
    """Compare what a case expects with how the session stands."""
    for key, value in expected.items():
        actual = _actual_value(session, key, value)
        assert actual == value, f"{key}: {actual!r}, expected {value!r}"


def _actual_value(session: Session, key: str, expected: Any) -> Any:
    match key:
        case "trace":
            return expected if session.trace == Trace.from_dict(expected) else session.trace.to_dict()
        case "offers" | "hidden":
            offers = session.offers if key == "offers" else session.hidden_offers
            if len(offers) != len(expected):
                return [offer.to_dict() for offer in offers]
            return [{k: offer.to_dict()[k] for k in keys} for offer, keys in zip(offers, expected, strict=True)]
        case "flags" | "used":
            return sorted(getattr(session, key))
        case "ended":
            ending = session.ended
            return ending and {k: getattr(ending, k) for k in expected or {"kind": 0, "title": 0}}
        case "terminal":
            terminal = session.terminal
            return terminal and {
                k: list(v) if k == "facts" else v for k in expected or ["name"] for v in [getattr(terminal, k)]
            }
        case "missions":
            return [mission.to_dict() for mission in session.missions]
        case "trail":
            return len(session.trail)
        case "prompt":
            return session.prompt()
        case "promptNow":
            return session.prompt_now
        case "prompts":
            return _members([event_as_json(prompt) for prompt in session.prompts], expected)
        case "playing":
            return session.playing and _members([session.playing.to_dict()], [expected or {"event": 0}])[0]
        case "waypoints":
            return _members([waypoint.to_dict() for waypoint in session.waypoints], expected)
        case "variant":
            return session.chosen.get(session.state)
        case "variants" | "controls":
            return list(getattr(session, key))
        case "seen":
            return session.seen and session.seen.to_dict()
        case "intro" | "outro" | "ambient":
            return getattr(session, key)
        case "state" | "clock" | "line":
            return getattr(session, key)
    raise AssertionError(f"nothing can be expected of {key!r}")
