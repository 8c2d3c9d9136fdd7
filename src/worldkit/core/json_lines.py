"""Files with a JSON value on each line, as ``generate_many`` writes them; told by the name, read one line at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import parse
from worldkit.core.paths import path_name

FILE_ENDINGS = (".jsonl", ".ndjson")
"""What the name of such a file ends with."""


def is_json_lines(path: Any) -> bool:
    """Say whether a path names a file of lines."""
    return isinstance(path, (str, os.PathLike)) and os.fsdecode(path).lower().endswith(FILE_ENDINGS)


@dataclass(frozen=True, slots=True)
class JsonLine:
    """A line that holds something.

    Attributes:
        number: Its number in the file, from 1.
        name: What to call it in an error.
        data: Its bytes, without what ends it; a byte more than was to be read where it is longer.
        max_bytes: How many bytes were to be read.
    """

    number: int
    name: str
    data: bytes
    max_bytes: int

    def value(self) -> Any:
        """Return its value.

        Raises:
            InvalidWorld: It is no JSON, or too long.
        """
        if len(self.data) > self.max_bytes:
            raise InvalidWorld([Problem("", f"the line is longer than {self.max_bytes} bytes")], self.name)
        return parse(self.data, self.name)


def read(path: str | os.PathLike[str], max_bytes: int) -> Iterator[JsonLine]:
    """Yield the lines of a file that hold something.

    Args:
        max_bytes: How much of a line is kept.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, "rb") as file:
        number = 0
        while data := file.readline(max_bytes + 1):
            number += 1
            rest = data
            while len(rest) > max_bytes and not rest.endswith(b"\n"):
                rest = file.readline(max_bytes + 1)
            data = data.rstrip(b"\r\n")
            if data.strip():
                yield JsonLine(number, f"{path_name(path)}, line {number}", data, max_bytes)


def failure_in(value: Any) -> str | None:
    """Return why a line of ``generate_many`` has no world; None for any other value."""
    if isinstance(value, dict) and "premise" in value and value.get("world") is None and "error" in value:
        return str(value["error"])
    return None
