"""A conversation with a local model: transformers' own decoding, told as it goes, held to a schema if there is one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.generation.engines import torch_setup
from worldkit.generation.engines.base import CannotAnswer
from worldkit.generation.engines.chat_stream import StreamedAnswer
from worldkit.generation.engines.chat_template import text as conversation
from worldkit.generation.engines.conversation import AnswerOptions, ModelAnswer, OnText
from worldkit.generation.engines.token_row import TOP_P, allowed_tokens, matcher

PENALIZED = 64
"""Tokens at the end of an answer that are made less likely; as many as llama.cpp takes."""


def reply(
    model: Any,
    tokenizer: Any,
    rules: Any,
    turns: Sequence[Mapping[str, str]],
    schema: Mapping[str, Any] | None,
    options: AnswerOptions,
    on_text: OnText,
) -> ModelAnswer:
    """Return what a model says to a conversation, as ``Chat.reply``; same question and machine, same answer.

    Raises:
        CannotAnswer: It does not fit into memory.
    """
    import llguidance
    import torch

    text = conversation(tokenizer, turns)
    question = tokenizer(text, add_special_tokens=False, return_tensors="pt").to(model.device)
    prompt_length = question["input_ids"].shape[1]
    arrival = StreamedAnswer(max_tokens=options.max_tokens)
    schema_matcher = None
    if schema:
        schema_matcher = matcher(rules, llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema)))

    def process(ids: Any, scores: Any) -> Any:  # transformers calls it for every token
        answer_ids = ids[0, prompt_length:]
        arrival.count_tokens(len(answer_ids), on_text)
        width = scores.shape[1]
        if options.frequency_penalty:
            # in a long answer every mark of JSON would have become unlikely
            counts = answer_ids[-PENALIZED:].bincount(minlength=width)[:width]
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
