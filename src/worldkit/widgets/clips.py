"""The clip of a cutscene as the player shows it: from a file beside the world or in the document, never fetched."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import NamedTuple

from worldkit.core.document import Document, file_of
from worldkit.core.json_values import Json

MAX_CLIP_BYTES = 16 << 20
"""Bytes of a clip; a notebook carries no larger message everywhere."""
_MP4_MARK, _MP4_MARK_OFFSET = b"ftyp", 4
_MEDIA_TYPES = {b"\x1aE\xdf\xa3": "video/webm", b"OggS": "video/ogg"}
_DATA_URL = "data:video/"


class Clip(NamedTuple):
    """A clip with its format."""

    media_type: str
    data: bytes


def read_clip(document: Document, address: str) -> Clip | None:
    """Return a clip; None when it is elsewhere, is too large, or is no video of a known format.

    Args:
        address: A path relative to the file of the world, inside its folder, or a ``data:`` URL.
    """
    data = _from_url(address) if address.startswith(_DATA_URL) else _from_file(document, address)
    media_type = "" if data is None else _media_type_of(data)
    return Clip(media_type, data) if data is not None and media_type else None


def clip_message(document: Document, address: str) -> tuple[Json, list[bytes]] | None:
    """Return the message that shows a clip, with its buffer; None when there is none to show.

    Args:
        address: The clip's address, as the document says it.
    """
    clip = read_clip(document, address)
    if clip is None:
        return None
    cutscene = next((one for one in document.cutscenes or () if one.video == address), None)
    message: Json = {
        "type": "clip",
        "mediaType": clip.media_type,
        "label": (cutscene.label if cutscene else None) or "",
        "subtitle": (cutscene.subtitle if cutscene else None) or "",
    }
    return message, [clip.data]


def _from_url(address: str) -> bytes | None:
    head, _, body = address.partition(",")
    if not head.endswith(";base64") or len(body) > 2 * MAX_CLIP_BYTES:
        return None
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) <= MAX_CLIP_BYTES else None


def _from_file(document: Document, address: str) -> bytes | None:
    world_file = file_of(document)
    if world_file is None or ":" in address:
        return None
    try:
        # unlike Path.resolve, this raises nothing for links in a circle
        folder = Path(os.path.realpath(world_file.parent))
        path = Path(os.path.realpath(folder / address))
        if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > MAX_CLIP_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _media_type_of(data: bytes) -> str:
    if data[_MP4_MARK_OFFSET : _MP4_MARK_OFFSET + len(_MP4_MARK)] == _MP4_MARK:
        return "video/mp4"
    return next((name for mark, name in _MEDIA_TYPES.items() if data.startswith(mark)), "")
