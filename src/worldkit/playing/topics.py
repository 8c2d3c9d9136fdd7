"""The topics that a session tells of: checks of topics, and of the names that a subscription is limited to."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from worldkit.core.argument_checks import refusal
from worldkit.playing.subscriptions import EVERYTHING, TOPICS
from worldkit.playing.transition_table import TransitionTable


def require_topic(table: TransitionTable, topic: str) -> None:
    """Refuse a topic that nothing is told by.

    Args:
        table: The world.
        topic: A topic, the id of a state, or the name of an event or a sequence.

    Raises:
        ValueError: Nothing has that name.
    """
    if topic == EVERYTHING or topic in TOPICS or topic in table.states or topic in event_names(table):
        return
    raise ValueError(
        f"nothing is called {topic!r}: expected {EVERYTHING!r}, one of {', '.join(TOPICS)}, "
        "the id of a state or the name of an event"
    )


def limit(argument: str, value: str | Iterable[str] | None, existing: Collection[str]) -> frozenset[str] | None:
    """Return the names that a subscription is limited to; None when it is not.

    Args:
        argument: ``state`` or ``event``.
        value: A name, or several.
        existing: The names that the world has.

    Raises:
        WrongArgument: It is neither a name nor names.
        ValueError: The world has no such state or event.
    """
    if value is None:
        return None
    names = [value] if isinstance(value, str) else list(value)
    for name in names:
        if not isinstance(name, str):
            raise refusal(argument, "a string or a list of strings", value)
        if name not in existing:
            raise ValueError(f"this world has no {argument} {name!r} to listen to; name one that it has")
    return frozenset(names)


def event_names(table: TransitionTable) -> set[str]:
    """Return the names of the events and sequences of a world."""
    return {*table.by_name, *(sequence.name for sequences in table.sequences.values() for sequence in sequences)}
