"""What generated prose must be: the form that a model is held to while it writes, and the checks afterwards."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from worldkit.generation.text.english import stem
from worldkit.generation.text.word_sets import ARTICLES, HANGING
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT, fast_filter, is_suspect

LONGEST = 260
"""Characters that a text may have."""
FORBIDDEN = (NEGATION, WHITEOUT, LETHAL)


OTHER_NEGATIONS = re.compile(r"\b(?:nobody|nowhere|neither|nor|cannot|[a-z]+n['’]t)\b", re.IGNORECASE)
"""Negations that the rules do not name; a picture model draws the things they deny."""

_may_negate = fast_filter("nobody|nowhere|neither|nor|cannot|n['’]t")


def clean(text: str) -> bool:
    """Say whether a text holds no word that a prose rule refuses, whatever field it stands in, nor another negation."""
    if text.isascii() and not _may_negate(text) and not is_suspect(text):  # most texts; a tenth of the time
        return True
    return OTHER_NEGATIONS.search(text) is None and not any(vocabulary.words(text) for vocabulary in FORBIDDEN)


def free_grammar(suffix: str) -> str:
    """Return the grammar of one to three plain sentences, as llguidance reads it.

    Args:
        suffix: What comes after them, word for word; may be empty.
    """
    # words as lexemes: bounds on characters make the lexer's state grow without end
    sentence = 'WORD+ "."'
    return f"start: {sentence} ({sentence} ({sentence})?)? {json.dumps(suffix)}\nWORD: / [A-Za-z0-9,;:'-]+/\n"


def faults(
    text: str,
    *,
    min_characters: int = 0,
    examples: Iterable[str] = (),
    prefix: str = "",
    earlier_texts: Iterable[str] = (),
) -> list[str]:
    """Return what is wrong with a written string; empty when it can be used.

    Args:
        text: The string.
        min_characters: How many characters it has at least.
        examples: The answers that its prompt held; beyond the prefix it must not repeat them.
        prefix: What it has to begin with.
        earlier_texts: What was written for this world already.
    """
    messages = []
    if not re.fullmatch(r"[A-Za-z0-9'’,;:.!? -]+", text):
        messages.append("it holds something other than plain words")
    if not text.startswith(prefix):
        messages.append("it does not begin as it was made to")
    if len(text) < min_characters:
        messages.append(f"it has fewer than {min_characters} characters")
    if len(text) > LONGEST:
        messages.append(f"it has more than {LONGEST} characters")
    if not text.endswith((".", "!", "?")) or any(_hangs(part) for part in re.split(r"[.,;:!?]", text)):
        messages.append("a clause ends in the air")
    if not clean(text):
        messages.append("a prose rule refuses a word in it")
    words = re.findall(r"[a-z']+", text.lower())
    if any(a == b for a, b in pairwise(words)):
        messages.append("a word stands twice in a row")
    if any(a in ARTICLES and b in ARTICLES for a, b in pairwise(words)):
        messages.append("two articles stand in a row")
    counts = Counter(stem(word) for word in words if len(word) > 3 and word not in HANGING)
    if counts and max(counts.values()) > 2:
        messages.append("a word stands three times in it")
    ours = _grams(text) - _grams(prefix)
    if any(ours & _grams(example) for example in examples):
        messages.append("it repeats an example")
    threes = [tuple(words[at : at + 3]) for at in range(len(words) - 2)]
    if len(set(threes)) < len(threes):
        messages.append("it says something twice")
    if text in set(earlier_texts):
        messages.append("it was said before")
    return messages


def _hangs(clause: str) -> bool:
    words = clause.lower().split()
    return bool(words) and words[-1] in HANGING


def _grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return set(zip(*(words[at:] for at in range(4)), strict=False))
