"""The filling of sentences of the data that have gaps; ``data/generate/phrases.toml`` explains the gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from worldkit.generation.text.english import capital, the, third, within

if TYPE_CHECKING:
    from worldkit.generation.planning.stock import Thing

_PLACE = re.compile(r"(\bin )?([Tt])he \{place\}")
_GAP = re.compile(r"\{(\w+)(?::(\w+))?\}")
BRACE = re.compile(r"[{}]")
"""What no text may hold once its gaps are filled."""


def fill(template: str, things: Mapping[str, Thing], words: Mapping[str, str]) -> str:
    """Fill the gaps of a template, as the data describe them, with things by their letters and words by their names.

    Raises:
        KeyError: A gap has another name than those of the things and words.
    """

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
