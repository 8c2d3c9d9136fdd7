"""Which events name a state or a flag: asked of one event, and kept for all events of a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from worldkit.core.json_values import Json
from worldkit.editing import flag_refs, refs

MentionKind = Literal["state", "flag"]
"""What an event names: states by its ``from`` and ``to``, flags by what it grants and requires."""


class EventMentions:
    """The events by what they name, each by a handle that it keeps while others come and go.

    Args:
        events: The events with their handles.
    """

    def __init__(self, events: Iterable[tuple[int, Json]]) -> None:
        self._handles: dict[tuple[MentionKind, str], set[int]] = {}
        for handle, event in events:
            self.add(handle, event)

    def add(self, handle: int, event: Json) -> None:
        """Add an event by all that it names."""
        for name in _mentions_in(event):
            self._handles.setdefault(name, set()).add(handle)

    def discard(self, handle: int, event: Json) -> None:
        """Remove an event that was added with this body."""
        for name in _mentions_in(event):
            self._handles[name].discard(handle)

    def handles(self, kind: MentionKind, id: str) -> Collection[int]:
        """Return the handles of the events that name a state or a flag."""
        return self._handles.get((kind, id), ())


def is_mentioned_in(event: Json, kind: MentionKind, id: str) -> bool:
    """Say whether an event names a state or a flag."""
    if kind == "state":
        return event.get("to") == id or id in refs.sources(event)
    return any(flag == id for _, flag in flag_refs.event_flags(event))


def _mentions_in(event: Json) -> set[tuple[MentionKind, str]]:
    names: set[tuple[MentionKind, str]] = {("state", id) for id in refs.sources(event)}
    if event.get("to") is not None:
        names.add(("state", event["to"]))
    names.update(("flag", flag) for _, flag in flag_refs.event_flags(event))
    return names
