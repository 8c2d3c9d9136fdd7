"""``EmbeddedSession``: answers the messages of an embedded player.

Between two messages the page holds the run, signed by the server, so that any process can answer any message by
replaying it. Recent sessions are cached in memory and need no replay.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import InvalidWorld, WorldError
from worldkit.core.json_values import Json
from worldkit.playing import Session, TraceError, replay
from worldkit.ruleset.play_gate import play_blockers
from worldkit.server.problems import Refusal
from worldkit.server.tokens import Claims, Tokens
from worldkit.widgets import parsing
from worldkit.widgets.player_controller import PlayerController
from worldkit.widgets.protocol import About, Act, Address, Echo
from worldkit.world import World

MAX_CACHED = 64
TESTER_ACTIONS = frozenset({"grant", "revoke", "variant", "observe", "begin", "open"})
"""Actions for testers, refused in a live world: a player must not reach an ending by setting flags."""
MAX_SEALED_RUN = 400_000
"""Most characters of a sealed run; a longer run has to be restarted."""


class EmbeddedSession(PlayerController):
    """The controller of one embedded player.

    Args:
        session: The play session.
        blocked: Rule errors because of which the world cannot be played.
        driver: The view that drives the clock.
        serial: Number of views sent.
        live: Whether tester actions are refused.
    """

    def __init__(
        self, session: Session, blocked: Diagnostics, driver: Echo = None, serial: int = 0, live: bool = False
    ) -> None:
        self.view: Json | None = None
        self.sent: list[Json] = []
        self._init_controller(session, blocked)
        self._driver, self._serial, self._tools_allowed = driver, serial, not live

    def send(self, content: Any) -> None:
        """Collect a message for the answer."""
        self.sent.append(content)

    def _answer(self, content: Any, to: Address) -> Json:
        request = parsing.read_player(content)
        if not self._tools_allowed and (
            isinstance(request, About) or (isinstance(request, Act) and request.action in TESTER_ACTIONS)
        ):
            raise WorldError("the tester's tools are there for tokens of a test key; this one is live")
        return super()._answer(content, to)

    def answer(self, message: Any) -> Json:
        """Answer one message of the page; None asks for the first view."""
        self.view, self.sent = None, []
        if message is None:
            self._show(())
        else:
            self._receive(None, message)
        return {"view": self.view, "messages": self.sent}

    def restart(self, reason: str) -> None:
        """Show the run from its start, with a notice why."""
        self._show([{"kind": "info", "text": reason}])

    def snapshot(self, rev: str) -> Json:
        """Return everything that another process needs to continue the run."""
        return {
            "rev": rev,
            "trace": self.session.trace.to_dict(),
            "anyway": not self._blocked,
            "driver": self._driver,
            "serial": self._serial,
        }


@dataclass(slots=True)
class EmbeddedSessions:
    """The embedded sessions of a server, the most recent ones cached.

    Attributes:
        tokens: Signs and verifies runs.
    """

    tokens: Tokens
    _cache: OrderedDict[str, EmbeddedSession] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, claims: Claims, world: World, rev: str, run: str | None, message: Any) -> Json:
        """Answer one message of a page.

        Args:
            claims: The claims of its token.
            world: The current world.
            rev: The revision of the world.
            run: The run that the page holds, None at the start.
            message: The message, None at the start.

        Returns:
            ``view`` when it changed, ``messages``, and ``run``, which the page returns with the next message.
        """
        player, reason = self._session(claims, world, rev, run)
        result = player.answer(message)
        if reason is not None:
            player.restart(reason)
            result["view"] = player.view
        sealed = self.tokens.seal(claims, player.snapshot(rev))
        if len(sealed) > MAX_SEALED_RUN:
            raise Refusal(413, "this run is too long to go on; load the page again to begin another")
        with self._lock:
            self._cache[_cache_key(claims, sealed)] = player
            while len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        return {**result, "run": sealed}

    def _session(self, claims: Claims, world: World, rev: str, run: str | None) -> tuple[EmbeddedSession, str | None]:
        live = claims.mode == "live"
        if run is None:
            return _new_session(world, live), None
        state = self.tokens.unseal(claims, run)
        with self._lock:
            cached = self._cache.pop(_cache_key(claims, run), None)
        if cached is not None and state["rev"] == rev:
            return cached, None
        try:
            session = replay(world, state["trace"])
        except TraceError:
            return _new_session(
                world, live
            ), "The world was changed, and the run no longer holds in it: it begins again."
        blocked = Diagnostics() if state["anyway"] else play_blockers(world)
        return EmbeddedSession(session, blocked, state["driver"], state["serial"], live), None


def _new_session(world: World, live: bool) -> EmbeddedSession:
    try:
        return EmbeddedSession(Session(world), play_blockers(world), live=live)
    except InvalidWorld as error:
        raise Refusal(422, f"this world cannot be played: {error.problems[0]}") from None
    except WorldError as error:
        raise Refusal(422, f"this world cannot be played: {error}") from None


def _cache_key(claims: Claims, run: str) -> str:
    return sha256(f"{claims.jti}\0{run}".encode()).hexdigest()
