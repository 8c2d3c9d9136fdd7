"""Ranges of the numbers that public functions take: one place decides, and says what is expected."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from worldkit.core.argument_checks import refusal


def expect_count(
    value: Any, argument: str, least: int = 1, most: int | None = None, *, unit: str = "", or_none: bool = False
) -> None:
    """Refuse what is no whole number of a range.

    Args:
        value: The argument's value.
        argument: The name of the argument.
        least: The least number.
        most: The largest one; None where there is none.
        unit: What is counted, in words.
        or_none: Whether None is allowed too.

    Raises:
        WrongArgument: It is none.
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not (or_none and value is None) and not (is_whole and least <= value and (most is None or value <= most)):
        bounds = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        raise refusal(argument, f"a whole number {unit}{bounds}{', or None' * or_none}", value)


def expect_amount(
    value: Any,
    argument: str,
    least: float = 0,
    most: float | None = None,
    *,
    above: bool = False,
    unit: str = "",
    or_none: bool = False,
) -> None:
    """Refuse what is no number of a range.

    Args:
        value: The argument's value.
        argument: The name of the argument.
        least: The least number.
        most: The largest one; None where any other, infinity too, will do.
        above: Whether it is more than ``least``.
        unit: What is measured, in words.
        or_none: Whether None is allowed too.

    Raises:
        WrongArgument: It is none.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    is_enough = is_number and (value > least if above else value >= least)
    if not (or_none and value is None) and not (is_enough and (most is None or value <= most)):
        first = f"above {least:,}" if above else f"of at least {least:,}"
        bounds = first if most is None else f"{first}, at most {most:,}" if above else f"from {least:,} to {most:,}"
        raise refusal(argument, f"a number {unit}{bounds}{', or None' * or_none}", value)
