"""Checks of what single environments and those that step together are both given."""

from __future__ import annotations

from worldkit.core.argument_checks import refusal


def check_max_steps(max_steps: int | None) -> None:
    """Refuse a number of steps below 1."""
    if max_steps is not None and max_steps < 1:
        raise refusal("max_steps", "at least 1, or None", max_steps)


def check_seed(seed: int | None) -> None:
    """Refuse a seed below 0, which numpy has none of."""
    if seed is not None and seed < 0:
        raise refusal("seed", "a whole number of at least 0, or None", seed)
