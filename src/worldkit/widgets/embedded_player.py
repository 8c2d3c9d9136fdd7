"""``EmbeddedPlayer``: the player as players see it, in a page or a cell: it tells what happens, and has no tools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.playing import Session
from worldkit.playing.payloads import enter_payload
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import SessionEvent
from worldkit.widgets.player_controller import PlayerController
from worldkit.widgets.protocol import About, Act, Address, ReportRequest

TESTER_ACTIONS = frozenset({"grant", "revoke", "variant", "observe", "begin", "open"})
"""Actions for testers, refused to players: a player must not reach an ending by setting flags."""


class EmbeddedPlayer(PlayerController):
    """A controller that tells of choices, states and endings; its owner decides in ``tell`` what to do with them."""

    _events: EmbedEvents | None = None

    def tell(self, topic: EmbedTopic, payload: Json) -> None:
        """Pass an event on."""
        raise NotImplementedError

    def _use_session(self, session: Session) -> None:
        super()._use_session(session)
        self._events = EmbedEvents(session, self.tell)

    def _leave_session(self) -> None:
        super()._leave_session()
        if self._events is not None:
            self._events.stop()
            self._events = None

    def _init_embedded(self, session: Session, blockers: Diagnostics | None, *, tools: bool) -> None:
        self._init_controller(session, blockers)
        self._tools_allowed = tools

    def _receive(self, sender: object, content: Any, buffers: object = None) -> None:
        was_blocked = bool(self._blockers)
        super()._receive(sender, content, buffers)
        if was_blocked and not self._blockers:
            self.tell_ready()
        self.catch_up()

    def catch_up(self) -> None:
        """Tell the listeners of a state that was entered without an event."""
        if self._events is not None:
            self._events.catch_up(self.session)

    def tell_ready(self) -> None:
        """Tell that play can begin, unless rule errors keep it from that."""
        if not self._blockers:
            self.tell("ready", {"worldId": self._world_id(), "state": self.session.state})

    def _world_id(self) -> str | None:
        return self.session.world.id

    def _answer(self, request: ReportRequest, to: Address) -> Json:
        if not self._tools_allowed and (
            isinstance(request, About) or (isinstance(request, Act) and request.action in TESTER_ACTIONS)
        ):
            raise WorldError("the tester's tools are not for players; play with wk.play(world), or with a test key")
        return super()._answer(request, to)


EmbedTopic = Literal["ready", "choice", "state", "ending", "ended"]
TOPICS: tuple[EmbedTopic, ...] = ("ready", "choice", "state", "ending", "ended")
Emit = Callable[[EmbedTopic, Json], None]


class EmbedEvents:
    """Turns what happens in a session into the events of an embedded player, in the order in which it happened.

    Args:
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
