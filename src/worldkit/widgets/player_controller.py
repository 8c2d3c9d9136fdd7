"""``PlayerController``: answers the messages of a player view; holds the session and who drives its clock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core import json_values
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import NotAvailable, WorldError
from worldkit.core.json_values import Json
from worldkit.core.time_limit import TimeLimit, TimeUp
from worldkit.playing import Session, Trace
from worldkit.playing.notices import notices_since
from worldkit.playing.persistence import POSITION_FORMAT
from worldkit.playing.rebase import replay_instead
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.trace import FORMAT
from worldkit.playing.view import time_view, view, world_facts
from worldkit.widgets import console, parsing, player_actions, protocol
from worldkit.widgets.message_receiver import ReplySender, refusal
from worldkit.widgets.run_export import script
from worldkit.widgets.state_pictures import pictures_of
from worldkit.world import World

log = logging.getLogger("worldkit.widgets")

REFRESHING_TOPICS = ("land", "wait", "say", "change", "stop", "error", "grant", "revoke", "variant")
"""What happens in a session, whoever does it, is shown at once."""

MAX_ERROR = 400
"""So much of an error of a handler is shown; stderr and ``session.errors`` hold all of it."""

OPEN_SECONDS = 20.0
"""What a saved run may take to be replayed: one that says so may have waited for years, before a picture."""

CLOCK_STOPPING_ACTIONS = frozenset({"undo", "jump", "cancel", "begin"})
"""What stops the clock: whoever goes back to look wants to look, and a timer would fire again at once."""


class PlayerController(ReplySender):
    """Answers the messages of one player; whoever shows it gives it a ``view`` to set and a way to ``send``.

    Attributes:
        session: The run under it.
    """

    if TYPE_CHECKING:
        view: Any

    session: Session
    _unsubscribes: tuple[Callable[[], object], ...] = ()

    def _init_controller(self, session: Session, blockers: Diagnostics | None) -> None:
        self._init_receiver()
        self._in_action = False
        self._driver: protocol.Echo = None
        self._serial = 0
        self._world_version = 0
        self._world_shown: tuple[World, int] | None = None
        self._tools_allowed = True
        self._blockers = blockers or Diagnostics()
        self._use_session(session)

    @property
    def blocked(self) -> Diagnostics:
        """The rule errors that prevent playing the world; empty once the player chose to play anyway."""
        return self._blockers

    # ---- inside --------------------------------------------------------------------------------

    def _use_session(self, session: Session) -> None:
        self._leave_session()
        self.session = session
        self._driver = None
        self._moment = run_of(session).now
        self._failures: list[str] = []
        self._unsubscribes = tuple(session.on(topic, self._on_event) for topic in REFRESHING_TOPICS)

    def _leave_session(self) -> None:
        """Hear of the session no more: one that is played on would keep every closed player, and show it each step."""
        for unsubscribe in self._unsubscribes:
            unsubscribe()
        self._unsubscribes = ()

    def _view(self, notices: Iterable[Mapping[str, str]]) -> Json:
        open_console = self.session.terminal
        console_view = None if open_console is None else console.console_json(open_console, self._pending_question())
        if self.session.over:
            self._driver = None
        self._serial += 1
        body = view(self.session, notices=notices, terminal=console_view, blocked=self._blockers)
        own = {
            "driver": self._driver,
            "serial": self._serial,
            "tools": self._tools_allowed,
            "worldVersion": self._next_world_version(),
        }
        return body | own | self._more()

    def _next_world_version(self) -> int:
        """Return a number that goes up whenever pictures and facts are those of another world or another seed."""
        world, seed = self.session.world, self.session.seed
        before = self._world_shown
        if before is None or before[0] is not world or before[1] != seed:
            self._world_version += 1
            self._world_shown = (world, seed)
        return self._world_version

    def _pending_question(self) -> str:
        """Return a question that the open console has not answered yet; empty without one."""
        return ""

    def _more(self) -> Json:
        """Return what the view holds besides what is shown of every session."""
        return {}

    def _show(self, notices: Iterable[Mapping[str, str]]) -> None:
        """Show the session as it is, with what happened since it was shown last, and what else there is to tell."""
        failures, self._failures = self._failures, []
        new_notices = self._new_notices()
        self.view = self._view([*new_notices, *({"kind": "error", "text": text} for text in failures), *notices])

    def _new_notices(self) -> list[dict[str, str]]:
        """Return what to tell of what happened since the session was shown last."""
        notices = notices_since(self.session, self._moment)
        self._moment = run_of(self.session).now
        return notices

    def _on_event(self, event: SessionEvent) -> None:
        with self._lock:
            if event.topic == "error":
                self._failures.append(f"{event.text[:1].upper()}{event.text[1:MAX_ERROR]}")
            if not self._in_action:
                self._show(())

    def _result(self, content: Any, to: protocol.Address) -> Json:
        self._in_action = True
        try:
            return super()._result(content, to)
        except BaseException:  # an interrupt, which is answered where it goes on to
            self._show_safely()
            raise
        finally:
            self._in_action = False

    def _carry_out(self, content: Any, to: protocol.Address) -> Json:
        return self._answer(self._read(content), to)

    def _refuse_message(self, error: Exception, content: Any, to: protocol.Address) -> Json:
        match error:
            case parsing.Malformed():
                return refusal(error, to)
            case Blocked():
                return protocol.rejected(to, "blocked", str(error))
            case NotAvailable():
                self._show(player_actions.refusal_notices(self.session, error))
                return protocol.rejected(to, "op", error.detail)
            case WorldError() | ValueError():
                if content["type"] == "act":
                    self._show(())
                return protocol.rejected(to, "op", str(error))
        self._show_safely()
        return refusal(error, to)

    def _read(self, content: Any) -> protocol.ReportRequest:
        """Read a message; of a report more may be asked than of a player.

        Raises:
            Malformed: It is too large, or not of the protocol.
        """
        return parsing.read_player(content)

    def _answer(self, request: protocol.ReportRequest, to: protocol.Address) -> Json:
        match request:
            case protocol.About():
                return protocol.reply("about", to, about=world_facts(self.session))
            case protocol.ScriptOf(kind=kind):
                text, name = script(self.session, kind)
                return protocol.reply("script", to, text=text, name=name)
            case protocol.Act() as act:
                self._act(act, to.view)
            case protocol.PicturesOf() as request:
                return protocol.reply("pictures", to, pictures=self._pictures(request))
            case protocol.Hello():
                self._show(())
            case protocol.Hold(controls=controls):
                self._hold(controls)
            case protocol.Shown(frame=frame):
                self._acknowledge(frame)
        return protocol.reply("accepted", to)

    def _pictures(self, request: protocol.PicturesOf) -> Json:
        session = self.session
        return pictures_of(session.world, self._shown_states(request.states), request.detail, session.seed)

    def _shown_states(self, states: list[str]) -> list[str]:
        """Return those of some states whose pictures may be seen: who may not look ahead sees where they were."""
        if self._tools_allowed:
            return states
        visited_states = {point.position.state for point in run_of(self.session).now.checkpoints()}
        return [state for state in states if state in visited_states]

    def _hold(self, controls: list[str]) -> None:
        """Hold controls in the picture; without a painter there is nothing to hold."""

    def _acknowledge(self, frame: int) -> None:
        """Note that a view has shown a frame."""

    def _act(self, act: protocol.Act, who: protocol.Echo) -> None:
        if act.action == "play_anyway":
            self._blockers = Diagnostics()
            self._show(())
        elif self._blockers:
            raise Blocked(f"the world has {len(self._blockers)} rule errors; fix them, or play anyway")
        elif isinstance(act, protocol.PassTime) and act.action == "tick":
            self._tick(act, who)
        elif isinstance(act, protocol.TypeAction | protocol.DecideAction):
            self._driver = None  # nobody wants to lose a run to a timer while a model writes
            self._act_in_words(act)
            self._show(())
        elif isinstance(act, protocol.Open):
            self._open(act.text)
        elif act.action in ("run", "pause"):
            self._driver = who if act.action == "run" else None
            self._show(())
        else:
            notices = self._apply(act)
            if act.action in CLOCK_STOPPING_ACTIONS or self.session.mode == "instant":
                self._driver = None
            elif act.action == "fire" and self._driver is None:
                self._driver = who
            self._show(notices)

    def _act_in_words(self, act: protocol.Act) -> None:
        """Begin to write what comes of an action that was typed, take it, or leave it.

        Raises:
            WorldError: Nothing can be typed here.
        """
        raise WorldError("no action can be typed here; choose one of those offered")

    def _apply(self, act: protocol.Act) -> list[player_actions.Notice]:
        """Do one thing, and return what to tell of it besides what happened."""
        return player_actions.apply_action(self.session, act)

    def _tick(self, act: protocol.PassTime, who: protocol.Echo) -> None:
        """Let a moment pass, and show only what time changes unless there is more.

        One view of several drives the clock, so that time passes once.
        """
        if who is None or who != self._driver:
            return
        before = self.session.playing
        self.session.tick(act.ms, act.forward)
        after = self.session.playing
        is_news = bool(self._failures or notices_since(self.session, self._moment))
        if is_news or (before and (before.event, before.at)) != (after and (after.event, after.at)):
            self._show(())
        else:
            self._moment = run_of(self.session).now  # nothing is to be told of before; the next tick looks from here
            self.send({"type": "now", "serial": self._serial, "now": time_view(self.session)})

    def _open(self, text: str) -> None:
        """Go on from a saved run or position; undo leads back to what was played before."""
        document = json_values.parse(text, "what was pasted")
        if isinstance(document, dict) and document.get("format") == POSITION_FORMAT:
            self._driver = None
            self.session.begin(document)
            self._show([player_actions.info_notice(f"Started in {self.session.state}.")])
            return
        if not (isinstance(document, dict) and document.get("format") == FORMAT):
            raise WorldError(f'expected a saved run or position, with "format" {FORMAT!r} or {POSITION_FORMAT!r}')
        try:
            with TimeLimit(OPEN_SECONDS).counting():
                session = replay_instead(self.session, self.session.first_world, Trace.from_dict(document))
        except TimeUp:
            text = f"this run takes more than {OPEN_SECONDS:g} s to be replayed; wk.play(world, trace=...) opens it"
            raise WorldError(text) from None
        self.go_on_in(session, f"The saved run is in {session.state}.")

    def go_on_in(self, session: Session, notice: str) -> None:
        """Let the session stand where another one does, with the seed and the mode of that one; undo leads back.

        Whoever holds the session, such as its handlers, plays on in it.

        Args:
            session: The other session.
            notice: What to tell the player.

        Example:
            >>> player = wk.play(world)
            >>> player.go_on_in(wk.Session(world, at={"state": "bench"}), "The lane is behind you.")
            >>> player.session.state, player.session.undo().state
            ('bench', 'lane')
        """
        run = run_of(self.session)
        run.take_over(run_of(session), can_undo=True)
        run.mode, self.session.seed = session.mode, session.seed
        self._driver = None
        self._show([player_actions.info_notice(notice)])

    def _show_safely(self) -> None:
        try:
            self._show(())
        except Exception:
            log.exception("the player cannot show its session")


class Blocked(WorldError):
    """The world has rule errors, and the player has not insisted."""
