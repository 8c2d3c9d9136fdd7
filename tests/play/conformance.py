"""Runs a conformance trace (schema/conformance/README.md, "traces") against the stepper."""

from __future__ import annotations

from typing import Any

import pytest

from worldkit import World
from worldkit.errors import NotAvailable
from worldkit.play import Session, Trace

Json = dict[str, Any]


def run(case: Json) -> Session:
    """Play a case's inputs, checking on the way, and return the session at the end."""
    world = World.from_dict(case["world"])
    session = Session(world, seed=case.get("seed", 0), at=case.get("at"), past_endings=case.get("pastEndings", False))
    for number, given in enumerate(case["inputs"]):
        try:
            _do(session, given)
        except AssertionError as wrong:
            raise AssertionError(f"input {number} {given}: {wrong}") from wrong
    return session


def _do(session: Session, given: Json) -> None:
    match given:
        case {"fire": name, "refused": expected}:
            before = (session.position, session.trace)
            with pytest.raises(NotAvailable) as refused:
                session.fire(name)
            found = {"reason": refused.value.reason, "missing": list(refused.value.missing)}
            assert found == {"missing": [], **expected}
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
        case {"check": expected}:
            check(session, expected)
        case _:
            raise AssertionError(f"no such input: {given}")


def check(session: Session, expected: Json) -> None:
    """Compare what a case expects with how the session stands."""
    for key, value in expected.items():
        found = _found(session, key, value)
        assert found == value, f"{key}: {found!r}, expected {value!r}"


def _found(session: Session, key: str, expected: Any) -> Any:
    match key:
        case "trace":
            return expected if session.trace == Trace.from_dict(expected) else session.trace.to_dict()
        case "offers" | "hidden":
            offers = session.offers if key == "offers" else session.hidden_offers
            if len(offers) != len(expected):
                return [offer.to_dict() for offer in offers]
            return [{k: offer.to_dict()[k] for k in wanted} for offer, wanted in zip(offers, expected, strict=True)]
        case "flags" | "used":
            return sorted(getattr(session, key))
        case "ended":
            ended = session.ended
            return ended and {k: getattr(ended, k) for k in expected or {"kind": 0, "title": 0}}
        case "terminal":
            opened = session.terminal
            return opened and {
                k: list(v) if k == "facts" else v for k in expected or ["name"] for v in [getattr(opened, k)]
            }
        case "missions":
            return [mission.to_dict() for mission in session.missions]
        case "trail":
            return len(session.trail)
        case "prompt":
            return session.prompt()
        case "state" | "clock" | "line":
            return getattr(session, key)
    raise AssertionError(f"nothing can be expected of {key!r}")
