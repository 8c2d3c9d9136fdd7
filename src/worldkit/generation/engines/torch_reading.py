"""How a causal language model reads prompts: what several share once, and each prompt by itself."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from worldkit.generation.engines.base import Ask
from worldkit.generation.engines.decoding import ask_tokens

if TYPE_CHECKING:
    import torch

_Tokens = tuple[int, ...]
Prompt = tuple[_Tokens, _Tokens]
"""What a prompt shares with others, and what follows that."""

LEAST = 4
"""Rows of a matrix; below that other kernels run, which round otherwise."""
CACHED_PREFIXES = 64


class Reader:
    """A model of transformers as it reads; its logits are wanted on one device.

    Attributes:
        plain: Its layers keep whole rows, so that prompts can be joined; else the answers to each are decoded alone.
        end: The token that ends an answer.
    """

    def __init__(self, model: Any, tokenizer: Any, device: str) -> None:
        from transformers import DynamicCache

        from worldkit.generation.engines.torch_cache import plain, use_own_attention

        self._model, self._tokenizer, self.device = model, tokenizer, device
        end = model.config.eos_token_id
        self.end = int(end[0] if isinstance(end, list) else end)
        parameters = inspect.signature(model.forward).parameters
        self._cache_name = "cache" if "cache" in parameters else "past_key_values"  # renamed in transformers 5
        self._prefixes: dict[_Tokens, Any] = {}
        self.plain = plain(DynamicCache(config=model.config))
        if self.plain and device == "cpu":
            use_own_attention(model)

    def forget(self) -> None:
        """Let go of what is kept of prompts that were read."""
        self._prefixes.clear()

    def _common_prefix(self, ask: Ask) -> tuple[int, ...]:
        # what two questions with nothing in common still share: the system turn, the example, the next turn's head
        one, other = (ask_tokens(self._tokenizer, replace(ask, question=question)) for question in "AZ")
        same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
        return tuple(one[:same])

    def prompts(self, asks: Sequence[Ask]) -> dict[Prompt, list[int]]:
        """Return which asks have a prompt, by what it shares with others and what follows that."""
        shared: dict[tuple[str, tuple[tuple[str, str], ...]], _Tokens] = {}
        prompts: dict[Prompt, list[int]] = {}
        for index, ask in enumerate(asks):
            key = (ask.system, ask.examples)
            if key not in shared:
                shared[key] = self._common_prefix(ask)
            tokens = tuple(ask_tokens(self._tokenizer, ask))
            at = len(shared[key]) if tokens[: len(shared[key])] == shared[key] else 1
            at = max(1, min(at, len(tokens) - LEAST))
            prompts.setdefault((tokens[:at], tokens[at:]), []).append(index)
        return prompts

    def read(self, prompt: Prompt) -> tuple[Any, torch.Tensor]:
        """Read a prompt, and return the cache that holds it, and the logits of its end as one row."""
        import torch
        from transformers import DynamicCache

        def read_on(tokens: _Tokens, cache: Any) -> torch.Tensor:
            return self.step(torch.tensor([tokens], device=self.device), cache)

        prefix, tail = prompt
        if prefix not in self._prefixes:
            cache: Any = DynamicCache(config=self._model.config)
            read_on(prefix, cache)
            self._prefixes[prefix] = cache
            if len(self._prefixes) > CACHED_PREFIXES:
                del self._prefixes[next(iter(self._prefixes))]
        prompt_cache = copy.deepcopy(self._prefixes[prefix])
        return prompt_cache, read_on(tail, prompt_cache)

    def step(self, ids: torch.Tensor, cache: Any, **layout: Any) -> torch.Tensor:
        """Read some tokens more of every row, and return the logits of the last."""
        out = self._model(ids, use_cache=True, logits_to_keep=LEAST, **{self._cache_name: cache}, **layout)
        logits: torch.Tensor = out.logits[:, -1].to(self.device).float()
        return logits
