"""The hand-written conformance documents: what is read, and where what is not read is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.schemas import schema_problems

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "schema" / "conformance" / "documents.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_reader_and_the_schema_agree_with_the_case(case: dict[str, Any]) -> None:
    paths: list[str] = []
    try:
        assert wk.load(case["document"]).to_dict() == case["document"]
    except wk.InvalidWorld as error:
        paths = [problem.path for problem in error.problems]
    assert paths == case["problems"]
    assert bool(schema_problems(case["document"])) == bool(case["problems"])
