"""A double of the ``vllm`` package, which pins a torch of its own and so cannot be installed beside worldkit's.

It has the parts of vLLM 0.32 that the engine uses, batches as vLLM does (requests end in an order of their own, one
step after the other), and walks the real grammar over the real tokenizer. In place of a model it has dice.
"""

from __future__ import annotations

import functools
import json
import random
import types
from dataclasses import dataclass
from typing import Any, ClassVar

import llguidance
import llguidance.hf
import numpy as np


@dataclass
class StructuredOutputsParams:
    """What an answer is held to."""

    grammar: str | None = None
    json: Any = None


@dataclass
class SamplingParams:
    """How an answer is drawn."""

    seed: int
    max_tokens: int
    temperature: float
    top_p: float
    structured_outputs: StructuredOutputsParams
    frequency_penalty: float = 0.0
    top_k: int = 0
    logprobs: int | None = None


class Vocabulary:
    """The tokens of a model: what they are, which of them begin a word, and which ends an answer."""

    def __init__(self, model: str) -> None:
        from transformers import AutoTokenizer

        self.tokenizer: Any = AutoTokenizer.from_pretrained(model, local_files_only=True)
        size, self.end = len(self.tokenizer), self.tokenizer.eos_token_id
        self.rules = llguidance.hf.from_tokenizer(self.tokenizer, n_vocab=size, eos_token=self.end)
        tokens = self.tokenizer.convert_ids_to_tokens(range(size))
        self.begins_word = np.array([token.startswith("Ġ") for token in tokens])


vocabulary_of = functools.lru_cache(maxsize=1)(Vocabulary)


@dataclass
class Logprob:
    """How likely a token was."""

    logprob: float


class Request:
    """An answer as it grows."""

    def __init__(self, name: str, prompt: list[int], params: SamplingParams, rules: Any) -> None:
        grammar_params = params.structured_outputs
        grammar = (
            llguidance.LLMatcher.grammar_from_lark(grammar_params.grammar)
            if grammar_params.grammar is not None
            else llguidance.LLMatcher.grammar_from_json_schema(
                json.dumps(grammar_params.json), defaults={"whitespace_flexible": False}
            )
        )
        self.name, self.prompt, self.params = name, prompt, params
        self.matcher = llguidance.LLMatcher(rules, grammar)
        if self.matcher.is_error():
            raise ValueError(f"Grammar error: {self.matcher.get_error()}")
        self.dice = random.Random(params.seed)
        self.tokens: list[int] = []
        self.logprobs: list[dict[int, Logprob]] = []
        self.reason: str | None = None

    def step(self, vocabulary: Vocabulary) -> None:
        end, size = vocabulary.end, len(vocabulary.begins_word)
        bits = np.zeros((size + 31) // 32, np.int32)
        self.matcher.unsafe_compute_mask_ptr(bits.ctypes.data, bits.nbytes)
        allowed = np.unpackbits(bits.view(np.uint8), bitorder="little")[:size].astype(bool)
        free = np.flatnonzero(allowed)
        # letters one by one would never end; whole words do
        words = np.flatnonzero(allowed & vocabulary.begins_word)
        token = end if allowed[end] and len(self.tokens) > 3 else int(self.dice.choice(words if words.size else free))
        if token == end:
            self.reason = "stop"
            return
        assert self.matcher.consume_token(token)
        self.tokens.append(token)
        self.logprobs.append({token: Logprob(0.0 if len(free) == 1 else -self.dice.random())})
        if self.matcher.is_stopped():
            self.reason = "stop"
        elif len(self.tokens) >= self.params.max_tokens:
            self.reason = "length"


class Engine:
    """``LLM.llm_engine``."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.model_config = types.SimpleNamespace(max_model_len=2048)
        self._vocabulary = vocabulary
        self.running: list[Request] = []
        self.seen: list[tuple[list[int], SamplingParams]] = []
        self.steps = 0
        self.failure: Exception | None = None

    def add_request(self, request_id: str, prompt: dict[str, list[int]], params: SamplingParams) -> None:
        self.seen.append((prompt["prompt_token_ids"], params))
        self.running.append(Request(request_id, prompt["prompt_token_ids"], params, self._vocabulary.rules))

    def step(self) -> list[Any]:
        self.steps += 1
        if self.failure is not None:
            raise self.failure
        for request in self.running:
            request.step(self._vocabulary)
        ended_requests = [request for request in self.running if request.reason]
        self.running = [request for request in self.running if not request.reason]
        return [self._output(request) for request in ended_requests]

    def abort_request(self, request_ids: list[str]) -> None:
        self.running = [request for request in self.running if request.name not in request_ids]

    def has_unfinished_requests(self) -> bool:
        return bool(self.running)

    def _output(self, request: Request) -> Any:
        completion = types.SimpleNamespace(
            text=self._vocabulary.tokenizer.decode(request.tokens),
            token_ids=request.tokens,
            logprobs=request.logprobs,
            finish_reason=request.reason,
        )
        return types.SimpleNamespace(request_id=request.name, finished=True, outputs=[completion])


def package(failure: Exception | None = None) -> dict[str, types.ModuleType]:
    """Return the modules of the double; with a failure, no model can be loaded."""

    class LLM:
        """A model."""

        instances: ClassVar[list[dict[str, Any]]] = []

        def __init__(self, model: str, **how: Any) -> None:
            LLM.instances.append({"model": model, **how})
            if failure is not None:
                raise failure
            self.llm_engine = Engine(vocabulary_of(model))

    vllm: Any = types.ModuleType("vllm")
    sampling: Any = types.ModuleType("vllm.sampling_params")
    vllm.LLM, vllm.SamplingParams, vllm.sampling_params = LLM, SamplingParams, sampling
    sampling.SamplingParams, sampling.StructuredOutputsParams = SamplingParams, StructuredOutputsParams
    return {"vllm": vllm, "vllm.sampling_params": sampling}
