"""``WebSocketPainter``: a world model that speaks protocol 1, however often its connection is lost."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core.errors import MissingExtra, PainterRefused
from worldkit.painting.controls import commands_between
from worldkit.painting.painter import Capabilities, Frame, PromptKind
from worldkit.painting.websocket.address import websocket_address
from worldkit.painting.websocket.messages import (
    HELLO_SECONDS,
    MAX_MESSAGE_BYTES,
    Announced,
    Ended,
    Problem,
    Unreadable,
    hello,
    read_binary,
    read_text,
)
from worldkit.painting.websocket.reconnects import FINISHED, REFUSED, Reconnects

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

OPEN_SECONDS = 8.0
BROKEN = 1006

Status = Literal["closed", "connecting", "open", "reconnecting", "ended", "refused", "lost"]


class WebSocketPainter:
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
        try:
            import websockets.asyncio.client
        except ImportError:
            raise MissingExtra("a painter over WebSocket", "live", "websockets") from None
        self._connect: Any = websockets.asyncio.client.connect
        self._address = websocket_address(url, key)
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._frame: Frame | None = None
        self._changed = asyncio.Event()
        self._received_capabilities = asyncio.Event()
        self._start: dict[str, Any] = {}
        self._last_state: dict[str, Any] | None = None
        self._held: frozenset[str] = frozenset()
        self._reconnects = Reconnects()
        self.capabilities = Capabilities()
        self.status: Status = "closed"
        self.detail = ""
        self.problems: deque[str] = deque(maxlen=50)

    def __repr__(self) -> str:
        return f"WebSocketPainter({self._address.shown!r}, {self.status})"

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        """Connect, say hello, and begin to draw.

        Args:
            prompt: The prompt of the state that play begins in.
            image: The address of a picture to begin from.
            world: The world's name or id.

        Raises:
            PainterRefused: It cannot be reached within 8 s, or turned us away.
        """
        self._start = {"type": "start", "worldId": world, "prompt": prompt}
        if image:
            self._start["firstFrameUrl"] = image
        self.status = "connecting"
        try:
            await self._open_socket()
            reader = asyncio.create_task(self._read_until_closed())
            await self._greet(reader)
            await self._send({**self._start, "resume": False})
        except self._errors() as error:
            self.status, self.detail = "refused", _reason(error)
            await self._drop_socket()
            raise PainterRefused(f"no world model answers at {self._address.shown}: {self.detail}") from None
        self.status = "open"
        self._task = asyncio.create_task(self._keep_open(reader))
        return self.capabilities

    async def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Send a prompt, if the server follows prompts; of the states, the newest is sent again after a reconnect."""
        message = {"type": "event", "kind": kind, "value": prompt, **({"stateId": state} if state else {})}
        if kind == "state":
            self._last_state = message
        if self.capabilities.prompt:
            await self._try_to_send(message)

    async def hold(self, controls: Collection[str]) -> None:
        """Send what changes in the controls held, if the server follows controls."""
        commands = commands_between(self._held, controls)
        self._held = frozenset(controls)
        if self.capabilities.hold or self.capabilities.prompt:
            for command in commands:
                await self._try_to_send({"type": "event", "kind": "command", "value": command})

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield pictures, the newest of those that came; ends when the painter is closed, refused or lost for good."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            frame, self._frame = self._frame, None
            if frame is not None:
                yield frame
            elif self.status not in ("connecting", "open", "reconnecting"):
                self._changed.set()  # whoever else waits shall see it too
                return

    async def close(self) -> None:
        """Say goodbye and close; may be called more than once."""
        if self.status not in ("ended", "refused", "lost"):
            self.status = "closed"
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._try_to_send({"type": "bye"})
        await self._drop_socket()
        self._changed.set()

    async def send_raw(self, text: str) -> None:
        """Send a text as it is, for checking how a server takes it."""
        if self._socket is not None:
            with suppress(*self._errors()):
                await self._socket.send(text)

    # ---- the connection ------------------------------------------------------------------------

    async def _open_socket(self) -> None:
        self._socket = await self._connect(
            self._address.full,
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
            max_size=MAX_MESSAGE_BYTES,
            max_queue=2,
            compression=None,
            proxy=None,
        )
        self._received_capabilities.clear()

    async def _greet(self, reader: asyncio.Task[int]) -> None:
        """Say hello and wait for the capabilities; without an answer none are assumed."""
        assert self._socket is not None
        await self._socket.send(hello())
        answer = asyncio.create_task(self._received_capabilities.wait())
        await asyncio.wait({answer, reader}, timeout=HELLO_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        answer.cancel()
        if reader.done():
            raise EOFError(self._words_of_close(reader.result()))
        if not self._received_capabilities.is_set():
            self.capabilities = Capabilities(streaming=self._frame is not None, inferred=True)

    async def _read_until_closed(self) -> int:
        """Take messages until the connection ends; return the code that it was closed with."""
        socket, announced = self._socket, None
        assert socket is not None
        try:
            async for data in socket:
                self._reconnects = self._reconnects.after_message()
                if isinstance(data, str):
                    announced = self._take_text(data)
                    if self.status == "ended":
                        return FINISHED
                else:
                    picture = read_binary(data, announced)
                    announced = None
                    self._take_picture(picture)
        except self._errors():
            pass
        return socket.close_code if socket.close_code is not None else BROKEN

    def _take_text(self, text: str) -> Announced | None:
        message = read_text(text, self._address.host)
        match message:
            case Announced():
                return message
            case Capabilities():
                self.capabilities = message
                self._received_capabilities.set()
            case Frame() | Unreadable():
                self._take_picture(message)
            case Ended(reason=reason):
                self.status, self.detail = "ended", reason
            case Problem(message=words):
                self.problems.append(words)
            case None:
                pass
        return None

    def _take_picture(self, picture: Frame | Unreadable) -> None:
        if isinstance(picture, Unreadable):
            self.problems.append(picture.reason)
            return
        if self.capabilities.inferred and not self.capabilities.streaming:
            self.capabilities = replace(self.capabilities, streaming=True)
        self._frame = picture
        self._changed.set()

    async def _keep_open(self, reader: asyncio.Task[int]) -> None:
        """Connect again whenever the connection is lost, as often as the protocol allows."""
        try:
            while True:
                code = await reader
                if self.status == "ended":
                    break
                next_reader = await self._connect_again(code)
                if next_reader is None:
                    break
                reader = next_reader
        finally:
            reader.cancel()
            await self._drop_socket()
            self._changed.set()

    async def _connect_again(self, code: int) -> asyncio.Task[int] | None:
        await self._drop_socket()
        while (seconds := self._reconnects.wait_after(code, random.random())) is not None:
            self.status, self.detail = "reconnecting", self._words_of_close(code)
            await asyncio.sleep(seconds)
            self._reconnects = self._reconnects.after_try()
            reader: asyncio.Task[int] | None = None
            try:
                await self._open_socket()
                reader = asyncio.create_task(self._read_until_closed())
                await self._greet(reader)
                await self._send({**self._start, "resume": True})
                if self._last_state is not None and self.capabilities.prompt:
                    await self._send(self._last_state)
                for command in commands_between((), self._held) if self.capabilities.hold else ():
                    await self._send({"type": "event", "kind": "command", "value": command})
            except self._errors():
                code = reader.result() if reader is not None and reader.done() else BROKEN
                await self._drop_socket()
                continue
            self.status, self.detail = "open", ""
            return reader
        self.status = "refused" if code in REFUSED else "ended" if code == FINISHED else "lost"
        self.detail = self._words_of_close(code)
        return None

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    async def _try_to_send(self, message: dict[str, Any]) -> None:
        """Send, unless there is no connection now: what matters is said again when there is one."""
        if self._socket is not None:
            with suppress(*self._errors()):
                await self._send(message)

    async def _drop_socket(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(*self._errors()):
                await socket.close()

    @staticmethod
    def _errors() -> tuple[type[Exception], ...]:
        from websockets.exceptions import WebSocketException

        return (OSError, TimeoutError, EOFError, WebSocketException)

    @staticmethod
    def _words_of_close(code: int) -> str:
        if code in REFUSED:
            return f"it turned the connection away (code {code}); a key may be missing or wrong"
        return "the run is over" if code == FINISHED else f"the connection was lost (code {code})"


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return f"it did not answer within {OPEN_SECONDS:g} s"
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__
