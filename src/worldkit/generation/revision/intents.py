"""What an instruction can ask for: one class for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.moods import Mood
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.phrases import fill


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a state or an event another name."""

    what: str
    name: str


@dataclass(frozen=True, slots=True)
class SetText:
    """Set one field of a state, an ending or an event."""

    what: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class SetMood:
    """Give a state, the endings or the whole world a mood."""

    what: str
    moods: tuple[Mood, ...]


@dataclass(frozen=True, slots=True)
class AddPlace:
    """Add a state, next to one, or in another relation to it, or between two."""

    place: str
    near: str
    on: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class AddWay:
    """Add a transition, or one each way; with a key, which may lie at a place, or as a locked way, it is locked."""

    start: str
    to: str
    both: bool = False
    way: str = ""
    key: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """Let an event, or the ways into a state, need a thing that has to be found first, at a place or anywhere."""

    what: str
    key: str = ""
    to: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class LayKey:
    """Lay the key of the lock that was asked for before it at a place."""

    what: str


@dataclass(frozen=True, slots=True)
class Unlock:
    """Let an event, or the ways into a state, need nothing."""

    what: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a state or an event out, or the events between two states."""

    what: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """Put other words in place of some in all texts."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SetStart:
    """Set the entrance."""

    what: str


Intent = Rename | SetText | SetMood | AddPlace | AddWay | Lock | Unlock | Remove | Replace | SetStart
Request = Intent | LayKey
"""What a sentence can say; a key is laid only by what is said of its lock."""


@dataclass(frozen=True, slots=True)
class PlaceRelation:
    """Where a new place is, beside one that exists: under it, behind it.

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
