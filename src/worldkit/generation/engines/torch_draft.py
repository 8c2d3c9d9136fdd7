"""JSON from a local model: transformers' own decoding, every token masked by a schema's grammar."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.generation.engines import torch_setup
from worldkit.generation.engines.base import CannotDraft
from worldkit.generation.engines.chat_template import text as conversation

TEMPERATURE = 0.7
TOP_P = 0.92


def draft(
    model: Any,
    tokenizer: Any,
    rules: Any,
    turns: Sequence[Mapping[str, str]],
    wanted: Mapping[str, Any],
    seed: int,
    most: int,
) -> str:
    """Return what a model says to a conversation, held to a JSON Schema.

    Args:
        model, tokenizer: Of transformers.
        rules: llguidance's view of the tokenizer.
        turns: The conversation.
        wanted: The schema.
        seed: Same conversation, seed and machine, same answer.
        most: Tokens after which an answer is cut, and is no JSON then.

    Raises:
        CannotDraft: It does not fit into memory.
    """
    import torch

    text = conversation(tokenizer, turns)
    asked = tokenizer(text, add_special_tokens=False, return_tensors="pt").to(model.device)
    begins = asked["input_ids"].shape[1]
    try:
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(seed % 2**63)
            tokens = model.generate(
                **asked,
                max_new_tokens=most,
                do_sample=True,
                temperature=TEMPERATURE,
                top_p=TOP_P,
                logits_processor=[_Held(rules, wanted, begins)],
            )
    except RuntimeError as error:
        if not torch_setup.out_of_memory(error):
            raise
        torch_setup.let_go(str(model.device))
        raise CannotDraft("the model ran out of memory over the plan") from error
    answer: str = tokenizer.decode(tokens[0, begins:], skip_special_tokens=True)
    return answer


class _Held:
    """Masks logits by a schema; what transformers calls a logits processor."""

    def __init__(self, rules: Any, wanted: Mapping[str, Any], begins: int) -> None:
        import llguidance

        grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(wanted))
        self._matcher: Any = llguidance.LLMatcher(rules, grammar)
        if self._matcher.is_error():
            raise WorldError(f"a schema cannot be used; please report it: {self._matcher.get_error()}")
        self._seen = begins

    def __call__(self, ids: Any, scores: Any) -> Any:
        import numpy as np
        import torch

        for token in ids[0, self._seen :].tolist():
            self._matcher.consume_token(token)
        self._seen = ids.shape[1]
        width = scores.shape[1]
        bits = np.zeros((width + 31) // 32, np.int32)
        self._matcher.unsafe_compute_mask_ptr(bits.ctypes.data, bits.nbytes)
        allowed = np.unpackbits(bits.view(np.uint8), bitorder="little")[:width]
        if not allowed.any():
            return scores
        return scores.masked_fill(torch.from_numpy(allowed == 0).to(scores.device), float("-inf"))
