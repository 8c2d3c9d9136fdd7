"""Ranges of the numbers that public functions take: one place decides, and says what is expected."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from worldkit.core.argument_checks import refusal


def expect_count(
    value: Any, argument: str, minimum: int = 1, maximum: int | None = None, *, unit: str = "", or_none: bool = False
) -> None:
    """Refuse what is no whole number of a range.

    Args:
        value: The argument's value.
        argument: The name of the argument.
        minimum: The smallest number.
        maximum: The largest one; None where there is none.
        unit: What is counted, in words.
        or_none: Whether None is allowed too.

    Raises:
        WrongArgument: The value is no such number.
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not (or_none and value is None) and not (
        is_whole and minimum <= value and (maximum is None or value <= maximum)
    ):
        bounds = f"of at least {minimum:,}" if maximum is None else f"from {minimum:,} to {maximum:,}"
        raise refusal(argument, f"a whole number {unit}{bounds}{', or None' * or_none}", value)


def expect_amount(
    value: Any,
    argument: str,
    minimum: float = 0,
    maximum: float | None = None,
    *,
    above: bool = False,
    unit: str = "",
    or_none: bool = False,
) -> None:
    """Refuse what is no number of a range.

    Args:
        value: The argument's value.
        argument: The name of the argument.
        minimum: The smallest number.
        maximum: The largest one; None where any other, infinity too, will do.
        above: Whether it must be more than ``minimum``.
        unit: What is measured, in words.
        or_none: Whether None is allowed too.

    Raises:
        WrongArgument: The value is no such number.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    is_enough = is_number and (value > minimum if above else value >= minimum)
    if not (or_none and value is None) and not (is_enough and (maximum is None or value <= maximum)):
        bounds = f"above {minimum:,}" if above else f"of at least {minimum:,}"
        if maximum is not None:
            bounds = f"{bounds}, at most {maximum:,}" if above else f"from {minimum:,} to {maximum:,}"
        raise refusal(argument, f"a number {unit}{bounds}{', or None' * or_none}", value)
