"""The lint rules by their codes, ``lint``, and the gate that a generated world must pass (docs/spec/rules.md)."""

from __future__ import annotations

from worldkit.core.argument_checks import checked
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.profile import ProfileName
from worldkit.exploration import Budget
from worldkit.exploration.deep_rules import DEEP_RULES
from worldkit.ruleset import MAX_FINDINGS, RULES
from worldkit.ruleset.gate import Verdict
from worldkit.world import World

__all__ = ["DEEP_RULES", "MAX_FINDINGS", "RULES", "Verdict", "lint", "verify"]


@checked
def lint(
    world: World, profile: ProfileName = "hosted", *, deep: bool = False, budget: Budget | None = None
) -> Diagnostics:
    """Return what the rules find in a world: in the order of ``RULES``, and within a rule in world order.

    A rule lists at most its first ``MAX_FINDINGS`` findings; one more diagnostic counts the others. ``total`` and
    ``counts`` of the result count them all.

    Args:
        world: The world.
        profile: Whose rules look at it: ``"hosted"`` or ``"studio"``.
        deep: Whether to explore the world exhaustively as well, and add the findings of ``DEEP_RULES``.
        budget: The budget of the exploration; see ``worldkit.explore``.

    Example:
        >>> wk.rules.lint(world).counts
        {'error': 0, 'warning': 4, 'info': 0}
    """
    return world.lint(profile, deep=deep, budget=budget)


@checked
def verify(world: World, premise: str | None = None) -> Verdict:
    """Return whether a world is worth playing, as a generated world must be (docs/spec/rules.md, "Gates").

    Args:
        world: The world.
        premise: What it was generated from; the entrance must say more than that.

    Example:
        >>> wk.rules.verify(world).passed
        False
    """
    return world.verify(premise)
