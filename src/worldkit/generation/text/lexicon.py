"""Word lists: what a clause does not end with, and what is no description."""

from __future__ import annotations

from worldkit.generation.text.word_sets import word_set, words

ARTICLES = frozenset(["a", "an", "the"])
HANGING = word_set("lexicon", "hanging")
"""Words that a clause does not end with, because they lead on."""

TALK = word_set("lexicon", "talk")
"""Words that describe no picture: talk to the reader, other tenses, clauses within clauses, speculation, what is
absent, what is better left to a writer; and where a model puts a thing when it has no place for it."""

PREPOSITIONS = words("lexicon", "prepositions")
