"""``Renames``: what the states, events and flags of one world are called in another version of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from worldkit.playing.position import Position


@dataclass(frozen=True, slots=True)
class Renames:
    """What the states, events and flags of one world are called in another; what is not named kept its name.

    Attributes:
        states: New ids by old ones.
        events: New names by old ones.
        flags: New flags by old ones.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)

    def state(self, id: str) -> str:
        """Return what a state is called now."""
        return self.states.get(id, id)

    def event(self, name: str) -> str:
        """Return what an event is called now."""
        return self.events.get(name, name)

    def flag(self, flag: str) -> str:
        """Return what a flag is called now."""
        return self.flags.get(flag, flag)

    def position(self, position: Position) -> Position:
        """Return a position in the names of now."""
        flags, used = map(self.flag, position.flags), map(self.event, position.used)
        return Position(self.state(position.state), frozenset(flags), frozenset(used))

    def then(self, later: Renames) -> Renames:
        """Return these renames followed by later ones."""
        return Renames(
            _compose(self.states, later.states),
            _compose(self.events, later.events),
            _compose(self.flags, later.flags),
        )


def renames_of(ops: Iterable[Mapping[str, Any]]) -> Renames:
    """Return what a batch of operations in canonical spelling renames."""
    states, events, flags = _NewNames(), _NewNames(), _NewNames()
    for op in ops:
        match op:
            case {"op": "rename_state", "from": old, "to": new}:
                states.rename(old, new)
            case {"op": "rename_event", "from": old, "to": new}:
                events.rename(old, new)
            case {"op": "rename_flag", "from": old, "to": new}:
                flags.rename(old, new)
            case {"op": "update_event", "name": old, "patch": {"name": str(new)}}:
                events.rename(old, new)
    return Renames(states.by_first_name, events.by_first_name, flags.by_first_name)


class _NewNames:
    """Follows renames one after the other, as ``Renames.then`` does, without going through all for each."""

    def __init__(self) -> None:
        self.by_first_name: dict[str, str] = {}
        self._first_names: dict[str, list[str]] = {}

    def rename(self, old: str, new: str) -> None:
        if old == new:
            return
        first_names = self._first_names.pop(old, None)
        if first_names is None:
            first_names = [] if old in self.by_first_name else [old]
        for name in first_names:
            if name == new:
                self.by_first_name.pop(name, None)
            else:
                self.by_first_name[name] = new
                self._first_names.setdefault(new, []).append(name)


def _compose(first: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    composed = {old: later.get(new, new) for old, new in first.items()}
    middle = set(first.values())
    composed |= {old: new for old, new in later.items() if old not in middle and old not in composed}
    return {old: new for old, new in composed.items() if old != new}
