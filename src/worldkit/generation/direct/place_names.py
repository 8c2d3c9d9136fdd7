"""The names of the places of a basis: all different, for a chapter one for each part in order; spare ones fill up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, count, zip_longest
from typing import Any

from worldkit.generation.direct.forbidden import forbidden_words
from worldkit.generation.direct.naming import contains_name, is_somebody
from worldkit.generation.direct.schema import as_list
from worldkit.generation.direct.wording import bare, head, phrase, place_name
from worldkit.generation.text.word_sets import word_map

LATER = ("at a later hour", "at a much later hour")
"""What tells a place from the same place before."""
LONGEST_NAME, MOST_WORDS = 40, 6
_PARTS = tuple(word_map("direct", "parts").values())
"""What every place has."""


def place_names(
    value: Any, names: Collection[str], number: int, where: str, chapter_places: Sequence[str] = ()
) -> tuple[tuple[str, ...], int]:
    """Return so many different names, and how many a model did not give; parts of ``where`` fill up.

    Where a model gives none for a part of a chapter, the chapter does; what comes again is told from it by its hour.
    """
    model_names = [_name(item, names) for item in as_list(value)[: number if chapter_places else 4 * number]]
    if not chapter_places:
        model_names = list({name.lower(): name for name in model_names if name}.values())[:number]
    model_names += [""] * (number - len(model_names))
    spares = _spare_names(where)
    all_names: list[str] = []
    for model_name, chapter_place in zip_longest(model_names, chapter_places, fillvalue=""):
        name = model_name or ("" if forbidden_words(chapter_place) else chapter_place)
        later_names = (name, *(f"{name} {later}" for later in LATER)) if name else ()
        used_nouns = {bare(other).lower() for other in all_names}
        all_names.append(next(new for new in chain(later_names, spares) if bare(new).lower() not in used_nouns))
    return tuple(all_names), model_names.count("")


def _spare_names(where: str) -> Iterator[str]:
    return (f"{part} of {where}{f' {turn}' if turn > 1 else ''}" for turn in count(1) for part in _PARTS)


def _name(value: Any, names: Collection[str]) -> str:
    name = place_name(phrase(value, LONGEST_NAME, names))
    return "" if not name or len(name.split()) > MOST_WORDS or forbidden_words(name) or is_somebody(name) else name


def is_same_place(name: str, other: str) -> bool:
    """Say whether another name is this one with something added: the ballroom, the ballroom with open windows."""
    return head(name) == head(other) and contains_name(other, name)
