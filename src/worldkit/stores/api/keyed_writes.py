"""What a client remembers of its writes by their idempotency keys: the same key again is not planned anew."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from worldkit.core import json_values
from worldkit.core.process_lock import ProcessLock

Value = TypeVar("Value")

MAX_WRITES = 64
"""Writes that a client remembers."""


@dataclass(frozen=True, slots=True)
class KeyedWrite:
    """What identifies a write.

    Attributes:
        world: The world's id.
        key: Its idempotency key.
        digest: A digest of what was asked for.
    """

    world: str
    key: str
    digest: bytes


def keyed_write(world: str, key: str, body: Any) -> KeyedWrite:
    """Return what identifies a write.

    Args:
        world: The world's id.
        key: Its idempotency key.
        body: What was asked for, as JSON.

    Raises:
        InvalidWorld: It holds what JSON cannot say.
    """
    json_values.check_json(body, "what was to be sent")
    return KeyedWrite(world, key, blake2b(json.dumps(body).encode(), digest_size=16).digest())


class WriteMemory(Generic[Value]):
    """The last writes of a client and what is known of each; safe to use from several threads."""

    def __init__(self) -> None:
        self._values: OrderedDict[KeyedWrite, Value] = OrderedDict()
        self._lock = ProcessLock()

    def get(self, write: KeyedWrite) -> Value | None:
        """Return what is known of a write; None when it is not remembered."""
        with self._lock:
            return self._values.get(write)

    def put(self, write: KeyedWrite, value: Value) -> None:
        """Remember a write."""
        with self._lock:
            self._values[write] = value
            self._values.move_to_end(write)
            if len(self._values) > MAX_WRITES:
                self._values.popitem(last=False)

    def drop(self, write: KeyedWrite) -> None:
        """Forget a write."""
        with self._lock:
            self._values.pop(write, None)

    def drop_world(self, id: str) -> None:
        """Forget the writes to a world."""
        with self._lock:
            for write in [write for write in self._values if write.world == id]:
                del self._values[write]
