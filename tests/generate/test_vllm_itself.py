"""The real vLLM runs the small model. Skipped where it is not installed; on a CPU its CPU build will do."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.generate.needs import bundled_model
from tests.generate.worlds import LIGHTHOUSE
from worldkit import generate_many, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines import local_runner, vllm_lm, weights
from worldkit.generation.engines.base import AnswerOptions, Ask, ChatRequest
from worldkit.generation.engines.vllm_lm import VllmEngine
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import ProseJob, Writer
from worldkit.generation.text.constraints import clean

pytestmark = pytest.mark.model

if not vllm_lm.installed():
    pytest.skip("needs vllm", allow_module_level=True)
bundled_model()

NAME = f"vllm:{weights.bundled()}"


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    """Shut every way out of the machine."""
    patch = pytest.MonkeyPatch()

    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"a model in a folder must not reach for the network: {address}")

    patch.setattr(socket.socket, "connect", refuse)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def engine(alone: None) -> VllmEngine:
    """Return the loaded engine."""
    engine = local_runner.load(NAME)
    assert isinstance(engine, VllmEngine)
    return engine


@pytest.fixture(scope="module")
def asks(engine: VllmEngine) -> list[Ask]:
    """Return asks of every kind."""
    writer, world_plan = Writer(engine), plan(LIGHTHOUSE, 3, 6)
    return [writer._asks(ProseJob(world_plan, (), 3), item, 0)[0] for item in wanted(world_plan, 3) if item.question]


def test_it_writes_worlds_that_pass_every_judge(engine: VllmEngine) -> None:
    world, report = generate_with_report(LIGHTHOUSE, NAME, states=5, progress=ignore)
    assert world.verify(LIGHTHOUSE).passed
    assert list(world.lint("studio")) == []
    assert report.model == weights.bundled().name
    assert report.written > 25 and len(report.fallbacks) < report.written / 4
    other = "A robot gardener has to wake the seeds on a dead moon"
    assert all(generate_many([other, LIGHTHOUSE], NAME, states=5, progress=ignore))


def test_answers_are_held_to_their_grammars(engine: VllmEngine, asks: list[Ask]) -> None:
    import llguidance

    replies = engine.answer(asks)
    assert sum(reply.is_complete for reply in replies) > len(replies) / 2
    rules: Any = llguidance.LLTokenizer(str(weights.bundled() / "tokenizer.json"))
    for ask, reply in zip(asks, replies, strict=True):
        assert reply.text.startswith(ask.prefix)
        assert -12 < reply.mean_logprob <= 0
        if reply.is_complete:
            matcher: Any = llguidance.LLMatcher(rules, llguidance.LLMatcher.grammar_from_lark(ask.grammar))
            rest = rules.tokenize_str(reply.text.removeprefix(ask.prefix))
            assert matcher.consume_tokens(rest) and matcher.is_accepting()
            assert clean(reply.text)


def test_json_is_held_to_its_schema(engine: VllmEngine) -> None:
    properties = {"at": {"enum": ["p1", "p2"]}, "key": {"enum": ["k1"]}}
    form = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    question = [{"role": "user", "content": "Where is the key?"}]
    request = ChatRequest("You answer in JSON.", question, form, AnswerOptions(60, 3))
    jsonschema.validate(json.loads(engine.reply(request).text), form)


def test_an_interrupt_leaves_an_engine_that_answers(engine: VllmEngine, asks: list[Ask]) -> None:
    has_answered = threading.Event()

    def strike() -> None:
        has_answered.wait()
        os.kill(os.getpid(), signal.SIGINT)

    striker = threading.Thread(target=strike)
    striker.start()
    with pytest.raises(KeyboardInterrupt):
        engine.answer(asks * 4, lambda *_: has_answered.set())
    striker.join()
    assert len(engine.answer(asks[:3])) == 3
