"""The files of a recording, and the form of a frame in them (docs/painters.md#recording).

A recording is a folder: ``world.json``, ``run.json``, and ``frames.bin``. In the last, a frame is a line of JSON that
says how many bytes come after it, and those bytes. Frames are only ever appended, so that what was written before a
crash is whole; of a frame that was cut off nothing is read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from worldkit.core.json_values import quote
from worldkit.painting.painter import Frame

WORLD, RUN, FRAMES = "world.json", "run.json", "frames.bin"
MAX_BYTES = 256 * 2**20
"""Bytes of frames that are written, and that are read."""
MAX_FRAMES = 100_000
MAX_FRAME_BYTES = 16 * 2**20
"""Bytes of one frame."""
MAX_LINE = 64 * 2**10
"""Bytes of the line that describes a frame: an id of many thousand characters has room in it."""
MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/x-rgba")


@dataclass(frozen=True, slots=True)
class RecordedFrame:
    """The place of a frame in a recording, and the time when it was shown.

    Attributes:
        ms: Milliseconds on the wall since the recording began.
        clock: The run's clock, in ms.
        state: The state that the player was in.
        media_type, width, height: As for ``Frame``.
        start, size: Where its bytes are in the file, and how many.
    """

    ms: float
    clock: float
    state: str
    media_type: str
    width: int
    height: int
    start: int
    size: int


def line_of(ms: float, clock: float, state: str, frame: Frame) -> bytes:
    """Return the line that says what frame comes after it."""
    body = {"ms": round(ms), "clock": clock, "state": state, "mediaType": frame.media_type, "bytes": len(frame.data)}
    if frame.width:
        body |= {"width": frame.width, "height": frame.height}
    return json.dumps(body).encode() + b"\n"


def frames_in(file: BinaryIO, size: int) -> Iterator[RecordedFrame]:
    """Yield the frames of a file, up to the first that is not whole.

    Args:
        file: The file, at its beginning.
        size: How long it is.

    Raises:
        ValueError: It holds something else than frames.
    """
    size = min(size, MAX_BYTES)
    for _ in range(MAX_FRAMES):
        line = file.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            if len(line) == MAX_LINE or not b"{".startswith(line[:1]):
                raise ValueError("expected a line that describes a frame, got one without an end")
            return
        frame = _read_line(line, file.tell())
        if frame.start + frame.size > size:
            return
        yield frame
        file.seek(frame.start + frame.size)


def _read_line(line: bytes, start: int) -> RecordedFrame:
    try:
        body: Any = json.loads(line)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ValueError(
            f"expected a line of JSON that describes a frame, got {quote(line[:60].decode(errors='replace'))}"
        )
    ms: Any = body.get("ms")
    clock: Any = body.get("clock")
    state = body.get("state")
    media_type: Any = body.get("mediaType")
    size: Any = body.get("bytes")
    width, height = body.get("width", 0), body.get("height", 0)
    if not all(_is_number(value) for value in (ms, clock)) or not isinstance(state, str):
        raise ValueError('expected a frame with "ms", "clock" and "state"')
    if problem := problem_of(media_type, size, width, height):
        raise ValueError(problem)
    return RecordedFrame(ms, clock, state, media_type, width, height, start, size)


def problem_of(media_type: Any, size: Any, width: Any, height: Any) -> str:
    """Return why no recording holds a frame of some form; empty where one can.

    Args:
        media_type, width, height: As for ``Frame``.
        size: How many bytes it has.
    """
    if media_type not in MEDIA_TYPES:
        return f"expected a frame of {', '.join(MEDIA_TYPES)}, got {quote(media_type)}"
    if not all(type(value) is int and 0 <= value <= MAX_FRAME_BYTES for value in (size, width, height)) or not size:
        return f"expected a frame of 1 to {MAX_FRAME_BYTES:,} bytes, got {quote(size)}"
    if media_type == "image/x-rgba" and width * height * 4 != size:
        return f"expected {width} x {height} pixels of four bytes, got {size:,} bytes"
    return ""


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= sys.float_info.max
