"""``Stage``: an embedded player's run between two messages. The page keeps it, sealed; the server only replays it.

So any process answers any message. A run that was answered here lately is kept at hand and not replayed.
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
from worldkit.server.problems import Refusal
from worldkit.server.tokens import Claims, Tokens
from worldkit.widgets import parsing
from worldkit.widgets.player_controller import Desk
from worldkit.widgets.protocol import About, Act, Address, Echo
from worldkit.world import World

AT_HAND = 64
TESTING = frozenset({"grant", "revoke", "variant", "observe", "begin", "open"})
"""What a tester does to a run, and a player must not: no ending is reached by hand in a live world."""
LARGEST = 400_000
"""Characters of a sealed run; a longer one has to be begun again."""


class Stage(Desk):
    """The desk of one embedded player.

    Args:
        session: Its run.
        blocked: Rule errors that keep the world from being played.
        driver: Which view drives the clock.
        serial: How many views went out.
        live: Whoever plays may not change the run by hand.
    """

    def __init__(
        self, session: Session, blocked: Diagnostics, driver: Echo = None, serial: int = 0, live: bool = False
    ) -> None:
        self.view: Json | None = None
        self.sent: list[Json] = []
        self._open_desk(session, blocked)
        self._driver, self._serial, self._tools = driver, serial, not live

    def send(self, content: Any) -> None:
        """Keep a message for the answer."""
        self.sent.append(content)

    def _answer(self, content: Any, to: Address) -> Json:
        request = parsing.read_player(content)
        if not self._tools and (isinstance(request, About) or (isinstance(request, Act) and request.action in TESTING)):
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

    def begin_again(self, why: str) -> None:
        """Show the run from its start, and say why."""
        self._show([{"kind": "info", "text": why}])

    def kept(self, rev: str) -> Json:
        """Return everything another process needs to go on."""
        return {
            "rev": rev,
            "trace": self.session.trace.to_dict(),
            "anyway": not self._blocked,
            "driver": self._driver,
            "serial": self._serial,
        }


@dataclass(slots=True)
class Stages:
    """The stages of a server.

    Attributes:
        tokens: Seals and unseals runs.
    """

    tokens: Tokens
    _hand: OrderedDict[str, Stage] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, claims: Claims, world: World, rev: str, run: str | None, message: Any) -> Json:
        """Answer one message of a page.

        Args:
            claims: What its token says.
            world: The world as it stands.
            rev: Its revision.
            run: The run the page holds, None at the start.
            message: The message, None at the start.

        Returns:
            ``view`` when it changed, ``messages``, and ``run`` to be handed back with the next message.
        """
        stage, why = self._stage(claims, world, rev, run)
        made = stage.answer(message)
        if why is not None:
            stage.begin_again(why)
            made["view"] = stage.view
        sealed = self.tokens.seal(claims, stage.kept(rev))
        if len(sealed) > LARGEST:
            raise Refusal(413, "this run is too long to go on; load the page again to begin another")
        with self._lock:
            self._hand[_name(claims, sealed)] = stage
            while len(self._hand) > AT_HAND:
                self._hand.popitem(last=False)
        return {**made, "run": sealed}

    def _stage(self, claims: Claims, world: World, rev: str, run: str | None) -> tuple[Stage, str | None]:
        live = claims.mode == "live"
        if run is None:
            return _fresh(world, live), None
        kept = self.tokens.unseal(claims, run)
        with self._lock:
            held = self._hand.pop(_name(claims, run), None)
        if held is not None and kept["rev"] == rev:
            return held, None
        try:
            session = replay(world, kept["trace"])
        except TraceError:
            return _fresh(world, live), "The world was changed, and the run no longer holds in it: it begins again."
        blocked = Diagnostics() if kept["anyway"] else world.lint().errors
        return Stage(session, blocked, kept["driver"], kept["serial"], live), None


def _fresh(world: World, live: bool) -> Stage:
    try:
        return Stage(Session(world), world.lint().errors, live=live)
    except InvalidWorld as error:
        raise Refusal(422, f"this world cannot be played: {error.problems[0]}") from None
    except WorldError as error:
        raise Refusal(422, f"this world cannot be played: {error}") from None


def _name(claims: Claims, run: str) -> str:
    return sha256(f"{claims.jti}\0{run}".encode()).hexdigest()
