"""What generated prose must be: the form that a model is held to while it writes, and the checks afterwards."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import chain, pairwise

from worldkit.generation.text.english import stem
from worldkit.generation.text.word_sets import ARTICLES, HANGING_WORDS
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT, fast_filter, is_suspect

MAX_TEXT_CHARACTERS = 260
"""Characters that a text may have."""
FORBIDDEN_VOCABULARIES = (NEGATION, WHITEOUT, LETHAL)

OTHER_NEGATIONS = re.compile(r"\b(?:nobody|nowhere|neither|nor|cannot|[a-z]+n['’]t)\b", re.IGNORECASE)
"""Negations that the rules do not name; a picture model draws the things they deny."""

_WORDS = re.compile(r"[a-z']+")
_may_negate = fast_filter("nobody|nowhere|neither|nor|cannot|n['’]t")


def clean(text: str) -> bool:
    """Say whether a text holds no word that a prose rule refuses, whatever field it stands in, nor another negation."""
    if text.isascii() and not _may_negate(text) and not is_suspect(text):  # most texts; a tenth of the time
        return True
    return OTHER_NEGATIONS.search(text) is None and not any(
        vocabulary.words(text) for vocabulary in FORBIDDEN_VOCABULARIES
    )


def free_grammar(suffix: str) -> str:
    """Return the grammar of one to three plain sentences, as llguidance reads it, and of what may come after them."""
    # words as lexemes: bounds on characters make the lexer's state grow without end
    sentence = 'WORD+ "."'
    return f"start: {sentence} ({sentence} ({sentence})?)? {json.dumps(suffix)}\nWORD: / [A-Za-z0-9,;:'-]+/\n"


def faults(
    text: str,
    *,
    min_characters: int = 0,
    examples: Iterable[str] = (),
    prefix: str = "",
    earlier_texts: Collection[str] = (),
) -> list[str]:
    """Return what is wrong with a written string; empty when it can be used.

    It must begin with its prefix, beyond which it must not repeat the examples of its prompt, nor earlier texts of its
    world as a whole.
    """
    words = words_of(text)
    counts = Counter(stem(word) for word in words if len(word) > 3 and word not in HANGING_WORDS)
    triples = ngrams(text, 3)
    added = {*ngrams(text, 4)}.difference(ngrams(prefix, 4))
    clause_ends = [clause.lower().split()[-1:] for clause in re.split(r"[.,;:!?]", text)]
    found = {
        "it holds something other than plain words": not re.fullmatch(r"[A-Za-z0-9'’,;:.!? -]+", text),
        "it does not begin as it was made to": not text.startswith(prefix),
        f"it has fewer than {min_characters} characters": len(text) < min_characters,
        f"it has more than {MAX_TEXT_CHARACTERS} characters": len(text) > MAX_TEXT_CHARACTERS,
        "a clause ends in the air": not text.endswith((".", "!", "?"))
        or not HANGING_WORDS.isdisjoint(chain(*clause_ends)),
        "a prose rule refuses a word in it": not clean(text),
        "a word stands twice in a row": any(a == b for a, b in pairwise(words)),
        "two articles stand in a row": any({a, b} <= ARTICLES for a, b in pairwise(words)),
        "a word stands three times in it": max(counts.values(), default=0) > 2,
        "it repeats an example": not added.isdisjoint(gram for example in examples for gram in ngrams(example, 4)),
        "it says something twice": len(set(triples)) < len(triples),
        "it was said before": text in earlier_texts,
    }
    return [message for message, is_wrong in found.items() if is_wrong]


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return _WORDS.findall(text.lower())


def ngrams(text: str, length: int) -> list[tuple[str, ...]]:
    """Return every run of so many words of a text."""
    words = words_of(text)
    return list(zip(*(words[start:] for start in range(length)), strict=False))


def shares_row(text: str, other: str, length: int) -> bool:
    """Say whether two texts share so many words in a row."""
    return not set(ngrams(other, length)).isdisjoint(ngrams(text, length))
