"""Where a text happens: the places that somebody is in or gets to, apart from those that are only named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from worldkit.generation.planning.chunking import phrases_of
from worldkit.generation.planning.stock import stock
from worldkit.generation.story.people import PLACE_WORDS
from worldkit.generation.story.segment import MOVEMENT_VERBS
from worldkit.generation.story.units import without_speech
from worldkit.generation.text.word_sets import word_set
from worldkit.language.phrases import noun_phrases
from worldkit.language.tagging import Token, tag

_INTO_PREPOSITIONS = frozenset(["into", "onto", "inside"])
_PLACE_PREPOSITIONS = _INTO_PREPOSITIONS | {"in", "to", "at", "on"}
_PATH_PREPOSITIONS = frozenset(["through", "up", "down", "across", "along"])
_CROSSING_VERBS = word_set("facts", "crossing")
MIN_NARRATION_SHARE = 0.2
"""The share of a text that is not said by somebody, below which it is told by what is said."""
_COMPARISON = re.compile(r"\b(?:like|as if|as though|as (?!far|soon|long|well)\w+ as)\b[^.,;:!?]*")
"""What a thing is like is nowhere: a black horse in a field."""


def places(text: str) -> dict[str, int]:
    """Return the places a text names, with how often somebody is or gets there; the most frequent are the first.

    Those of comparisons are left out, and those that are only spoken of where others are told of.
    """
    plain_text = without_comparisons(text.lower().replace("’", "'"))
    # where a quotation reaches out of the text, nobody knows what is said in it
    narration = plain_text if plain_text.count('"') % 2 else without_speech(plain_text)
    if narration == plain_text or len(narration) < MIN_NARRATION_SHARE * len(plain_text):
        return _ranked_places(plain_text)
    return _ranked_places(narration) or dict.fromkeys(_ranked_places(plain_text), 0)


def without_comparisons(text: str) -> str:
    """Return a text without what it only compares something with."""
    return _COMPARISON.sub("", text)


def _ranked_places(text: str) -> dict[str, int]:
    heads = stock().settings | PLACE_WORDS
    tokens = tag(text)
    counts, entry_counts = Counter[str](), Counter[str]()
    last, entry = 0, 0
    for phrase in noun_phrases(tokens):
        head = next((head for head in (phrase.words[-1], phrase.lemma.split()[-1]) if head in heads), "")
        # who is in the doorway of the library is in the library
        is_of_last = phrase.first == last + 2 and tokens[last + 1].word == "of"
        last, entry = phrase.last, min(entry, 1) if is_of_last else _entry(tokens, phrase.first)
        counts[head] += 1
        entry_counts[head] += entry
    names = {name: name.split()[-1] for name in phrases_of(text, heads)}
    return {
        name: entry_counts[names[name]]
        for name in sorted(names, key=lambda name: (-entry_counts[names[name]], -counts[names[name]]))
    }


def _entry(tokens: Sequence[Token], at: int) -> int:
    """Return how surely somebody is in, or gets to, what the noun phrase at an index names."""
    before, before_that = [*(Token("", "", 0, "S"),) * 2, *tokens[max(0, at - 2) : at]][:-3:-1]
    is_shown = before.tag == "S" or before.word in ("lay", "stood") or before_that.word == "there"
    if is_shown or before.word in _PATH_PREPOSITIONS or (before.word, before_that.word) == ("of", "out"):
        return 1
    # the lamp in the hall is no way into the hall, but who goes down the stairs to the kitchen is in the kitchen
    is_of_noun = before_that.tag in "NDA" and before.word not in _INTO_PREPOSITIONS
    is_reached = before.word in _PLACE_PREPOSITIONS and (
        not is_of_noun or (before.word == "to" and _moves(tokens[:at]))
    )
    return 2 if is_reached or before.word in _CROSSING_VERBS else 0


def _moves(tokens: Sequence[Token]) -> bool:
    """Say whether somebody moves in the sentence of which these are the last words."""
    return any(token.word in MOVEMENT_VERBS for token in takewhile(lambda token: token.tag != "S", reversed(tokens)))
