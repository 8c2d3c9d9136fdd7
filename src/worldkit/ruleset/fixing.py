"""Apply the safe fixes of findings to a world. ``worldkit.ruleset`` itself does without the operations."""

from __future__ import annotations

from collections.abc import Iterable

from worldkit.core.diagnostics import Diagnostic
from worldkit.core.document import D
from worldkit.core.profile import HOSTED, Profile
from worldkit.editing.batch import apply
from worldkit.ruleset import RULES, graph, items_to_fix
from worldkit.ruleset.index import Index


def apply_fixes(world: D, diagnostics: Iterable[Diagnostic], profile: Profile = HOSTED) -> D:
    """Return a world with the safe fix of every finding that has one applied.

    Args:
        world: The world they were found in.
        diagnostics: The findings; for one that represents several, all findings of its rule are fixed.
        profile: Whose rules found them.

    Returns:
        A new world; the same one when nothing could be fixed.
    """
    by_rule: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.fixable:
            by_rule.setdefault(diagnostic.lint, []).append(diagnostic)
    # names are fixed last, since the other findings refer to events by the names that are still shared
    rename_rules = (graph.dangling_ref, graph.duplicate_event)
    for lint_rule in sorted(RULES.values(), key=lambda lint_rule: lint_rule in rename_rules):
        if lint_rule.fix is not None and lint_rule.id in by_rule:
            index = Index(world, profile)
            ops = lint_rule.fix(index, items_to_fix(lint_rule, index, by_rule[lint_rule.id]))
            if ops:
                world = apply(world, ops).world
    return world
