"""``WebSocketPainter``: a world model that speaks protocol 1."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.painting.controls import commands_between
from worldkit.painting.painter import Capabilities, Frame, PromptKind, require_prompt_kind
from worldkit.painting.websocket.connection import SocketPainter
from worldkit.painting.websocket.messages import (
    HELLO_SECONDS,
    Announced,
    Ended,
    ErrorMessage,
    UnreadableMessage,
    hello,
    read_binary,
    read_text,
)


@checked_methods
class WebSocketPainter(SocketPainter):
    """A world model behind a WebSocket (protocol 1).

    Pictures that nobody has fetched yet are replaced by newer ones, so a slow reader never fills memory.

    Args:
        url: ``ws://`` or ``wss://``.
        key: Sent in the query as ``key=``; shown nowhere.

    Raises:
        MissingExtra: The package ``websockets`` is missing.
        WorldError: The address cannot be used.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1

    Example:
        >>> wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
        WebSocketPainter('ws://127.0.0.1:8765', closed)
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        super().__init__(url, key)
        self._received_capabilities = asyncio.Event()
        self._announcement: Announced | None = None
        self._start: dict[str, Any] = {}
        self._last_state: dict[str, Any] | None = None

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        """Connect to the server, and begin to draw.

        Args:
            prompt: The prompt of the state that play begins in.
            image: The address of a picture to begin from.
            world: The world's name or id.

        Raises:
            PainterRefused: It cannot be reached within 8 s, or refused the connection.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base, world=world.name)
            >>> capabilities.prompt, capabilities.hold, painter.status
            (True, True, 'open')
            >>> await painter.close()
        """
        self._start, self._last_state = {"type": "start", "worldId": world, "prompt": prompt}, None
        if image:
            self._start["firstFrameUrl"] = image
        await self._open()
        return self.capabilities

    async def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Send a prompt, if the server follows prompts; of the states, the newest is sent again after a reconnect.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.say(world.states["bench"].base, kind="state", state="bench")
            >>> await painter.close()
        """
        require_prompt_kind(kind)
        message = {"type": "event", "kind": kind, "value": prompt, **({"stateId": state} if state else {})}
        if kind == "state":
            self._last_state = message
        if self.capabilities.prompt:
            await self._try_to_send(message)

    async def hold(self, controls: Collection[str]) -> None:
        """Send what changes in the controls held, if the server follows controls.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.hold({"forward", "left"})
            >>> await painter.hold(())
            >>> await painter.close()
        """
        commands = commands_between(self._held_controls, controls)
        self._held_controls = frozenset(controls)
        if self._takes_controls:
            for command in commands:
                await self._try_to_send({"type": "event", "kind": "command", "value": command})

    @property
    def _takes_controls(self) -> bool:
        return self.capabilities.hold or self.capabilities.prompt

    # ---- the dialect ---------------------------------------------------------------------------

    async def _begin(self, reader: asyncio.Task[int], resume: bool) -> None:
        """Say hello, wait for the capabilities (without an answer none are assumed), and start."""
        self._received_capabilities.clear()
        self._announcement = None
        await self._send(hello())
        if not await self._wait_for(self._received_capabilities, reader, HELLO_SECONDS):
            self._set_capabilities(Capabilities(streaming=self._frame is not None, inferred=True))
        await self._send({**self._start, "resume": resume})
        if self._last_state is not None and self.capabilities.prompt:
            await self._send(self._last_state)
        for command in commands_between((), self._held_controls) if self._takes_controls else ():
            await self._send({"type": "event", "kind": "command", "value": command})

    def _take(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            announcement, self._announcement = self._announcement, None
            self._take_picture(read_binary(data, announcement))
            return
        message = read_text(data, self._address.host)
        match message:
            case Announced():
                self._announcement = message
            case Capabilities():
                self._set_capabilities(message)
                self._received_capabilities.set()
            case Frame() | UnreadableMessage():
                self._announcement = None
                self._take_picture(message)
            case Ended(reason=reason):
                self._set_status("ended", reason)
            case ErrorMessage(message=words):
                self.problems.append(words)
            case None:
                pass

    def _take_picture(self, picture: Frame | UnreadableMessage) -> None:
        if isinstance(picture, Frame) and self.capabilities.inferred and not self.capabilities.streaming:
            self._set_capabilities(replace(self.capabilities, streaming=True))
        super()._take_picture(picture)

    def _goodbye(self) -> dict[str, Any]:
        return {"type": "bye"}
