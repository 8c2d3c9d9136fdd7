"""A conversation as the text and the tokens that a local model reads, by its tokenizer's chat template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.generation.engines.base import Ask


def text(tokenizer: Any, turns: Sequence[Mapping[str, str]]) -> str:
    """Return a conversation, the system's turn first, as text up to where the model's next turn begins."""
    # models that can think or not (Qwen3) answer at once; other templates do not look at it
    options: dict[str, Any] = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
    try:
        conversation: str = tokenizer.apply_chat_template(list(turns), **options)
    except Exception:  # some templates refuse a system turn, each with an error of its own
        first, second, *rest = turns
        joined = [{"role": "user", "content": f"{first['content']}\n\n{second['content']}"}, *rest]
        conversation = tokenizer.apply_chat_template(joined, **options)
    return conversation


def tokens(tokenizer: Any, text: str) -> list[int]:
    """Return the tokens of a text in which every special one is spelt out already."""
    token_ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return token_ids


def asked(tokenizer: Any, ask: Ask) -> list[int]:
    """Return the tokens of an ask, up to the end of its prefix."""
    return tokens(tokenizer, text(tokenizer, ask.turns) + ask.prefix)
