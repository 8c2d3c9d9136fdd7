"""``Player``: plays a world in a cell. A thin shell around a ``Session``: it performs, shows and answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import traitlets
from anywidget import AnyWidget

from worldkit.diagnostics import Diagnostics
from worldkit.errors import NotAvailable, WorldError
from worldkit.jsonish import Json
from worldkit.notebook import acting, console, display, protocol, reading
from worldkit.notebook.acting import Notice
from worldkit.notebook.bundle import bundle
from worldkit.play import Session
from worldkit.play.view import view

log = logging.getLogger("worldkit.notebook")


class Player(AnyWidget):
    """The player of a world in a notebook cell; show it by naming it on a cell's last line.

    Attributes:
        session: The run under it. Firing and waiting there shows at once; after ``session.undo()``,
            ``jump`` and the like call ``refresh``.

    Args:
        session: The run to show.
        blocked: Rule errors that keep the world from being played until the player insists.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.
    """

    _esm = bundle("player.js")
    _css = bundle("player.css")

    view = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(480, min=0).tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    def __init__(
        self, session: Session, *, blocked: Diagnostics | None = None, height: int = 480, theme: str = "auto"
    ) -> None:
        # ipykernel may hand over a message on another thread while a cell runs
        self._lock = threading.RLock()
        self._acting = False
        self._blocked = blocked or Diagnostics()
        self.session = session
        super().__init__(view=self._view(()), height=height, theme=theme)
        for topic in ("land", "wait"):
            session.on(topic, self._hear)
        self.on_msg(self._receive)

    @property
    def blocked(self) -> Diagnostics:
        """The rule errors that keep the world from being played; empty once the player has insisted."""
        return self._blocked

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

    # ---- inside --------------------------------------------------------------------------------

    def _view(self, notices: Iterable[Mapping[str, str]]) -> Json:
        opened = self.session.terminal
        terminal = None if opened is None else console.spoken(opened)
        return view(self.session, notices=notices, terminal=terminal, blocked=self._blocked)

    def _show(self, notices: Iterable[Mapping[str, str]]) -> None:
        self.view = self._view(notices)

    def _hear(self, _: object) -> None:
        if not self._acting:
            self.refresh()

    def _receive(self, _: object, content: Any, _buffers: object = None) -> None:
        to = protocol.address(content)
        with self._lock:
            self._acting = True
            try:
                reply = self._reply(content, to)
            finally:
                self._acting = False
            self.send(reply)

    def _reply(self, content: Any, to: protocol.Address) -> Json:
        try:
            size = protocol.size(content)
            if size > protocol.MAX_BYTES:
                return protocol.oversize(to, size)
            act = reading.read_player(content)
            if isinstance(act, protocol.Act):
                self._act(act)
            else:
                self._show(())
            return protocol.reply("accepted", to)
        except reading.Malformed as refused:
            return protocol.rejected(to, "invalid", str(refused))
        except Blocked as refused:
            return protocol.rejected(to, "blocked", str(refused))
        except NotAvailable as refused:
            self._show([acting.refusal(refused)])
            return protocol.rejected(to, "op", refused.detail)
        except (WorldError, ValueError) as refused:
            self._show(())
            return protocol.rejected(to, "op", str(refused))
        except Exception:
            log.exception("the player failed on a message")
            self._show_what_stands()
            return protocol.internal(to)

    def _act(self, act: protocol.Act) -> None:
        notices: list[Notice] = []
        if act.action == "play_anyway":
            self._blocked = Diagnostics()
        elif self._blocked:
            raise Blocked(f"the world has {len(self._blocked)} rule errors; mend them, or play anyway")
        else:
            notices = acting.perform(self.session, act)
        self._show(notices)

    def _show_what_stands(self) -> None:
        try:
            self._show(())
        except Exception:
            log.exception("the player cannot show its session")

    def __repr__(self) -> str:
        ended = self.session.ended
        where = f"ended: {ended.kind}" if ended else f"in {self.session.state!r}"
        return f"Player of {self.session.world!r}, {where}, {self.session.clock} ms"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return display.mimebundle(self.model_id, repr(self), display.picture(self.session.world)), {}


class Blocked(WorldError):
    """The world has rule errors, and the player has not insisted."""
