"""``frame=``, a picture for a server: read and checked here.

A file's name and its bytes may come from anybody: size and first bytes are checked before anything is sent, and an
address is handed on as it is, for the server to fetch (docs/spec/frames.md#making-worlds-from-pictures).
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WorldError
from worldkit.core.image_types import HEADER_BYTES, IMAGE_KINDS, image_type
from worldkit.core.quoting import quote

MAX_BYTES = 10 << 20
"""Bytes of a picture at most."""
MAX_URL_LENGTH = 2048
"""Characters of an address at most."""

_URL_SAFE_TO_BASE64 = str.maketrans("-_", "+/")

PICTURE_FORMS = f"a path, bytes, base64 or a data: URL of a {IMAGE_KINDS} picture"
FRAME_FORMS = f"{PICTURE_FORMS}, or its http or https address"


@dataclass(frozen=True, slots=True)
class InputFrame:
    """A picture, by its bytes and their media type, or by its address."""

    data: bytes = b""
    media: str = ""
    url: str = ""

    @property
    def base64(self) -> str:
        """The bytes as base64."""
        return base64.b64encode(self.data).decode("ascii")

    @property
    def src(self) -> str:
        """The picture as a document holds it: its address, or a ``data:`` URL."""
        return self.url or f"data:{self.media};base64,{self.base64}"


def read_frame(frame: Any) -> InputFrame:
    """Return the picture that was given.

    Raises:
        WorldError: It is none of these, is too large, or is no picture of a known kind.
        WrongArgument: It is of another type.
    """
    if isinstance(frame, (bytes, bytearray, memoryview)):
        return _picture(bytes(frame), "frame=")
    if isinstance(frame, str) and frame.startswith(("http://", "https://")):
        return InputFrame(url=_address(frame))
    if isinstance(frame, str) and frame[:5].lower() == "data:":
        return _picture(_decode_url(frame), "frame=")
    if isinstance(frame, str) and (data := _decode_picture(frame)):
        return _picture(data, "frame=")
    if isinstance(frame, (str, os.PathLike)):
        path = os.fsdecode(frame)
        return _picture(_read(path), quote(path))
    raise refusal("frame", FRAME_FORMS, frame)


def read_picture(frame: Any) -> InputFrame:
    """Return the picture that was given, for a call that takes no address.

    Raises:
        WorldError: It is an address, is too large, or is no picture of a known kind.
        WrongArgument: It is of another type.
    """
    picture = read_frame(frame)
    if picture.url:
        raise WorldError(
            f"frame={quote(picture.url)} is an address, which this call does not take; expected {PICTURE_FORMS}"
        )
    return picture


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and parts.username is None and parts.password is None
    except ValueError:
        is_sound = False
    if not is_sound or len(url) > MAX_URL_LENGTH or not all("!" <= letter <= "~" for letter in url):
        raise WorldError(
            f"frame={quote(_without_user(url))} is no address that a server can fetch; expected one of at most "
            f"{MAX_URL_LENGTH} characters, without spaces, a name or a password in it"
        )
    return url


def _without_user(url: str) -> str:
    """Return an address without what stands before an @ in its host, which may be a password."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def picture_in(text: str) -> InputFrame | None:
    """Return the picture that a text holds as base64, or as a ``data:`` URL of base64; None when it holds none."""
    head, separator, data = text.strip().partition(",") if text.strip()[:5].lower() == "data:" else ("", "", text)
    if separator and not head.lower().endswith(";base64"):
        return None
    picture = _decode_picture(data)
    return None if picture is None else InputFrame(picture, image_type(picture))


def _decode_url(url: str) -> bytes:
    head, _, text = url.partition(",")
    if not head.lower().endswith(";base64") or len(text) > 2 * MAX_BYTES:
        raise WorldError(
            f"frame={quote(url)} cannot be read; expected a data: URL in base64, at most {MAX_BYTES:,} bytes"
        )
    data = _decode(text)
    if data is None:
        raise WorldError(f"frame={quote(url)} is not base64")
    return data


def _decode_picture(text: str) -> bytes | None:
    """Return what a text is the base64 of, None unless that begins as a picture does: it may be a path, then."""
    text = "".join(text.split())  # before it is cut: a part of a group of four letters is no base64
    first = _decode(text[: HEADER_BYTES // 3 * 4])
    return _decode(text) if first is not None and image_type(first) else None


def _decode(text: str) -> bytes | None:
    """Return what a text is the base64 of, of either alphabet, with or without padding; None when it is none."""
    text = "".join(text.split()).rstrip("=").translate(_URL_SAFE_TO_BASE64)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _read(path: str) -> bytes:
    try:
        # reading a pipe or a device would never end
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise WorldError(f"frame={quote(path)} is no file; expected {FRAME_FORMS}")
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name is none"
        raise WorldError(f"frame={quote(path)} cannot be read ({reason}); expected {FRAME_FORMS}") from None


def _picture(data: bytes, name: str) -> InputFrame:
    if len(data) > MAX_BYTES:
        raise WorldError(f"the picture {name} has more than {MAX_BYTES:,} bytes; give a smaller one")
    media = image_type(data)
    if not media:
        raise WorldError(f"{name} is no picture that can be used; expected {FRAME_FORMS}")
    return InputFrame(data, media)
