"""The event bus of a session: subscriptions, and publishing events to subscribers in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, get_args

from worldkit.core.errors import EndlessReactions
from worldkit.core.json_values import Json
from worldkit.playing.handlers import HandlerCalls, HandlerError, reaction
from worldkit.playing.renames import FirstNames

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
    "say",
    "change",
    "stop",
    "close",
    "error",
    "ready",
    "act",
    "rewind",
]
READY: Topic = "ready"
TOPICS: tuple[Topic, ...] = tuple(topic for topic in get_args(Topic) if topic not in (READY, "act", "rewind"))
ANY_TOPIC = "*"
"""Subscribing to this is subscribing to every topic."""


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """An event of a session, as a subscriber gets it.

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
            - ``say``: a handler or the author shows a line; ``stop``: they ended the run, and ``close`` follows. The
              words are in ``text``.
            - ``ready``: the run can be played; told at once to whoever subscribes to it.
            - ``change``: the world was changed under the run; ``text`` says how.
            - ``error``: a handler failed; ``text`` says which and why.
            - ``act``: the next act began; ``rewind``: a dead end led back to the act's start. In a campaign alone.
        at: The clock, in ms.
        state: The state entered or left, else the state it happened in.
        event: The event it belongs to; None for time that passed.
        flags: See ``topic``.
        ms: ``wait``: how long.
        text: See ``topic``.
        controls: ``drive``: what is held, such as ``("forward", "left")``.
        number: ``phase``: which one.
        payload: ``ready``, ``fire``, ``enter``, ``end``, ``close``: what a page around an embedded player is told of
            it, such as ``{"event", "kind", "label", "state", "to", "grants", "requires"}`` (docs/spec/runtime.md).

    Example:
        >>> session = wk.Session(world)
        >>> heard = []
        >>> off = session.on("grant", heard.append)
        >>> step = session.fire("pick_up_the_red_mitten")
        >>> heard[0].topic, heard[0].event, heard[0].flags
        ('grant', 'pick_up_the_red_mitten', ('mitten',))
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
    payload: Json = field(default_factory=dict, compare=False, repr=False)

    @property
    def keys(self) -> tuple[str | None, ...]:
        """What it can be subscribed by: everything, its topic, and perhaps a name.

        A state's name hears when it is entered, an event's name when it lands (a console: when it opens).
        """
        if self.topic == "enter":
            return (ANY_TOPIC, self.topic, self.state)
        return (ANY_TOPIC, self.topic, self.event) if self.topic == "land" else (ANY_TOPIC, self.topic)


NamedEvent = tuple[SessionEvent, FirstNames]
"""What happened, and what its state and its event were called at first."""

Listener = Callable[[SessionEvent], object]
L = TypeVar("L", bound=Callable[..., object])


def in_first_names(event: SessionEvent, names: FirstNames) -> SessionEvent:
    """Return what happened with its state and its event as they were called at first."""
    state, name = names.state(event.state), event.event and names.event(event.event)
    return event if (state, name) == (event.state, event.event) else replace(event, state=state, event=name)


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """One subscription. It knows states and events by their first names, and so follows what is renamed.

    Attributes:
        topics: The topics it is subscribed by.
        listener: Who is called.
        states: Only what happens in one of these states; None for any.
        events: Only what belongs to one of these events; None for any.
        names: The states, events or acts it is subscribed by; see ``SessionEvent.keys``. One may be called as a topic.
    """

    topics: frozenset[str]
    listener: Listener
    states: frozenset[str] | None = None
    events: frozenset[str] | None = None
    names: frozenset[str] = frozenset()

    def hears(self, event: SessionEvent) -> bool:
        """Say whether it hears of something, told in first names."""
        return (
            not (self.topics.isdisjoint(event.keys[:2]) and self.names.isdisjoint(event.keys[2:]))
            and (self.states is None or event.state in self.states)
            and (self.events is None or event.event in self.events)
        )


