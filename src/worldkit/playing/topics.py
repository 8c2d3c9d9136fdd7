"""The topics that a session tells of: checks of topics, and of the names that a subscription is limited to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean
from worldkit.playing.renames import FirstNames
from worldkit.playing.subscriptions import ANY_TOPIC, READY, TOPICS
from worldkit.playing.transition_table import TransitionTable


def require_topic(table: TransitionTable, topic: str) -> None:
    """Refuse a topic that nothing is told by.

    Args:
        table: The world.
        topic: A topic, the id of a state, or the name of an event or a sequence.

    Raises:
        WrongArgument: Nothing has that name.
    """
    topics = (READY, *TOPICS)
    if topic == ANY_TOPIC or topic in topics or topic in table.states or topic in table.event_names:
        return
    words = f"{ANY_TOPIC!r}, one of {', '.join(topics)}, the id of a state or the name of an event"
    raise WrongArgument(
        "topic", words, quote(topic) + did_you_mean(topic, (*topics, *table.states, *table.event_names))
    )


def limit(argument: str, value: str | Iterable[str] | None, existing: Collection[str]) -> frozenset[str] | None:
    """Return the names that a subscription is limited to; None when it is not.

    Args:
        argument: ``state`` or ``event``.
        value: A name, or several.
        existing: The names that the world has.

    Raises:
        WrongArgument: It is neither a name nor names, or the world has no such state or event.
    """
    if value is None:
        return None
    names = [value] if isinstance(value, str) else list(value)
    for name in names:
        if not isinstance(name, str):
            raise refusal(argument, "a string or a list of strings", value)
        if name not in existing:
            article = "an" if argument == "event" else "a"
            near = did_you_mean(name, existing)
            raise WrongArgument(argument, f"{article} {argument} of this world", quote(name) + near)
    return frozenset(names)


def names_heard(table: TransitionTable, names: FirstNames, topic: str) -> frozenset[str]:
    """Return the first names of the state and the event that are called so; none for a topic, which goes before them.

    Args:
        table: The world.
        names: What its states and events were called at first.
        topic: A topic, the id of a state, or the name of an event or a sequence.
    """
    if topic in (ANY_TOPIC, READY, *TOPICS):
        return frozenset()
    first = [names.state(topic)] if topic in table.states else []
    first += [names.event(topic)] if topic in table.event_names else []
    return frozenset(first)


def first_limit(names: frozenset[str] | None, first_name: Callable[[str], str]) -> frozenset[str] | None:
    """Return the names that a subscription is limited to, as they were at first.

    Args:
        names: The names; None where it is not limited.
        first_name: Says what one was called at first.
    """
    return None if names is None else frozenset(map(first_name, names))
