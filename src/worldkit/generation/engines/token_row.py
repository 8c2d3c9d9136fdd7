"""One answer as it grows, and the drawing of its next token."""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Sequence
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.engines.tokens import Tokens

TEMPERATURE = 0.7
TOP_P = 0.92
RAMBLING = 12
"""Words by which a clause may be longer than it should be before the answer is given up."""


class Matchers:
    """Matchers of grammars, each grammar compiled once.

    Args:
        rules: llguidance's view of the tokenizer.
    """

    def __init__(self, rules: Any) -> None:
        self._rules = rules
        self._matchers: dict[str, Any] = {}

    def of(self, grammar: str) -> Any:
        """Return a new matcher of a Lark grammar.

        Raises:
            WorldError: It cannot be used.
        """
        import llguidance

        if grammar not in self._matchers:
            matcher: Any = llguidance.LLMatcher(self._rules, llguidance.LLMatcher.grammar_from_lark(grammar))
            if matcher.is_error():
                raise WorldError(f"a grammar cannot be used; please report it: {matcher.get_error()}")
            self._matchers[grammar] = matcher
        return self._matchers[grammar].deep_copy()


class Row:
    """One answer of a batch, with its own grammar and its own random numbers.

    Args:
        ask: What is asked.
        matchers: Where its matcher comes from.
    """

    def __init__(self, ask: Ask, matchers: Matchers) -> None:
        self.ask = ask
        self.matcher: Any = matchers.of(ask.grammar)
        self._dice = random.Random(ask.seed)
        self._likely: list[float] = []
        self._lowest_probability = 0.0
        self.tokens: list[int] = []
        self.word: tuple[int, ...] = ()
        self.words = 0
        self.hangs = False
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

    def judge(self, token: int, likely: float, tokens: Tokens) -> None:
        """Keep how likely the model itself held a token that the grammar left free."""
        self._likely.append(likely)
        if token in tokens.inner and self.tokens:
            self._lowest_probability = min(self._lowest_probability, likely)

    def take(self, token: int, end: int, tokens: Tokens) -> None:
        """Take the token drawn."""
        if token == end:
            self.over, self._is_complete = True, bool(self.matcher.is_accepting())
            return
        if not self.matcher.consume_token(token):
            self.over = True
            return
        self.tokens.append(token)
        starts = token in tokens.starts
        self.word = (token,) if starts else (*self.word, token)
        self.words = 0 if token in tokens.stops else self.words + starts
        self.hangs = token in tokens.hanging
        if self.matcher.is_stopped():
            # a lexer that ran out of its limits stops too, in the middle of a string
            self.over, self._is_complete = True, self.matcher.stop_reason() == "NoExtension"
        elif len(self.tokens) >= self.ask.most or self.words > self.ask.clause + RAMBLING:
            self.over = True

    def reply(self, tokenizer: Any) -> Reply:
        """Return the answer."""
        text = self.ask.opening + tokenizer.decode(self.tokens, clean_up_tokenization_spaces=False)
        likely = sum(self._likely) / max(1, len(self._likely))
        return Reply(text, self._is_complete, likely, self._lowest_probability, len(self.tokens))


def masks(rows: Sequence[Row], bits: Any) -> None:
    """Write the bits of the tokens that each row may take next into its line of a mask."""
    import llguidance.numpy

    every = [(row.matcher, at) for at, row in enumerate(rows)]
    llguidance.numpy.fill_next_token_bitmask_par(_executor(), every, bits)


@functools.cache
def _executor() -> Any:
    import llguidance

    return llguidance.LLExecutor()
