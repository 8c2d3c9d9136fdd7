"""Which transitions an event takes, by the names that they give: the rule of SCXML, and that of XState."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from worldkit.interop.stories.statechart import NO_EVENT, ChartTransition

_END_EVENT_PREFIX = " done "
"""Begins the name of an event of XState that comes when a state has ended."""


class EventMatching(Protocol):
    """How a language matches events with the names that transitions give."""

    def end_event(self, id: str) -> str:
        """Return the event that comes when a state has ended."""

    def end_names(self, ids: Iterable[str]) -> set[str]:
        """Return the names that take no event but the ends of some states."""

    def wider_names(self, event: str, names: Collection[str], lengths: Collection[int]) -> list[str]:
        """Return the other names that take an event.

        Args:
            lengths: How long they are.
        """

    def ways(self, transitions: Sequence[ChartTransition], event: str) -> list[ChartTransition]:
        """Return the transitions of one state that an event takes, those that are tried first in front."""


class PrefixMatching:
    """SCXML: ``a`` and ``*`` take ``a.b``, in the order of the file."""

    def end_event(self, id: str) -> str:
        return f"done.state.{id}"

    def end_names(self, ids: Iterable[str]) -> set[str]:
        return {"done.state", *map(self.end_event, ids)}

    def wider_names(self, event: str, names: Collection[str], lengths: Collection[int]) -> list[str]:
        if event in (NO_EVENT, "*"):
            return []
        prefixes = [event[:length] for length in lengths if length and event[length : length + 1] == "."]
        return [name for name in ("*", *prefixes) if name in names]

    def ways(self, transitions: Sequence[ChartTransition], event: str) -> list[ChartTransition]:
        if not transitions or event == NO_EVENT:
            return [way for way in transitions if way.event == event]
        names = {"*", event, *(prefix for prefix in _prefixes(event) if prefix)}
        return [way for way in transitions if way.event in names]


class PatternMatching:
    """XState: the name itself goes before all patterns; of these the longest is first: ``a.b.*``, ``a.*``, ``*``.

    An event that is a pattern stands for the events that no other name is given to. The end of a state takes only
    ``onDone`` of that state. In XState ``*`` takes it, too; here ``*`` stands for what a player may do.
    """

    def end_event(self, id: str) -> str:
        return f"{_END_EVENT_PREFIX}{id}"

    def end_names(self, ids: Iterable[str]) -> set[str]:
        return set(map(self.end_event, ids))

    def wider_names(self, event: str, names: Collection[str], lengths: Collection[int]) -> list[str]:
        if event in (NO_EVENT, "*") or event.startswith(_END_EVENT_PREFIX):
            return []
        words = event.removesuffix(".*") + "."
        patterns = [
            f"{words[: length - 1]}*" for length in lengths if length > 2 and words[length - 2 : length - 1] == "."
        ]
        return [name for name in ("*", *patterns) if name in names and name != event]

    def ways(self, transitions: Sequence[ChartTransition], event: str) -> list[ChartTransition]:
        if not transitions or event == NO_EVENT or event.startswith(_END_EVENT_PREFIX):
            return [way for way in transitions if way.event == event]
        stem = event.removesuffix(".*")
        names = {"*", event, f"{stem}.*", *(f"{prefix}.*" for prefix in _prefixes(stem))}
        matches = [way for way in transitions if way.event in names]
        # a name that is no pattern is the event itself; when its conditions do not hold, the patterns are tried
        return sorted(matches, key=lambda way: (way.event != event, -len(way.event)))


def _prefixes(event: str) -> list[str]:
    """Return what stands before each dot of an event."""
    return [event[:at] for at, char in enumerate(event) if char == "."]
