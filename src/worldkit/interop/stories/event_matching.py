"""Which transitions an event takes, by the names that they give: the rule of SCXML, and that of XState."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from worldkit.interop.stories.statechart import AT_ONCE, DONE, ChartTransition


class EventMatching(Protocol):
    """How a language matches events with the names that transitions give."""

    def wider_names(self, event: str, names: Collection[str], lengths: Collection[int]) -> list[str]:
        """Return the other names that take an event.

        Args:
            event: The event.
            names: The names.
            lengths: How long they are.
        """

    def ways(self, transitions: Sequence[ChartTransition], event: str) -> list[ChartTransition]:
        """Return the transitions of one state that an event takes, those that are tried first in front."""


class PrefixMatching:
    """SCXML: ``a`` and ``*`` take ``a.b``, in the order of the file."""

    def wider_names(self, event: str, names: Collection[str], lengths: Collection[int]) -> list[str]:
        """Return the other names that take an event."""
        if event in (AT_ONCE, DONE, "*"):
            return []
        prefixes = [event[:length] for length in lengths if length and event[length : length + 1] == "."]
        return [name for name in ("*", *prefixes) if name in names]

    def ways(self, transitions: Sequence[ChartTransition], event: str) -> list[ChartTransition]:
        """Return the transitions of one state that an event takes."""
        if event in (AT_ONCE, DONE):
            return [way for way in transitions if way.event == event]
        names = {"*", event, *(prefix for prefix in _prefixes(event) if prefix)}
        return [way for way in transitions if way.event in names]


class PatternMatching:
    """XState: the name itself goes before all patterns; of these the longest is first: ``a.b.*``, ``a.*``, ``*``.

    An event that is a pattern stands for the events that no other name is given to.
    """

    def wider_names(self, event: str, names: Collection[str], lengths: Collection[int]) -> list[str]:
        """Return the other names that take an event."""
        if event in (AT_ONCE, DONE, "*"):
            return []
        words = event.removesuffix(".*") + "."
        patterns = [
            f"{words[: length - 1]}*" for length in lengths if length > 2 and words[length - 2 : length - 1] == "."
        ]
        return [name for name in ("*", *patterns) if name in names and name != event]

    def ways(self, transitions: Sequence[ChartTransition], event: str) -> list[ChartTransition]:
        """Return the transitions of one state that an event takes."""
        if event in (AT_ONCE, DONE):
            return [way for way in transitions if way.event == event]
        stem = event.removesuffix(".*")
        names = {"*", event, f"{stem}.*", *(f"{prefix}.*" for prefix in _prefixes(stem))}
        matching = [way for way in transitions if way.event in names]
        # a name that is no pattern is the event itself; when its conditions do not hold, the patterns are tried
        return sorted(matching, key=lambda way: (way.event != event, -len(way.event)))


def _prefixes(event: str) -> list[str]:
    """Return what stands before each dot of an event."""
    return [event[:at] for at, char in enumerate(event) if char == "."]
