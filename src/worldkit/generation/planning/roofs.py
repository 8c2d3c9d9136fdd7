"""Which places have a roof, on which side of one things are, and what of the stock fits there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from worldkit.generation.planning.kinds import kinds
from worldkit.generation.planning.nouns import surroundings
from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.planning.sorts import is_alive
from worldkit.generation.planning.stock import Genre, StockPlace, Thing, VerbPhrase
from worldkit.generation.text.data import Words, read_data, read_typed
from worldkit.generation.text.word_sets import word_set

BOTH_SIDES = frozenset([True, False])
"""With a roof, and without one."""
MIN_OCCURRENCES = 3
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
    return _sides().get(thing.head, BOTH_SIDES)


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
        if count >= MIN_OCCURRENCES and not counts[head, not has_roof]
    }


@cache
def _roofs() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words for places with a roof, and the names of those that only sound so."""
    return read_typed(Words, "roofs.toml", "roofed"), read_typed(frozenset[str], "roofs.toml", "open")


WayT = TypeVar("WayT", bound=VerbPhrase)

_INDOOR_WAYS = word_set("fitting", "inside")
"""Words of ways that one finds in a building, a vehicle or a mine."""
_ENCLOSED_WAYS = word_set("fitting", "enclosed")
"""Those of them that begin and end there."""


def suits(way: VerbPhrase, genre: Genre, *places: PlanPlace) -> bool:
    """Say whether a way may lead from one place to another: one in a house needs a roof at an end or both."""
    words, roofs = set(way.thing.text.split()), [is_roofed(place, genre.name) for place in places]
    if words & _ENCLOSED_WAYS:
        return all(roofs)
    return not words & _INDOOR_WAYS or any(roofs)


def suited(ways: Sequence[WayT], genre: Genre, *places: PlanPlace) -> list[WayT]:
    """Return those of these ways that may lead from one of these places to the other; all when that is none."""
    return [way for way in ways if suits(way, genre, *places)] or list(ways)


def settled(
    acts: Iterable[VerbPhrase], genre: Genre, places: Sequence[PlanPlace]
) -> list[tuple[VerbPhrase, list[int]]]:
    """Return what can be done and in which of the places, the best first.

    A thing that stands in one of the places is used there. One that the genre keeps in a place of its own comes last
    where that place is not among these; one that it keeps nowhere may be in any place of the genre. What belongs in the
    open is used in a place that has a roof only where there is no other, and the other way round.
    """
    homes: dict[str, set[bool]] = {}
    for spot in genre.places:
        for prop in spot.props:
            homes.setdefault(_kind(prop), set()).add(is_roofed(spot, genre.name))
    place_names = {spot.name for spot in genre.places}
    anywhere = [at for at, place in enumerate(places) if place.name in place_names] or list(range(len(places)))
    ranked: list[tuple[int, VerbPhrase, list[int]]] = []
    for act in acts:
        kind = _kind(act.thing)
        matching_places = [at for at, place in enumerate(places) if kind in map(_kind, place.props)]
        sides = BOTH_SIDES if is_alive(act.thing) else homes.get(kind) or sides_of(act.thing)
        fit = [at for at in anywhere if is_roofed(places[at], genre.name) in sides]
        rank = 0 if matching_places else 1 + (kind in homes) + 2 * (not fit)
        ranked.append((rank, act, matching_places or fit or anywhere))
    return [(act, matching_places) for _, act, matching_places in sorted(ranked, key=lambda each: each[0])]


def _kind(thing: Thing) -> str:
    return thing.head.removesuffix("s")
