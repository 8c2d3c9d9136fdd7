"""``EmbeddedPlayer``: the player as players see it, in a page or a cell: it tells what happens, and has no tools."""

from __future__ import annotations

from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.playing import Session
from worldkit.widgets.embed_events import EmbedEvents, EmbedTopic
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

    def _init_embedded(self, session: Session, blocked: Diagnostics | None, *, tools: bool) -> None:
        self._init_controller(session, blocked)
        self._tools_allowed = tools

    def _receive(self, sender: object, content: Any, buffers: object = None) -> None:
        was_blocked = bool(self._blocked)
        super()._receive(sender, content, buffers)
        if was_blocked and not self._blocked:
            self.tell_ready()
        self.catch_up()

    def catch_up(self) -> None:
        """Tell the listeners of a state that was entered without an event."""
        if self._events is not None:
            self._events.catch_up(self.session)

    def tell_ready(self) -> None:
        """Tell that play can begin, unless rule errors keep it from that."""
        if not self._blocked:
            self.tell("ready", {"worldId": self._world_id(), "state": self.session.state})

    def _world_id(self) -> str | None:
        return self.session.world.id

    def _answer(self, request: ReportRequest, to: Address) -> Json:
        if not self._tools_allowed and (
            isinstance(request, About) or (isinstance(request, Act) and request.action in TESTER_ACTIONS)
        ):
            raise WorldError("the tester's tools are not for players; play with wk.play(world), or with a test key")
        return super()._answer(request, to)
