"""What models really answer is read: thoughts, channels, fences, words around the JSON, and JSON that was cut.

Each shape is one that a server is known to send; the issues that show it are named where there is one.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.server import HEAD, deltas, serving
from worldkit.generation.engines.base import AnswerOptions, ChatRequest, ModelAnswer
from worldkit.generation.engines.chat_engine import ChatEngine, tidy
from worldkit.generation.engines.replies import AnswerRejected, read_json, spoken
from worldkit.model_access.endpoint import endpoint

PLAN = {"places": ["harbour", "attic"], "goal": "find the {lamp}"}
JSON = json.dumps(PLAN)
THOUGHT = 'The user wants {"places": ["wrong"], "goal": ""}. Hm.'

TEXTS = {
    "thoughts in tags": f"<think>{THOUGHT}</think>\n\n{JSON}",
    "no opening tag, because the template wrote it (llama.cpp 23320)": f"{THOUGHT}\n</think>\n\n{JSON}",
    "thoughts twice": f"<think>{THOUGHT}</think>Wait.<think>{THOUGHT}</think>{JSON}",
    "Mistral's tags": f"[THINK]{THOUGHT}[/THINK]{JSON}",
    "Kimi's tags": f"◁think▷{THOUGHT}◁/think▷{JSON}",
    "Cohere's tags": f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>{JSON}<|END_RESPONSE|>",
    "Gemma's channel": f"<|channel>thought\n{THOUGHT}<channel|>{JSON}",
    "the channels of gpt-oss": (
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant"
        f"<|channel|>final <|constrain|>json<|message|>{JSON}<|return|>"
    ),
    "its last channel alone (vLLM 23694)": f"<|channel|>final<|message|>{JSON}<|return|>",
    "its channels without their marks (textgen 7374)": f"analysis{THOUGHT}assistantfinal{JSON}",
    "a code fence": f"```json\n{JSON}\n```",
    "words before and a fence": f"Sure! Here is the plan:\n\n```\n{JSON}\n```\nLet me know if {{it}} fits.",
    "words around": f"Here you go: {JSON}\n\nI hope this helps!",
    "a first attempt and a second": f'{{"places": [], "goal": "x"}} No, better: {JSON}',
    "the object in a list": f"[{JSON}]",
    "commas too many": JSON[:-1] + ",\n}",
    "an end mark": f"{JSON}<|im_end|>",
    "an answer tag": f"<answer>\n{JSON}\n</answer>",
}


@pytest.mark.parametrize("name", TEXTS)
def test_json_is_found_in_what_was_said(name: str) -> None:
    assert read_json(TEXTS[name], ("places", "goal")) == PLAN
    assert read_json(TEXTS[name], ("places", "goal"), partial=True) == PLAN


def reply(script: Any, schema: Any = None) -> tuple[ModelAnswer, list[dict[str, Any]]]:
    """Return what an endpoint's answer is read as, and the requests it got."""
    with serving(script) as server:
        answer = ChatEngine(endpoint(f"{server.url}#m")).reply(
            ChatRequest("You plan.", [{"role": "user", "content": "Plan."}], schema, AnswerOptions(50))
        )
    return answer, server.requests


@pytest.mark.parametrize("name", TEXTS)
def test_every_shape_is_read_from_a_server(name: str) -> None:
    answer, _ = reply(lambda body, number: TEXTS[name], {"type": "object"})
    assert answer.is_complete and read_json(answer.text, PLAN) == PLAN


FIELDS: dict[str, list[dict[str, Any]]] = {
    "DeepSeek's and llama.cpp's field": [{"content": None, "reasoning_content": THOUGHT}, {"content": JSON}],
    "vLLM's, Ollama's and OpenRouter's field": [{"content": "", "reasoning": THOUGHT}, {"content": JSON}],
    "an answer filed under the thoughts (vLLM 19222 and 48863)": [{"reasoning_content": JSON, "content": None}],
    "Mistral's parts": [
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]},
        {"content": [{"type": "text", "text": JSON}]},
    ],
}


