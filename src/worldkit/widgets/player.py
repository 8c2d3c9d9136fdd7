"""``Player``: plays a world in a cell. A thin shell around a ``Desk``, which answers it."""

from __future__ import annotations

from typing import Any

import traitlets
from anywidget import AnyWidget

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.playing import Session
from worldkit.widgets import display
from worldkit.widgets.bundle import bundle
from worldkit.widgets.player_controller import Desk


@checked_methods
class Player(Desk, AnyWidget):
    """The player of a world in a notebook cell; show it by naming it on a cell's last line.

    Attributes:
        session: The run under it. Firing and waiting there shows at once; after ``session.undo()``,
            ``jump`` and the like call ``refresh``. It is another one once a saved run was opened in the widget.

    Args:
        session: The run to show.
        blocked: Rule errors that keep the world from being played until the player insists.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> wk.play(world)
        Player of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', in 'lane', 0 ms
    """

    _esm = bundle("player.js")
    _css = bundle("player.css")

    view: Any = traitlets.Dict().tag(sync=True)
    height: Any = traitlets.Int(560, min=0).tag(sync=True)
    theme: Any = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    def __init__(
        self, session: Session, *, blocked: Diagnostics | None = None, height: int = 560, theme: str = "auto"
    ) -> None:
        self._open_desk(session, blocked)
        super().__init__(view=self._view(()), height=height, theme=theme)
        self.on_msg(self._receive)

    def play_anyway(self) -> Player:
        """Play in spite of rule errors."""
        with self._lock:
            self._blocked = Diagnostics()
        return self.refresh()

    def refresh(self) -> Player:
        """Show the session as it is now, after something was done to it from Python."""
        with self._lock:
            self._show(())
        return self

    def __repr__(self) -> str:
        ended = self.session.ended
        where = f"ended: {ended.kind}" if ended else f"in {self.session.state!r}"
        return f"Player of {self.session.world!r}, {where}, {self.session.clock} ms"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return display.mimebundle(self.model_id, repr(self), display.picture(self.session.world)), {}
