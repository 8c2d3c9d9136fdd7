"""``StillRecord``: one line of the index of a folder of stills, read with care."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from worldkit.core.json_values import Json

MAX_SIDE = 4096
"""Pixels of a still across or down."""

_TEXT_FIELDS = ("state", "prompt", "file", "thumbnail")
_NAME = re.compile(r"[0-9a-f]{64}\.jpg\Z")


@dataclass(frozen=True, slots=True)
class StillRecord:
    """What is known of a still.

    Attributes:
        state: The id of the state it was painted for.
        prompt: The prompt of the state at that time, at its full length.
        options: What it was painted with: the model, the seed, and so on, as JSON values.
        file: The name of its file: the SHA-256 of the file's bytes, and ``.jpg``.
        thumbnail: The same of a small copy.
        width: Pixels across.
        height: Pixels down.
        source: The state from whose still it was painted; None when it was painted from the prompt alone.
    """

    state: str
    prompt: str
    file: str
    thumbnail: str
    width: int
    height: int
    source: str | None = None
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def line(self) -> bytes:
        """Return it as a line of the index."""
        fields: Json = {
            "state": self.state,
            "file": self.file,
            "thumbnail": self.thumbnail,
            "width": self.width,
            "height": self.height,
            "source": self.source,
            "options": dict(self.options),
            "prompt": self.prompt,
        }
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def parse_record(line: bytes) -> StillRecord | None:
    """Return what a line of an index holds; None when it is no record, such as a line that was not written whole."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    texts = [text for name in _TEXT_FIELDS if isinstance(text := fields.get(name), str)]
    sides = [side for name in ("width", "height") if type(side := fields.get(name)) is int and 1 <= side <= MAX_SIDE]
    source, options = fields.get("source"), fields.get("options")
    if len(texts) < len(_TEXT_FIELDS) or len(sides) < 2 or not (source is None or isinstance(source, str)):
        return None
    state, prompt, file, thumbnail = texts
    if not (_NAME.match(file) and _NAME.match(thumbnail)):
        return None
    return StillRecord(
        state, prompt, file, thumbnail, sides[0], sides[1], source, options if isinstance(options, dict) else {}
    )
