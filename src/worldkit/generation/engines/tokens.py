"""What a model's tokens are as text: where words begin and clauses end, and how a word is spelt in them."""

from __future__ import annotations

import re
from typing import Any

from worldkit.generation.text.lexicon import HANGING, NOT_FIRST, PREPOSITIONS, UNFINISHED

_CACHE_SIZE = 256


class Tokens:
    """The tokens of a tokenizer, looked at as text.

    Args:
        tokenizer: A transformers tokenizer.

    Attributes:
        stops: Tokens that end a clause.
        hanging: Tokens after which a clause must not end.
        starts: Tokens that begin a word.
        inner: Tokens that go on with one.
        words: The lower-case words that are one token.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        names = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        texts = [tokenizer.convert_tokens_to_string([name]) if name else "" for name in names]
        self.stops = frozenset(i for i, text in enumerate(texts) if re.match(r"[.,;]| while\Z", text))
        self.hanging = frozenset(i for i, text in enumerate(texts) if text.strip() in HANGING | UNFINISHED)
        self.starts = frozenset(i for i, text in enumerate(texts) if text.startswith(" "))
        self.inner = frozenset(i for i, text in enumerate(texts) if re.match(r"[a-z]", text))
        self.words = frozenset(text[1:] for text in texts if re.fullmatch(r" [a-z]+", text))
        self._spellings: dict[str, tuple[int, ...]] = {}
        self._firsts: dict[frozenset[str], list[int]] = {}
        self._prepositions = frozenset(self._spelling(word) for word in PREPOSITIONS)

    def shut(self, words: frozenset[str], last: tuple[int, ...]) -> list[int]:
        """Return the tokens that must not be drawn where text is free.

        They are the first tokens of words that are shut out. To stop such a word where it would be complete is too
        late: a model half way through one spells on, and makes up another.

        Args:
            words: The words.
            last: The tokens of the word before, after some of which other words are shut out too.
        """
        token_ids = self._first(words)
        return token_ids + self._first(NOT_FIRST) if last in self._prepositions else token_ids

    def _first(self, words: frozenset[str]) -> list[int]:
        if words not in self._firsts:
            while len(self._firsts) >= _CACHE_SIZE:
                self._firsts.pop(next(iter(self._firsts)))
            spellings = {self._spelling(word) for word in sorted(words)}
            # a word spelt with a common one at its front ("a|corn") does not shut that one out
            self._firsts[words] = sorted(
                {each[0] for each in spellings if len(each) == 1 or each[0] not in self.hanging}
            )
        return self._firsts[words]

    def _spelling(self, word: str) -> tuple[int, ...]:
        if word not in self._spellings:
            self._spellings[word] = tuple(self._tokenizer(f" {word}", add_special_tokens=False).input_ids)
        return self._spellings[word]