@pytest.mark.parametrize("name", FIELDS)
def test_thoughts_in_fields_of_their_own_are_left_out(name: str) -> None:
    reply_, _ = reply(lambda body, number: HEAD + deltas({"role": "assistant"}, *FIELDS[name]))
    assert reply_.is_complete and json.loads(reply_.text) == PLAN
    message: dict[str, Any] = {"role": "assistant"}
    for part in FIELDS[name]:
        message |= {key: value for key, value in part.items() if value}
    whole = json.dumps({"choices": [{"message": message, "finish_reason": "stop"}], "usage": {"completion_tokens": 9}})
    at_once, _ = reply(lambda body, number: (200, whole))
    assert json.loads(at_once.text) == PLAN and at_once.tokens == 9


def test_a_fenced_answer_that_was_filed_under_the_thoughts_is_read() -> None:
    answer, _ = reply(lambda body, number: HEAD + deltas({"reasoning_content": f"```json\n{JSON}\n```"}))
    assert answer.is_complete and read_json(answer.text, PLAN) == PLAN


@pytest.mark.parametrize("part", [{"content": f"<think>{THOUGHT}"}, {"reasoning_content": THOUGHT}])
def test_thoughts_that_took_all_the_room_get_more_of_it(part: dict[str, Any]) -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return JSON if body["max_tokens"] > 50 else HEAD + deltas(part, reason="length")

    answer, requests = reply(script)
    assert json.loads(answer.text) == PLAN
    assert [request["max_tokens"] for request in requests] == [50, 50 + 4096]


def test_thoughts_without_end_are_an_answer_that_says_so() -> None:
    answer, requests = reply(lambda body, number: HEAD + deltas({"content": "<think>and so on"}, reason="length"))
    assert (answer.text, answer.is_complete) == ("", False)
    assert answer.interruption == "the model's thoughts took all 4146 tokens"
    assert len(requests) == 2


def test_a_refusal_is_what_was_said() -> None:
    answer, _ = reply(lambda body, number: HEAD + deltas({"refusal": "I cannot help with that."}))
    assert answer.text == "I cannot help with that."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("<think>no end", "it is empty"),
        ("I cannot help with that.", "there is no JSON in it"),
        (JSON[:30], "it ends in the middle"),
        (JSON.replace(", ", " ", 1), "Expecting ',' delimiter"),
        ('{"places": NaN, "goal": 1}', "NaN is no JSON number"),
        ("x" * 400_001, "expected at most 400,000"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_for_the_model(text: str, problem: str) -> None:
    with pytest.raises(AnswerRejected, match=problem):
        read_json(text, PLAN)


def test_json_that_was_cut_is_read_as_far_as_it_came() -> None:
    plan = {"goal": "open the door", "places": [{"name": "attic", "things": ["a lamp"]}, {"name": "cellar"}]}
    text = json.dumps(plan)
    assert read_json(text[: text.index("cellar") + 3], partial=True) == {
        "goal": "open the door",
        "places": [{"name": "attic", "things": ["a lamp"]}, {}],
    }
    with pytest.raises(AnswerRejected, match="in the middle"):
        read_json(text[:-9], plan)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.text(max_size=6), values, min_size=1, max_size=4), st.data())
def test_any_object_is_read_back_and_a_part_of_it_never_holds_more(value: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(value)
    assert read_json(f"Here:\n```json\n{text}\n```\nDone.", value) == value
    length = data.draw(st.integers(1, len(text)))
    try:
        part = read_json(text[:length], partial=True)
    except AnswerRejected:
        return
    assert isinstance(part, dict) and part.keys() <= value.keys()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[]",:\\ atn<>|/think\n', max_size=60))
def test_no_text_is_worse_than_refused(text: str) -> None:
    assert spoken(spoken(text)) is not None
    for partial in (False, True):
        with contextlib.suppress(AnswerRejected):
            read_json(text, partial=partial)


@pytest.mark.parametrize("text", ['{"' * 60_000, "[" * 120_000, '{"a":' * 40_000, "<think>" * 40_000, '"\\' * 60_000])
def test_hostile_nesting_is_refused_soon(text: str) -> None:
    with contextlib.suppress(AnswerRejected):
        read_json(text, partial=True)


def test_a_sentence_is_found_behind_the_words_that_lead_up_to_it() -> None:
    assert tidy("Sure! Here is the sentence:\n\nThe tower stands over the bay.\n\nShall I go on?") == (
        "The tower stands over the bay."
    )
    assert tidy("```\nThe tower stands over the bay.\n```") == "The tower stands over the bay."
    assert tidy("Two doors stand open: one to the sea.") == "Two doors stand open: one to the sea."
