"""``EmbedEvents``: what the page around an embedded player is told (docs/spec/embed.md, "The SDK")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from worldkit.core.json_values import Json
from worldkit.playing import Session
from worldkit.playing.payloads import enter_payload
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import SessionEvent

EmbedTopic = Literal["ready", "choice", "state", "ending", "ended"]
TOPICS: tuple[EmbedTopic, ...] = ("ready", "choice", "state", "ending", "ended")
Emit = Callable[[EmbedTopic, Json], None]


class EmbedEvents:
    """Turns what happens in a session into the events of an embedded player, in the order in which it happened.

    Args:
        session: The session.
        emit: Called with each event and its payload.
    """

    def __init__(self, session: Session, emit: Emit) -> None:
        self._session, self._emit = session, emit
        self._state = session.state
        self._unsubscribe = [session.on(topic, self._hear) for topic in ("fire", "enter", "end")]

    def stop(self) -> None:
        """Hear nothing more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def catch_up(self, session: Session) -> None:
        """Tell of a state that was entered without an event: by undoing, by beginning again, or by another run."""
        self._session = session
        if session.state != self._state:
            self._enter(session.state, None)

    def _hear(self, event: SessionEvent) -> None:
        if event.topic == "fire":
            moment = run_of(self._session).now
            by = moment.playing.by if moment.playing is not None else moment.step and moment.step.by
            if by == "player" and event.event is not None:
                self._emit("choice", event.payload)
        elif event.topic == "enter":
            self._enter(event.state, event.event)
        else:
            self._emit("ending", event.payload)

    def _enter(self, state: str, event: str | None) -> None:
        before, self._state = self._state, state
        self._emit("state", enter_payload(state, before, event))
