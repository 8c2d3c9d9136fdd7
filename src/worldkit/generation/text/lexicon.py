"""Word lists: what a clause does not end with, what is no description, and what a small model falls into."""

from __future__ import annotations

from worldkit.generation.text.english import word_list
from worldkit.generation.text.word_sets import word_set, words

HANGING = word_set("lexicon", "hanging")
"""Words that a clause does not end with, because they lead on."""

UNFINISHED = word_set("lexicon", "unfinished")
"""Words that a model ends a clause with where it has lost its noun."""

TALK = word_set("lexicon", "talk")
"""Words that describe no picture: talk to the reader, other tenses, clauses within clauses, speculation, what is
absent, what is better left to a writer; and where a model puts a thing when it has no place for it."""

FAVOURITES = words("lexicon", "favourites")
"""Words that a small model comes back to. Each answer may use a few of them, and another answer others."""

LIMBS = word_set("lexicon", "limbs")
"""Parts of people and animals, which a model gives to things."""

PREPOSITIONS = words("lexicon", "prepositions")

NOT_FIRST = (HANGING - {"a", "an", "the", "its", "each", "one"}) | frozenset(word_list("is are has have does do"))
"""Words that do not follow a preposition."""
