"""``EmbeddedCell``: an embedded player in a notebook cell, played by the kernel."""

from __future__ import annotations

import math
import time
from typing import Self

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.playing import Session
from worldkit.widgets.embed_listeners import EmbedListeners
from worldkit.widgets.embedded_player import EmbeddedPlayer
from worldkit.widgets.player import Player
from worldkit.widgets.protocol import Address, ReportRequest


@checked_methods
class EmbeddedCell(EmbedListeners, EmbeddedPlayer, Player):
    """A world in a cell as its players see it; ``wk.embed(world)`` makes one.

    Attributes:
        session: The run under it.

    Args:
        session: The run to show.
        blocked: Rule errors that keep the world from being played until the player insists.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> wk.embed(world)
        Embedded player of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', in 'lane'
    """

    _user_name = "EmbeddedCell"

    def __init__(
        self, session: Session, *, blocked: Diagnostics | None = None, height: int = 560, theme: str = "auto"
    ) -> None:
        self._init_listeners()
        self._started_at: float | None = None
        self._is_over = False
        super().__init__(session, blocked=blocked, height=height, theme=theme)

    def destroy(self) -> Self:
        """End the session and take the player off the page; doing it again changes nothing.

        Example:
            >>> player = wk.embed(world).on("ended", lambda ended: print(ended["reason"]))
            >>> player.destroy().destroy()
            destroyed
            Embedded player of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', ended
        """
        if not self._is_over:
            self._is_over = True
            seconds = 0 if self._started_at is None else math.ceil(time.monotonic() - self._started_at)
            self.tell("ended", {"reason": "destroyed", "seconds": seconds})
            self.close()
        return self

    def _init_controller(self, session: Session, blockers: Diagnostics | None) -> None:
        super()._init_controller(session, blockers)
        self._tools_allowed = False

    def tell_ready(self) -> None:
        """Tell the listeners, once, that play can begin."""
        if self._started_at is None and not self._blockers:
            self._started_at = time.monotonic()
            super().tell_ready()

    def _answer(self, request: ReportRequest, to: Address) -> Json:
        if self._is_over:
            raise WorldError("the session is over; run the cell again")
        reply = super()._answer(request, to)
        self.tell_ready()  # somebody sees it
        return reply

    def __repr__(self) -> str:
        state_text = "ended" if self._is_over else f"in {self.session.state!r}"
        return f"Embedded player of {self.session.world!r}, {state_text}"
