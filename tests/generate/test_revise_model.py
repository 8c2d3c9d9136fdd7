"""The real thing: SmolLM2-135M writes revisions, variants and what a chapter leaves open, on this machine, offline."""

from __future__ import annotations

import json
from typing import Any

import pytest

import worldkit as wk
from tests.generate import test_model
from tests.generate.texts import MINE
from worldkit.core.progress import ignore
from worldkit.generation.prose.moods import MOODS
from worldkit.generation.revision.answer_form import answer_schema
from worldkit.generation.revision.outline import TOPICS, outline

pytestmark = pytest.mark.model
alone, engine, some = test_model.alone, test_model.engine, test_model.some

BENCH = wk.samples.load("bench")


def test_the_model_says_where_a_mood_shows(engine: Any) -> None:
    revision = wk.revise(BENCH, "make the lane colder", progress=ignore)
    assert revision.report.model == "SmolLM2-135M-Instruct"
    assert revision.report.written == 1
    added = revision.world.states["lane"].base.removeprefix(BENCH.states["lane"].base).strip()
    assert added.startswith(tuple(MOODS["cold"].signs))
    assert added.endswith(("bench.", "mitten.", "walls.", "trees."))
    assert wk.revise(BENCH, "make the lane colder", progress=ignore).world.to_json() == revision.world.to_json()


def test_variants_by_the_model_are_distinct_and_keep_the_rules(engine: Any) -> None:
    rewriting = wk.rewrite(BENCH, "lane", 2, progress=ignore)
    assert rewriting.report.written == 2
    assert len({BENCH.states["lane"].base, *(variant.base for variant in rewriting.variants)}) == 3
    assert rewriting.world.lint("studio").errors == BENCH.lint("studio").errors


def test_a_place_by_the_model_holds_together(engine: Any) -> None:
    revision = wk.revise(BENCH, "add a barn next to the lane", progress=ignore)
    assert revision.report.written > 3
    assert not revision.world.lint("studio").errors
    assert not wk.explore(revision.world).soft_locks


def test_a_chapter_is_filled_in_by_the_model(engine: Any) -> None:
    retelling = wk.from_text(MINE, progress=ignore)
    assert retelling.report.written > 15
    assert retelling.world.verify().passed
    assert not wk.explore(retelling.world).soft_locks


def test_answers_are_heard_as_they_end_and_are_those_that_come(engine: Any, some: list[Any]) -> None:
    replies_by_ask: dict[int, Any] = {}
    replies = engine.answer(some[:2], replies_by_ask.__setitem__)
    assert replies == [replies_by_ask[0], replies_by_ask[1]] == engine.answer(some[:2])


def test_a_decoder_can_be_held_to_the_schema_of_an_answer(engine: Any) -> None:
    import llguidance

    for name in ("bench", "lighthouse", "delivery"):
        world = wk.samples.load(name)
        schema = json.dumps(answer_schema(outline(world, "make the ending warmer", TOPICS), TOPICS))
        grammar = llguidance.LLMatcher.grammar_from_json_schema(schema)
        assert llguidance.LLMatcher.validate_grammar(grammar) == ""
