"""The event bus of a session: subscriptions, and publishing events to subscribers in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Topic = Literal[
    "fire",
    "line",
    "phase",
    "cutscene",
    "drive",
    "prompt",
    "evidence",
    "grant",
    "revoke",
    "leave",
    "enter",
    "land",
    "outro",
    "end",
    "variant",
    "approach",
    "ambient",
    "wait",
    "locked",
    "act",
]
TOPICS: tuple[Topic, ...] = tuple(topic for topic in get_args(Topic) if topic != "act")
EVERYTHING = "*"
"""Subscribing to this is subscribing to every topic."""


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something that happened in a session; what a subscriber is called with.

    Attributes:
        topic: What sort of thing.

            - ``fire``: an event was pressed, or fired by itself; ``land``: it landed.
            - ``line``: another line is shown; ``prompt``: another prompt is sent; ``ambient``: an ambient line is
              streamed. The words are in ``text``.
            - ``phase``: a phase begins, its prompt in ``text`` and its number, from 1, in ``number``.
            - ``cutscene``, ``outro``: a clip is shown, its address in ``text``.
            - ``drive``: other ``controls`` are held for the player; ``text`` is the label kept in the middle.
            - ``evidence``: a wait for evidence is over, its outcome in ``text``.
            - ``grant``, ``revoke``: ``flags`` were added, taken away; ``locked``: they are missing.
            - ``leave``, ``enter``: a state; ``end``: the state entered is an ending.
            - ``approach``: a waypoint is near, its label in ``text``.
            - ``variant``: another variant of the state's prompt was chosen, its label in ``text``.
            - ``wait``: time passed.
            - ``act``: the next act began; in a campaign alone.
        at: The clock, in ms.
        state: The state entered or left, else the state it happened in.
        event: The event it belongs to; None for time that passed.
        flags: See ``topic``.
        ms: ``wait``: how long.
        text: See ``topic``.
        controls: ``drive``: what is held, such as ``("forward", "left")``.
        number: ``phase``: which one.
    """

    topic: Topic
    at: int
    state: str
    event: str | None = None
    flags: tuple[str, ...] = ()
    ms: int = 0
    text: str = ""
    controls: tuple[str, ...] = ()
    number: int = 0

    @property
    def keys(self) -> tuple[str | None, ...]:
        """The names under which it can be subscribed to.

        A state's name hears when it is entered, an event's name when it lands (a console: when it opens).
        """
        if self.topic == "enter":
            return (EVERYTHING, self.topic, self.state)
        return (EVERYTHING, self.topic, self.event) if self.topic == "land" else (EVERYTHING, self.topic)


Listener = Callable[[SessionEvent], object]


class EventBus:
    """Subscribers of one session, called in the order in which they subscribed.

    Everybody hears everything, in order, whatever a subscriber does: one that raises does not keep
    the others from hearing, and what happens because of a subscriber is told after what went before.
    """

    def __init__(self) -> None:
        self._listeners: list[tuple[str, Listener]] = []
        self._pending: deque[SessionEvent] = deque()
        self._telling = False

    @property
    def has_listeners(self) -> bool:
        """Whether there are any subscribers."""
        return bool(self._listeners)

    def has_listener_for(self, topic: str) -> bool:
        """Say whether anybody subscribed to a topic, or to everything."""
        return any(key in (topic, EVERYTHING) for key, _ in self._listeners)

    def subscribe(self, key: str, listener: Listener) -> Callable[[], None]:
        """Subscribe, and return the function that unsubscribes."""
        entry = (key, listener)
        self._listeners.append(entry)

        def unsubscribe() -> None:
            self._listeners[:] = [other for other in self._listeners if other is not entry]

        return unsubscribe

    def publish(self, events: Iterable[SessionEvent]) -> None:
        """Tell the subscribers; what they raised is raised once all have heard.

        Raises:
            Exception: What the one subscriber that failed raised.
            ExceptionGroup: What several raised.
        """
        if not self._listeners:
            return
        self._pending.extend(events)
        if self._telling:
            return
        failures: list[Exception] = []
        self._telling = True
        try:
            while self._pending:
                event = self._pending.popleft()
                keys = event.keys
                for entry in tuple(self._listeners):
                    if entry[0] in keys and any(entry is other for other in self._listeners):
                        try:
                            entry[1](event)
                        except Exception as failure:
                            failures.append(failure)
        finally:
            self._telling = False
            self._pending.clear()
        if len(failures) == 1:
            raise failures[0]
        if failures:
            raise ExceptionGroup("several subscribers of the session failed", failures)
