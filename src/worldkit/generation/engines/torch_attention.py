"""Attention on a CPU as products of whole batches, which round alike whatever the batch and the number of threads.

Torch's own kernel gives every thread a buffer of its own, and where in memory that lies bears on how it rounds.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "worldkit"
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
    """Return attention as transformers asks for it: batch by tokens by heads by channels."""
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


def use(model: Any) -> None:
    """Let a model attend so, if it attends as torch does and takes another way."""
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    # transformers has no public name for either
    if model.config._attn_implementation == "sdpa" and model._can_set_attn_implementation():  # noqa: SLF001
        model.set_attn_implementation(NAME)
