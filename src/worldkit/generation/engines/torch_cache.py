"""The rows of a batch: the keys and values they have been read, how they leave at their ends, attention over them.

A batch shrinks at almost every step. In ``FixedRows`` the last row moves into the place of one that ended, and new
tokens are written into room kept for them, so that no step copies what was read before. ``CopiedRows`` does the same by
copying, for models whose layers keep count of their own length (sliding windows).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.cache_utils import Cache, DynamicLayer
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

ROOM = 32
"""Tokens for which room is made at a time."""


class FixedRows:
    """Rows in fixed places: each text at the beginning of a block of columns, all ends in one block, and room behind.

    Attributes:
        cache: What a model reads and writes.
    """

    def __init__(self, caches: Sequence[Any], counts: Sequence[int], device: str = "cpu") -> None:
        """Lay out texts, each as a model has read it into a cache, in as many rows as its count says."""
        lengths = [cache.get_seq_length() for cache in caches]
        self._length = max(map(_width, lengths))
        marks = [torch.ones(1, 1, length, 1, dtype=torch.long, device=device) for length in lengths]
        self._attention_mask = self._laid_out(marks, counts)[:, 0, :, 0]
        self._layers = [
            _FixedLayer(
                self._laid_out([layer.keys for layer in layers], counts),
                self._laid_out([layer.values for layer in layers], counts),
            )
            for layers in zip(*(cache.layers for cache in caches), strict=True)
        ]
        self._count = sum(counts)
        self.cache: Any = Cache(layers=list(self._layers))

    def _laid_out(self, texts: Sequence[torch.Tensor], counts: Sequence[int]) -> torch.Tensor:
        rows = []
        for text, count in zip(texts, counts, strict=True):
            width = _width(text.shape[2])
            padded = F.pad(text, (0, 0, self._length - width, width - text.shape[2]))
            rows.append(padded.expand(count, -1, -1, -1))
        return torch.cat(rows)

    @property
    def seen(self) -> torch.Tensor:
        """Which columns are a row's own: rows by columns, of 0 and 1."""
        return self._attention_mask[: self._count]

    def take(self) -> None:
        """Take in that one token more of every row comes next."""
        self._attention_mask = _roomier(self._attention_mask, 1, self._length + 1)
        self._attention_mask[: self._count, self._length] = 1
        self._length += 1

    def keep(self, order: Sequence[int]) -> None:
        """Let row ``n`` be from now on what row ``order[n]`` was."""
        for to, start in enumerate(order):
            if start < to:
                raise ValueError(f"row {start} cannot move down to {to}: it may have been written over")
            if start > to:
                self._attention_mask[to] = self._attention_mask[start]
                for layer in self._layers:
                    layer.move(start, to)
        self._count = len(order)
        for layer in self._layers:
            layer.count = self._count


class _FixedLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """A layer of ``FixedRows``; ``keys`` and ``values`` are whole, with the room at their ends, which no row sees."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.both = [keys, values]
        self.count, _, self.length, _ = keys.shape
        self.device, self.dtype, self.is_initialized = keys.device, keys.dtype, True
        self._look()

    def _look(self) -> tuple[torch.Tensor, torch.Tensor]:
        keys, values = (each[: self.count] for each in self.both)
        self.keys, self.values = keys, values
        return keys, values

    def get_seq_length(self) -> int:
        return self.length

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return _room(self.length + query_length), 0

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        length = self.length + key_states.shape[2]
        self.both = [_roomier(each, 2, length) for each in self.both]
        for slot, new in zip(self.both, (key_states, value_states), strict=True):
            slot[: self.count, :, self.length : length] = new
        self.length = length
        return self._look()

    def move(self, start: int, to: int) -> None:
        for slot in self.both:
            slot[to, :, : self.length] = slot[start, :, : self.length]


class CopiedRows:
    """Rows of one text, for a model whose layers are not plain."""

    def __init__(self, cache: Any, length: int, count: int, device: str) -> None:
        self.seen = torch.ones(count, length, dtype=torch.long, device=device)
        cache.batch_repeat_interleave(count)
        self.cache = cache

    def take(self) -> None:
        self.seen = F.pad(self.seen, (0, 1), value=1)

    def keep(self, order: Sequence[int]) -> None:
        if list(order) != list(range(self.seen.shape[0])):
            self.cache.batch_select_indices(torch.tensor(order))  # on the CPU, which indexes layers on any device
            self.seen = self.seen[: len(order)]


BatchRows = FixedRows | CopiedRows
"""The rows of a batch; ``FixedRows`` says what ``seen``, ``take`` and ``keep`` are."""


def plain(cache: Any) -> bool:
    """Say whether all layers of a cache keep whole rows, which can be laid side by side."""
    return bool(cache.layers) and all(type(layer) is DynamicLayer for layer in cache.layers)


def _roomier(tensor: torch.Tensor, dim: int, length: int) -> torch.Tensor:
    """Return a tensor with room for so much along a dimension."""
    if length <= tensor.shape[dim]:
        return tensor
    more = list(tensor.shape)
    more[dim] = _room(length) - tensor.shape[dim]
    return torch.cat([tensor, tensor.new_zeros(more)], dim)


def _room(length: int) -> int:
    return -(-length // ROOM) * ROOM


def _width(length: int) -> int:
    # never all of it: where no row of a batch is padded, attention runs without a mask, and another way
    return _room(length + 1)


ATTENTION = "worldkit"
UNSUPPORTED_OPTIONS = ("softcap", "s_aux", "position_bias", "sliding_window")
"""What some models ask of attention besides; theirs is left to torch."""


def attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Return attention as transformers asks for it: batch by tokens by heads by channels.

    It is computed as products of whole batches, which round alike whatever the batch and the number of threads. Torch's
    own kernel gives every thread a buffer of its own, and where in memory that lies bears on how it rounds.
    """
    if any(options.get(name) is not None for name in UNSUPPORTED_OPTIONS):
        return sdpa_attention_forward(module, query, key, value, attention_mask, dropout, scaling, **options)
    batch, heads, length, channels = query.shape
    kinds, width = key.shape[1], key.shape[2]
    if attention_mask is None:
        every = torch.ones(length, width, dtype=torch.bool, device=query.device)
        attention_mask = every.tril(width - length)[None, None]
    # the heads that share keys stand under each other, so that keys are not repeated
    scores = torch.matmul(query.reshape(batch, kinds, -1, channels), key.transpose(2, 3)).float()
    scores = scores.view(batch, kinds, heads // kinds, length, width) * (scaling or channels**-0.5)
    scores.masked_fill_(~attention_mask[:, :, None], torch.finfo(torch.float32).min)
    shares = scores.softmax(-1).to(value.dtype).view(batch, kinds, -1, width)
    output = torch.matmul(shares, value).view(batch, heads, length, -1)
    return output.transpose(1, 2).contiguous(), None


def use_own_attention(model: Any) -> None:
    """Let a model attend as ``attend`` does, if it attends as torch does and takes another way."""
    AttentionInterface.register(ATTENTION, attend)
    AttentionMaskInterface.register(ATTENTION, sdpa_mask)
    # transformers has no public name for either
    if model.config._attn_implementation == "sdpa" and model._can_set_attn_implementation():  # noqa: SLF001
        model.set_attn_implementation(ATTENTION)
