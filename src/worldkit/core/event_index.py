"""``EventIndex``: the events of a world by name, and by the ids and flags that they name, carried on to its edits.

Building it goes through every event; an edit changes a few entries of a copy.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, count

from worldkit.core.model import Event

_MAX_SCANNED_EVENTS = 16  # events to look for one by one; for more, one pass over the list is as quick


class EventIndex:
    """The events of a world by name, and by what they name.

    Args:
        events: The events, in order.

    Attributes:
        by_name: The events of each name.
        by_id: The events whose ``from`` or ``to`` names each state or cutscene.
        order: The identities of the events, in order. Copying or comparing these reads no event; in a large world the
            events themselves are outside the processor's cache.
        by_flag: The events that grant or require each flag, themselves or in a fact of their console.
    """

    __slots__ = ("by_flag", "by_id", "by_name", "order")

    def __init__(self, events: Iterable[Event]) -> None:
        self.order = array("Q")
        self.by_name: dict[str, tuple[Event, ...]] = {}
        self.by_id: dict[str, tuple[Event, ...]] = {}
        self.by_flag: dict[str, tuple[Event, ...]] = {}
        events_by_name: dict[str, list[Event]] = {}
        with_id: dict[str, list[Event]] = {}
        with_flag: dict[str, list[Event]] = {}
        for event in events:
            self.order.append(id(event))
            events_by_name.setdefault(event.name, []).append(event)
            for target in ids_named_by(event):
                with_id.setdefault(target, []).append(event)
            for flag in _flags_named_by(event):
                with_flag.setdefault(flag, []).append(event)
        self.by_name.update((name, tuple(group)) for name, group in events_by_name.items())
        self.by_id.update((target, tuple(group)) for target, group in with_id.items())
        self.by_flag.update((flag, tuple(group)) for flag, group in with_flag.items())

    @property
    def has_unique_names(self) -> bool:
        """Whether no two events share a name."""
        return len(self.by_name) == len(self.order)

    def copy(self) -> EventIndex:
        """Return a copy to change."""
        other = EventIndex(())
        other.order = self.order[:]
        other.by_name, other.by_id, other.by_flag = self.by_name.copy(), self.by_id.copy(), self.by_flag.copy()
        return other

    def insert(self, position: int, event: Event) -> None:
        """Insert an event at a position."""
        self.order.insert(position, id(event))
        self._add(event)

    def replace(self, position: int, old: Event, new: Event) -> None:
        """Put an event in the place of another one, which is the same object as was added."""
        self.order[position] = id(new)
        self._discard(old)
        self._add(new)

    def remove(self, position: int, event: Event) -> None:
        """Remove an event, the same object as was added, from its position."""
        del self.order[position]
        self._discard(event)

    def positions(self, events: Sequence[Event]) -> list[int]:
        """Return the positions of some of the events, in order.

        Args:
            events: The same objects as were added.
        """
        if len(events) > _MAX_SCANNED_EVENTS:
            ids = set(map(id, events))
            return list(compress(count(), map(ids.__contains__, self.order)))
        numbers, size = self.order.tobytes(), self.order.itemsize
        return sorted(_position(numbers, id(event).to_bytes(size, sys.byteorder)) for event in events)

    def _add(self, event: Event) -> None:
        for groups, key in self._entries(event):
            groups[key] = (*groups.get(key, ()), event)

    def _discard(self, event: Event) -> None:
        for groups, key in self._entries(event):
            rest = tuple(other for other in groups[key] if other is not event)
            if rest:
                groups[key] = rest
            else:
                del groups[key]

    def _entries(self, event: Event) -> Iterator[tuple[dict[str, tuple[Event, ...]], str]]:
        yield self.by_name, event.name
        for target in ids_named_by(event):
            yield self.by_id, target
        for flag in _flags_named_by(event):
            yield self.by_flag, flag


def ids_named_by(event: Event) -> set[str]:
    """Return the ids that the ``from`` and ``to`` of an event name."""
    ids = set(event.from_)
    if event.to is not None:
        ids.add(event.to)
    return ids


def _flags_named_by(event: Event) -> set[str]:
    flags = set(event.grants or ())
    flags.update(event.requires or ())
    if event.terminal is not None:
        flags.update(flag for fact in event.terminal.facts or () for flag in fact.requires or ())
    return flags


def _position(numbers: bytes, number: bytes) -> int:
    at = numbers.find(number)
    while at % len(number):
        at = numbers.find(number, at + 1)
    return at // len(number)
