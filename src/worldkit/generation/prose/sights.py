"""What comes into view at the end of an event, in the words of the description of its place.

A small model that is asked twice where a thing stands puts it in two places. So it is asked once, for the description,
and every event that shows the thing says the same of it.
"""

from __future__ import annotations

import re

from worldkit.generation.planning.sorts import is_alive, sort_of
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text import phrases
from worldkit.generation.text.constraints import faults
from worldkit.generation.text.english import capital, lowered, plain

_CLAUSE_ENDS = re.compile(r"[.;] ?| while ")


def sight(description: str, thing: Thing) -> str:
    """Return the sentence that a description gives a thing; another one where it gives none."""
    verbs = {verb.split()[0] for verb in sort_of(thing).rests}
    # what comes behind the thing is what it does, or the clause ends: a lamp post is no lamp
    after = "|".join({*verbs, *map(plain, verbs)})
    clause_of_thing = re.compile(rf"\b{re.escape(thing.text)}(?:\Z| (?:{after})\b)", re.IGNORECASE)
    clause = next((clause for clause in _CLAUSE_ENDS.split(description) if clause_of_thing.search(clause)), "")
    verb = "come" if thing.many else "comes"
    return f"{capital(clause or f'{thing.text} {verb} into view')}."


def seen_again(sentence: str, thing: Thing, times_seen: int) -> str:
    """Return the sentence of somebody who was seen before, in the same place: whoever lives does something else."""
    verbs = sort_of(thing).rests
    did = "|".join(sorted({*verbs, *map(plain, verbs), "comes into view", "come into view"}, key=len, reverse=True))
    match = re.fullmatch(rf"(?:(.+) (?:{did}) )?{re.escape(thing.text)}(?: (?:{did})(.*))?\.", sentence, re.IGNORECASE)
    if not (match and times_seen and is_alive(thing)):
        return sentence
    where = f" {lowered(match[1])}" if match[1] else match[2] or ""
    others = [verb for verb in phrases.family("seen_again") if verb not in sentence]
    verb = others[times_seen % len(others)]
    return f"{capital(thing.the)} {plain(verb) if thing.many else verb}{where}."


def with_sight(text: str, description: str, thing: Thing, times_seen: int = 0) -> str:
    """Return a text with what comes into view at its end; without it where both together say something too often."""
    sentence = seen_again(sight(description, thing), thing, times_seen)
    if thing.text in text:  # the night guard is the guard when he is named again
        sentence = re.sub(rf"\b{re.escape(thing.text)}\b", f"the {thing.head}", sentence, flags=re.IGNORECASE)
        sentence = capital(sentence)
    whole_text = f"{text} {sentence}"
    return text if faults(whole_text) else whole_text
