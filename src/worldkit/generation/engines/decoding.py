"""What the engines of this process share: prompts as tokens, and answers held to grammars as they grow."""

from __future__ import annotations

import functools
import json
import math
import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.generation.engines import torch_setup
from worldkit.generation.engines.base import Ask, CannotAnswer, ChatRequest, ModelAnswer, OnText, Reply, in_one_turn
from worldkit.generation.engines.chat_stream import StreamedAnswer

TEMPERATURE = 0.7
TOP_P = 0.92
TOP_K = 40
PENALIZED_TOKENS = 64
"""Tokens at the end of an answer that are made less likely; as many as llama.cpp takes."""


def conversation_text(tokenizer: Any, turns: Sequence[Mapping[str, str]]) -> str:
    """Return a conversation, the system's turn first, as text up to where the model's next turn begins."""
    # models that can think or not (Qwen3) answer at once; other templates do not look at it
    options: dict[str, Any] = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
    try:
        text: str = tokenizer.apply_chat_template(list(turns), **options)
    except Exception:  # some templates refuse a system turn, each with an error of its own
        text = tokenizer.apply_chat_template(in_one_turn(turns), **options)
    return text


def text_tokens(tokenizer: Any, text: str) -> list[int]:
    """Return the tokens of a text in which every special one is spelt out already."""
    token_ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return token_ids


def ask_tokens(tokenizer: Any, ask: Ask) -> list[int]:
    """Return the tokens of an ask, up to the end of its prefix."""
    return text_tokens(tokenizer, conversation_text(tokenizer, ask.turns) + ask.prefix)


def matcher(rules: Any, grammar: str) -> Any:
    """Return what holds an answer to a grammar, as llguidance makes it of a Lark grammar or a JSON Schema."""
    import llguidance

    result: Any = llguidance.LLMatcher(rules, grammar)
    if result.is_error():
        raise WorldError(f"a grammar or a schema cannot be used; please report it: {result.get_error()}")
    return result


class Row:
    """One answer of a batch, with its own grammar and its own random numbers.

    Attributes:
        number: The place of its ask.
        likely: How likely the model itself held each token that the grammar left it a choice of.
        tokens: What was drawn.
        over: It has ended.
    """

    def __init__(self, number: int, ask: Ask, matcher: Any) -> None:
        self.number = number
        self.ask = ask
        self.matcher = matcher
        self._dice = random.Random(ask.seed)
        self.likely: list[float] = []
        self.tokens: list[int] = []
        self.over = False
        self._is_complete = False

    def draw(self, values: Sequence[float]) -> int:
        """Return which of these logits, the greatest first, is drawn: nucleus sampling (Holtzman et al., 2020)."""
        masses = [*accumulate(math.exp((value - values[0]) / TEMPERATURE) for value in values)]
        nucleus = masses[: bisect_left(masses, TOP_P * masses[-1]) + 1]
        return self._dice.choices(range(len(nucleus)), cum_weights=nucleus)[0]

    def take(self, token: int, end: int) -> None:
        """Take the token drawn."""
        if token == end:
            self.over, self._is_complete = True, bool(self.matcher.is_accepting())
            return
        if not self.matcher.consume_token(token):
            self.over = True
            return
        self.tokens.append(token)
        if self.matcher.is_stopped():
            # a lexer that ran out of its limits stops too, in the middle of a string
            self.over, self._is_complete = True, self.matcher.stop_reason() == "NoExtension"
        elif len(self.tokens) >= self.ask.max_tokens:
            self.over = True

    def reply(self, tokenizer: Any) -> Reply:
        """Return the answer."""
        text = self.ask.prefix + tokenizer.decode(self.tokens, clean_up_tokenization_spaces=False)
        likely = sum(self.likely) / max(1, len(self.likely))
        return Reply(text, self._is_complete, likely, len(self.tokens))


def allowed_tokens(matchers: Sequence[Any], vocabulary: int) -> Any:
    """Return which tokens each matcher may take next: an array of matchers by tokens, of 0 and 1."""
    import llguidance.numpy
    import numpy as np

    bits = np.zeros((len(matchers), (vocabulary + 31) // 32), np.int32)
    places = [(matcher, at) for at, matcher in enumerate(matchers)]
    llguidance.numpy.fill_next_token_bitmask_par(_executor(), places, bits)
    return np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")[:, :vocabulary]


@functools.cache
def _executor() -> Any:
    import llguidance

    return llguidance.LLExecutor()


def chat_reply(model: Any, tokenizer: Any, rules: Any, request: ChatRequest, on_text: OnText) -> ModelAnswer:
    """Return what a model says to a conversation, as ``Chat.reply``, by transformers' own decoding.

    Raises:
        CannotAnswer: It does not fit into memory.
    """
    import llguidance
    import torch

    options = request.options
    text = conversation_text(tokenizer, request.turns)
    question = tokenizer(text, add_special_tokens=False, return_tensors="pt").to(model.device)
    prompt_length = question["input_ids"].shape[1]
    arrival = StreamedAnswer(max_tokens=options.max_tokens)
    schema_matcher = None
    if request.schema:
        schema_matcher = matcher(rules, llguidance.LLMatcher.grammar_from_json_schema(json.dumps(request.schema)))

    def process(ids: Any, scores: Any) -> Any:  # transformers calls it for every token
        answer_ids = ids[0, prompt_length:]
        arrival.count_tokens(len(answer_ids), on_text)
        width = scores.shape[1]
        if options.frequency_penalty:
            # in a long answer every mark of JSON would have become unlikely
            counts = answer_ids[-PENALIZED_TOKENS:].bincount(minlength=width)[:width]
            scores = scores - options.frequency_penalty * counts
        if schema_matcher is not None:
            for token in answer_ids[-1:].tolist():
                schema_matcher.consume_token(token)
            is_allowed = allowed_tokens([schema_matcher], width)
            if is_allowed.any():
                scores = scores.masked_fill(torch.from_numpy(is_allowed == 0).to(scores.device), -math.inf)
        return scores

    try:
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(options.seed % 2**63)
            tokens = model.generate(
                **question,
                max_new_tokens=options.max_tokens,
                do_sample=True,
                temperature=options.temperature,
                top_p=TOP_P,
                logits_processor=[process],
            )
    except RuntimeError as error:
        if not torch_setup.out_of_memory(error):
            raise
        torch_setup.let_go(str(model.device))
        raise CannotAnswer("the model ran out of memory over a long question") from error
    arrival.tokens = tokens.shape[1] - prompt_length
    arrival.text = tokenizer.decode(tokens[0, prompt_length:], skip_special_tokens=True)
    arrival.finish_reason = "length" if arrival.tokens >= options.max_tokens else "stop"
    return arrival.answer()
