"""Comparisons and arithmetic on the values of a story, where all languages of stories agree on the result."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Value: TypeAlias = bool | int | float | str | None
"""What a variable holds; None before anything was assigned to it."""

_MAX_NUMBER = 10**9
_MAX_TEXT_LENGTH = 200
"""Numbers and texts beyond these are not computed."""


class NotComputable(ValueError):
    """Values that an operator does not work on, or a result that is too large."""


def computed(operator_name: str, values: Sequence[Value]) -> Value:
    """Return what an operator makes of values.

    Args:
        values: What it works on.

    Raises:
        NotComputable: The languages of stories differ in the result, or it is too large.
    """
    try:
        result: Value = _FUNCTIONS[operator_name](*values)
    except (TypeError, ZeroDivisionError, OverflowError):
        raise NotComputable from None
    if isinstance(result, str) and len(result) > _MAX_TEXT_LENGTH:
        raise NotComputable
    if isinstance(result, (int, float)) and abs(result) > _MAX_NUMBER:
        raise NotComputable
    return result


def _kind(value: Any) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def _is(a: Any, b: Any) -> bool:
    return _kind(a) == _kind(b) and bool(a == b)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, str) != isinstance(b, str) and None not in (a, b):
        raise TypeError  # languages differ in whether "1" equals 1
    return bool(a == b)


def _plus(a: Any, b: Any) -> Any:
    if isinstance(a, bool) or isinstance(b, bool):
        raise TypeError
    return a + b


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def compute(a: Any, b: Any) -> Any:
        if _kind(a) != "number" or _kind(b) != "number":
            raise TypeError
        return function(a, b)

    return compute


def _divided(a: Any, b: Any) -> Any:
    quotient = a / b
    return int(quotient) if quotient == int(quotient) else quotient


def _divided_as_ink_does(a: Any, b: Any) -> Any:
    quotient = a / b
    return int(quotient) if isinstance(a, int) and isinstance(b, int) else quotient


def _remainder(a: Any, b: Any) -> Any:
    if a < 0 or b < 0:
        raise TypeError  # languages differ in the sign
    return a % b


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "==": _equal,
    "!=": lambda a, b: not _equal(a, b),
    "is": _is,
    "is not": lambda a, b: not _is(a, b),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": _plus,
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(_divided),
    "//": _arithmetic(_divided_as_ink_does),
    "%": _arithmetic(_remainder),
    "min": _arithmetic(min),
    "max": _arithmetic(max),
}
