"""Word lists that a premise, a chapter and prose are read with; the data is ``data/generate/word_lists.toml``."""

from __future__ import annotations

from worldkit.generation.text.data import WordList, read_typed
from worldkit.language import word_sets as language


def words(table: str, name: str) -> tuple[str, ...]:
    """Return a list in its order, by the table that says what it is for and its name there."""
    return read_typed(WordList, "word_lists.toml", table, name)


def word_map(table: str, name: str) -> dict[str, str]:
    """Return what each word of a list stands for: itself, or what follows its colon; see ``words``."""
    pairs = (word.replace("_", " ").partition(":") for word in words(table, name))
    return {word: meaning or word for word, _, meaning in pairs}


def word_set(table: str, name: str) -> frozenset[str]:
    """Return a list as a set; see ``words``."""
    return frozenset(words(table, name))


ARTICLES = frozenset(["a", "an", "the"])
HANGING_WORDS = language.word_set("hanging")
"""Words that a clause does not end with, because they lead on."""

TALK_WORDS = word_set("lexicon", "talk")
"""Words that describe no picture: talk to the reader, other tenses, clauses within clauses, speculation, what is
absent, what is better left to a writer; and where a model puts a thing when it has no place for it."""

PREPOSITIONS = words("lexicon", "prepositions")
