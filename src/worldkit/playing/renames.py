"""``Renames``: what the states, events and flags of one world are called in another version of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from worldkit.editing.new_names import new_names
from worldkit.playing.position import Position


@dataclass(frozen=True, slots=True)
class _OtherNames:
    """What states, events and flags are called elsewhere; what is not named is called the same."""

    states: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)

    def state(self, id: str) -> str:
        """Return what a state is called there."""
        return self.states.get(id, id)

    def event(self, name: str) -> str:
        """Return what an event is called there."""
        return self.events.get(name, name)

    def flag(self, flag: str) -> str:
        """Return what a flag is called there."""
        return self.flags.get(flag, flag)


@dataclass(frozen=True, slots=True)
class Renames(_OtherNames):
    """What the states, events and flags of one world are called in another; what is not named kept its name.

    Attributes:
        states: New ids by old ones.
        events: New names by old ones.
        flags: New flags by old ones.
    """

    def position(self, position: Position) -> Position:
        """Return a position in the names of now."""
        flags, used_events = map(self.flag, position.flags), map(self.event, position.used)
        return Position(self.state(position.state), frozenset(flags), frozenset(used_events))

    def then(self, later: Renames) -> Renames:
        """Return these renames followed by later ones."""
        return Renames(
            _compose(self.states, later.states),
            _compose(self.events, later.events),
            _compose(self.flags, later.flags),
        )


@dataclass(frozen=True, slots=True)
class FirstNames(_OtherNames):
    """What the states, events and flags of a run's world were called at first, by what they are called now.

    A first name stays the same however often the world is changed under the run. What is not named has its first name.

    Attributes:
        states: First ids by present ones. A new state under an id that another state had at first has one that no
            document can hold.
        events: First names by present ones, likewise.
        flags: First flags by present ones.
    """

    def held(self, flags: Iterable[str]) -> frozenset[str]:
        """Return the flags held, as they were called at first.

        A flag needs no world that names it, so one that another flag is called after stands for both.
        """
        present = frozenset(flags)
        if not self.flags:
            return present
        new_flags = frozenset(self.flags.values())
        return frozenset(map(self.flag, present)) | (present - new_flags)

    def flags_in(self, flags: Iterable[str], later: FirstNames) -> frozenset[str]:
        """Return flags held in the names that later first names go with.

        Args:
            flags: The flags, as they were called when these were the first names.
            later: The first names of the same run at the other time.
        """
        present = {first: flag for flag, first in later.flags.items()}
        return frozenset(present.get(first, first) for first in map(self.flag, flags))

    def after(self, renames: Renames, events: Collection[str]) -> FirstNames:
        """Return the first names once something is renamed.

        Args:
            renames: What is renamed.
            events: The names of the events there are then. Of several with one name one alone may have been renamed.
        """
        if not (renames.states or renames.events or renames.flags):
            return self
        # a flag under the first name of another is not the one that a run held under it
        first_flags = frozenset(self.flags.values())
        flags = {old: new for old, new in renames.flags.items() if old in self.flags or old not in first_flags}
        return FirstNames(
            _follow(self.states, renames.states, ()),
            _follow(self.events, renames.events, events),
            _follow(self.flags, flags, renames.flags),
        )


def renames_of(ops: Iterable[Mapping[str, Any]]) -> Renames:
    """Return what a batch of operations in canonical spelling renames."""
    names = new_names(ops)
    return Renames(names.states, names.events, names.flags)


_NEW_NAME_MARK = "\ud800"
"""Half a character, which no document holds: what keeps a new name from an old one that is spelled the same."""


def _follow(
    first_names: Mapping[str, str], renames: Mapping[str, str], reused_names: Collection[str]
) -> dict[str, str]:
    """Return first names after renames; what is new under a name given up is another thing, unless it is reused."""
    new_first_names = {name: first for name, first in first_names.items() if name not in renames}
    new_first_names |= {new: first_names.get(old, old) for old, new in renames.items()}
    taken_names = set(new_first_names.values())
    for old in renames:
        if old not in new_first_names and old not in reused_names:
            new_first_names[old] = next(
                name for n in count(1) if (name := f"{old}{_NEW_NAME_MARK}{n}") not in taken_names
            )
            taken_names.add(new_first_names[old])
    return {name: first for name, first in new_first_names.items() if name != first}


def _compose(first: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    renames = {old: later.get(new, new) for old, new in first.items()}
    middle = set(first.values())
    renames |= {old: new for old, new in later.items() if old not in middle and old not in renames}
    return {old: new for old, new in renames.items() if old != new}
