"""What an instruction can ask for: one class for each kind."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.generation.prose.moods import Mood


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


Intent = Rename | SetText | SetMood | AddPlace | AddWay | Lock | LayKey | Unlock | Remove | Replace | SetStart
