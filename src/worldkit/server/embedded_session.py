"""``EmbeddedSession``: answers the messages of an embedded player.

Between two messages the page holds the run, signed by the server, so that any process can answer any message by
replaying it. Recent sessions are cached in memory and need no replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import InvalidWorld, WorldError
from worldkit.core.json_values import Json
from worldkit.core.recent_values import RecentValues
from worldkit.playing import Session, TraceError, replay
from worldkit.ruleset.play_gate import play_blockers
from worldkit.server.problems import Refusal
from worldkit.server.tokens import Claims, RunTooLong, Tokens
from worldkit.widgets import protocol
from worldkit.widgets.embedded_player import EmbeddedPlayer, EmbedTopic
from worldkit.widgets.protocol import Echo
from worldkit.world import World

MAX_CACHED = 64
MAX_SEALED_RUN_LENGTH = 400_000
"""Most characters of a sealed run; a longer run has to be restarted."""


class EmbeddedSession(EmbeddedPlayer):
    """The controller of one embedded player.

    Args:
        session: The play session.
        blockers: Rule errors because of which the world cannot be played.
        world: The world's id in the store.
        driver: The view that drives the clock.
        serial: Number of views sent.
        live: Whether tester actions are refused.
    """

    def __init__(
        self,
        session: Session,
        blockers: Diagnostics,
        world: str,
        driver: Echo = None,
        serial: int = 0,
        live: bool = False,
    ) -> None:
        self.view: Json | None = None
        self.sent_messages: list[Json] = []
        self.events: list[Json] = []
        self._world = world
        self._init_embedded(session, blockers, tools=not live)
        self._driver, self._serial = driver, serial

    def send(self, content: Any) -> None:
        """Collect a message for the answer."""
        self.sent_messages.append(content)

    def tell(self, topic: EmbedTopic, payload: Json) -> None:
        """Collect an event for the answer; the page posts it to its parent."""
        self.events.append({"type": topic, "payload": payload})

    def _world_id(self) -> str:
        return self._world

    def answer(self, message: Any) -> Json:
        """Answer one message of the page; None asks for the first view."""
        self.view, self.sent_messages, self.events = None, [], []
        if message is None:
            self._show(())
            self.tell_ready()
        else:
            self._receive(None, message)
        return {"view": self.view, "messages": self.sent_messages, "events": self.events}

    def restart(self, reason: str, before: str | None, message: Any) -> Json:
        """Show the run from its start, with a notice why, and answer the message that was meant for the lost run.

        Args:
            reason: Why.
            before: The state that the page was told of last.
            message: The message. An action is refused, as it was chosen in another position.
        """
        if isinstance(message, Mapping) and message.get("type") == "act":
            refusal = protocol.rejected(protocol.address(message), "op", "this was not done: the run begins again")
            self.sent_messages, self.events = [refusal], []
        else:
            self.answer(message)
        self._show([{"kind": "info", "text": reason}])
        self.tell("state", {"state": self.session.state, "from": before, "event": None})
        return {"view": self.view, "messages": self.sent_messages, "events": self.events}

    def snapshot(self, rev: str) -> Json:
        """Return everything that another process needs to continue the run."""
        return {
            "rev": rev,
            "trace": self.session.trace.to_dict(),
            "state": self.session.state,
            "anyway": not self._blockers,
            "driver": self._driver,
            "serial": self._serial,
        }


@dataclass(frozen=True, slots=True)
class LostRun:
    """A run that no longer holds in its world; ``state`` is where it stood."""

    state: str | None


@dataclass(slots=True)
class EmbeddedSessions:
    """The embedded sessions of a server, the most recent ones cached.

    Attributes:
        tokens: Signs and verifies runs.
    """

    tokens: Tokens
    _cache: RecentValues[str, EmbeddedSession] = field(default_factory=lambda: RecentValues(MAX_CACHED))

    def answer(self, claims: Claims, world: World, rev: str, run: str | None, message: Any) -> Json:
        """Answer one message of a page.

        Args:
            claims: The claims of its token.
            world: The current world.
            rev: The revision of the world.
            run: The run that the page holds, None at the start.
            message: The message, None at the start.

        Returns:
            ``view`` when it changed, ``messages``, ``events`` to tell the parent, and ``run``, which the page returns
            with the next message.
        """
        player, invalid_run = self._session(claims, world, rev, run)
        if invalid_run is None:
            result = player.answer(message)
        else:
            reason = "The world was changed, and the run no longer holds in it: it begins again."
            result = player.restart(reason, invalid_run.state, message)
        try:
            sealed_run = self.tokens.seal(claims, player.snapshot(rev))
        except RunTooLong:
            sealed_run = None
        if sealed_run is None or len(sealed_run) > MAX_SEALED_RUN_LENGTH:
            raise Refusal(413, "this run is too long to go on; load the page again to begin another")
        self._cache.put(_cache_key(claims, sealed_run), player)
        return {**result, "run": sealed_run}

    def _session(
        self, claims: Claims, world: World, rev: str, run: str | None
    ) -> tuple[EmbeddedSession, LostRun | None]:
        """Return the session of a run; and the run, where the world has changed so that it no longer holds."""
        live = claims.mode == "live"
        if run is None:
            return _new_session(world, claims.world, live), None
        state = self.tokens.unseal(claims, run)
        cached_player = self._cache.pop(_cache_key(claims, run))
        if cached_player is not None and state["rev"] == rev:
            return cached_player, None
        try:
            session = replay(world, state["trace"])
        except TraceError:
            return _new_session(world, claims.world, live), LostRun(state.get("state"))
        blockers = Diagnostics() if state["anyway"] else play_blockers(world)
        return EmbeddedSession(session, blockers, claims.world, state["driver"], state["serial"], live), None


def _new_session(world: World, id: str, live: bool) -> EmbeddedSession:
    try:
        return EmbeddedSession(Session(world), play_blockers(world), id, live=live)
    except InvalidWorld as error:
        raise Refusal(422, f"this world cannot be played: {error.problems[0]}") from None
    except WorldError as error:
        raise Refusal(422, f"this world cannot be played: {error}") from None


def _cache_key(claims: Claims, run: str) -> str:
    return sha256(f"{claims.jti}\0{run}".encode()).hexdigest()
