"""What a noun names by the lexicon: somebody, a vehicle, something to be seen."""

from __future__ import annotations

from worldkit.generation.text.word_sets import word_map, word_set
from worldkit.language.lexicon import Sense, lexicon

_CONCRETE_NOUNS = frozenset(word_map("premise", "seen").values())
"""Nouns of things that have another sense first."""
_ABSTRACT_NOUNS = word_set("premise", "unseen")
"""Nouns of what is said or thought, which some sense of theirs would put among things."""
_WRONGDOERS = word_set("premise", "wrongdoers")
"""Nouns of those who do wrong, which the lexicon puts among people of any kind."""


def endings(phrase: str) -> list[str]:
    """Return a phrase and what it is without its first word, its first two and so on."""
    words = phrase.split()
    return [" ".join(words[first:]) for first in range(len(words))]


def base_form(noun: str) -> str:
    """Return a noun in the singular; one that the lexicon does not know as it is."""
    return next(iter(lexicon().lemmas(noun, "n")), noun)


def senses_of(noun: str) -> tuple[Sense, ...]:
    """Return the senses of a noun in the singular or the plural, the most frequent first."""
    return lexicon().senses(base_form(noun))


def means_somebody(noun: str) -> bool:
    """Say whether a noun means first of all a person or an animal."""
    return any(sense.kind in "pa" for sense in senses_of(noun)[:1])


def is_wrongdoer(noun: str) -> bool:
    """Say whether a noun means first of all somebody who does wrong: a thief, a traitor, a killer."""
    wrongdoer = lexicon().senses("wrongdoer")[0].id
    return noun in _WRONGDOERS or any(wrongdoer in lexicon().ancestors(sense.id) for sense in senses_of(noun)[:1])


def is_vehicle(place: str) -> bool:
    """Say whether a place is first of all a vehicle, so that what is outside of it hangs on where it is."""
    vehicle = lexicon().senses("vehicle")[0].id
    return any(vehicle in lexicon().ancestors(sense.id) for sense in senses_of(place.split()[-1])[:1])


def is_portable(noun: str) -> bool:
    """Say whether what a noun names could be carried home: a lantern, and neither a door nor a comet."""
    words = lexicon()
    fixed = {words.senses(name)[0].id for name in ("structure", "furniture", "natural object", "tree", "machine")}
    senses = senses_of(noun)[:1]
    return not any(sense.kind == "l" or fixed & {sense.id, *words.ancestors(sense.id)} for sense in senses)


def stands_in_open(noun: str) -> bool:
    """Say whether what a noun names stands under the sky: a bridge, a mast or a street, and neither clock nor stair."""
    words = lexicon()
    outdoor_ids = {words.senses(name)[0].id for name in word_set("premise", "outdoors")}
    ancestors = ({sense.id, *words.ancestors(sense.id)} for sense in senses_of(noun)[:1] if sense.kind in "lt")
    return any(outdoor_ids & ids for ids in ancestors)


def is_visible(noun: str) -> bool:
    """Say whether a noun names something to be seen: a lantern, and no tournament; so does one that is unknown."""
    if not _CONCRETE_NOUNS.isdisjoint(endings(noun)):
        return True
    words, lemmas = lexicon(), [base_form(ending) for ending in endings(noun)]
    if lemmas[-1] in _ABSTRACT_NOUNS:
        return False
    # a hearing aid is more than an aid
    lemma = next(filter(words.senses, lemmas), "")
    senses, counts = words.senses(lemma), words.counts(lemma)
    if not senses or senses[0].kind in "pagtl":
        return True
    return counts.get("n", 0) >= counts.get("v", 0) and any(sense.kind in "pagtcl" for sense in senses[:2])
