"""What generated prose must be: grammars that hold a model to it while it writes, and checks afterwards.

The words that prose must not hold are the rules room's own: a model's vocabulary is put to those patterns, and what
they find is shut out of every grammar. A grammar is built from words as lexemes, never from counted letters: bounds on
characters make the lexer's state grow without end, and cut strings in the middle without saying so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from worldkit.generation.text.english import stem
from worldkit.generation.text.lexicon import HANGING, NOT_FIRST, PREPOSITIONS, TALK
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT

_ARTICLES = frozenset(["a", "an", "the"])
LONGEST = 260
"""Characters that a text may have."""
FORBIDDEN = (NEGATION, WHITEOUT, LETHAL)


ABSENT = re.compile(r"\b(?:nobody|nowhere|neither|nor|cannot|[a-z]+n['’]t)\b", re.IGNORECASE)
"""Negations that the rules do not name; a picture model draws the things they deny."""


def clean(text: str) -> bool:
    """Say whether a text holds no word that a prose rule refuses, whatever field it stands in, nor another negation."""
    return ABSENT.search(text) is None and not any(vocabulary.words(text) for vocabulary in FORBIDDEN)


def forbidden(words: Iterable[str]) -> frozenset[str]:
    """Return those of these words that some prose rule refuses."""
    return frozenset(word for word in words if not clean(word))


class Grammar:
    """Builds the Lark grammars that answers are held to.

    Args:
        vocabulary: The words of the model, from which those the rules refuse are shut out.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._banned = forbidden(vocabulary) | TALK

    def shut(self, avoid: Iterable[str] = ()) -> frozenset[str]:
        """Return the words that free text must not hold, these among them."""
        return self._banned | {word.lower() for word in avoid if word.isalpha() and word.isascii()}

    def of(self, frame: str, avoid: Iterable[str] = (), **choices: Iterable[str]) -> str:
        """Return the grammar of a frame.

        Args:
            frame: Text with slots in braces: ``{tail}`` is a preposition and a few words, ``{words}`` a few words, any
                other slot one of ``choices``.
            avoid: Words that free text must not hold, such as those that the frame itself says.
            choices: The words that may fill a slot, by its name.
        """
        banned_words = sorted(self.shut(avoid))
        first = sorted(NOT_FIRST)
        parts = []
        for text, slot in re.findall(r"([^{}]*)(?:\{(\w+)\})?", frame):
            if text:
                parts.append(json.dumps(text))
            if slot:
                parts.append(slot.upper() if slot in choices else slot)
        lines = [f"start: {' '.join(parts)}", "tail: PREPOSITION FIRST WORD+", "words: FIRST WORD+"]
        lines += [f"{name.upper()}: {_either(words)}" for name, words in choices.items() if f"{{{name}}}" in frame]
        lines += [
            f"PREPOSITION: {_either(f' {word}' for word in PREPOSITIONS)}",
            f"FIRST: WORD & ~/ ({'|'.join(first)})/",
            f"WORD: / [a-z]+/ & ~/ ({'|'.join(banned_words)})/",
        ]
        return "\n".join(lines) + "\n"


def _either(words: Iterable[str]) -> str:
    return " | ".join(json.dumps(word) for word in words)


def faults(
    text: str,
    *,
    shortest: int = 0,
    examples: Iterable[str] = (),
    given: str = "",
    said: Iterable[str] = (),
) -> list[str]:
    """Return what is wrong with a written string; empty when it can be used.

    Args:
        text: The string.
        shortest: How many characters it has at least.
        examples: The answers that its prompt held, which it must not repeat,
        given: but for what it was made to begin with, and does.
        said: What was written for this world already.
    """
    messages = []
    if not re.fullmatch(r"[A-Za-z0-9'’,;:.!? -]+", text):
        messages.append("it holds something other than plain words")
    if not text.startswith(given):
        messages.append("it does not begin as it was made to")
    if len(text) < shortest:
        messages.append(f"it has fewer than {shortest} characters")
    if len(text) > LONGEST:
        messages.append(f"it has more than {LONGEST} characters")
    if not text.endswith((".", "!", "?")) or any(_hangs(part) for part in re.split(r"[.,;:!?]", text)):
        messages.append("a clause ends in the air")
    if not clean(text):
        messages.append("a prose rule refuses a word in it")
    words = re.findall(r"[a-z']+", text.lower())
    if any(a == b for a, b in pairwise(words)):
        messages.append("a word stands twice in a row")
    if any(a in _ARTICLES and b in _ARTICLES for a, b in pairwise(words)):
        messages.append("two articles stand in a row")
    counts = Counter(stem(word) for word in words if len(word) > 3 and word not in HANGING)
    if counts and max(counts.values()) > 2:
        messages.append("a word stands three times in it")
    ours = _grams(text) - _grams(given)
    if any(ours & _grams(example) for example in examples):
        messages.append("it repeats an example")
    threes = [tuple(words[at : at + 3]) for at in range(len(words) - 2)]
    if len(set(threes)) < len(threes):
        messages.append("it says something twice")
    if text in set(said):
        messages.append("it was said before")
    return messages


def _hangs(clause: str) -> bool:
    words = clause.lower().split()
    return bool(words) and words[-1] in HANGING


def _grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return set(zip(*(words[at:] for at in range(4)), strict=False))
