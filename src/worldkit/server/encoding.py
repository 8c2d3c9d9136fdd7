"""Answers as JSON text of a bounded size: an answer that grows too large is given up while it is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from worldkit.core import json_values
from worldkit.core.errors import WorldError
from worldkit.core.time_limit import check_time

SPLIT_DEPTH = 4
"""How deep a value is taken apart: a world in an answer comes apart into its states and events."""
MAX_UNSPLIT_VALUES = 1_000
"""Values inside a value that is written in one go."""
SEPARATOR = b", "
"""What stands between the items of a list."""

max_answer: ContextVar[int] = ContextVar("worldkit_max_answer", default=32_000_000)
"""The largest answer of the request at hand, in bytes."""


class AnswerTooLarge(WorldError):
    """An answer would be larger than what is sent.

    Attributes:
        limit: The bytes there may be.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the answer would be larger than {limit:,} bytes, and nothing was done; ask for less at once")


def encode_json(value: Any, limit: int | None = None) -> str:
    """Return a JSON value as text, its keys in their order.

    Args:
        limit: The most bytes of UTF-8; by default those of the request at hand.

    Raises:
        AnswerTooLarge: There would be more.
    """
    max_size, size, parts = max_answer.get() if limit is None else limit, 0, []
    for part in _parts(value, SPLIT_DEPTH):
        size += len(part) if part.isascii() else len(part.encode("utf-8", "surrogatepass"))
        if size > max_size:
            raise AnswerTooLarge(max_size)
        parts.append(part)
    return "".join(parts)


def encode_items(items: Iterable[Any]) -> bytes:
    """Return a JSON list as UTF-8. Each item is written when it comes, so that very many take little memory.

    Args:
        items: The items; no more are asked for once there are too many.

    Raises:
        AnswerTooLarge: The list would be larger than an answer of the request at hand.
        TimeUp: The time of the request is used up.
    """
    max_size, size, parts = max_answer.get(), 0, []
    for item in items:
        check_time()
        part = encode_json(item).encode("utf-8", "surrogatepass")
        size += len(part) + len(SEPARATOR)
        if size > max_size:
            raise AnswerTooLarge(max_size)
        parts.append(part)
    return b"[" + SEPARATOR.join(parts) + b"]"


def _is_small(value: Any) -> bool:
    """Say whether there are few values inside a value."""
    pending, count = [value], 0
    while pending:
        item = pending.pop()
        if type(item) is dict:
            pending += item.values()
        elif type(item) is list:
            pending += item
        count += 1
        if count + len(pending) > MAX_UNSPLIT_VALUES:
            return False
    return True


def _parts(value: Any, depth: int) -> Iterator[str]:
    if depth and _is_small(value):
        depth = 0
    if depth and type(value) is dict:
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield f"{', ' if index else ''}{json.dumps(key, ensure_ascii=False)}: "
            yield from _parts(item, depth - 1)
        yield "}"
    elif depth and type(value) is list:
        yield "["
        for index, item in enumerate(value):
            if index:
                yield ", "
            yield from _parts(item, depth - 1)
        yield "]"
    else:
        yield json_values.dumps(value, None)
