"""The real thing: SmolLM2-135M writes whole worlds on this machine, offline.

One thread, because two wait for each other for seconds when the cores are shared.
"""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.generate.needs import bundled_model
from tests.generate.worlds import LIGHTHOUSE, out_of_reach
from tests.schemas import schema_problems
from worldkit import Report, World, generate_many, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines import local_runner, weights
from worldkit.generation.engines.base import AnswerOptions, Ask, ChatRequest, Reply
from worldkit.generation.pipeline import backend
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose import writer
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import ProseJob, Writer
from worldkit.generation.text.constraints import clean

pytestmark = pytest.mark.model

bundled_model()


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    """Run on one thread, and with every way out of the machine shut."""
    import torch

    was = torch.get_num_threads()
    torch.set_num_threads(1)
    patch = pytest.MonkeyPatch()

    def refuse(*_: Any) -> None:
        raise AssertionError("the default model must not reach for the network")

    patch.setattr(socket.socket, "connect", refuse)
    yield
    patch.undo()
    torch.set_num_threads(was)


@pytest.fixture(scope="module")
def engine(alone: None) -> Iterator[Any]:
    """Return the loaded engine, whose writer asks once for each field: the notebooks choose among three answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend, "MAX_CANDIDATES", 1)
        yield local_runner.load("local")


@pytest.fixture(scope="module")
def world_and_report(engine: Any) -> Iterator[tuple[World, Report]]:
    """Return a world the model wrote; what did not fit is asked for again once, in this and later worlds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "MAX_ATTEMPTS", 2)
        yield generate_with_report(LIGHTHOUSE, seed=1, states=5, progress=ignore)


