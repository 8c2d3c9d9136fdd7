"""``EmbedEvents``: what the page around an embedded player is told (docs/spec/embed.md, "The SDK")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from worldkit.core.json_values import Json
from worldkit.playing import Session
from worldkit.playing.offers import button_label
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.transition_table import Action

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
                self._emit("choice", choice(self._session, event.state, event.event))
        elif event.topic == "enter":
            self._enter(event.state, event.event)
        else:
            self._emit("ending", ending(self._session, event.state))

    def _enter(self, state: str, event: str | None) -> None:
        before, self._state = self._state, state
        self._emit("state", {"state": state, "from": before, "event": event})


def choice(session: Session, state: str, name: str) -> Json:
    """Return what is told of an event, or of a sequence, that the player fired in a state."""
    table = run_of(session).rules.table
    fired = next((action for action in table.by_name.get(name, ()) if state in action.sources), None)
    if isinstance(fired, Action):
        return {
            "event": name,
            "kind": fired.kind,
            "label": button_label(fired.event),
            "state": state,
            "to": fired.target,
            "grants": list(fired.grants),
            "requires": sorted(fired.requires),
        }
    sequence = next((one for one in table.sequences.get(state, ()) if one.name == name), None)
    label, to = (sequence.title, sequence.beats[-1].state) if sequence is not None else (name, None)
    return {"event": name, "kind": "sequence", "label": label, "state": state, "to": to, "grants": [], "requires": []}


def ending(session: Session, state: str) -> Json:
    """Return what is told of the ending in a state."""
    reached = run_of(session).rules.table.endings[state]
    return {"state": state, "kind": reached.kind, "title": reached.title, "subtitle": reached.subtitle}
