"""``ReactorPainter``: a world model that Reactor serves."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import MissingExtra, PainterRefused, WorldError
from worldkit.model_access.secret_texts import secret_texts, without_secrets
from worldkit.painting.controls import AXES
from worldkit.painting.looks import MAX_PIXELS
from worldkit.painting.painter import Capabilities, Frame, PromptKind, require_prompt_kind
from worldkit.painting.reactor.address import reactor_address
from worldkit.painting.reactor.commands import Command, commands_of, values_between, values_held
from worldkit.painting.reactor.conversions import data_of, jpeg_of, note_of, words_of
from worldkit.painting.reconnects import ABNORMAL_CLOSE_CODE
from worldkit.painting.remote_painter import RemotePainter
from worldkit.painting.websocket.messages import plain_text

if TYPE_CHECKING:
    from reactor_sdk import Reactor

OPEN_SECONDS = 600.0
"""A model of a coordinator may be waited for in line."""
COMMAND_SECONDS = 20.0
"""A command is acknowledged between two steps of a model, and a step may be slow."""
BUSY_SECONDS = 3.0
"""A runtime takes a moment to end a session."""
CLOSE_SECONDS = 2.0

_abandoned_clients: list[Reactor] = []
"""Clients whose connection did not end in order, kept until the process ends.

