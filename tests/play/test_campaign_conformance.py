"""Campaigns play as the hand-written cases say (schema/conformance/campaigns)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worldkit import Campaign, CampaignSession, CampaignTrace, NotAvailable, World, replay_campaign

Json = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "schema" / "conformance" / "campaigns"
CASES = sorted(FOLDER.glob("*.json"))


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
            with pytest.raises(NotAvailable) as error:
                session.fire(name)
            assert {"reason": error.value.reason, "missing": list(error.value.missing)} == {
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
        actual = getattr(session, {"hidden": "hidden_offers"}.get(key, key))
        match key:
            case "trace":
                value = CampaignTrace.from_dict(value)
            case "offers" | "hidden":
                offers = [offer.to_dict() for offer in actual]
                actual = [{k: offer[k] for k in members} for offer, members in zip(offers, value, strict=False)]
                assert len(offers) == len(value), f"{key}: {offers}"
            case "ended":
                actual = actual and {k: getattr(actual, k) for k in value or {"kind": 0}}
            case "flags" | "used":
                actual = sorted(actual)
            case "acts":
                actual = list(actual)
            case "trail":
                actual = len(actual)
        assert actual == value, f"{key}: {actual!r}, expected {value!r}"


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
