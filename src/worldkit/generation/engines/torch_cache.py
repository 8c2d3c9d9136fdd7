"""The rows of a batch: the keys and values they have been read, how they leave at their ends, attention over them.

A batch shrinks at almost every step. In ``FixedRows`` the last row moves into the place of one that ended, and new
tokens are written into room kept for them, so that no step copies what was read before. Layers with sliding windows
keep whole rows too: the mask says what they see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.cache_utils import Cache, DynamicLayer, DynamicSlidingWindowLayer
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

Layers = Sequence[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values of one text by layer; each heads by tokens by channels."""

CACHE_BLOCK_TOKENS = 32
"""Tokens for which room is made at a time."""


class FixedRows:
    """Rows in fixed places.

    Attributes:
        cache: What a model reads and writes.
        length: How many columns were read.
    """

    def __init__(self, layers: Sequence[_FixedLayer], attention_mask: torch.Tensor, length: int) -> None:
        self.layers, self._attention_mask = layers, attention_mask
        self.length, self._count = length, attention_mask.shape[0]
        self.cache: Any = Cache(layers=list(layers))

    @classmethod
    def begun(cls, texts: Sequence[Layers], width: int, rest: int, device: str = "cpu") -> FixedRows:
        """Return rows whose texts begin at the first column.

        What follows is read in one step of ``rest`` columns that end at the column ``width``. Where texts differ in
        length, those columns may lie over the ends of the longer ones, which stay.
        """
        layers = []
        for of_layer in zip(*texts, strict=True):
            keys, values = (_padded(side, width) for side in zip(*of_layer, strict=True))
            layers.append(_FixedLayer(keys, values, width - rest))
        mask = torch.zeros(len(texts), width, dtype=torch.long, device=device)
        for row, text in enumerate(texts):
            mask[row, : text[0][0].shape[1]] = 1
        return cls(layers, mask, width - rest)

    @classmethod
    def joined(cls, parts: Sequence[FixedRows], picks: Sequence[Sequence[int]]) -> FixedRows:
        """Return rows of several groups in one, their ends in one column; a row may be picked more than once."""
        length = max(part.length for part in parts)
        layers = [_FixedLayer.joined([part.layers[n] for part in parts], picks) for n in range(len(parts[0].layers))]
        lines = zip(parts, picks, strict=True)
        masks = [F.pad(part.seen[list(pick), : part.length], (length - part.length, 0)) for part, pick in lines if pick]
        return cls(layers, torch.cat(masks), length)

    @property
    def seen(self) -> torch.Tensor:
        """Which columns are a row's own: rows by columns, of 0 and 1."""
        return self._attention_mask[: self._count]

    def take(self, own: torch.Tensor) -> None:
        """Take in which of the tokens that come next are a row's own; rows by tokens, of 0 and 1."""
        length = self.length + own.shape[1]
        self._attention_mask = _roomier(self._attention_mask, 1, length)
        self._attention_mask[: self._count, self.length : length] |= own
        self.length = length
        for layer in self.layers:
            layer.own = own.bool()[:, None, :, None]

    def keep(self, order: Sequence[int]) -> None:
        """Let row ``n`` be from now on what row ``order[n]`` was."""
        for to, start in enumerate(order):
            if start < to:
                raise ValueError(f"row {start} cannot move down to {to}: it may have been written over")
            if start > to:
                self._attention_mask[to] = self._attention_mask[start]
                for layer in self.layers:
                    layer.move(start, to)
        self._count = len(order)
        for layer in self.layers:
            layer.count = self._count


class _FixedLayer(DynamicLayer):  # type: ignore[misc]
    """A layer of ``FixedRows``; ``keys`` and ``values`` are whole, with the room at their ends, which no row sees."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, length: int) -> None:
        super().__init__()
        self.both = [keys, values]
        self.length, self.count = length, keys.shape[0]
        self.own = torch.ones(1, 1, 1, 1, dtype=torch.bool)
        self.device, self.dtype, self.is_initialized = keys.device, keys.dtype, True
        self._look()

    @classmethod
    def joined(cls, parts: Sequence[_FixedLayer], picks: Sequence[Sequence[int]]) -> _FixedLayer:
        length = max(part.length for part in parts)
        picked = [(part, list(pick)) for part, pick in zip(parts, picks, strict=True) if pick]
        keys, values = (
            torch.cat(
                [
                    F.pad(part.both[of][pick, :, : part.length], (0, 0, length - part.length, _room(length) - length))
                    for part, pick in picked
                ]
            )
            for of in (0, 1)
        )
        return cls(keys, values, length)

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
            view = slot[: self.count, :, self.length : length]
            view.copy_(new if new.shape[2] == 1 else torch.where(self.own.to(new.device), new, view))
        self.length = length
        return self._look()

    def move(self, start: int, to: int) -> None:
        for slot in self.both:
            slot[to, :, : self.length] = slot[start, :, : self.length]


def keeps_rows(cache: Cache) -> bool:
    """Say whether all layers of a cache keep the keys and values of what was read, which can be laid side by side."""
    kinds = (DynamicLayer, DynamicSlidingWindowLayer)
    return bool(cache.layers) and all(type(layer) in kinds for layer in cache.layers)


def _padded(texts: Sequence[torch.Tensor], width: int) -> torch.Tensor:
    return torch.stack([F.pad(text, (0, 0, 0, width - text.shape[1])) for text in texts])


def _roomier(tensor: torch.Tensor, dim: int, length: int) -> torch.Tensor:
    """Return a tensor with room for so much along a dimension."""
    if length <= tensor.shape[dim]:
        return tensor
    more = list(tensor.shape)
    more[dim] = _room(length) - tensor.shape[dim]
    return torch.cat([tensor, tensor.new_zeros(more)], dim)


def _room(length: int) -> int:
    return -(-length // CACHE_BLOCK_TOKENS) * CACHE_BLOCK_TOKENS


ATTENTION_NAME = "worldkit"
UNSUPPORTED_OPTIONS = ("softcap", "s_aux", "position_bias")
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
        args = (module, query, key, value, attention_mask, dropout, scaling)
        result: tuple[torch.Tensor, None] = sdpa_attention_forward(*args, **options)
        return result
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
    AttentionInterface.register(ATTENTION_NAME, attend)
    AttentionMaskInterface.register(ATTENTION_NAME, sdpa_mask)
    # transformers has no public name for either
    if model.config._attn_implementation == "sdpa" and model._can_set_attn_implementation():  # noqa: SLF001
        model.set_attn_implementation(ATTENTION_NAME)
