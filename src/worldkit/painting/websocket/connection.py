"""``SocketPainter``: what world models over one WebSocket have in common, however often the connection is lost."""

from __future__ import annotations

import asyncio
import json
from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from worldkit.core.restorable import Restorable
from worldkit.model_access.secret_texts import without_secrets
from worldkit.painting.looks import is_small_enough
from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.reconnects import ABNORMAL_CLOSE_CODE, NORMAL_CLOSE_CODE, REFUSAL_CLOSE_CODES
from worldkit.painting.remote_painter import RemotePainter, Status
from worldkit.painting.websocket.address import websocket_address
from worldkit.painting.websocket.messages import UnreadableMessage
from worldkit.painting.websocket.opening import OPEN_SECONDS, check_installed, connection_to

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

GOODBYE_SECONDS = 1.0


class _Closed(Restorable, EOFError):
    """The server closed the connection before the session had begun."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


class SocketPainter(RemotePainter):
    """Keeps one WebSocket open, and the newest picture that came through it.

    A dialect says how a session begins, what a message means, and how it says goodbye.

    Args:
        url: The address.
        key: Its key.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        check_installed()
        super().__init__()
        self._address = websocket_address(url, key)
        self._socket: ClientConnection | None = None
        self._frame: Frame | None = None

    def _set_capabilities(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities

    @property
    def shown(self) -> str:
        """The address without its query, which may hold a key."""
        return self._address.safe_url

    @abstractmethod
    async def _begin(self, reader: asyncio.Task[int], resume: bool) -> None:
        """Begin a session on a connection that has just been opened; ``resume`` after one that was lost."""

    @abstractmethod
    def _take(self, data: str | bytes) -> None:
        """Take one message."""

    @abstractmethod
    def _goodbye(self) -> dict[str, Any]:
        """Return the message that ends a session."""

    def _meaning_of(self, close_code: int) -> int:
        """Return the code that decides what happens after the connection was closed with this one."""
        return close_code

    async def _next_frame(self) -> Frame | None:
        frame, self._frame = self._frame, None
        return frame

    async def _say_goodbye(self) -> None:
        with suppress(TimeoutError):  # a server that reads nothing is not waited for
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._try_to_send(self._goodbye())

    async def send_raw(self, text: str) -> None:
        """Send a text as it is, for checking how a server takes it.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.send_raw('{"type": "dance"}')
            >>> await anext(painter.frames())
            Frame of ... bytes, image/jpeg
            >>> await painter.close()
        """
        if self._socket is not None:
            with suppress(*self._errors()):
                await self._socket.send(text)

    # ---- the connection ------------------------------------------------------------------------

    async def _open(self) -> None:
        """Connect and begin.

        Raises:
            PainterRefused: It cannot be reached within 8 s, or refused the connection.
        """
        self._frame = None
        self._set_status("connecting")
        try:
            reader = await self._connect_and_begin(resume=False)
        except self._errors() as error:
            raise await self._refuse(self._reason(error)) from None
        if self.status == "connecting":  # the run may have ended already
            self._set_status("open")
        self._task = asyncio.create_task(self._keep_open(reader))

    async def _connect_and_begin(self, resume: bool) -> asyncio.Task[int]:
        """Return the task that reads what comes; it ends with the connection.

        Raises:
            _Closed: The server closed the connection before the session had begun.
        """
        socket = self._socket = await connection_to(self._address)
        reader = asyncio.create_task(self._read_until_closed(socket))
        try:
            await self._begin(reader, resume)
        except self._errors():
            if socket.close_code is None:
                raise
            code = await reader
            raise _Closed(self._words_of_close(code), code) from None
        return reader

    async def _wait_for(self, event: asyncio.Event, reader: asyncio.Task[int], seconds: float) -> bool:
        """Return whether something came in time.

        Raises:
            _Closed: The connection was closed instead.
        """
        answer = asyncio.create_task(event.wait())
        await asyncio.wait({answer, reader}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        answer.cancel()
        if reader.done():
            raise _Closed(self._words_of_close(reader.result()), reader.result())
        return event.is_set()

    async def _read_until_closed(self, socket: ClientConnection) -> int:
        """Take messages until the connection ends; return the code that it was closed with."""
        try:
            async for data in socket:
                self._reconnects = self._reconnects.after_message()
                # a server may quote the key, and what it says is shown
                self._take(without_secrets(data, self._address.secrets) if isinstance(data, str) else data)
                if self.status == "ended":
                    return NORMAL_CLOSE_CODE
        except self._errors():
            pass
        return self._meaning_of(socket.close_code if socket.close_code is not None else ABNORMAL_CLOSE_CODE)

    def _take_picture(self, picture: Frame | UnreadableMessage) -> None:
        if isinstance(picture, UnreadableMessage):
            self.problems.append(picture.reason)
            return
        if picture.data and not is_small_enough(picture):
            self.problems.append("a picture that is too large to be decoded")
            return
        self._frame = picture
        self._frame_changed.set()

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
            await self._disconnect()
            self._frame_changed.set()

    async def _connect_again(self, code: int) -> asyncio.Task[int] | None:
        await self._disconnect()
        while await self._wait_to_reconnect(code, self._words_of_close(code)):
            try:
                reader = await self._connect_and_begin(resume=True)
            except self._errors() as error:
                code = error.code if isinstance(error, _Closed) else ABNORMAL_CLOSE_CODE
                await self._disconnect()
                continue
            if self.status == "reconnecting":
                self._set_status("open")
            return reader
        status: Status = "refused" if code in REFUSAL_CLOSE_CODES else "ended" if code == NORMAL_CLOSE_CODE else "lost"
        self._set_status(status, self._words_of_close(code))
        return None

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    async def _try_to_send(self, message: dict[str, Any]) -> None:
        """Send, unless there is no connection now: what matters is said again when there is one."""
        if self._socket is not None:
            with suppress(*self._errors()):
                await self._send(message)

    async def _disconnect(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(*self._errors()):
                await socket.close()

    @staticmethod
    def _errors() -> tuple[type[Exception], ...]:
        from websockets.exceptions import WebSocketException

        return (OSError, TimeoutError, EOFError, WebSocketException)

    def _words_of_close(self, code: int) -> str:
        if self.status == "ended" and self.detail:
            return self.detail  # the server said why
        if code in REFUSAL_CLOSE_CODES:
            return f"it refused the connection (code {code}); a key may be missing or wrong"
        return "the run is over" if code == NORMAL_CLOSE_CODE else f"the connection was lost (code {code})"

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, TimeoutError) and not str(error):
            return f"it did not answer within {OPEN_SECONDS:g} s"
        return self._address.describe(error)
