"""``new_names``: what a batch of operations renames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class NewNames(NamedTuple):
    """New names by old ones; what is not named kept its name.

    Attributes:
        states: New ids of states.
        events: New names of events.
        flags: New flags.
    """

    states: Mapping[str, str]
    events: Mapping[str, str]
    flags: Mapping[str, str]


def new_names(ops: Iterable[Mapping[str, Any]]) -> NewNames:
    """Return what a batch of operations in canonical spelling renames."""
    states, events, flags = _RenameChain(), _RenameChain(), _RenameChain()
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
    return NewNames(states.by_first_name, events.by_first_name, flags.by_first_name)


class _RenameChain:
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
