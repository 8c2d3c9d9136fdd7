"""A small model, really run by llama.cpp in this process: the packaged one, which is asked for open parts alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

import worldkit as wk
from tests.generate import needs
from worldkit.core.progress import ignore
from worldkit.generation.engines import local_runner, weights
from worldkit.generation.engines.base import Ask
from worldkit.generation.engines.llama_cpp import LlamaCppEngine

pytestmark = pytest.mark.capable
needs.bundled_model()
pytest.importorskip("xllamacpp", reason="needs smworldkit[gguf]")
FILE = weights.weights_file()
VERBS = ("sends back every call", "lies open to the wind", "quivers on the highest point")
GRAMMAR = f"""\
start: " " verb ". The rope" WAY "."
verb: {" | ".join(map(json.dumps, VERBS))}
WAY: / (hangs|lies) (on|under) (the (|wet |long )plank|()rocks)/
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[LlamaCppEngine]:
    """Load the model once."""
    engine = local_runner.load(f"local:{FILE}")
    assert isinstance(engine, LlamaCppEngine)
    yield engine
    local_runner.engine_cache = local_runner.EngineCache()


def test_every_answer_is_one_that_its_grammar_allows(engine: LlamaCppEngine) -> None:
    assert not engine.capable
    asks = [Ask("You write.", (), "Place: the high meadow.", "The meadow", GRAMMAR, seed) for seed in range(12)]
    replies = engine.answer(asks)
    sentence = rf"The meadow ({'|'.join(VERBS)})\. The rope (hangs|lies) (on|under) (the (wet |long )?plank|rocks)\."
    assert all(reply.is_complete and re.fullmatch(sentence, reply.text) for reply in replies), replies
    assert len({reply.text for reply in replies}) > 1, "the seed of an ask counts"


def test_it_writes_a_world_of_which_the_templates_write_almost_nothing(engine: LlamaCppEngine) -> None:
    world, report = wk.generate_with_report("A dentist on a volcano.", f"local:{FILE}", seed=1, progress=ignore)
    assert report.written > 30 and len(report.fallbacks) <= 3
    assert not world.lint("studio").errors
