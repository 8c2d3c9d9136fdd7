"""A world model on this computer that speaks protocol 1: a computed picture that follows prompts and controls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, get_args

from worldkit.core.errors import MissingExtra
from worldkit.painting.controls import controls_after
from worldkit.painting.moving_picture import HEIGHT, WIDTH, MovingPicture
from worldkit.painting.painter import PromptKind
from worldkit.painting.websocket.messages import json_object

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "rgba", "legacy")
MAX_REQUEST_BYTES = 64 * 1024


@dataclass
class WebSocketModel:
    """How the server behaves, and what it has been told.

    Attributes:
        fps: Pictures a second.
        width: Pixels across.
        height: Pixels down.
        format: One of ``FORMATS``.
        capabilities: What it announces; None to stay silent.
        follows_prompts: Whether the picture follows prompts, whatever was announced.
        follows_controls: Whether the picture follows controls, whatever was announced.
        note: Its words about itself.
        messages: The messages received, newest last, at most 1,000.
    """

    fps: float = 30.0
    width: int = WIDTH
    height: int = HEIGHT
    format: str = "JPEG"
    capabilities: dict[str, Any] | None = field(
        default_factory=lambda: {
            "streaming": True,
            "promptableEvents": True,
            "heldCommands": True,
            "persistentWorlds": False,
        }
    )
    follows_prompts: bool = True
    follows_controls: bool = True
    note: str = "a computed picture; no model paints"
    messages: list[dict[str, Any]] = field(default_factory=list)


@asynccontextmanager
async def serve(model: WebSocketModel | None = None, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a computed picture, and yield the address it is served at.

    Args:
        model: How it behaves.
        host: Where to listen.
        port: The port; 0 takes a free one.

    Raises:
        MissingExtra: ``websockets`` or Pillow is missing.
        OSError: The port is taken.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1
    """
    behaviour = model or WebSocketModel()
    async with listening(lambda socket: _StreamConnection(behaviour, socket).run(), host, port) as address:
        yield address


@asynccontextmanager
async def listening(
    handle: Callable[[Any], Awaitable[None]],
    host: str,
    port: int,
    process_request: Callable[[Any, Any], Any] | None = None,
) -> AsyncIterator[str]:
    """Listen for WebSockets, and yield the address.

    Args:
        handle: Serves one connection.
        host: Where to listen.
        port: The port; 0 takes a free one.
        process_request: Answers a request that asks for no WebSocket.

    Raises:
        MissingExtra: ``websockets`` or Pillow is missing.
        OSError: The port is taken.
    """
    try:
        import PIL  # noqa: F401
        import websockets.asyncio.server
    except ImportError:
        raise MissingExtra("a world model on this computer", "live", "websockets and pillow") from None
    listener = websockets.asyncio.server.serve(
        handle,
        host,
        port,
        max_size=MAX_REQUEST_BYTES,
        compression=None,
        close_timeout=1,
        process_request=process_request,
    )
    async with listener as server:
        number = next(iter(server.sockets)).getsockname()[1]
        yield f"ws://{f'[{host}]' if ':' in host else host}:{number}"


class Pace:
    """Keeps a number of pictures a second; a picture that is late delays those after it.

    Args:
        fps: Pictures a second.
    """

    def __init__(self, fps: float) -> None:
        self._interval = 1 / fps
        self._next_frame = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        """Wait until the next picture is due."""
        now = asyncio.get_running_loop().time()
        self._next_frame = max(self._next_frame + self._interval, now)
        await asyncio.sleep(self._next_frame - now)


class _StreamConnection:
    """One connection."""

    def __init__(self, model: WebSocketModel, socket: Any) -> None:
        self.model, self.socket = model, socket
        self.picture = MovingPicture(width=model.width, height=model.height)
        self.held_controls: frozenset[str] = frozenset()
        self.task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            with suppress(ConnectionClosed):
                async for text in self.socket:
                    await self._take(text)
        finally:
            if self.task is not None:
                self.task.cancel()

    async def _take(self, text: str | bytes) -> None:
        message = json_object(text)
        if not message:
            return
        self.model.messages.append(message)
        del self.model.messages[:-1000]
        kind = message.get("type")
        if kind == "hello" and self.model.capabilities is not None:
            answer = {"type": "capabilities", **self.model.capabilities, "note": self.model.note}
            await self.socket.send(json.dumps(answer))
        elif kind == "start":
            self._say(message.get("prompt"))
            if self.task is None:
                self.task = asyncio.create_task(self._paint())
        elif kind == "event" and message.get("kind") == "command":
            self.held_controls = controls_after(self.held_controls, str(message.get("value")))
            self.picture.held_controls = self.held_controls if self.model.follows_controls else frozenset()
        elif kind == "event" and message.get("kind") in get_args(PromptKind) and self.model.follows_prompts:
            self._say(message.get("value"))
        elif kind == "bye":
            await self.socket.close(1000)

    def _say(self, prompt: Any) -> None:
        if isinstance(prompt, str):
            self.picture.prompt = prompt

    async def _paint(self) -> None:
        from websockets.exceptions import ConnectionClosed

        pace = Pace(self.model.fps)
        with suppress(ConnectionClosed):
            while True:
                self.picture.advance(1 / self.model.fps)
                await self._send_picture()
                await pace.wait()

    async def _send_picture(self) -> None:
        # drawn beside the loop, so that what the client says is read while a picture is drawn
        if self.model.format in ("rgba", "legacy"):
            pixels = await asyncio.to_thread(self.picture.rgba)
            width, height = self.model.width, self.model.height
            if self.model.format == "rgba":
                await self.socket.send(
                    json.dumps({"type": "frame", "format": "rgba", "width": width, "height": height})
                )
                await self.socket.send(pixels)
            else:
                await self.socket.send(b"\x01" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + pixels)
            return
        await self.socket.send(await asyncio.to_thread(self.picture.encoded, self.model.format))