class EventBus:
    """Subscribers of one session, called in the order in which they subscribed.

    Everybody hears everything, in order, whatever a subscriber does: one that raises does not keep the others from
    hearing, and what happens because of a subscriber is told after what went before.

    Attributes:
        wakers: Called by ``wake``; each belongs to somebody who waits until something holds in the session.
    """

    def __init__(self) -> None:
        self.wakers: list[Callable[[], object]] = []
        self._subscriptions: list[Subscription] = []
        self._pending_events: deque[NamedEvent] = deque()
        self._is_delivering = False
        self._names = FirstNames()
        self.calls: HandlerCalls = HandlerCalls(self._tell_error)

    def __reduce__(self) -> tuple[type[EventBus], tuple[()]]:
        """Copy as a bus without subscribers: handlers act on the session that they were written for."""
        return EventBus, ()

    @property
    def has_listeners(self) -> bool:
        """Whether there are any subscribers."""
        return bool(self._subscriptions)

    def has_listener_for(self, topic: str) -> bool:
        """Say whether anybody subscribed to a topic, or to everything."""
        return any(topic in entry.topics or ANY_TOPIC in entry.topics for entry in self._subscriptions)

    def subscribe(
        self,
        topics: Iterable[str],
        listener: Listener,
        states: frozenset[str] | None = None,
        events: frozenset[str] | None = None,
        names: Iterable[str] = (),
    ) -> Callable[[], None]:
        """Subscribe, and return the function that unsubscribes; names are first names."""
        entry = Subscription(frozenset(topics), listener, states, events, frozenset(names))
        self._subscriptions.append(entry)

        def unsubscribe() -> None:
            self._subscriptions[:] = [other for other in self._subscriptions if other is not entry]

        return unsubscribe

    def wake(self) -> None:
        """Let everybody who waits look again: something happened, or play went back, which nobody is told of."""
        for wake in tuple(self.wakers):
            wake()

    def tell_one(
        self,
        listener: Listener,
        event: SessionEvent,
        names: FirstNames,
        states: frozenset[str] | None = None,
        events: frozenset[str] | None = None,
    ) -> None:
        """Tell one subscriber alone of something, unless its subscription is limited to something else.

        Args:
            listener: The subscriber.
            event: What it is told of.
            names: What the states and events in it were called at first.
            states, events: The limits of its subscription, in first names.
        """
        if Subscription(frozenset([ANY_TOPIC]), listener, states, events).hears(in_first_names(event, names)):
            self.calls.call(listener, event)

    def unsubscribe(self, listener: Callable[..., object]) -> int:
        """End every subscription of a listener; return how many there were."""
        remaining = [entry for entry in self._subscriptions if entry.listener != listener]
        count = len(self._subscriptions) - len(remaining)
        self._subscriptions[:] = remaining
        return count

    def publish(self, events: Iterable[SessionEvent], names: FirstNames) -> None:
        """Tell the subscribers. An exception that one of them raises is shown, and the others are still told.

        Args:
            events: What happened.
            names: What the states and events in it were called at first.

        Raises:
            EndlessReactions: The subscribers kept answering each other, and were stopped.
        """
        self.publish_each((event, names) for event in events)

    def publish_each(self, events: Iterable[NamedEvent]) -> None:
        """Tell the subscribers of events, each with the first names of the world it happened in; see ``publish``."""
        if not self._subscriptions:
            return
        self._pending_events.extend(events)
        if self._is_delivering:
            return
        endless: EndlessReactions | None = None
        self._is_delivering = True
        try:
            with reaction(answers_refusal=any(event.topic == "locked" for event, _ in self._pending_events)):
                while self._pending_events:
                    event, self._names = self._pending_events.popleft()
                    event_in_first_names = in_first_names(event, self._names)
                    for entry in tuple(self._subscriptions):
                        if entry.hears(event_in_first_names) and any(entry is other for other in self._subscriptions):
                            try:
                                self.calls.call(entry.listener, event)
                            except EndlessReactions as error:
                                endless = error
        finally:
            self._is_delivering = False
            self._pending_events.clear()
        if endless is not None:
            raise endless

    def _tell_error(self, failure: HandlerError) -> None:
        event = failure.event
        self.publish([SessionEvent("error", event.at, event.state, event.event, text=str(failure))], self._names)
