"""``RecentValues``: the values that were used last, so many at the most."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from worldkit.core.process_lock import ProcessLock

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class RecentValues(Generic[Key, Value]):
    """A cache that drops what was not used for longest; safe to use from several threads.

    Args:
        size: Most values to keep.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = ProcessLock()

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, None when there is none."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Key, value: Value) -> None:
        """Add a value, or replace it, and drop the least recently used one when there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)

    def pop(self, key: Key) -> Value | None:
        """Take a value out and return it, None when there is none."""
        with self._lock:
            return self._values.pop(key, None)

    def __iter__(self) -> Iterator[Key]:
        """Return the keys that there are now."""
        with self._lock:
            return iter(list(self._values))
