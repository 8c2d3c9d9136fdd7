"""Hand-written sentences with gaps: what is said where a model is not asked, or has nothing fit to say.

The data is ``data/generate/phrases.toml``, which explains the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from worldkit.generation.text.data import read_typed
from worldkit.generation.text.english import capital, the, third, within

if TYPE_CHECKING:
    from worldkit.generation.planning.stock import Thing

_PLACE = re.compile(r"(\bin )?([Tt])he \{place\}")
_GAP = re.compile(r"\{(\w+)(?::(\w+))?\}")
BRACE = re.compile(r"[{}]")
"""What no text may hold once its gaps are filled."""


@cache
def family(name: str) -> tuple[str, ...]:
    """Return the sentences of a family."""
    return read_typed(tuple[str, ...], "phrases.toml", name)


@cache
def table(name: str) -> Mapping[str, str]:
    """Return a table: tails by verb, families by what they are of, or the verbs of a family in one text."""
    return read_typed(dict[str, str], "phrases.toml", name)


def composition(name: str) -> tuple[str, ...]:
    """Return ``"orders"`` of sentences, or how ``"shots"`` and ``"moves"`` of a camera begin."""
    return read_typed(tuple[str, ...], "phrases.toml", "composition", name)


@cache
def played_family(verb: str) -> str:
    """Return the family of what the player is told of a small thing done, by its verb; ``"played"`` for most."""
    return next((name for name, verbs in table("played_by").items() if verb in verbs.split()), "played")


def manners(verb: str) -> tuple[str, ...]:
    """Return how something is done, by its verb."""
    return read_typed(dict[str, tuple[str, ...]], "phrases.toml", "manners").get(verb) or family("manner")


def fill(template: str, things: Mapping[str, Thing], words: Mapping[str, str]) -> str:
    """Fill the gaps of a template, as the data describe them, with things by their letters and words by their names."""

    def text_of(gap: re.Match[str]) -> str:
        name, verb = gap[1], gap[2]
        if verb == "it":
            return "them" if things[name].many else "it"
        if verb:
            return verb if things[name].many else third(verb)
        if name in words:
            return words[name]
        if name.lower().startswith("the_"):
            return capital(things[name[4:]].the) if name[0] == "T" else things[name[4:]].the
        thing = things[name.lower()]
        return capital(thing.text) if name.isupper() else thing.text

    def place_of(gap: re.Match[str]) -> str:
        if gap[1]:
            return within(words["place"])
        return capital(the(words["place"])) if gap[2] == "T" else the(words["place"])

    return _GAP.sub(text_of, _PLACE.sub(place_of, template) if "place" in words else template)
