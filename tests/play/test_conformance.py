"""The stepper agrees with every conformance trace, written by hand from the specification."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.play.conformance import check, run
from worldkit import replay

FOLDER = Path(__file__).parents[2] / "schema" / "conformance" / "traces"
CASES = sorted(FOLDER.glob("*.json"))


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_stepper_agrees(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    session = run(case)
    check(session, case["expect"])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_its_expected_trace_replays(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    session = run(case)
    again = replay(session.world, case["expect"]["trace"])
    assert again.position == session.position
    assert again.trace == session.trace
