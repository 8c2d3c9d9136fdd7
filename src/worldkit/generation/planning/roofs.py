"""Which places have a roof, and on which side of one things are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

from worldkit.generation.planning.kinds import kinds
from worldkit.generation.planning.nouns import surroundings
from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.planning.stock import StockPlace, Thing
from worldkit.generation.text.data import Words, read_data, read_typed

BOTH = frozenset([True, False])
"""With a roof, and without one."""
OFTEN = 3
"""How often the data have a thing with a roof or without one, where it is taken to belong on that side."""


def is_roofed(place: PlanPlace | StockPlace, genre: str) -> bool:
    """Say whether a place has a roof: as its plan says, else by its name."""
    return roofed(place.name, genre) if place.is_roofed is None else place.is_roofed


def roofed(name: str, genre: str) -> bool:
    """Say whether a place has a roof, by its name."""
    if name.endswith((" deck", " bay")):
        return genre == "space" or name.startswith(("gun ", "lower "))
    with_roof, without_roof = _roofs()
    return bool({Thing(name).head, name.split()[-1]} & with_roof) and name not in without_roof


def sides_of(thing: Thing) -> frozenset[bool]:
    """Return where a thing is known to be: with a roof (True), without one (False), or both when that is not known."""
    return _sides().get(thing.head, BOTH)


@cache
def _sides() -> Mapping[str, frozenset[bool]]:
    """Return where each thing is, by its head: on the side that the data have it on several times, and only there."""
    pairs = [(prop, bool(part.is_roofed)) for kind in kinds().values() for part in kind.parts for prop in part.props]
    for name in read_data("words.toml"):
        for has_roof in (True, False):
            nouns = surroundings(name, has_roof).nouns
            pairs += [(noun.thing, has_roof) for role in ("near", "top", "wall") for noun in nouns[role]]
    counts = Counter((thing.head, has_roof) for thing, has_roof in pairs)
    return {
        head: frozenset([has_roof])
        for (head, has_roof), count in counts.items()
        if count >= OFTEN and not counts[head, not has_roof]
    }


@cache
def _roofs() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words for places with a roof, and the names of those that only sound so."""
    return read_typed(Words, "roofs.toml", "roofed"), read_typed(frozenset[str], "roofs.toml", "open")
