"""A world model on this computer that speaks MIRA's dialect: a computed picture that follows keys, and prompts too."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from worldkit.painting.moving_picture import HEIGHT, WIDTH, MovingPicture
from worldkit.painting.websocket.messages import json_object
from worldkit.painting.websocket.server import Pace, listening

CONTROLS = {
    "W": "forward",
    "S": "back",
    "A": "left",
    "D": "right",
    "Q": "strafe_left",
    "E": "strafe_right",
    "Space": "up",
    "LControlKey": "down",
}
"""What each key does to the computed camera."""


@dataclass
class MiraModel:
    """How the server behaves, and what it has been told.

    Attributes:
        fps: Pictures a second.
        width: Pixels across.
        height: Pixels down.
        players: Views in each picture message.
        takes_prompts: Whether it announces that it takes prompts; MIRA itself takes none.
        follows_prompts: Whether the picture follows prompts, whatever was announced.
        follows_keys: Whether the picture follows keys.
        seconds: The longest session, whatever the rules ask for.
        note: Its words about itself.
        messages: The messages received, newest last, at most 1,000.
        is_busy: Whether a session runs.
    """

    fps: float = 30.0
    width: int = WIDTH
    height: int = HEIGHT
    players: int = 1
    takes_prompts: bool = True
    follows_prompts: bool = True
    follows_keys: bool = True
    seconds: float = 1200.0
    note: str = "a computed picture; no model paints"
    messages: list[dict[str, Any]] = field(default_factory=list)
    is_busy: bool = field(default=False, init=False)


@asynccontextmanager
async def serve(model: MiraModel | None = None, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a computed picture, and yield the address it is served at.

    Args:
        model: How it behaves.
        host: Where to listen.
        port: The port; 0 takes a free one.

    Raises:
        MissingExtra: ``websockets`` or Pillow is missing.
        OSError: The port is taken.

    Source:
        docs/painters.md#mira
    """
    behaviour = model or MiraModel()

    def answer(_: Any, request: Any) -> Any:
        from websockets.datastructures import Headers
        from websockets.http11 import Response

        if request.path.partition("?")[0].rpartition("/")[2] != "healthz":
            return None
        body = json.dumps({"ready": True, "load_error": None, "ckpt": "", "device": "cpu"}).encode()
        headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body))})
        return Response(200, "OK", headers, body)

    async def handle(socket: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        with suppress(ConnectionClosed):
            await _Connection(behaviour, socket).run()

    async with listening(handle, host, port, answer) as address:
        yield f"mira:{address}/ws"


class _Connection:
    """One connection: one session, and only one at a time."""

    def __init__(self, model: MiraModel, socket: Any) -> None:
        self.model, self.socket = model, socket
        self.pictures = [MovingPicture(width=model.width, height=model.height) for _ in range(model.players)]
        self.count = 0
        self.reason = "stopped"

    async def run(self) -> None:
        if self.model.is_busy:
            await self._send({"type": "error", "detail": "busy: one session at a time"})
            return
        self.model.is_busy = True
        try:
            first = json_object(await self.socket.recv())
            self._note(first)
            if first.get("type") != "start":
                await self._send({"type": "error", "detail": "first message must be start"})
                return
            await self._send({"type": "ready", "meta": self._meta()})
            drawing = asyncio.create_task(self._draw(self._seconds(first)))
            reading = asyncio.create_task(self._read())
            try:
                completed_tasks, _ = await asyncio.wait({drawing, reading}, return_when=asyncio.FIRST_COMPLETED)
                for task in completed_tasks:
                    task.result()
            finally:
                drawing.cancel()
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await drawing
            await self._send({"type": "ended", "reason": self.reason})
        finally:
            self.model.is_busy = False

    def _meta(self) -> dict[str, Any]:
        model = self.model
        meta: dict[str, Any] = {
            "n_players": model.players,
            "width": model.width,
            "height": model.height,
            "video_fps": model.fps,
            "note": model.note,
        }
        return {**meta, "promptableEvents": True} if model.takes_prompts else meta

    def _seconds(self, start: dict[str, Any]) -> float:
        rules = start.get("rules")
        value = rules.get("match_seconds") if isinstance(rules, dict) else None
        return min(self.model.seconds, value if isinstance(value, int) and value > 0 else 300)

    async def _read(self) -> None:
        async for text in self.socket:
            message = json_object(text)
            self._note(message)
            match message.get("type"):
                case "actions":
                    self._hold(message.get("held"))
                case "prompt":
                    if self.model.follows_prompts and isinstance(message.get("value"), str):
                        for picture in self.pictures:
                            picture.prompt = message["value"]
                case "stop":
                    return

    def _hold(self, controls: Any) -> None:
        keys_by_seat = controls if isinstance(controls, dict) and self.model.follows_keys else {}
        for seat, picture in enumerate(self.pictures):
            keys = keys_by_seat.get(str(seat))
            if isinstance(keys, list):
                picture.held_controls = frozenset(
                    CONTROLS[key] for key in keys if isinstance(key, str) and key in CONTROLS
                )

    async def _draw(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end, pace = loop.time() + seconds, Pace(self.model.fps)
        while loop.time() < end:
            began = loop.time()
            for picture in self.pictures:
                picture.advance(1 / self.model.fps)
            # drawn beside the loop, so that what the client says is read while a picture is drawn
            views = await asyncio.to_thread(lambda: [picture.encoded() for picture in self.pictures])
            milliseconds = round(1000 * (loop.time() - began), 2)
            await self._send({"type": "frame", "fi": self.count, "views": list(map(len, views)), "ms": milliseconds})
            await self.socket.send(b"".join(views))
            self.count += 1
            await pace.wait()
        self.reason = "match_over"

    async def _send(self, message: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(message))

    def _note(self, message: dict[str, Any]) -> None:
        self.model.messages.append(message)
        del self.model.messages[:-1000]
