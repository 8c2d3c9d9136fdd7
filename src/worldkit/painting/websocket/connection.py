"""``SocketPainter``: what world models over one WebSocket have in common, however often the connection is lost."""

from __future__ import annotations

import asyncio
import json
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core.errors import MissingExtra, PainterRefused
from worldkit.painting.looks import is_small_enough
from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.websocket.address import websocket_address
from worldkit.painting.websocket.messages import MAX_MESSAGE_BYTES, Unreadable
from worldkit.painting.websocket.reconnects import FINISHED, REFUSED, Reconnects

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

OPEN_SECONDS = 8.0
GOODBYE_SECONDS = 1.0
BROKEN = 1006

Status = Literal["closed", "connecting", "open", "reconnecting", "ended", "refused", "lost"]


class _Closed(EOFError):
    """The server closed the connection before the session had begun."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


class SocketPainter(ABC):
    """Keeps one WebSocket open, and the newest picture that came through it.

    A dialect says how a session begins, what a message means, and how it says goodbye.

    Attributes:
        capabilities: What the model can do, as it says.
        status: How the connection fares.
        detail: Why, in words.
        problems: What could not be read, and what the server reported; the newest 50.
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
        self._held: frozenset[str] = frozenset()
        self._reconnects = Reconnects()
        self.capabilities: Capabilities = Capabilities()
        self.status: Status = "closed"
        self.detail: str = ""
        self.problems: deque[str] = deque(maxlen=50)

    def _set_status(self, status: Status, detail: str) -> None:
        self.status, self.detail = status, detail

    def _set_capabilities(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.shown!r}, {self.status})"

    @property
    def shown(self) -> str:
        """The address without its query, which may hold a key."""
        return self._address.shown

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
        with suppress(TimeoutError):  # a server that reads nothing is not waited for
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._try_to_send(self._goodbye())
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._drop_socket()
        self._changed.set()

    async def send_raw(self, text: str) -> None:
        """Send a text as it is, for checking how a server takes it."""
        if self._socket is not None:
            with suppress(*self._errors()):
                await self._socket.send(text)

    # ---- the connection ------------------------------------------------------------------------

    async def _open(self) -> None:
        """Connect and begin.

        Raises:
            PainterRefused: It cannot be reached within 8 s, or turned us away.
        """
        self.status = "connecting"
        try:
            reader = await self._connect_and_begin(resume=False)
        except self._errors() as error:
            self.status, self.detail = "refused", self._reason(error)
            await self._drop_socket()
            self._changed.set()
            raise PainterRefused(f"no world model answers at {self._address.shown}: {self.detail}") from None
        if self.status == "connecting":  # the run may have ended already
            self.status, self.detail = "open", ""
        self._task = asyncio.create_task(self._keep_open(reader))

    async def _connect_and_begin(self, resume: bool) -> asyncio.Task[int]:
        """Return the task that reads what comes; it ends with the connection.

        Raises:
            _Closed: The server closed the connection before the session had begun.
        """
        socket = self._socket = await self._open_socket()
        reader = asyncio.create_task(self._read_until_closed(socket))
        try:
            await self._begin(reader, resume)
        except self._errors():
            if socket.close_code is None:
                raise
            code = await reader
            raise _Closed(self._words_of_close(code), code) from None
        return reader

    async def _open_socket(self) -> ClientConnection:
        connection: ClientConnection = await self._connect(
            self._address.full,
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
            max_size=MAX_MESSAGE_BYTES,
            max_queue=2,
            compression=None,
            proxy=None,
        )
        return connection

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
                self._take(data)
                if self.status == "ended":
                    return FINISHED
        except self._errors():
            pass
        return self._meaning_of(socket.close_code if socket.close_code is not None else BROKEN)

    def _take_picture(self, picture: Frame | Unreadable) -> None:
        if isinstance(picture, Unreadable):
            self.problems.append(picture.reason)
            return
        if picture.data and not is_small_enough(picture):
            self.problems.append("a picture that is too large to be decoded")
            return
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
            try:
                reader = await self._connect_and_begin(resume=True)
            except self._errors() as error:
                code = error.code if isinstance(error, _Closed) else BROKEN
                await self._drop_socket()
                continue
            if self.status == "reconnecting":
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

    def _words_of_close(self, code: int) -> str:
        if code in REFUSED:
            return f"it turned the connection away (code {code}); a key may be missing or wrong"
        return "the run is over" if code == FINISHED else f"the connection was lost (code {code})"

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, TimeoutError) and not str(error):
            return f"it did not answer within {OPEN_SECONDS:g} s"
        return self._address.describe(error)
