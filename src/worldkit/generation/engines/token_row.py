"""One answer as it grows, and the drawing of its next token."""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Sequence
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.generation.engines.base import Ask, Reply

TEMPERATURE = 0.7
TOP_P = 0.92


def matcher(rules: Any, grammar: str) -> Any:
    """Return what holds an answer to a grammar, as llguidance makes it of a Lark grammar or a JSON Schema.

    Raises:
        WorldError: It cannot be used.
    """
    import llguidance

    result: Any = llguidance.LLMatcher(rules, grammar)
    if result.is_error():
        raise WorldError(f"a grammar or a schema cannot be used; please report it: {result.get_error()}")
    return result


class Row:
    """One answer of a batch, with its own grammar and its own random numbers.

    Attributes:
        number: The place of its ask.
        likely: How likely the model itself held each token that the grammar left it a choice of.
        tokens: What was drawn.
        over: It has ended.
    """

    def __init__(self, number: int, ask: Ask, matcher: Any) -> None:
        self.number = number
        self.ask = ask
        self.matcher = matcher
        self._dice = random.Random(ask.seed)
        self.likely: list[float] = []
        self.tokens: list[int] = []
        self.over = False
        self._is_complete = False

    def draw(self, values: Sequence[float]) -> int:
        """Return which of these logits, the greatest first, is drawn: nucleus sampling (Holtzman et al., 2020)."""
        weights = [math.exp((value - values[0]) / TEMPERATURE) for value in values]
        enough = TOP_P * sum(weights)
        count, mass = 0, 0.0
        while count < len(weights) and mass < enough:
            mass += weights[count]
            count += 1
        remaining_mass = self._dice.random() * mass
        for index in range(count):
            remaining_mass -= weights[index]
            if remaining_mass < 0:
                return index
        return 0

    def take(self, token: int, end: int) -> None:
        """Take the token drawn."""
        if token == end:
            self.over, self._is_complete = True, bool(self.matcher.is_accepting())
            return
        if not self.matcher.consume_token(token):
            self.over = True
            return
        self.tokens.append(token)
        if self.matcher.is_stopped():
            # a lexer that ran out of its limits stops too, in the middle of a string
            self.over, self._is_complete = True, self.matcher.stop_reason() == "NoExtension"
        elif len(self.tokens) >= self.ask.max_tokens:
            self.over = True

    def reply(self, tokenizer: Any) -> Reply:
        """Return the answer."""
        text = self.ask.prefix + tokenizer.decode(self.tokens, clean_up_tokenization_spaces=False)
        likely = sum(self.likely) / max(1, len(self.likely))
        return Reply(text, self._is_complete, likely, len(self.tokens))


def allowed_tokens(matchers: Sequence[Any], vocabulary: int) -> Any:
    """Return which tokens each matcher may take next: an array of matchers by tokens, of 0 and 1."""
    import llguidance.numpy
    import numpy as np

    bits = np.zeros((len(matchers), (vocabulary + 31) // 32), np.int32)
    places = [(matcher, at) for at, matcher in enumerate(matchers)]
    llguidance.numpy.fill_next_token_bitmask_par(_executor(), places, bits)
    return np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")[:, :vocabulary]


@functools.cache
def _executor() -> Any:
    import llguidance

    return llguidance.LLExecutor()
