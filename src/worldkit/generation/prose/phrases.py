"""Hand-written sentences with gaps: what is said where a model is not asked, or has nothing fit to say.

The data is ``data/generate/phrases.toml``, which explains the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.data import read_data
from worldkit.generation.text.english import capital, the, third

_PLACE = re.compile(r"([Tt])he \{place\}")
_GAP = re.compile(r"\{(\w+)(?::(\w+))?\}")


@cache
def family(name: str) -> tuple[str, ...]:
    """Return the sentences of a family."""
    return tuple(read_data("phrases.toml")[name])


def families() -> tuple[str, ...]:
    """Return the names of the families."""
    return tuple(name for name, body in read_data("phrases.toml").items() if isinstance(body, list))


@cache
def verbs(name: str) -> Mapping[str, str]:
    """Return verbs, each with the name of the tail that follows it, of ``"indoors"``, ``"outdoors"`` and the like."""
    table: dict[str, str] = read_data("phrases.toml")[name]
    return table


def composition(name: str) -> tuple[str, ...]:
    """Return ``"orders"`` of sentences, or how ``"shots"`` and ``"moves"`` of a camera begin."""
    return tuple(read_data("phrases.toml")["composition"][name])


@cache
def played_family(verb: str) -> str:
    """Return the family of what the player is told of a small thing done, by its verb; ``"played"`` for most."""
    verbs_by_family: dict[str, str] = read_data("phrases.toml")["played_by"]
    return next((name for name, verbs in verbs_by_family.items() if verb in verbs.split()), "played")


def manners(verb: str) -> tuple[str, ...]:
    """Return how something is done, by its verb."""
    return tuple(read_data("phrases.toml")["manners"].get(verb) or read_data("phrases.toml")["manner"])


def fill(template: str, things: Mapping[str, Thing], words: Mapping[str, str]) -> str:
    """Fill the gaps of a template.

    Args:
        template: With gaps as described in the data.
        things: By their letter.
        words: Plain texts by name.
    """

    def text_of(gap: re.Match[str]) -> str:
        name, verb = gap[1], gap[2]
        if verb:
            return verb if things[name].many else third(verb)
        if name in words:
            return words[name]
        if name.lower().startswith("the_"):
            return capital(things[name[4:]].the) if name[0] == "T" else things[name[4:]].the
        thing = things[name.lower()]
        return capital(thing.text) if name.isupper() else thing.text

    if "place" in words:
        named_place = the(words["place"])
        template = _PLACE.sub(lambda gap: capital(named_place) if gap[1] == "T" else named_place, template)
    return _GAP.sub(text_of, template)
