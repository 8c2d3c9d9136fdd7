"""Read-only dicts and lists, whose error says how to edit a world instead.

They are subclasses of ``dict`` and ``list``, so that they are read, compared, printed and written as JSON like the
values they hold. A copy of one, shallow or deep, is a plain dict or list again.
"""

from __future__ import annotations

import copy
from typing import Any, NoReturn, SupportsIndex, TypeVar

from worldkit.core.errors import NoSuchKey, WorldError

K = TypeVar("K")
V = TypeVar("V")

ADVICE = "a world does not change: world.apply([...]) returns an edited one, and world.to_dict() a copy of the document"


class ReadOnlyError(WorldError, TypeError):
    """Code tried to change a part of a world in place; the message says what to do instead."""


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise ReadOnlyError(ADVICE)


class ReadOnlyDict(dict[K, V]):
    """A dict that refuses to be changed."""

    __slots__ = ()

    def __missing__(self, key: object) -> NoReturn:
        raise NoSuchKey(key, self)

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def copy(self) -> dict[K, V]:
        """Return a plain dict of the same items."""
        return dict(self)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[K, V]:
        return {copy.deepcopy(key, memo): copy.deepcopy(value, memo) for key, value in self.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class ReadOnlyList(list[V]):
    """A list that refuses to be changed."""

    __slots__ = ()

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def copy(self) -> list[V]:
        """Return a plain list of the same items."""
        return list(self)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> list[V]:
        return [copy.deepcopy(value, memo) for value in self]

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        return super().__getitem__(index)


def read_only(value: Any) -> Any:
    """Return a JSON value whose objects and lists are read-only, at all depths.

    Args:
        value: A JSON value; it is not changed.
    """
    kind = type(value)
    if kind is dict:
        return ReadOnlyDict({key: read_only(item) for key, item in value.items()})
    if kind is list:
        return ReadOnlyList([read_only(item) for item in value])
    return value
