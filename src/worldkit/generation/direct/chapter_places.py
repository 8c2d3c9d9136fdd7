"""The names of a chapter's places: one for each part, in their order, also where two parts are in the same place.

Parts of a place are spare names, for a premise as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, count
from typing import Any

from worldkit.generation.direct.forbidden import forbidden_words
from worldkit.generation.direct.naming import contains_name, is_somebody
from worldkit.generation.direct.wording import bare, head, phrase, place_name
from worldkit.generation.text.word_sets import word_map

LATER = ("at a later hour", "at a much later hour")
"""What tells a place from the same place before."""
LONGEST_NAME, MOST_WORDS = 40, 6
_PARTS = tuple(word_map("direct", "parts").values())
"""What every place has."""


def part_places(
    model_places: Sequence[Any], chapter_places: Sequence[str], names: Collection[str], spares: Iterable[str]
) -> tuple[tuple[str, ...], int]:
    """Return a name for the place of each part, all different, and how many of them a model did not give.

    Args:
        model_places: What a model answered, a name for each part; anything at all.
        chapter_places: Where each part happens; empty where nothing says so.
        names: The words that are names and keep their capitals.
        spares: Names that are taken where neither says where a part is.
    """
    place_names: list[str] = []
    missing_count = 0
    unused_spares = iter(spares)
    for number, chapter_place in enumerate(chapter_places):
        name = _name(model_places[number] if number < len(model_places) else None, names)
        missing_count += not name
        own_name = "" if forbidden_words(chapter_place) else chapter_place
        place_names.append(_unused(name or own_name, place_names, unused_spares))
    return tuple(place_names), missing_count


def spare_names(where: str) -> Iterator[str]:
    """Yield names of parts of a place, without end."""
    yield from (f"{part} of {where}{f' {turn}' if turn > 1 else ''}" for turn in count(1) for part in _PARTS)


def _name(value: Any, names: Collection[str]) -> str:
    name = place_name(phrase(value, LONGEST_NAME, names))
    return "" if not name or len(name.split()) > MOST_WORDS or forbidden_words(name) or is_somebody(name) else name


def _unused(name: str, used_names: Sequence[str], spares: Iterable[str]) -> str:
    """Return a name that is not used yet: the same with a later hour, else a spare one."""
    later_names = (name, *(f"{name} {later}" for later in LATER)) if name else ()
    used_nouns = {bare(other).lower() for other in used_names}
    return next(candidate for candidate in chain(later_names, spares) if bare(candidate).lower() not in used_nouns)


def is_same_place(name: str, other: str) -> bool:
    """Say whether another name is this one with something added: the ballroom, the ballroom with open windows."""
    return head(name) == head(other) and contains_name(other, name)
