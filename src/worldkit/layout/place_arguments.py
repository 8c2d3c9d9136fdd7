"""Positions of cards as a caller gave them, checked: one that is no pair of numbers would spoil the whole map."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from worldkit.core.argument_checks import refusal
from worldkit.layout.annotations import MAX_COORDINATE
from worldkit.layout.measures import Position


def read_places(argument: str, places: Mapping[str, Any] | None) -> dict[str, Position]:
    """Return the top-left corners of cards, by state id, as plain numbers.

    Args:
        argument: The name of the argument that they were given as.
        places: What was given; None for nothing.

    Raises:
        WrongArgument: One of them is no pair of numbers, or too far from the middle of the map.
    """
    return {id: _read_place(argument, id, place) for id, place in (places or {}).items()}


def _read_place(argument: str, id: object, place: Any) -> Position:
    try:
        x, y = place
    except (TypeError, ValueError):
        x = y = None
    if not (isinstance(id, str) and _is_coordinate(x) and _is_coordinate(y)):
        expected = f"(x, y) by state id, numbers from {-MAX_COORDINATE:,.0f} to {MAX_COORDINATE:,.0f}"
        raise refusal(argument, expected, {id: place})
    return _plain(x), _plain(y)


def _is_coordinate(value: Any) -> bool:
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    number: Any = value  # Real promises no comparison with a float
    return bool(abs(number) <= MAX_COORDINATE)


def _plain(value: Any) -> float:
    """Return a number, such as one of numpy, as one that JSON has; whole ones stay whole."""
    return int(value) if isinstance(value, Integral) else float(value)
