"""Keeping sessions in files: the whole run as a trace, or only the position it stands at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core import json_values
from worldkit.core.argument_checks import refusal
from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import WorldError
from worldkit.core.files import read_bytes
from worldkit.core.json_values import Json, quote
from worldkit.playing.evidence import Source
from worldkit.playing.trace import FORMAT
from worldkit.playing.trace_replay import replay_in

if TYPE_CHECKING:
    from worldkit.playing.session import Session
    from worldkit.world import World

POSITION_FORMAT = "smworld-position"
VERSION = 1


def save(session: Session, path: str | os.PathLike[str], what: Literal["run", "position"] = "run") -> Path:
    """Write a session to a file; see ``Session.save``."""
    if what == "run":
        data: Json = session.trace.to_dict()
    elif what == "position":
        data = {"format": POSITION_FORMAT, "version": VERSION, **session.position.to_dict()}
    else:
        raise refusal("what", '"run" or "position"', what)
    target = Path(path)
    write_atomically(target, (json_values.dumps(data, 2) + "\n").encode("utf-8"))
    return target


def load(
    session_class: type[Session], world: World, source: str | os.PathLike[str], evidence: Source | None = None
) -> Session:
    """Return the session a file holds; see ``Session.load``."""
    name = os.fspath(source)
    data: Any = json_values.parse(read_bytes(source), name)
    saved_format = data.get("format") if isinstance(data, Mapping) else None
    if saved_format == FORMAT:
        return replay_in(session_class, world, data, evidence)
    if saved_format != POSITION_FORMAT or data.get("version") != VERSION:
        expected = f'expected "format" to be {FORMAT!r} or {POSITION_FORMAT!r}, and "version" to be {VERSION}'
        raise WorldError(f"{name} holds no saved session: {expected}; got {quote(data)}")
    return session_class(world, at=data, evidence=evidence)
