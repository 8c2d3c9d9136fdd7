"""What the adapter learns from and is measured on: texts of the corpus in the very prompts that fields are asked with.

The texts of a genre and kind share a system text and examples. They are laid one after another behind these, each of
them seeing what they share and itself alone, so that it is computed once for all; what comes out is the same.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.stock import stock
from worldkit.generation.prose.writer import ROUNDS, system
from worldkit.generation.tiny import retrieval
from worldkit.generation.tiny.corpus import Text

if TYPE_CHECKING:
    import torch

KINDS = ("place", "shot", "travel", "ambient", "line", "step", "take", "aside", "act")
"""Those that fields ask for."""
TOGETHER = 9
"""Texts behind one prompt, at most."""
_IGNORED = -100


class Pack:
    """Texts of one kind behind one prompt.

    Args:
        tokenizer: The model's.
        world: The world that they are asked for.
        texts: The texts; none of them is among the examples.
        attempt: Which examples, as for ``retrieval.examples``.
    """

    def __init__(self, tokenizer: Any, world: Plan, texts: Sequence[Text], attempt: int = 0) -> None:
        import torch

        turns = [{"role": "system", "content": system(world)}]
        for example in retrieval.examples(world, texts[0].kind, attempt, without=texts):
            turns.append({"role": "user", "content": example.question})
            turns.append({"role": "assistant", "content": example.answer})
        rows, starts = [], []
        for text in texts:
            messages = [*turns, {"role": "user", "content": text.question}]
            prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            starts.append(len(tokenizer(prompt + text.opening, add_special_tokens=False).input_ids))
            rows.append(tokenizer(f"{prompt}{text.answer}{tokenizer.eos_token}", add_special_tokens=False).input_ids)
        same = next(at for at in range(min(starts)) if len({row[at] for row in rows}) > 1 or at + 1 in starts)
        places, owners = list(range(same)), [-1] * same
        ids, labels = list(rows[0][:same]), [_IGNORED] * same
        for owner, (row, start) in enumerate(zip(rows, starts, strict=True)):
            ids += row[same:]
            places += range(same, len(row))
            owners += [owner] * (len(row) - same)
            labels += [_IGNORED] * (start - same) + row[start:]
        self._same = same
        self._ids, self._places, self._labels = (torch.tensor([each]) for each in (ids, places, labels))
        owner_of = torch.tensor(owners)
        mask = (owner_of[None, :] == -1) | (owner_of[None, :] == owner_of[:, None])
        self._mask = (mask & torch.ones_like(mask).tril())[None, None, same:]

    def losses(self, model: Any) -> torch.Tensor:
        """Return the loss of every token after an answer's opening; what is shared is read without gradients.

        Args:
            model: A Llama of transformers, by itself or in peft's hands.
        """
        import torch
        import torch.nn.functional as F
        from transformers import DynamicCache

        inner = model.get_base_model() if hasattr(model, "get_base_model") else model
        past_keys = DynamicCache(config=inner.config)
        parameters = inspect.signature(inner.model.forward).parameters
        cache = {"cache" if "cache" in parameters else "past_key_values": past_keys}  # renamed in transformers 5
        with torch.no_grad():
            inner.model(self._ids[:, : self._same], use_cache=True, **cache)
        out = inner.model(
            self._ids[:, self._same :],
            attention_mask=self._mask,
            position_ids=self._places[:, self._same :],
            use_cache=True,
            **cache,
        )
        labels = self._labels[0, self._same + 1 :]
        is_label = labels != _IGNORED
        # logits over the whole vocabulary, only where they are needed
        logits = inner.lm_head(out.last_hidden_state[0, :-1][is_label]).float()
        return F.cross_entropy(logits, labels[is_label], reduction="none")


def packs(tokenizer: Any, texts: Iterable[Text], dice: random.Random) -> list[Pack]:
    """Return texts in packs, each of a genre and kind and for a world drawn for it, in drawn order.

    Args:
        tokenizer: The model's.
        texts: The texts.
        dice: What decides.
    """
    groups: dict[tuple[str, str], list[Text]] = {}
    for text in texts:
        groups.setdefault((text.genre, text.kind), []).append(text)
    all_packs = []
    for (genre, _), each in sorted(groups.items()):
        dice.shuffle(each)
        for start in range(0, len(each), TOGETHER):
            all_packs.append(
                Pack(tokenizer, world_of(genre, dice), each[start : start + TOGETHER], dice.randrange(ROUNDS))
            )
    dice.shuffle(all_packs)
    return all_packs


def world_of(genre: str, dice: random.Random) -> Plan:
    """Return a world of a genre, planned from a premise of that genre's words."""
    genre_stock = stock().genres[genre]
    who = dice.choice(genre_stock.who)[0]
    words = dice.sample(sorted(genre_stock.words), 3)
    return plan(f"A {who} in the {words[0]}, with the {words[1]} and the {words[2]}", dice.randrange(10**6), 6)
