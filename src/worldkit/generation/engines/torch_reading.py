"""How a causal language model reads prompts: what several share once, and every row as if it were alone.

A row is laid out by its own length: its beginning at the first column, its end at the last of a width that hangs on it
alone. Attention then sums it up in the same pieces whatever is read beside it.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from worldkit.generation.engines.base import Ask
from worldkit.generation.engines.decoding import ask_tokens

if TYPE_CHECKING:
    import torch

    from worldkit.generation.engines.torch_cache import FixedRows, Layers

_Tokens = tuple[int, ...]
Prompt = tuple[_Tokens, _Tokens]
"""What a prompt shares with others, and what follows that."""
_Row = TypeVar("_Row")

MIN_MATRIX_ROWS = 4
"""Rows of a batch; below that other matrix kernels run, which round otherwise."""
ALIGNMENT = 32
CACHED_PREFIXES = 64


class Reader:
    """A model of transformers as it reads; its logits are wanted on one device.

    Attributes:
        keeps_rows: Its layers keep what was read in rows, which can be read and decoded together.
        end: The token that ends an answer.
    """

    def __init__(self, model: Any, tokenizer: Any, device: str) -> None:
        from transformers import DynamicCache

        from worldkit.generation.engines.torch_cache import keeps_rows, use_own_attention

        self._model, self._tokenizer, self.device = model, tokenizer, device
        end = model.config.eos_token_id
        self.end = int(end[0] if isinstance(end, list) else end)
        parameters = inspect.signature(model.forward).parameters
        self._cache_name = "cache" if "cache" in parameters else "past_key_values"  # renamed in transformers 5
        self._begin = lru_cache(CACHED_PREFIXES)(self._read_prefix)
        cache = DynamicCache(config=model.config)
        self._depth = len(cache.layers)
        self.keeps_rows = keeps_rows(cache)
        if self.keeps_rows and device == "cpu":
            use_own_attention(model)

    def forget(self) -> None:
        """Let go of what is kept of prompts that were read."""
        self._begin.cache_clear()

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
            prompts.setdefault((tokens[:at], tokens[at:]), []).append(index)
        return prompts

    def _read_prefix(self, prefix: _Tokens) -> Layers:
        """Return what prompts share as the model has read it."""
        import torch
        from transformers.cache_utils import Cache, DynamicLayer

        cache: Any = Cache(layers=[DynamicLayer() for _ in range(self._depth)])
        ids = torch.tensor([prefix], device=self.device)
        self._model(ids, use_cache=True, logits_to_keep=1, **{self._cache_name: cache})
        return [(layer.keys[0], layer.values[0]) for layer in cache.layers]

    def groups(self, prompts: list[Prompt]) -> Iterator[tuple[list[Prompt], FixedRows]]:
        """Yield prompts that can be read together, and what holds what is read.

        They are of one width: attention sums up a row in other pieces when the width is another.
        """
        from worldkit.generation.engines.torch_cache import FixedRows

        groups = defaultdict[int, list[Prompt]](list)
        for prefix, tail in prompts:
            groups[_width(len(prefix) + len(tail))].append((prefix, tail))
        for width, part in groups.items():
            rest = _blocks(max(len(tail) for _, tail in part))
            texts = [self._begin(prefix) for prefix in _padded([prefix for prefix, _ in part])]
            yield part, FixedRows.begun(texts, width, rest, self.device)

    def read(self, tails: list[_Tokens], cache: FixedRows) -> torch.Tensor:
        """Read what follows the beginnings of prompts, and return the logits of their ends."""
        import torch

        tails = _padded(tails)
        start = cache.length
        width = _blocks(max(map(len, tails)))
        ids = torch.tensor([[self.end] * (width - len(t)) + [*t] for t in tails], device=self.device)
        cache.take(torch.tensor([[0] * (width - len(t)) + [1] * len(t) for t in tails], device=self.device))
        places = (cache.seen.cumsum(-1) - 1).clamp(min=0)[:, start:]
        return self.step(ids, cache.seen, places, cache.cache)

    def step(self, ids: torch.Tensor, mask: torch.Tensor, places: torch.Tensor, cache: Any) -> torch.Tensor:
        """Read some tokens more of every row, and return the logits of the last."""
        out = self._model(
            ids,
            attention_mask=mask,
            position_ids=places,
            use_cache=True,
            logits_to_keep=1,
            **{self._cache_name: cache},
        )
        logits: torch.Tensor = out.logits[:, -1].to(self.device).float()
        return logits


def _width(length: int) -> int:
    # never all of it: where no row of a batch is padded, attention runs without a mask, and another way
    return -(-(length + 1) // ALIGNMENT) * ALIGNMENT


def _blocks(length: int) -> int:
    """Return a number of columns no less than a length whose last block of 32 has MIN_MATRIX_ROWS columns or more."""
    return length + max(0, MIN_MATRIX_ROWS - length % ALIGNMENT) if length % ALIGNMENT else length


def _padded(rows: list[_Row]) -> list[_Row]:
    """Return rows, the last of them again until there are as many as a batch has at least."""
    return [*rows, *[rows[-1]] * (MIN_MATRIX_ROWS - len(rows))]
