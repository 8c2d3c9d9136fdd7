"""``Player``: plays a world in a cell. ``PlayerController`` answers its messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json, quote
from worldkit.painting.painter import Painter
from worldkit.playing import Position, Session
from worldkit.widgets import display, player_actions
from worldkit.widgets.bundle import bundle
from worldkit.widgets.kernel_widget import KernelWidget
from worldkit.widgets.live_picture import LivePicture
from worldkit.widgets.player_controller import PlayerController


@checked_methods
class Player(PlayerController, KernelWidget):
    """The player of a world in a notebook cell; show it by naming it on a cell's last line.

    Attributes:
        session: The run under it. Firing and waiting there shows at once; after ``session.undo()``,
            ``jump`` and the like call ``refresh``. It is another one once a saved run was opened in the widget.
        state: The id of the state that the run is in: a trait, to be observed and linked. Setting it begins anew in
            that state, which can be undone.

    Args:
        session: The run to show.
        blocked: Rule errors that keep the world from being played until the player insists.
        painter: Draws the world while it is played; it begins when the player is first shown.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> wk.play(world)
        Player of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', in 'lane', 0 ms
    """

    _esm = bundle("player.js")
    _css = bundle("player.css")

    _live_picture: LivePicture | None = None
    view: Any = traitlets.Dict().tag(sync=True)
    state: Any = traitlets.Unicode("")
    height: Any = traitlets.Int(560, min=0).tag(sync=True)
    theme: Any = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    def __init__(
        self,
        session: Session,
        *,
        blocked: Diagnostics | None = None,
        painter: Painter | None = None,
        height: int = 560,
        theme: str = "auto",
    ) -> None:
        self._live_picture = None if painter is None else LivePicture(painter, self._send_frame, self._show_painter)
        self._init_controller(session, blocked)
        super().__init__(view=self._view(()), state=session.state, height=height, theme=theme)
        self.on_msg(self._receive)
        self.observe(self._follow_session, "view")
        self.observe(self._begin_in, "state")

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

    def close(self) -> None:
        """Close the player, and its painter."""
        if self._live_picture is not None:
            self._live_picture.close()
        super().close()

    # ---- inside --------------------------------------------------------------------------------

    def _use_session(self, session: Session) -> None:
        super()._use_session(session)
        if self._live_picture is not None:
            self._live_picture.follow(session)

    def _show(self, notices: Iterable[Mapping[str, str]]) -> None:
        super()._show(notices)
        if self._live_picture is not None:
            self._live_picture.follow(self.session)
            self._live_picture.catch_up()

    def _more(self) -> Json:
        return {} if self._live_picture is None else {"painter": self._live_picture.to_json()}

    def _hold(self, controls: list[str]) -> None:
        if self._live_picture is not None:
            self._live_picture.hold(controls)

    def _acknowledge(self, frame: int) -> None:
        if self._live_picture is not None:
            self._live_picture.acknowledge(frame)

    def _send_frame(self, message: Json, buffers: list[bytes]) -> None:
        KernelWidget.send(self, message, buffers)

    def _show_painter(self) -> None:
        with self._lock:  # called from the painter's thread
            if self._live_picture is not None and self.view:
                self.view = {**self.view, "painter": self._live_picture.to_json()}

    @traitlets.validate("state")
    def _check_state(self, proposal: Any) -> str:
        state: str = proposal["value"]
        session = self.session
        if state != session.state and state not in session.world.states:
            raise traitlets.TraitError(f"there is no state {quote(state)} in this world")
        return state

    def _follow_session(self, _: object) -> None:
        self.state = self.session.state

    def _begin_in(self, change: Any) -> None:
        with self._lock:
            if change["new"] == self.session.state:
                return
            self.session.begin(Position(change["new"]))
            self._driver = None
            self._show([player_actions.info_notice(f"Began in {self.session.state}.")])

    def __repr__(self) -> str:
        ended = self.session.ended
        where = f"ended: {ended.kind}" if ended else f"in {self.session.state!r}"
        return f"Player of {self.session.world!r}, {where}, {self.session.clock} ms"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        if self._live_picture is not None:
            self._live_picture.start()
        picture = display.state_picture(self.session.world, self.session.state)
        return display.mimebundle(self.model_id, repr(self), picture), {}
