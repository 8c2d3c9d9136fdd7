"""What a MIRA server sends, read: JSON by its type, and JPEGs by the header before them. Nothing is trusted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.websocket.messages import (
    Ended,
    ErrorMessage,
    UnreadableMessage,
    json_object,
    media_type,
    plain_text,
)

MAX_VIEWS = 16

KEYS = {
    "forward": "W",
    "back": "S",
    "strafe_left": "A",
    "strafe_right": "D",
    "left": "A",
    "right": "D",
    "up": "Space",
    "down": "LControlKey",
}
"""The key of each control. MIRA drives a car: to step aside and to look aside are both to steer."""

ALL_KEYS = ("W", "A", "S", "D", "Q", "E", "Space", "LShiftKey", "LControlKey")
"""The keys that MIRA knows."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The session has begun.

    Attributes:
        capabilities: What the model can do.
        players: Views in each picture message; 0 when it does not say.
        width: Pixels across; 0 when it does not say.
        height: Pixels down; 0 when it does not say.
    """

    capabilities: Capabilities
    players: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """The next binary message holds JPEGs of these lengths, one for each player."""

    lengths: tuple[int, ...]


Message = Ready | Header | Ended | ErrorMessage | UnreadableMessage


def read_text(text: str) -> Message | None:
    """Return what a text message says; None for what is to be ignored: unknown types, and text that is not JSON."""
    value = json_object(text)
    match value.get("type"):
        case "ready":
            meta = value.get("meta")
            return _ready(meta if isinstance(meta, dict) else {})
        case "frame":
            return _header(value.get("views"))
        case "ended":
            words = plain_text(value.get("reason")) or "the server ended the run"
            detail = plain_text(value.get("detail"))
            return Ended(f"{words}: {detail}" if detail else words)
        case "error":
            return ErrorMessage(plain_text(value.get("detail")) or "the server reported an error")
    return None


def read_views(data: bytes, header: Header | None, seat: int) -> Frame | UnreadableMessage:
    """Return the picture of one player.

    Args:
        data: The JPEGs, one after the other.
        header: What the message before it announced.
        seat: The player, from 0; the first where there is no such view.
    """
    if header is None:
        return UnreadableMessage("pictures without the header that says how long each is")
    if sum(header.lengths) != len(data):
        return UnreadableMessage(f"expected {sum(header.lengths)} bytes of pictures, got {len(data)}")
    seat = seat if seat < len(header.lengths) else 0
    start = sum(header.lengths[:seat])
    picture = data[start : start + header.lengths[seat]]
    if media_type(picture) != "image/jpeg":
        return UnreadableMessage("expected a JPEG")
    return Frame(picture, "image/jpeg")


def keys_of(controls: Collection[str], keys: dict[str, str]) -> list[str]:
    """Return the keys that hold these controls, in MIRA's order; other keys last.

    Args:
        controls: The controls held.
        keys: The key of each control.
    """
    keys_down = {keys[control] for control in controls if control in keys}
    return [key for key in ALL_KEYS if key in keys_down] + sorted(keys_down.difference(ALL_KEYS))


def _ready(meta: dict[str, Any]) -> Ready:
    capabilities = Capabilities(
        prompt=meta.get("promptableEvents") is True, hold=True, note=plain_text(meta.get("note"))
    )
    return Ready(capabilities, *(_count(meta.get(name)) for name in ("n_players", "width", "height")))


def _header(views: Any) -> Header | UnreadableMessage:
    is_list = isinstance(views, list) and 0 < len(views) <= MAX_VIEWS
    if not is_list or not all(type(length) is int and length >= 0 for length in views):
        return UnreadableMessage(f'a header\'s "views" are the lengths of 1 to {MAX_VIEWS} pictures')
    return Header(tuple(views))


def _count(value: Any) -> int:
    return value if type(value) is int and 0 < value < 100_000 else 0
