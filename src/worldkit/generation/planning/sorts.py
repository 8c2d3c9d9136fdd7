"""What sort of thing a word names, and so what such a thing does in a sentence and where it may do it.

A verb is given with the tail that follows it, as ``finite_grammar`` knows them by name: a thing that stands may stand
*on*, *beside*, *under* or *against* something, one that leans leans *against* it. The data is
``data/generate/sorts.toml``, written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated

from worldkit.generation.planning.senses import means_somebody
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.text.data import WordList, Words, read_tables, read_typed, reader
from worldkit.generation.text.word_sets import word_set

Verbs = Mapping[str, str]
"""Verb phrases of the third person, each with the name of the tail that it takes."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of thing, as ``sorts.toml`` describes it."""

    name: str
    rests: Verbs
    stirs: Verbs
    heads: Words
    hides: WordList
    near: bool
    wide: bool


_LOOSE_WORDS = word_set("sorts", "loose")
_GROUPS = word_set("sorts", "groups")
_BEAMS = word_set("sorts", "beams")


def is_alive(thing: Thing) -> bool:
    """Say whether a thing is a person or an animal."""
    return sort_of(thing) is sorts()["lives"]


@lru_cache(maxsize=4096)
def sort_of(thing: Thing) -> Sort:
    """Return what sort of thing a thing is: by the word it turns on, and by what is said of that."""
    words = set(thing.text.split())
    if thing.head in stock().persons:
        return _instead(sorts()["lives"], words)
    if words & _LOOSE_WORDS:
        return sorts()["strays"]
    if "hanging" in words:
        return sorts()["hangs"]
    if thing.head in _BEAMS:
        return sorts()["falls" if re.search("sun|light", thing.text) else "leads"]
    head = thing.head
    if head in _GROUPS and " of " in thing.text:
        head = thing.text.split()[-1]  # a row of lamps does what lamps do
    sort = _heads().get(head) or sorts()["lives" if means_somebody(head) else "plain"]
    return _instead(sort, words)


def _instead(sort: Sort, words: set[str]) -> Sort:
    """Return the sort of a thing of which these words are said, where that is another."""
    instead = _sorts_instead().get(sort.name, {})
    return next((sorts()[name] for name, said in instead.items() if words & said), sort)


@cache
def sorts() -> Mapping[str, Sort]:
    """Return every sort by its name; ``"plain"`` is that of words of which nothing is known."""
    return read_tables("sorts.toml", Sort)


def _known(name: str) -> str:
    return sorts()[name].name


SortName = Annotated[str, reader(_known, "the name of a sort")]
SortNames = Annotated[frozenset[str], reader(_known, "the name of a sort", str.split)]
"""Names of sorts that are one text in the data."""


@cache
def _sorts_instead() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return the words that make a thing of one sort one of another, by the names of both."""
    return read_typed(dict[SortName, dict[SortName, Words]], "word_lists.toml", "sorts_instead")


@cache
def _heads() -> Mapping[str, Sort]:
    return {head: sort for sort in sorts().values() for head in sort.heads}
