"""``model="hosted"``, which makes a world from a premise or a picture; ``frame=``, the picture, read and checked here.

A file's name and its bytes may come from anybody: size and magic bytes are checked before anything is sent, and an
address is handed on as it is, for the server to fetch (docs/spec/frames.md#making-worlds-from-pictures).
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.progress import Progress
from worldkit.generation.pipeline.report import Report, premise_fields
from worldkit.painting.websocket.messages import media_type
from worldkit.ruleset.gate import verify
from worldkit.stores.api import Client
from worldkit.world import World

NAME = "hosted"

MAX_BYTES = 10 << 20
"""Bytes of a picture at most."""
MAX_URL = 2048
"""Characters of an address at most."""

FORMS = "a path, bytes, or an http or https address, of a PNG, JPEG, WebP or GIF picture"


@dataclass(frozen=True, slots=True)
class InputFrame:
    """A picture, by its bytes and their media type, or by its address."""

    data: bytes = b""
    media: str = ""
    url: str = ""

    @property
    def src(self) -> str:
        """The picture as a document holds it: its address, or a ``data:`` URL."""
        return self.url or f"data:{self.media};base64,{base64.b64encode(self.data).decode('ascii')}"


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
    if isinstance(frame, str) and frame.startswith("data:"):
        return _picture(_decode(frame), "frame=")
    if isinstance(frame, (str, os.PathLike)):
        return _picture(_read(os.fspath(frame)), quote(os.fspath(frame)))
    raise refusal("frame", FORMS, frame)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and parts.username is None and parts.password is None
    except ValueError:
        is_sound = False
    if not is_sound or len(url) > MAX_URL or not all("!" <= letter <= "~" for letter in url):
        raise WorldError(
            f"frame={quote(_without_user(url))} is no address that a server can fetch; expected one of at most "
            f"{MAX_URL} characters, without spaces, a name or a password in it"
        )
    return url


def _without_user(url: str) -> str:
    """Return an address without what stands before an @ in its host, which may be a password."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _decode(url: str) -> bytes:
    head, _, data = url.partition(",")
    if not head.endswith(";base64") or len(data) > MAX_BYTES * 4 // 3 + 4:
        raise WorldError(
            f"frame={quote(url)} cannot be read; expected a data: URL in base64, at most {MAX_BYTES:,} bytes"
        )
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise WorldError(f"frame={quote(url)} is not base64") from None


def _read(path: Any) -> bytes:
    try:
        # reading a pipe or a device would never end
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise WorldError(f"frame={quote(str(path))} is no file; expected {FORMS}")
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name is none"
        raise WorldError(f"frame={quote(str(path))} cannot be read ({reason}); expected {FORMS}") from None


def _picture(data: bytes, name: str) -> InputFrame:
    if len(data) > MAX_BYTES:
        raise WorldError(f"the picture {name} has more than {MAX_BYTES:,} bytes; give a smaller one")
    media = media_type(data)
    if not media:
        raise WorldError(f"{name} is no picture that can be used; expected {FORMS}")
    return InputFrame(data, media)


def with_frame(
    world: World, report: Report, frame: InputFrame | None, pov: str | None, model: str
) -> tuple[World, Report]:
    """Return a world that a model made without a picture with it on the entrance, and a report of what was not used."""
    notes = list(report.notes)
    if frame is not None and world.start is not None:
        world = world.apply([{"op": "set_entrance", "state": world.start, "image": {"src": frame.src}}])
        notes.append(
            f"{model} reads no pictures: the frame became the entrance's picture, and the text knows none of it"
        )
    if pov is not None:
        notes.append(f'{model} takes no pov: it is for model="hosted"')
    return world, replace(report, notes=tuple(notes))


def hosted(
    premise: str,
    seed: int,
    states: int,
    progress: Progress,
    *,
    frame: InputFrame | None = None,
    pov: str | None = None,
    features: Collection[str] = (),
) -> tuple[World, Report]:
    """Have a world made from a premise, and judge it as our own are judged.

    The host plans and writes as it likes: what our judges say of its world stands in the report and raises nothing.
    The world stays at the host too, under the id that the report names. A host of the specification knows no seeds, and
    is not told of ``states`` and ``features``: the report says where its world differs.

    Raises:
        ApiError: It was not made; ``QuotaExceeded`` when the quota is used up, and nothing was charged.
        KeyboardInterrupt: Its ``job_id`` names the job, which goes on; ``wk.Client().wait(job_id)`` returns its world.
    """
    client = Client()
    began = time.monotonic()
    picture = None if frame is None else frame.url or frame.data
    generation = client.generate(premise, seed=seed, frame=picture, pov=pov, progress=progress)
    verdict = verify(generation.world, premise)
    state_count = len(generation.world.states)
    notes = [f"kept at {client.label} as {generation.id}"]
    if state_count != states:
        notes.append(f"{states} states were asked for, the host made {state_count}")
    if features:
        notes.append(f"{', '.join(sorted(features))}: left out, because the host is not told of them")
    kept_and_missed = premise_fields(generation.world, premise)
    seconds = time.monotonic() - began
    return generation.world, Report(
        NAME, seed, verdict.score, seconds, notes=(*notes, *verdict.issues), **kept_and_missed
    )
