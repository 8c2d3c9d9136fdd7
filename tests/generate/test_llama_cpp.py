"""GGUF files run by llama.cpp: what is asked of the bindings, on a double of them; test_capable runs the real ones."""

from __future__ import annotations

import json
import sys
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.generate import llama_double
from tests.generate.server import event, stream
from worldkit import WorldError
from worldkit.core.progress import ignore
from worldkit.generation.engines import llama_cpp, local_runner, openai_client, weights
from worldkit.generation.engines.base import AnswerOptions, Ask, ChatRequest
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.llama_cpp import LlamaCppEngine
from worldkit.generation.engines.llama_server import LOGIT_BIAS, open_parts
from worldkit.generation.pipeline import backend
from worldkit.model_access.endpoint import endpoint


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[llama_double.Server]]:
    """Stand the double in the bindings' place."""
    monkeypatch.setitem(sys.modules, "xllamacpp", llama_double)
    monkeypatch.setattr(llama_cpp, "installed", lambda: True)
    monkeypatch.setattr(llama_double.Server, "running", [])
    monkeypatch.setattr(local_runner, "engine_cache", local_runner.EngineCache())
    yield llama_double.Server
    for server in llama_double.Server.running:
        server.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file that begins as GGUF files do."""
    path = tmp_path / "small-instruct-q4.gguf"
    path.write_bytes(b"GGUF and so on")
    return path


def test_a_gguf_file_is_asked_through_a_server_of_its_own(double: type[llama_double.Server], file: Path) -> None:
    engine = local_runner.load(f"local:{file}")
    assert isinstance(engine, LlamaCppEngine)
    assert engine.name == "small-instruct-q4" and engine.capable
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    answer = engine.reply(
        ChatRequest("You plan.", [{"role": "user", "content": "Plan."}], schema, AnswerOptions(20, 4))
    )
    assert json.loads(answer.text) == {"a": 1} and answer.is_complete
    [server] = double.running
    assert server.requests[0]["response_format"]["json_schema"]["schema"] == schema
    assert server.requests[0]["seed"] == 4
    local_runner.load(f"local:{file}")
    assert double.running == [server], "it is loaded once"


def loaded(file: Path) -> LlamaCppEngine:
    engine = local_runner.load(f"local:{file}")
    assert isinstance(engine, LlamaCppEngine)
    return engine


def test_an_engine_is_let_go_of_before_another_is_made_and_one_in_use_goes_on(
    double: type[llama_double.Server], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF and so on")
    first = weakref.ref(loaded(file).endpoint_client)  # of the engine that is kept
    engines_before: list[object] = []

    class Watched(llama_double.Server):
        def __init__(self, parameters: llama_double.CommonParams) -> None:
            engines_before.append(first())
            super().__init__(parameters)

    monkeypatch.setattr(llama_double, "Server", Watched)
    second = local_runner.load(f"local:{other}")
    assert engines_before == [None]
    local_runner.load(f"local:{file}")
    assert second.reply(ChatRequest("You plan.", [{"role": "user", "content": "Plan."}])).is_complete


def test_an_engine_that_broke_off_is_made_anew_for_the_next_generation(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))
    engine = local_runner.load(f"local:{file}")
    assert not engine.answer([LAMP])[0].failure
    double.running[0].stop()
    assert "the rest came from the templates after 1 answers" in engine.answer([LAMP])[0].failure
    assert not local_runner.load(f"local:{file}").answer([LAMP])[0].failure
    assert len(double.running) == 2


def test_what_an_earlier_generation_was_answered_bears_on_no_later_one(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))
    earlier = local_runner.load(f"local:{file}")
    assert not earlier.answer([LAMP])[0].failure
    later = local_runner.load(f"local:{file}")
    double.running[0].stop()
    with pytest.raises(WorldError, match="cannot be reached"):
        later.answer([LAMP])
    assert "after 1 answers" in earlier.answer([LAMP])[0].failure


@pytest.mark.parametrize("way", ["answer", "reply"])
def test_an_engine_that_is_gone_before_it_answers_is_made_anew(
    way: str, double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))

    def ask(engine: local_runner.LocalEngine) -> None:
        if way == "answer":
            engine.answer([LAMP])
        else:
            engine.reply(ChatRequest("You plan.", [{"role": "user", "content": "Plan."}]))

    engine = local_runner.load(f"local:{file}")
    double.running[0].stop()
    with pytest.raises(WorldError, match="cannot be reached"):
        ask(engine)
    ask(local_runner.load(f"local:{file}"))
    assert len(double.running) == 2


def test_its_server_is_closed_to_others_and_its_key_is_shown_nowhere(
    double: type[llama_double.Server], file: Path
) -> None:
    engine = local_runner.load(f"local:{file}")
    [server] = double.running
    [key] = server.parameters.api_keys
    assert server.parameters.hostnames == ["127.0.0.1"] and server.parameters.cors_origins == ""
    assert server.parameters.offline and len(key) > 30
    assert httpx.post(f"{server.listening_address}/v1/chat/completions", json={}, trust_env=False).status_code == 401
    assert key not in repr(engine) + repr(vars(engine)) + engine.name


def test_a_small_file_is_not_asked_for_plans(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double, "count", 268_098_176)
    assert not local_runner.load(f"local:{file}").capable


def test_an_endpoint_that_runs_a_small_model_is_asked_for_single_sentences(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local_runner.load(f"local:{file}")
    [server] = double.running
    key = server.parameters.api_keys[0]
    address = f"{server.listening_address}/v1#gemma"
    assert ChatEngine(endpoint(address, key)).capable
    monkeypatch.setattr(double, "count", 268_098_176)
    small = backend.named(f"chat:{address}", key)
    writer = backend.opened(small, ignore)
    assert backend.direct_writer(small, writer, 6) is None
    assert backend.direct_writer(backend.named(f"chat:{address}", key, "model"), writer, 6) is not None
    monkeypatch.setattr(double, "count", "many")
    assert ChatEngine(endpoint(address, key)).capable, "a server that does not say runs a capable one"


GRAMMAR = """\
start: " " does ". It waits" AT "."
does: ONE_AT AIR | ALONE
ONE_AT: "hangs" | "rests"
ALONE: "glows"
AIR: / (in) (the (|pale )light|()fog)/
AT: / (by|near) the (door)/
"""
LAMP = Ask("You write.", (("What?", "A."),), "What does it do?", "A lamp", GRAMMAR, 3, max_tokens=40)


def test_a_small_model_behind_llama_cpp_is_asked_for_the_open_parts_of_an_answer_alone(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double, "count", 268_098_176)
    monkeypatch.setattr(
        double, "answer", lambda server, request: (" glows.", " by the door.")[len(server.requests) - 1]
    )
    engine = local_runner.load(f"local:{file}")
    [reply] = engine.answer([LAMP])
    assert not engine.capable and reply.is_complete
    assert reply.text == "A lamp glows. It waits by the door."
    first, second = double.running[0].requests
    assert first["messages"][:-1] == second["messages"][:-1]
    assert first["messages"][-2]["content"] == "What does it do?"
    assert first["messages"][-1] == {"role": "assistant", "content": "A lamp"}
    assert second["messages"][-1] == {"role": "assistant", "content": "A lamp glows. It waits"}
    assert first["grammar"] == (
        'root ::= " " does "."\n'
        "does ::= one-at air | alone\n"
        'one-at ::= "hangs" | "rests"\n'
        'air ::= " " ( "in" ) " " ( "the " ( "" | "pale " ) "light" | ( "" ) "fog" )\n'
        'alone ::= "glows"\n'
    )
    assert second["grammar"] == (
        'root ::= "" at "."\n'  # the space before it is its own
        'at ::= " " ( "by" | "near" ) " the " ( "door" )\n'
    )
    # the point and hangs, rests, glows, in, the, pale, light, fog: each token once, however many words have it
    assert first["logit_bias"] == [[length, LOGIT_BIAS] for length in (1, 2, 3, 4, 5)]
    assert first["max_tokens"] == second["max_tokens"] == 40
    assert first["chat_template_kwargs"] == {"enable_thinking": False}


def test_an_open_part_that_reaches_its_limit_makes_the_answer_incomplete(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double, "count", 268_098_176)
    monkeypatch.setattr(llama_double, "stream", partial(stream, reason="length"))
    [reply] = local_runner.load(f"local:{file}").answer([LAMP])
    assert not reply.is_complete and len(double.running[0].requests) == 1


def test_an_open_part_that_breaks_off_is_asked_for_again(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double, "count", 268_098_176)
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))
    responses = iter([event({"content": " gl"}), stream(" glows."), stream(" by the door.")])
    monkeypatch.setattr(llama_double, "stream", lambda text: next(responses))
    [reply] = local_runner.load(f"local:{file}").answer([LAMP])
    assert reply.is_complete and reply.text == "A lamp glows. It waits by the door."


def test_half_a_letter_from_a_server_spoils_one_answer_and_nothing_else(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double, "count", 268_098_176)
    monkeypatch.setattr(double, "text", " \ud83d")
    [reply] = local_runner.load(f"local:{file}").answer([LAMP])
    assert reply.text == "A lamp \ufffd. It waits \ufffd."


def test_a_server_that_refuses_a_grammar_is_asked_for_whole_sentences(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double, "count", 268_098_176)
    monkeypatch.setattr(double, "text", "A lamp glows. It waits by the door.")
    engine = local_runner.load(f"local:{file}")
    engine.endpoint_client.repaired.append("grammar")
    [reply] = engine.answer([LAMP])
    assert reply.text == "A lamp glows. It waits by the door."
    [request] = double.running[0].requests
    assert "grammar" not in request and request["messages"][-1]["content"].endswith('Begin with exactly: "A lamp"')


def test_open_parts_are_the_rules_that_the_first_one_names() -> None:
    parts, end = open_parts(GRAMMAR, "A lamp")
    assert [part.before for part in parts] == ["A lamp", ". It waits"] and end == "."
    assert [part.after for part in open_parts('start: X " while a" Y ", and"\nX: "a"\nY: "b"\n', "")[0]] == [
        " while",
        ",",
    ]
    assert len(open_parts('start: X Y\nX: "a"\nY: " b"\n', "")[0]) == 1, "neighbours are one part"
    assert open_parts('start: "." X " "\nX: " a"\n', "")[0][0].before == "."
    assert open_parts('start: " and all."\n', "One")[1] == "One and all."
    with pytest.raises(ValueError, match="expected a row of strings and names"):
        open_parts('start: X | Y\nX: "a"\n', "")


def test_a_file_that_cannot_be_loaded_is_one_clear_error(double: type[llama_double.Server], tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF")
    with pytest.raises(WorldError, match=r"cannot load .*damaged\.gguf .* does not fit into memory"):
        local_runner.load(f"local:{path}")


@pytest.mark.parametrize(
    ("text", "count"),
    [("3", 3), (" 4 ", 4), ("4,2", 4), ("", None), ("0", None), ("-1", None), ("many", None), ("9" * 30, None)],
)
def test_the_threads_are_those_of_the_environment_where_it_names_a_number(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch, text: str, count: int | None
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", text)
    local_runner.load(f"local:{file}")
    parameters = double.running[0].parameters
    assert getattr(parameters.cpuparams, "n_threads", None) == count
    assert getattr(parameters.cpuparams_batch, "n_threads", None) == count


def test_the_default_is_run_by_llama_cpp_where_it_can_be_had(
    double: type[llama_double.Server], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(local_runner, "is_in_reach", lambda id, file: True)
    monkeypatch.setattr(local_runner, "main_memory_gib", lambda: 16.0)

    def download(hub_name: str) -> Path:
        asked.append(hub_name)
        return file

    monkeypatch.setattr(llama_cpp, "_download", download)
    assert not local_runner.is_packaged("local")
    assert isinstance(local_runner.load("local"), LlamaCppEngine)
    assert asked == [weights.CPU_GGUF_MODEL]


def test_the_default_is_run_by_llama_cpp_without_a_network_when_its_file_was_downloaded(
    double: type[llama_double.Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = pytest.importorskip("huggingface_hub")
    repository, _, name = weights.CPU_GGUF_MODEL.rpartition("/")
    monkeypatch.setattr(
        hub, "try_to_load_from_cache", lambda id, file: "here" if (id, file) == (repository, name) else None
    )
    monkeypatch.setattr(hub.HfApi, "model_info", lambda *_, **__: pytest.fail("the network is asked"))
    monkeypatch.setattr(local_runner, "main_memory_gib", lambda: 16.0)
    local_runner._is_in_reach.cache_clear()
    assert not local_runner.is_packaged("local")
    local_runner._is_in_reach.cache_clear()
