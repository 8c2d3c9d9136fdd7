"""A conversation with a local model: transformers' own decoding, told as it goes, held to a schema if there is one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from worldkit.generation.engines import torch_setup
from worldkit.generation.engines.base import CannotAnswer
from worldkit.generation.engines.chat_stream import StreamedAnswer
from worldkit.generation.engines.chat_template import text as conversation
from worldkit.generation.engines.conversation import AnswerOptions, ModelAnswer, OnText
from worldkit.generation.engines.token_row import TOP_P, matcher


def reply(
    model: Any,
    tokenizer: Any,
    rules: Any,
    turns: Sequence[Mapping[str, str]],
    schema: Mapping[str, Any] | None,
    options: AnswerOptions,
    on_text: OnText,
) -> ModelAnswer:
    """Return what a model says to a conversation.

    Args:
        model, tokenizer: Of transformers.
        rules: llguidance's view of the tokenizer.
        turns: The conversation, the system's turn first.
        schema: The JSON Schema that the answer is held to, if any.
        options: How the answer is drawn. Same conversation, seed and machine, same answer.
        on_text: Called with what has arrived; an interrupt raised there ends it.

    Raises:
        CannotAnswer: It does not fit into memory.
    """
    import torch

    text = conversation(tokenizer, turns)
    question = tokenizer(text, add_special_tokens=False, return_tensors="pt").to(model.device)
    prompt_length = question["input_ids"].shape[1]
    arrival = StreamedAnswer(max_tokens=options.max_tokens)

    def report(ids: Any, scores: Any) -> Any:
        arrival.count_tokens(ids.shape[1] - prompt_length, on_text)
        return scores

    processors: list[Any] = [report]  # transformers calls each for every token
    if options.frequency_penalty:
        processors.append(_penalty(options.frequency_penalty, prompt_length))
    if schema:
        processors.append(_SchemaMask(rules, schema, prompt_length))
    try:
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(options.seed % 2**63)
            tokens = model.generate(
                **question,
                max_new_tokens=options.max_tokens,
                do_sample=True,
                temperature=options.temperature,
                top_p=TOP_P,
                logits_processor=processors,
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


def _penalty(penalty: float, prompt_length: int) -> Callable[[Any, Any], Any]:
    """Return what takes something off the logits of what the answer has already."""

    def penalize(ids: Any, scores: Any) -> Any:
        counts = ids[0, prompt_length:].bincount(minlength=scores.shape[1])[: scores.shape[1]]
        return scores - penalty * counts

    return penalize


class _SchemaMask:
    """Masks logits by a schema; what transformers calls a logits processor."""

    def __init__(self, rules: Any, schema: Mapping[str, Any], prompt_length: int) -> None:
        import llguidance

        self._matcher = matcher(rules, llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema)))
        self._consumed_length = prompt_length

    def __call__(self, ids: Any, scores: Any) -> Any:
        import numpy as np
        import torch

        for token in ids[0, self._consumed_length :].tolist():
            self._matcher.consume_token(token)
        self._consumed_length = ids.shape[1]
        width = scores.shape[1]
        bits = np.zeros((width + 31) // 32, np.int32)
        self._matcher.unsafe_compute_mask_ptr(bits.ctypes.data, bits.nbytes)
        allowed_tokens = np.unpackbits(bits.view(np.uint8), bitorder="little")[:width]
        if not allowed_tokens.any():
            return scores
        return scores.masked_fill(torch.from_numpy(allowed_tokens == 0).to(scores.device), float("-inf"))
