"""The vLLM engine, on a double of vLLM; ``test_vllm_itself`` runs the real one where it is installed."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from tests.generate.needs import bundled_model
from worldkit import MissingExtra, WorldError, generate, generate_many, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines import llama_cpp, local_runner, torch_setup, vllm_lm, weights
from worldkit.generation.engines.base import AnswerOptions, Ask, CannotAnswer, ChatRequest, Reply
from worldkit.generation.text.constraints import clean

LIGHTHOUSE = "A lighthouse keeper must relight the lamp before the storm"
ANSWER_SCHEMA = {
    "type": "object",
    "properties": {"at": {"enum": ["p1", "p2"]}, "key": {"enum": ["k1"]}},
    "required": ["at", "key"],
    "additionalProperties": False,
}
GRAMMAR = 'start: WORD+ "."\nWORD: / [a-z]+/ & ~/ (not|never)/\n'
ASKS = [Ask("You write.", (), f"Say something, number {n}.", "The sea", GRAMMAR, n, max_tokens=12) for n in range(9)]

pytestmark = pytest.mark.model

bundled_model()


@pytest.fixture
def folder() -> str:
    """Return the folder of the bundled model, made if need be, as any other folder with a model."""
    return str(weights.bundled())


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put the double in vLLM's place."""
    from tests.generate import vllm_double

    modules = vllm_double.package()
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(vllm_lm, "installed", lambda: True)
    monkeypatch.setattr(local_runner, "engine_cache", local_runner.EngineCache())
    return modules["vllm"]


def test_answers_keep_to_their_grammars_and_come_in_the_order_of_the_asks(double: Any, folder: str) -> None:
    engine = local_runner.load(f"vllm:{folder}")
    replies_by_number: dict[int, Reply] = {}
    replies = engine.answer(ASKS, replies_by_number.__setitem__)
    assert replies == [replies_by_number[number] for number in range(len(ASKS))]
    for reply in replies:
        assert reply.text.startswith("The sea ")
        assert not {"not", "never"} & set(reply.text.removesuffix(".").split())
        assert reply.mean_logprob < 0 and 0 < reply.tokens <= 12
    assert [engine.answer([ask])[0] for ask in ASKS] == replies, "each has its own seed"
    prompt, params = engine._llm.llm_engine.seen[0]
    text = engine._tokenizer.decode(prompt)
    assert text.endswith("The sea") and "number 0" in text
    assert params.seed == ASKS[0].seed and params.logprobs == 0


def test_a_world_is_written_and_the_same_beside_others(double: Any, folder: str) -> None:
    world, report = generate_with_report(LIGHTHOUSE, f"vllm:{folder}", states=5, progress=ignore)
    assert world.verify(LIGHTHOUSE).passed and not list(world.lint("studio"))
    assert report.written > 0
    assert all(clean(text) for text in (state.base for state in world.states.values()))
    results = generate_many(["A robot gardener", LIGHTHOUSE], f"vllm:{folder}", states=5, progress=ignore)
    assert [each.error for each in results] == ["", ""]
    assert results[1].world is not None and results[1].world.to_json() == world.to_json()
    assert len(double.LLM.instances) == 1, "it is loaded once"


def test_json_is_held_to_its_schema_and_what_is_too_long_is_refused(double: Any, folder: str) -> None:
    engine = local_runner.load(f"vllm:{folder}")
    question = {"role": "user", "content": "Where is it?"}
    answer = engine.reply(ChatRequest("You answer in JSON.", [question], ANSWER_SCHEMA, AnswerOptions(60)))
    jsonschema.validate(json.loads(answer.text), ANSWER_SCHEMA)
    long_question = {"role": "user", "content": "Where is it? " * 1000}
    with pytest.raises(CannotAnswer, match="takes 2048 tokens"):
        engine.reply(ChatRequest("You answer in JSON.", [long_question], ANSWER_SCHEMA))


def test_an_interrupt_keeps_what_had_ended_and_leaves_nothing_running(double: Any, folder: str) -> None:
    engine = local_runner.load(f"vllm:{folder}")

    replies = []

    def stop(_: int, reply: Any) -> None:
        replies.append(reply)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.answer(ASKS, stop)
    assert len(replies) == 1
    assert not engine._llm.llm_engine.has_unfinished_requests()
    assert len(engine.answer(ASKS[:2])) == 2


