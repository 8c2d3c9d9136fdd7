"""``MiraPainter``: a world model that speaks MIRA's dialect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from typing import Any

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.painting.mira.messages import KEYS, MAX_VIEWS, Header, Ready, keys_of, read_text, read_views
from worldkit.painting.painter import Capabilities, PromptKind, require_prompt_kind
from worldkit.painting.reconnects import ABNORMAL_CLOSE_CODE, REFUSAL_CLOSE_CODES
from worldkit.painting.websocket.connection import SocketPainter
from worldkit.painting.websocket.messages import Ended, ErrorMessage, UnreadableMessage

READY_SECONDS = 600.0
"""A model that wakes up loads and compiles for minutes before it is ready."""
RULES = {"match_seconds": 1200}
"""The longest session that MIRA grants."""


@checked_methods
class MiraPainter(SocketPainter):
    """A world model that speaks MIRA's dialect: keys held in, JPEGs out, over one WebSocket.

    MIRA follows keys and takes no prompts. A server that says ``promptableEvents`` in its ``meta`` is sent prompts too.
    After a lost connection the session begins anew, and with it the picture.

    Args:
        url: ``mira:ws://host:port/path``, or the same without ``mira:``.
        key: Sent in the query as ``key=``; shown nowhere.
        seat: Whose view is shown and whose keys are held, from 0.
        players: How many play.
        rules: Rules of the session, besides the longest duration.
        keys: The keys of controls, where they differ from MIRA's.

    Raises:
        MissingExtra: The package ``websockets`` is missing.
        WrongArgument: There is no such seat, or no message holds the rules.
        WorldError: The address cannot be used.

    Source:
        docs/painters.md#mira

    Example:
        >>> wk.painters.MiraPainter("mira:ws://127.0.0.1:8771/ws")
        MiraPainter('ws://127.0.0.1:8771/ws', closed)
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        seat: int = 0,
        players: int = 1,
        rules: Mapping[str, Any] | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(url.removeprefix("mira:"), key)
        expect_count(seat, "seat", 0, MAX_VIEWS - 1)
        expect_count(players, "players", maximum=MAX_VIEWS)
        self._rules = {**RULES, **(rules or {})}
        try:
            json.dumps(self._rules)
        except (TypeError, ValueError, RecursionError):
            raise refusal("rules", "values that JSON has", rules) from None
        self.seat = seat
        self.players: int = max(players, seat + 1)
        self.ready: Ready | None = None
        self._keys = {**KEYS, **(keys or {})}
        self._is_ready = asyncio.Event()
        self._refusal = ""
        self._header: Header | None = None
        self._sequence = 0
        self._world = ""
        self._last_prompt: dict[str, Any] = {}

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        """Connect, and begin a session; a model that is still loading is waited for, at most ten minutes.

        Args:
            prompt: The prompt of the state that play begins in; sent where the server takes prompts.
            image: Not used: MIRA begins from a clip of its own.
            world: The world's name or id.

        Raises:
            PainterRefused: It cannot be reached within 8 s, or refused the connection: it serves one session at a time.

        Example:
            >>> painter = wk.painters.MiraPainter("mira:ws://127.0.0.1:8771/ws")
            >>> capabilities = await painter.open(world.states["lane"].base, world=world.name)
            >>> capabilities.hold, await anext(painter.frames())
            (True, Frame of ... bytes, image/jpeg)
            >>> await painter.close()
        """
        self._world = world
        self._last_prompt = {"type": "prompt", "kind": "state", "value": prompt}
        await self._open()
        return self.capabilities

    async def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Send a prompt, if the server takes prompts; of the states, the newest is sent again after a reconnect.

        Example:
            >>> painter = wk.painters.MiraPainter("mira:ws://127.0.0.1:8771/ws")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.say(world.states["bench"].base, kind="state", state="bench")
            >>> await painter.close()
        """
        require_prompt_kind(kind)
        message = {"type": "prompt", "kind": kind, "value": prompt, **({"state": state} if state else {})}
        if kind == "state":
            self._last_prompt = message
        if self.capabilities.prompt:
            await self._try_to_send(message)

    async def hold(self, controls: Collection[str]) -> None:
        """Send the keys of the controls held, where they changed.

        Example:
            >>> painter = wk.painters.MiraPainter("mira:ws://127.0.0.1:8771/ws")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.hold({"forward", "left"})
            >>> await painter.hold(())
            >>> await painter.close()
        """
        before = keys_of(self._held_controls, self._keys)
        self._held_controls = frozenset(controls)
        if keys_of(self._held_controls, self._keys) != before:
            await self._try_to_send(self._actions())

    # ---- the dialect ---------------------------------------------------------------------------

    async def _begin(self, reader: asyncio.Task[int], resume: bool) -> None:
        self._is_ready.clear()
        self._header, self._refusal = None, ""
        rules = {"seat_modes": ["human"] * self.players, **self._rules}
        self._set_status(self.status, "the model is loading")
        await self._send({"type": "start", "room_id": self._world, "n_players": self.players, "rules": rules})
        if not await self._wait_for(self._is_ready, reader, READY_SECONDS):
            raise TimeoutError(f"the model was not ready within {READY_SECONDS:g} s")
        if self.capabilities.prompt:
            await self._send(self._last_prompt)
        await self._send(self._actions())

    def _take(self, data: str | bytes) -> None:
        header, self._header = self._header, None
        if isinstance(data, bytes):
            self._take_picture(read_views(data, header, self.seat))
            return
        message = read_text(data)
        match message:
            case Header():
                self._header = message
            case Ready(capabilities=capabilities):
                self.ready = message
                self._set_capabilities(capabilities)
                self._is_ready.set()
            case UnreadableMessage():
                self._take_picture(message)
            case Ended(reason=reason):
                self._set_status("ended", reason)
            case ErrorMessage(message=words):
                self.problems.append(words)
                if not self._is_ready.is_set():
                    self._refusal = words
            case None:
                pass

    def _meaning_of(self, close_code: int) -> int:
        # a server that is busy says so and closes with 1000: the next try may find it free
        return close_code if self._is_ready.is_set() or close_code in REFUSAL_CLOSE_CODES else ABNORMAL_CLOSE_CODE

    def _words_of_close(self, code: int) -> str:
        return self._refusal or super()._words_of_close(code)

    def _actions(self) -> dict[str, Any]:
        self._sequence += 1
        return {
            "type": "actions",
            "held": {str(self.seat): keys_of(self._held_controls, self._keys)},
            "seq": self._sequence,
        }

    def _goodbye(self) -> dict[str, Any]:
        return {"type": "stop"}
