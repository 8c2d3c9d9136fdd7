"""Where a new place is, beside one that exists: under it, behind it; what is said of that in labels and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.phrases import fill


@dataclass(frozen=True, slots=True)
class PlaceRelation:
    """A relation of a new place to one that exists.

    Attributes:
        words: The prepositions that name it.
        to: How one goes there.
        back: How one comes back.
        sight: What is said of the other place there; empty for a place that is merely next to it.
    """

    words: tuple[str, ...]
    to: str
    back: str
    sight: str = ""

    def filled(self, text: str, place: str, near: str) -> str:
        """Return one of the texts with the names of the two places."""
        return fill(text, {"place": Thing(place), "near": Thing(near)}, {"place": place, "near": near})


RELATIONS: Mapping[str, PlaceRelation] = read_typed(dict[str, PlaceRelation], "revision.toml", "relations")
"""Every relation by its name."""
NEXT_TO = PlaceRelation((), "go to the {place}", "go back to the {near}")
