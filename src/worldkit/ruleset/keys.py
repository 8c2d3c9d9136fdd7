"""Rules about hotkeys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from worldkit.core.json_values import quote
from worldkit.core.model import Event
from worldkit.editing.hotkeys import is_reserved, key_of
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, RulePart, T, of_each_event, of_events_together, rule

RESERVED_KEYS_REASON = (
    "the keys w a s d, the arrows and space drive the player, and digits choose among what is offered"
)


def _of_hotkeys(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    return of_events_together(check, lambda event: bool(event.hotkey))


@rule(
    "reserved-hotkey",
    "warning",
    "A hotkey that is taken",
    "W, A, S, D, the arrow keys and space move the player, and digits choose among what is offered. They win over an "
    "event's hotkey. Choose another key.",
    parts=of_each_event,
)
def reserved_hotkey(index: Index) -> Iterator[Found]:
    """A hotkey that is a drive key or a digit."""
    for event in _events_with_hotkey(index):
        if is_reserved(event.hotkey or ""):
            message = f"its hotkey {quote(event.hotkey)} is reserved: {RESERVED_KEYS_REASON}; choose another"
            yield Found(message, "event", event.name, "hotkey")


@rule(
    "long-hotkey",
    "warning",
    "A hotkey that is not one character",
    "A hotkey is one character, the one that its key types, such as e. Choose one.",
    parts=of_each_event,
)
def long_hotkey(index: Index) -> Iterator[Found]:
    """A hotkey that is empty or longer than one character, which no key types."""
    for event in _events_with_hotkey(index):
        hotkey = event.hotkey or ""
        if len(hotkey) != 1 and not is_reserved(hotkey):
            length = f"{len(hotkey)} characters" if hotkey else "empty"
            message = f"its hotkey {quote(hotkey)} is {length}, and a key types one character; choose one"
            yield Found(message, "event", event.name, "hotkey")


@rule(
    "clashing-hotkey",
    "warning",
    "One hotkey for two events",
    "Two events with the same hotkey are offered in one state, and only the first would answer to it. Give one of "
    "them another key. Hidden events have no key to press and do not count.",
    parts=_of_hotkeys,
)
def clashing_hotkey(index: Index) -> Iterator[Found]:
    """A hotkey that an earlier event offered in the same state has too."""
    first: dict[tuple[str, str], Event] = {}
    for event in _events_with_hotkey(index):
        key = key_of(event.hotkey or "")
        if event.hidden or not key:
            continue
        clashes = [(first[key, state], state) for state in event.from_ if (key, state) in first]
        if clashes:
            other, state = clashes[0]
            clash = f"of {quote(other.name)} in {quote(state)}"
            message = f"its hotkey {quote(event.hotkey)} is also that {clash}; choose another"
            yield Found(message, "event", event.name, "hotkey")
        for state in event.from_:
            first.setdefault((key, state), event)


def _events_with_hotkey(index: Index) -> list[Event]:
    return [event for event in index.events if event.hotkey is not None]
