"""What a world model sends, read: pictures by their magic bytes, and JSON objects by their type. Nothing is trusted."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from worldkit.core.characters import printable_line
from worldkit.core.image_types import image_type
from worldkit.core.json_values import is_number
from worldkit.core.version import __version__
from worldkit.painting.painter import Capabilities, Frame

HELLO_SECONDS = 2.5
"""A server that has not said by then what it can do is taken to do nothing but stream."""
MAX_MESSAGE_BYTES = 32 * 1024 * 1024
"""More than a picture of 3840 x 2160 in RGBA is not taken."""
MAX_SIDE = 8192
MAX_TEXT = 500

_DATA_URL = re.compile(r"data:image/(?:png|jpeg|webp|gif);base64,", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announced:
    """The next binary message is a picture in RGBA of this size."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The server stops; there is no reconnecting."""

    reason: str


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """The server reports an error; the run goes on."""

    message: str


@dataclass(frozen=True, slots=True)
class UnreadableMessage:
    """A message that should be a picture and is none; ``reason`` says why."""

    reason: str


Message = Capabilities | Frame | Announced | Ended | ErrorMessage | UnreadableMessage


def hello() -> dict[str, Any]:
    """Return the message that a client begins with."""
    return {"type": "hello", "studio": __version__, "protocol": 1}


def media_type(data: bytes) -> str:
    """Return the media type of a picture of a kind that a model sends, by its first bytes; empty for anything else."""
    kind = image_type(data)
    return kind if kind != "image/avif" else ""


def read_binary(data: bytes, announcement: Announced | None = None) -> Frame | UnreadableMessage:
    """Return the picture in a binary message.

    Args:
        announcement: What the message before it announced.
    """
    if announcement is not None:
        expected = announcement.width * announcement.height * 4
        if len(data) != expected:
            size = f"{announcement.width} x {announcement.height}"
            return UnreadableMessage(f"expected {expected} bytes of RGBA for {size}, got {len(data)}")
        return Frame(data, "image/x-rgba", announcement.width, announcement.height)
    if kind := media_type(data):
        return Frame(data, kind)
    if len(data) >= 5 and data[0] == 1:
        width, height = int.from_bytes(data[1:3], "little"), int.from_bytes(data[3:5], "little")
        if 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and len(data) == 5 + width * height * 4:
            return Frame(data[5:], "image/x-rgba", width, height)
        return UnreadableMessage(f"expected RGBA for {width} x {height} after 5 bytes, got {len(data)} bytes in all")
    return UnreadableMessage("expected a PNG, JPEG, WebP or GIF, or RGBA that was announced")


def read_text(text: str, host: str = "") -> Message | None:
    """Return what a text message says; None for what is to be ignored: unknown types, and text that is not JSON.

    Args:
        host: The server's host: pictures at addresses of other hosts are not taken.
    """
    value = json_object(text)
    kind = value.get("type")
    if kind == "capabilities":
        return _capabilities(value)
    if kind == "frame":
        return _frame(value, host)
    if kind in ("video", "stream"):
        url = value.get("url")
        return Frame(media_type="video", url=url) if isinstance(url, str) and _is_of_host(url, host) else None
    if kind == "ended":
        return Ended(plain_text(value.get("reason")) or "the server ended the run")
    if kind == "error":
        words = plain_text(value.get("message")) or plain_text(value.get("detail"))
        return ErrorMessage(words or "the server reported an error")
    return None


def json_object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object that a message holds; an empty one for bytes, and for text that holds none."""
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _capabilities(value: dict[str, Any]) -> Capabilities:
    return Capabilities(
        streaming=value.get("streaming") is not False,
        prompt=value.get("promptableEvents") is True,
        hold=value.get("heldCommands") is True,
        image=value.get("firstFrame") is True,
        persistent=value.get("persistentWorlds") is True,
        latency_ms=_milliseconds(value.get("latencyMs")),
        note=plain_text(value.get("note")),
    )


def _frame(value: dict[str, Any], host: str) -> Frame | Announced | UnreadableMessage | None:
    if value.get("format") == "rgba":
        width, height = value.get("width"), value.get("height")
        if type(width) is int and type(height) is int and 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE:
            return Announced(width, height)
        return UnreadableMessage(f"a picture in RGBA is 1 to {MAX_SIDE} pixels across and down")
    url = value.get("url")
    if not isinstance(url, str):
        return None
    if _DATA_URL.match(url):
        try:
            data = base64.b64decode(url.partition(",")[2], validate=True)
        except (ValueError, binascii.Error):
            return UnreadableMessage("a data URL that is not base64")
        return read_binary(data) if media_type(data) else UnreadableMessage("a data URL that holds no picture")
    return (
        Frame(url=url, media_type="image") if _is_of_host(url, host) else UnreadableMessage("a picture at another host")
    )


def _is_of_host(url: str, host: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(host) and parts.hostname == host
    except ValueError:
        return False


def plain_text(value: Any) -> str:
    """Return a text of a server as one printable line of at most 500 characters; empty when it is no text."""
    # cut before it is looked at letter by letter: a message may hold 32 MiB
    return printable_line(value[: 10 * MAX_TEXT])[:MAX_TEXT] if isinstance(value, str) else ""


def _milliseconds(value: Any) -> float | None:
    return float(value) if is_number(value) and 0 <= value < 1e9 else None
