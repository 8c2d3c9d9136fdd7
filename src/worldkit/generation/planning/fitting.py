"""What of the stock fits where: ways by the roofs at their ends, what can be done by where its things stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.planning.roofs import BOTH, is_roofed, sides_of
from worldkit.generation.planning.sorts import is_alive
from worldkit.generation.planning.stock import Genre, Thing, VerbPhrase
from worldkit.generation.text.word_sets import word_set

WayT = TypeVar("WayT", bound=VerbPhrase)

_INSIDE = word_set("fitting", "inside")
"""Words of ways that one finds in a building, a vehicle or a mine."""
_ENCLOSED = word_set("fitting", "enclosed")
"""Those of them that begin and end there."""


def suits(way: VerbPhrase, genre: Genre, *places: PlanPlace) -> bool:
    """Say whether a way may lead from one place to another: one in a house needs a roof at an end or both."""
    words, roofs = set(way.thing.text.split()), [is_roofed(place, genre.name) for place in places]
    if words & _ENCLOSED:
        return all(roofs)
    return not words & _INSIDE or any(roofs)


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
        sides = BOTH if is_alive(act.thing) else homes.get(kind) or sides_of(act.thing)
        fit = [at for at in anywhere if is_roofed(places[at], genre.name) in sides]
        rank = 0 if matching_places else 1 + (kind in homes) + 2 * (not fit)
        ranked.append((rank, act, matching_places or fit or anywhere))
    return [(act, matching_places) for _, act, matching_places in sorted(ranked, key=lambda each: each[0])]


def _kind(thing: Thing) -> str:
    return thing.head.removesuffix("s")
