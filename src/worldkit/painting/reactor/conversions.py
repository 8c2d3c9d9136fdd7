"""Conversions between worldkit and the SDK of Reactor: pictures in both directions, errors and schemas as words."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Collection
from typing import Any

from worldkit.model_access.secret_texts import without_secrets
from worldkit.painting.painter import Frame
from worldkit.painting.websocket.messages import plain_text

ERROR_MESSAGES = {
    "CONFLICT": "it serves somebody else: a runtime has one session at a time",
    "DISCONNECTED": "the connection was lost",
    "NETWORK_ERROR": "it cannot be reached",
    "UNAUTHORIZED": "it refused the connection: the key or token is missing, wrong or expired",
}
"""What the SDK's codes mean to a player."""
MAX_IMAGE_BYTES = 10 * 1024 * 1024


def jpeg_of(bgra: bytes, width: int, height: int) -> Frame:
    """Return a picture of the SDK as JPEG.

    Args:
        bgra: Four bytes a pixel, row by row.
        width: Pixels across.
        height: Pixels down.
    """
    from PIL import Image

    file = io.BytesIO()
    Image.frombuffer("RGB", (width, height), bgra, "raw", "BGRX", 0, 1).save(file, "JPEG", quality=85)
    return Frame(file.getvalue(), "image/jpeg")


def data_of(image: str) -> tuple[bytes, str] | None:
    """Return the bytes and the media type of a ``data:`` URL; None for any other address."""
    head, _, body = image.partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64")
    if not head.startswith("data:image/") or not head.endswith(";base64") or len(body) > MAX_IMAGE_BYTES * 4 // 3:
        return None
    try:
        return base64.b64decode(body, validate=True), media_type
    except (ValueError, binascii.Error):
        return None


def note_of(schema: Any) -> str:
    """Return the title and the description of a model, from its schema; nothing in a schema is trusted."""
    info = schema.get("info") if isinstance(schema, dict) else None
    words = [plain_text(info.get(name)) for name in ("title", "description")] if isinstance(info, dict) else []
    return ": ".join(word for word in words if word)


def words_of(error: BaseException, secrets: Collection[str] = ()) -> str:
    """Return what an error of the SDK means to a player, on one line.

    Args:
        error: The error; it may hold the words of a server.
        secrets: What is left out.
    """
    if words := ERROR_MESSAGES.get(getattr(error, "code", "")):
        return words
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    words = without_secrets(str(getattr(error, "message", "") or error), secrets)
    return plain_text(words)[:200] or type(error).__name__
