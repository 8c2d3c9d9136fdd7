"""Exceptions that another process gets as they were raised."""

from __future__ import annotations

from typing import Any


class Restorable(BaseException):
    """An exception that is pickled and copied by its message and its attributes.

    Python would call its class with the message alone, which is another thing than what most of our classes take.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        parts = super().__reduce__()
        assert isinstance(parts, tuple)
        _, arguments, *state = parts
        return _restore, (type(self), arguments), *state


def _restore(kind: type[Restorable], arguments: tuple[object, ...]) -> Restorable:
    error = kind.__new__(kind, *arguments)
    super(Restorable, error).__init__(*arguments)  # that of Python's own class
    return error
