"""What the rules of the hosted profile find in a world, and the gate that a write passes (docs/spec/rules.md)."""

from __future__ import annotations

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import RuleViolation
from worldkit.core.json_values import Json
from worldkit.world import World


def findings(world: World) -> Diagnostics:
    """Return what the hosted rules find in a world."""
    return world.lint("hosted")


def require_sound(world: World) -> Diagnostics:
    """Return what is found in a world that has no structural error.

    Raises:
        RuleViolation: It has one.
    """
    diagnostics = findings(world)
    if diagnostics.errors:
        raise RuleViolation(diagnostics.errors)
    return diagnostics


def is_sound(world: World) -> bool:
    """Say whether a world has no structural error."""
    return not findings(world).errors


def advice(diagnostics: Diagnostics) -> list[Json]:
    """Return the findings that a write is answered with: warnings and infos."""
    return [one.to_dict() for one in diagnostics if one.severity != "error"]
