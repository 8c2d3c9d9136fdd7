"""What the rules of the hosted profile find in a world, and the gate that a write passes (docs/spec/rules.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from worldkit.core.diagnostics import Diagnostic, Diagnostics
from worldkit.core.errors import RuleViolation
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED
from worldkit.world import World

PROMPT_BUDGET = 1900
"""Characters of a prompt by the hosted rules."""


def findings(world: World) -> Diagnostics:
    """Return what the hosted rules find in a world."""
    return Diagnostics(_hosted(world.lint()), world)


def _hosted(diagnostics: Diagnostics) -> Iterator[Diagnostic]:
    for one in diagnostics:
        level = HOSTED.levels.get(one.lint, one.severity)
        item, lint = one.item, one.lint
        if level == "off" and one.lint not in _OTHER_NAMES:
            continue
        if level == "off":
            lint, level = _OTHER_NAMES[one.lint], "structural"
        severity = {"structural": "error", "advice": "warning"}.get(level, level)
        yield replace(one, lint=lint, severity=severity, path=HOSTED.path(item.kind, item.id, item.field))  # type: ignore[arg-type]


_OTHER_NAMES = {"entrance-missing-state": "dangling-ref", "override-with-to": "transition-needs-to"}


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