def test_running_out_of_memory_says_what_to_do(double: Any, folder: str) -> None:
    engine = local_runner.load(f"vllm:{folder}")
    engine._llm.llm_engine.failure = RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
    with pytest.raises(WorldError, match=r"out of memory: .* cannot go on in vLLM"):
        engine.answer(ASKS)
    assert local_runner.load(f"vllm:{folder}") is not engine, "what failed is not used again"


def test_a_grammar_that_is_refused_is_an_error_and_the_engine_stays(double: Any, folder: str) -> None:
    engine = local_runner.load(f"vllm:{folder}")
    with pytest.raises(WorldError, match="vLLM cannot use a grammar"):
        engine.answer([*ASKS[:2], replace(ASKS[2], grammar="start: (((")])
    assert not engine._llm.llm_engine.has_unfinished_requests()
    assert local_runner.load(f"vllm:{folder}") is engine


@pytest.fixture
def _heard_interrupts() -> Iterator[None]:
    """Hear interrupts, which a shell lets its background jobs ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard_interrupts")
def test_an_interrupt_waits_for_the_end_of_a_step() -> None:
    calls = []

    def step() -> None:
        with vllm_lm.whole_step():
            signal.raise_signal(signal.SIGINT)
            calls.append(1)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        step()
    assert calls == [1]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("name", ["vllm", "torch", "vllm:", "torch:"])
def test_what_runs_a_model_is_named_with_the_model(double: Any, name: str) -> None:
    with pytest.raises(WorldError, match="followed by a folder or a Hugging Face id"):
        generate("a lamp", name, progress=ignore)


def test_what_does_not_fit_or_load_is_said_in_words(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    from tests.generate import vllm_double

    monkeypatch.setattr(vllm_lm, "installed", lambda: True)
    monkeypatch.setattr(local_runner, "engine_cache", local_runner.EngineCache())
    for failure, message in (
        (ValueError("Free memory on device (1/80 GiB) is less than desired"), 'does not fit .*model="torch:'),
        (ValueError("no such architecture"), "vLLM cannot load the model .*no such architecture"),
    ):
        for name, module in vllm_double.package(failure).items():
            monkeypatch.setitem(sys.modules, name, module)
        with pytest.raises(WorldError, match=message):
            local_runner.load(f"vllm:{folder}")


def test_nothing_is_sent_about_its_use_and_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLLM_LOGGING_LEVEL", "DEBUG")
    before = dict(os.environ)
    with torch_setup.environment(vllm_lm.SETTINGS, vllm_lm.FORCED_SETTINGS):
        assert os.environ["VLLM_NO_USAGE_STATS"] == "1"
        assert os.environ["VLLM_LOGGING_LEVEL"] == "DEBUG", "what the environment says stands"
    assert dict(os.environ) == before


def test_where_vllm_is_missing_a_model_that_asks_for_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vllm_lm, "installed", lambda: False)
    with pytest.raises(MissingExtra, match=r"smworldkit\[vllm\]"):
        generate("a lamp", "vllm:Qwen/Qwen3-4B-Instruct-2507", progress=ignore)


def test_a_local_model_goes_to_vllm_on_a_gpu_alone_and_the_bundled_one_never(
    double: Any, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TorchEngine", "VllmEngine"):
        monkeypatch.setattr(local_runner, name, lambda source, name=name: SimpleNamespace(name=name, is_broken=False))
    assert local_runner.load(f"local:{folder}").name == "TorchEngine"
    monkeypatch.setattr(torch_setup, "device", lambda: "cuda")
    assert local_runner.load(f"local:{folder}").name == "VllmEngine"
    assert local_runner.load(f"torch:{folder}").name == "TorchEngine"
    monkeypatch.setattr(local_runner, "suitable_model", lambda: None)
    monkeypatch.setattr(llama_cpp, "installed", lambda: False)
    assert local_runner.load("local").name == "TorchEngine"
    monkeypatch.setattr(vllm_lm, "installed", lambda: False)
    assert local_runner.load(f"local:{folder}").name == "TorchEngine"
