"""Revisions, beats and variants over real sockets, from an endpoint that answers as a test scripts it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import worldkit as wk
from tests.generate.server import serving
from tests.generate.texts import MINE
from worldkit import WorldError
from worldkit.core.progress import ignore

BENCH = wk.samples.load("bench")
SECRET = "sk-very-secret"
OP = {"op": "set_field", "state": "lane", "field": "base", "value": "A lane under hard frost, and a gate of iron."}
GOOD = json.dumps({"reply": "Froze the lane.", "ops": [OP]})


def test_an_endpoint_revises_and_mends_its_answer() -> None:
    wrong = json.dumps({"reply": "x", "ops": [{**OP, "value": "There is no lane."}]})
    with serving(lambda body, number: wrong if number == 1 else f"<think>hm</think>{GOOD}") as server:
        revision = wk.revise(BENCH, "freeze the lane", f"chat:{server.url}#m", key=SECRET, progress=ignore)
    assert revision.world.states["lane"].base == OP["value"]
    assert [refusal.round for refusal in revision.refusals] == [1]
    first, second = server.requests
    assert first["response_format"]["json_schema"]["schema"]["required"] == ["reply", "ops"]
    assert "negation" in second["messages"][-1]["content"]
    assert server.keys == [f"Bearer {SECRET}"] * 2
    assert SECRET not in repr(revision) + repr(revision.report) + revision.world.to_json()


def test_an_endpoint_that_takes_no_schema_is_told_it_in_words() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return (400, '{"error": "response_format is not supported"}') if "response_format" in body else GOOD

    with serving(script) as server:
        assert wk.revise(BENCH, "x", f"chat:{server.url}#m", progress=ignore).reply == "Froze the lane."
    assert "JSON Schema" in server.requests[-1]["messages"][-1]["content"]


def test_an_endpoint_that_refuses_is_an_error_and_the_world_stays() -> None:
    with serving(lambda body, number: (401, '{"error": "bad key"}')) as server, pytest.raises(WorldError, match="401"):
        wk.revise(BENCH, "x", f"chat:{server.url}#m", key=SECRET, progress=ignore)


def test_an_endpoint_says_where_beats_begin_and_fills_in_what_is_left() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return '{"beats": [1, 7, 13, 19]}' if "response_format" in body else "Something unfit"

    with serving(script) as server:
        retelling = wk.from_text(MINE, f"chat:{server.url}#m", progress=ignore)
    assert len(retelling.beats) == 4
    assert retelling.world.verify().passed
    assert len(server.requests) > 10


def test_an_endpoint_puts_a_state_in_other_words() -> None:
    other = "Frost along a farm lane; at the rise the lime trees lean over a bench."
    with serving(lambda body, number: json.dumps({"variants": [other]})) as server:
        rewriting = wk.rewrite(BENCH, "lane", 1, f"chat:{server.url}#m", progress=ignore)
    assert [variant.base for variant in rewriting.variants] == [other]