@pytest.fixture(scope="module")
def some(engine: Any) -> list[Ask]:
    """Return asks of several kinds, none of them for the longest answers."""
    model_writer = Writer(engine)
    world_plan = plan(LIGHTHOUSE, 3, 6)
    questions = [(len(item.question.frame), item) for item in wanted(world_plan, 3) if item.question]
    questions.sort(key=lambda each: each[0])
    asks = [model_writer._asks(ProseJob(world_plan, (), 3), item, 0)[0] for _, item in questions[: len(questions) // 2]]
    return random.Random(1).sample(asks, 6)


@pytest.fixture(scope="module")
def replies(engine: Any, some: list[Ask]) -> list[Reply]:
    """Return what the model answers to them, all in one batch and on one thread."""
    engine_replies: list[Reply] = engine.answer(some)
    return engine_replies


def test_a_world_passes_every_judge(world_and_report: tuple[World, Report]) -> None:
    world, report = world_and_report
    assert schema_problems(world.raw) == []
    assert list(world.lint("studio")) == []
    assert world.verify(LIGHTHOUSE).passed
    assert report.score == 100
    assert out_of_reach(world) == []


def test_the_model_wrote_it(world_and_report: tuple[World, Report]) -> None:
    _, report = world_and_report
    assert report.model == "SmolLM2-135M-Instruct"
    assert report.written > 25
    assert len(report.fallbacks) < report.written / 4
    assert report.tokens > 400


def test_the_same_seed_gives_the_same_bytes_alone_and_beside_other_worlds(
    world_and_report: tuple[World, Report],
) -> None:
    other = "A robot gardener has to wake the seeds on a dead moon"
    results = generate_many([other, LIGHTHOUSE], states=5, progress=ignore)
    assert all(results)
    assert results[1].world is not None
    assert results[1].world.to_json() == world_and_report[0].to_json()


def test_json_is_held_to_its_schema(engine: Any) -> None:
    properties = {"at": {"enum": ["p1", "p2"]}, "number": {"type": "integer"}}
    form = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    question = [{"role": "user", "content": "Where is the key?"}]
    updates: list[Any] = []
    request = ChatRequest("You answer in JSON.", question, form, AnswerOptions(60, 3))
    answer = engine.reply(request, updates.append)
    jsonschema.validate(json.loads(answer.text), form)
    assert answer.is_complete and answer.tokens == pytest.approx(updates[-1].tokens, abs=answer.tokens)
    assert engine.reply(request).text == answer.text
    options = AnswerOptions(5, 3, frequency_penalty=0.4)
    brief = engine.reply(ChatRequest("You tell stories.", question, options=options))
    assert (brief.is_complete, brief.tokens, brief.interruption) == (False, 5, "it was longer than 5 tokens")
    assert not engine.capable


def test_an_answer_is_the_same_in_any_batch(
    engine: Any, some: list[Ask], replies: list[Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    from worldkit.generation.engines import torch_lm

    together = [reply.text for reply in replies]
    assert [reply.text for reply in engine.answer(some[::-1])][::-1] == together
    assert engine.answer(some[4:5])[0].text == together[4]
    monkeypatch.setattr(torch_lm, "MAX_BATCH_ROWS", 3)
    assert [reply.text for reply in engine.answer(some[:4])] == together[:4]


@pytest.mark.parametrize("threads", [2, 3])
def test_an_answer_is_the_same_with_any_number_of_threads(
    engine: Any, some: list[Ask], replies: list[Reply], threads: int
) -> None:
    import torch

    torch.set_num_threads(threads)
    try:
        assert engine.answer(some[::-1])[::-1] == replies
        assert engine.answer(some[:1]) == replies[:1]
        assert torch.get_num_threads() == threads, "the caller's threads are left as they were"
    finally:
        torch.set_num_threads(1)


def _small_engine(engine: Any, folder: Path, kind: str, **shape: Any) -> Any:
    """Return an engine of a model of another kind, of random weights, with the tokens of the packaged one."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    from worldkit.generation.engines import torch_lm

    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2}
    ends = dict.fromkeys(("eos_token_id", "bos_token_id", "pad_token_id"), engine._end)
    config: Any = AutoConfig.for_model(kind, vocab_size=len(engine._tokenizer), **sizes, **ends, **shape)
    maker: Any = AutoModelForCausalLM
    maker.from_config(config).save_pretrained(folder)
    engine._tokenizer.save_pretrained(folder)
    return torch_lm.TorchEngine(weights.source(f"torch:{folder}"))


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("mistral", {"num_hidden_layers": 2, "sliding_window": 24}),
        ("gemma3_text", {"num_hidden_layers": 2, "sliding_window": 24, "head_dim": 8}),
        # convolutions keep a state, and no keys
        ("lfm2", {"num_hidden_layers": 2, "layer_types": ["conv", "full_attention"]}),
    ],
)
def test_a_model_with_other_layers_answers_the_same_in_any_batch(
    engine: Any, some: list[Ask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, shape: dict[str, Any]
) -> None:
    from worldkit.generation.engines import torch_lm

    other = _small_engine(engine, tmp_path, kind, **shape)
    together = other.answer(some)
    assert all(reply.text.startswith(ask.prefix) and reply.tokens for ask, reply in zip(some, together, strict=True))
    monkeypatch.setattr(torch_lm, "MAX_BATCH_ROWS", 3)
    assert [reply.text for reply in other.answer(some)] == [reply.text for reply in together]


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("mistral", {"num_hidden_layers": 2, "sliding_window": 4096}),
        ("lfm2", {"num_hidden_layers": 2, "layer_types": ["conv", "full_attention"]}),
    ],
)
def test_an_answer_is_drawn_by_what_the_model_says_of_the_whole_prompt(
    engine: Any, some: list[Ask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, shape: dict[str, Any]
) -> None:
    import torch

    from worldkit.generation.engines import torch_lm
    from worldkit.generation.engines.decoding import Row, ask_tokens

    other = _small_engine(engine, tmp_path, kind, **shape)
    steps: dict[tuple[int, int], Any] = {}
    tokens: dict[int, list[int]] = {}
    choose = torch_lm.TorchEngine._choose

    def note(self: Any, rows: list[Row], logits: Any) -> list[int]:
        for row, line in zip(rows, logits, strict=False):
            steps[row.number, len(row.tokens)] = line
            tokens[row.number] = row.tokens
        return choose(self, rows, logits)

    monkeypatch.setattr(torch_lm.TorchEngine, "_choose", note)
    asks = some[:4]
    other.answer(asks)
    for number, ask in enumerate(asks):
        prompt = ask_tokens(other._tokenizer, ask)
        with torch.inference_mode():
            whole = other._model(torch.tensor([[*prompt, *tokens[number]]])).logits[0].float()
        for step in range(len(tokens[number])):
            torch.testing.assert_close(steps[number, step], whole[len(prompt) - 1 + step], atol=0.02, rtol=0.02)


def test_no_word_that_is_shut_out_is_written(some: list[Ask], replies: list[Reply]) -> None:
    for ask, reply in zip(some, replies, strict=True):
        assert clean(reply.text)
        assert reply.text.startswith(ask.prefix)


def test_likeliness_is_a_log_probability(replies: list[Reply]) -> None:
    assert all(-12 < reply.mean_logprob <= 0 for reply in replies)


def test_an_interrupt_leaves_the_engine_fit_to_go_on(engine: Any, some: list[Ask], replies: list[Reply]) -> None:
    def stop(number: int, reply: Reply) -> None:
        assert reply == replies[number]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.answer(some, stop)
    assert engine.answer(some[:2]) == replies[:2]


def test_a_folder_serves_as_well_as_what_is_bundled(some: list[Ask], replies: list[Reply]) -> None:
    from worldkit.generation.engines import torch_lm

    source = weights.source(f"local:{weights.bundled()}")
    assert source.offline
    plain = torch_lm.TorchEngine(source)
    assert plain.answer(some[:2]) == replies[:2]