To destroy such a client can end the whole process with a segmentation fault (reactor-sdk 1.13, in ``reactor_destroy``,
about once in fifty runtimes that were killed).
"""

Waiting = Callable[[int, int], None]
Token = str | Callable[[Waiting], str | Awaitable[str]]


@checked_methods
class ReactorPainter(RemotePainter):
    """A world model that Reactor serves: an HTTP session, video over WebRTC, and typed commands.

    Which command takes prompts, pictures and controls is read from the model's own schema. Of pictures that nobody has
    fetched yet only the newest is kept. A lost connection is opened again: the session, where it still runs, else a new
    one.

    Args:
        url: ``reactor:http://host:port`` for a runtime of one's own, ``reactor:https://host/owner/model`` for a model
            of a coordinator.
        key: An API key of the coordinator; exchanged for a token of this model, and shown nowhere.
        token: A token instead of a key, or a function that returns one. It is called before each connection, outside
            the loop, with a function that takes the place in line and the length of the line. That function raises
            ``PainterRefused`` once the painter is closed.
        commands: Commands to use instead of those that the schema suggests, by what they are for; None for none.
        track: The video track to show; the first without it.

    Raises:
        MissingExtra: The package ``reactor-sdk`` is missing.
        WorldError: The address cannot be used.

    Source:
        docs/painters.md#reactor

    Example:
        >>> wk.painters.ReactorPainter("reactor:http://127.0.0.1:8080")
        ReactorPainter('http://127.0.0.1:8080', closed)
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        token: Token | None = None,
        commands: Mapping[str, Command | None] | None = None,
        track: str = "",
    ) -> None:
        try:
            import PIL  # noqa: F401
            import reactor_sdk
        except ImportError:
            raise MissingExtra("a painter that Reactor serves", "reactor", "reactor-sdk and pillow") from None
        super().__init__()
        self._sdk = reactor_sdk
        self._address = reactor_address(url, bool(key or token))
        self._key, self._token = key, token
        self._overrides = dict(commands or {})
        commands_of({}, self._overrides)  # refuses an override for nothing that is known
        self._last_token: str | None = None
        self._track = track
        self._reactor: Reactor | None = None
        self._is_connecting = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._disconnect_event = asyncio.Event()
        self._pixels: tuple[bytes, int, int] | None = None
        self._prompt = self._image = ""
        self.commands: dict[str, Command] = {}

    @property
    def shown(self) -> str:
        """The address, without a key or token."""
        return self._address.shown

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        """Begin a session: wait in line where there is one, then send the picture, the prompt and the start.

        Args:
            prompt: The prompt of the state that play begins in.
            image: The picture to begin from, as a ``data:`` URL; a picture at an address is not fetched.
            world: Not used.

        Raises:
            PainterRefused: It cannot be reached, refused the connection, or serves somebody else.
        """
        self._loop = asyncio.get_running_loop()
        self._prompt, self._image, self._pixels = prompt, image, None
        self._set_status("connecting")
        try:
            await self._connect()
        except self._errors() as error:
            raise await self._refuse(words_of(error, self._secrets())) from None
        self._set_status("open")
        self._task = asyncio.create_task(self._keep_open())
        return self.capabilities

    async def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Send a prompt, if the model takes prompts; of the states, the newest is sent again after a reconnect."""
        require_prompt_kind(kind)
        if kind == "state":
            self._prompt = prompt
        await self._try_to_send("prompt", prompt)

    async def hold(self, controls: Collection[str]) -> None:
        """Send what changes in the controls held, along each axis that the model has a command for."""
        before, self._held_controls = self._held_controls, frozenset(controls)
        for command, value in values_between(self.commands, before, self._held_controls):
            await self._try(command, value)

    async def _next_frame(self) -> Frame | None:
        """Return the newest picture as JPEG."""
        pixels, self._pixels = self._pixels, None
        return None if pixels is None else await asyncio.to_thread(jpeg_of, *pixels)

    async def send_raw(self, name: str, data: dict[str, Any]) -> str:
        """Send a command as it is, for checking how a model takes it; return the reason when it was refused."""
        try:
            await self._send(name, data)
        except self._errors() as error:
            return words_of(error, self._secrets())
        return ""

    # ---- the connection ------------------------------------------------------------------------

    async def _connect(self) -> None:
        """Open a session of its own, and begin to draw."""
        await self._disconnect()
        token = self._last_token = await self._newest_token()
        reactor = self._sdk.Reactor(
            self._address.model,
            api_key=self._key,
            jwt=token,
            api_url=self._address.url,
            local=self._address.is_own,
        )
        self._reactor = reactor
        reactor.on("status_changed", self._on_status)
        reactor.on("error", self._on_error)
        await self._begin_session(reactor)
        schema = await asyncio.wait_for(reactor.request_schema(), COMMAND_SECONDS)
        self.commands = commands_of(schema, self._overrides)
        self.capabilities = Capabilities(
            prompt="prompt" in self.commands,
            hold=any(axis in self.commands for axis in AXES),
            image="image" in self.commands,
            note=without_secrets(note_of(schema), self._secrets()),
        )
        self._video(reactor).on_raw_frame(self._receive)
        await self._begin(reactor)

    async def _begin_session(self, reactor: Reactor) -> None:
        """Connect; a runtime that is still ending the session before is waited for."""
        loop = asyncio.get_running_loop()
        patience = loop.time() + BUSY_SECONDS
        async with asyncio.timeout(OPEN_SECONDS):
            while True:
                try:
                    return await self._call_connect(reactor)
                except self._sdk.ConflictError:
                    if loop.time() > patience:
                        raise
                    await asyncio.sleep(0.25)

    async def _call_connect(self, reactor: Reactor) -> None:
        """Connect once, and note whether the call was given up before it came to an end."""
        self._is_connecting = True
        try:
            await reactor.connect()
        except self._errors():
            self._is_connecting = False
            raise
        self._is_connecting = False

    def _video(self, reactor: Reactor) -> Any:
        videos = [track for track in reactor.tracks if (track.kind, track.direction) == ("video", "recvonly")]
        for track in videos:
            if not self._track or track.name == self._track:
                return track
        names = ", ".join(plain_text(track.name) for track in videos) or "none"
        missing = f"no video called {self._track!r}; it has {names}" if self._track else "no video"
        raise WorldError(f"the model sends {missing}")

    async def _begin(self, reactor: Reactor) -> None:
        """Send the picture first, then the prompt, then the start, then what is held."""
        if self._image and "image" in self.commands:
            if (picture := data_of(self._image)) is None:
                self.problems.append("a picture at an address is not fetched; give it as a data: URL")
            else:
                data, media_type = picture
                file = await asyncio.wait_for(
                    reactor.upload_file(data, name=f"picture.{media_type.partition('/')[2]}", mime_type=media_type),
                    COMMAND_SECONDS,
                )
                await self._try(self.commands["image"], file)
        await self._try_to_send("prompt", self._prompt)
        await self._try_to_send("start")
        for command, value in values_between(self.commands, (), self._held_controls):
            await self._try(command, value)

    async def _newest_token(self) -> str | None:
        if self._token is None or isinstance(self._token, str):
            return self._token
        try:
            answer = await asyncio.to_thread(self._token, self._wait_in_line)
            return await answer if inspect.isawaitable(answer) else answer
        except self._errors():
            raise
        except Exception as error:  # its words may hold what is secret, as an address with a key in it
            raise PainterRefused(f"the function that returns a token failed: {type(error).__name__}") from None

    def _wait_in_line(self, position: int, length: int) -> None:
        """Note the place in line; called in the thread of the token function, which must end with the painter."""
        if self.status not in ("connecting", "reconnecting"):
            raise PainterRefused("the painter was closed while it waited in line")
        self.detail = f"in line: place {position} of {length}"

    def _on_status(self, status: str) -> None:
        if status == "waiting" and self.status == "connecting":
            self.detail = self.detail or "waiting for the model"
        if status == "disconnected" and self.status == "open":
            self._disconnect_event.set()

    def _on_error(self, error: Exception) -> None:
        if not isinstance(error, self._sdk.ConflictError):  # it is tried again, and said where it was in vain
            self.problems.append(words_of(error, self._secrets()))

    def _receive(self, bgra: bytes, width: int, height: int, *_: Any) -> None:
        """Keep a picture; called in a thread of the SDK."""
        if width * height > MAX_PIXELS or len(bgra) != 4 * width * height or not bgra:
            self.problems.append(f"a picture of {width} x {height} is too large, or not as large as it says")
            return
        self._pixels = (bgra, width, height)
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop may just have closed
                self._loop.call_soon_threadsafe(self._frame_changed.set)

    async def _keep_open(self) -> None:
        """Connect again whenever the connection is lost, as often as the protocol allows."""
        try:
            while True:
                await self._disconnect_event.wait()
                if not await self._connect_again():
                    return
        finally:
            self._frame_changed.set()

    async def _connect_again(self) -> bool:
        detail = "the connection was lost"
        while await self._wait_to_reconnect(ABNORMAL_CLOSE_CODE, detail):
            self._disconnect_event.clear()
            try:
                await self._resume()
            except self._errors() as error:
                detail = words_of(error, self._secrets())
                continue
            self._set_status("open")
            self._reconnects = self._reconnects.after_message()
            return True
        self._set_status("lost", detail)
        return False

    async def _resume(self) -> None:
        """Go on in the session where it still runs, else begin another one."""
        if self._reactor is not None:
            try:
                async with asyncio.timeout(OPEN_SECONDS):
                    await self._reactor.reconnect()
            except self._errors():
                pass
            else:
                await self._try_to_send("prompt", self._prompt)
                for command, value in values_held(
                    self.commands, self._held_controls
                ):  # what changed meanwhile was not sent
                    await self._try(command, value)
                return
        await self._connect()

    async def _try_to_send(self, purpose: str, value: Any = None) -> None:
        if purpose in self.commands:
            await self._try(self.commands[purpose], value)

    async def _try(self, command: Command, value: Any) -> None:
        """Send a command, unless there is no connection now: what matters is sent again when there is one."""
        try:
            await self._send(command.name, command.data(value))
        except self._errors() as error:
            self.problems.append(words_of(error, self._secrets()))

    async def _send(self, name: str, data: dict[str, Any]) -> None:
        if self._reactor is not None:
            await asyncio.wait_for(self._reactor.send_command(name, data), COMMAND_SECONDS)

    async def _disconnect(self) -> None:
        reactor, self._reactor = self._reactor, None
        if reactor is None:
            return
        is_orderly = not self._is_connecting  # a call that was given up may go on in the SDK
        try:
            await asyncio.wait_for(reactor.disconnect(), CLOSE_SECONDS)
        except self._errors():
            is_orderly = False
        if is_orderly:
            await asyncio.to_thread(reactor.close)
        else:
            _abandoned_clients.append(reactor)

    def _secrets(self) -> frozenset[str]:
        return secret_texts("", self._key or "", self._last_token or "")

    def _errors(self) -> tuple[type[Exception], ...]:
        return (OSError, TimeoutError, WorldError, self._sdk.AuthError, self._sdk.ReactorError)
