"""Lint: finds problems of a world, and fixes those that have a safe fix (docs/spec/rules.md).

Every rule is one function in a module by theme: ``graph``, ``flags``, ``prose``, ``evidence``, ``keys``,
``missions``, ``records``, ``urls``. ``RULES`` holds them in the order they report in. Rules that
need an exploration are in ``worldkit.exploration.deep_rules``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import D, Document
from worldkit.core.errors import RuleViolation
from worldkit.core.json_values import Json
from worldkit.core.time_limit import check_time
from worldkit.editing.batch import apply
from worldkit.ruleset import evidence, flags, graph, keys, missions, prose, records, urls
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import MOST, Found, Rule, rule

_ORDER: tuple[Rule[Index], ...] = (
    graph.no_entrance,
    graph.entrance_missing_state,
    graph.dangling_ref,
    graph.transition_needs_to,
    graph.orphan_event,
    flags.unreachable_require,
    prose.lethal_override,
    evidence.auto_needs_pixels,
    evidence.luminance_overlap,
    records.sequence_beat_missing,
    missions.objective_unreachable,
    prose.negation,
    prose.whiteout,
    prose.budget,
    evidence.sliver_evidence,
    evidence.shared_phase_camera,
    graph.unreachable_state,
    graph.no_ending,
    missions.objective_ungrounded,
    graph.duplicate_event,
    # worldkit's own rules from here on; those before are from the specification, in its order
    records.cutscene_lands_nowhere,
    graph.override_with_to,
    graph.hidden_unfired,
    keys.reserved_hotkey,
    keys.clashing_hotkey,
    flags.ungranted_flag,
    records.stale_ref,
    records.cutscene_hides_state,
    records.terminal_needs_console,
    records.duplicate_id,
    records.duplicate_variant,
    urls.unsafe_url,
)

RULES: Mapping[str, Rule[Index]] = MappingProxyType({known.id: known for known in _ORDER})
"""Every rule by its id, in the order they report in."""


def lint(world: Document) -> Diagnostics:
    """Return what the rules find in a world: in the order of ``RULES``, and within a rule in world order.

    A rule lists at most its first ``MOST`` findings; one more diagnostic counts the others. ``total`` and
    ``counts`` of the result count them all.

    Args:
        world: The world.
    """
    return diagnosed(Index(world))


def diagnosed(index: Index) -> Diagnostics:
    """Return what the rules find in an indexed world."""
    return Diagnostics(_each_finding(index), index.world)


def _each_finding(index: Index) -> Iterator[Diagnostic]:
    for lint_rule in _ORDER:
        check_time()
        for item in lint_rule.diagnose(index):
            check_time()
            yield item


def all_found(world: Document) -> Iterator[tuple[Rule[Index], Found]]:
    """Yield all findings in a world, each with its rule; ``lint`` lists only the first of each rule."""
    index = Index(world)
    for lint_rule in _ORDER:
        for finding in lint_rule.check(index):
            yield lint_rule, finding


def fix_ops(world: Document, found: Diagnostic) -> list[Json] | None:
    """Return the operations of a finding's safe fix.

    Args:
        world: The world it was found in.
        found: The finding; one that stands for several fixes all findings of its rule.

    Returns:
        The operations, none when nothing is left to fix; None when its rule has no safe fix.
    """
    lint_rule = RULES.get(found.lint)
    if lint_rule is None or lint_rule.fix is None:
        return None
    index = Index(world)
    return lint_rule.fix(index, _items_of(lint_rule, index, [found]))


def fixed(world: D, diagnostics: Iterable[Diagnostic]) -> D:
    """Return a world with the safe fix of every finding that has one applied.

    Args:
        world: The world they were found in.
        diagnostics: The findings; one that stands for several fixes all findings of its rule.

    Returns:
        A new world; the same one when nothing could be fixed.
    """
    by_rule: dict[str, list[Diagnostic]] = {}
    for item in diagnostics:
        by_rule.setdefault(item.lint, []).append(item)
    # names are fixed last, since the other findings refer to events by the names that are still shared
    for lint_rule in sorted(_ORDER, key=lambda lint_rule: lint_rule is graph.duplicate_event):
        if lint_rule.fix is not None and lint_rule.id in by_rule:
            index = Index(world)
            ops = lint_rule.fix(index, _items_of(lint_rule, index, by_rule[lint_rule.id]))
            if ops:
                world = apply(world, ops).world
    return world


def refuse_new_errors(before: Document, after: Document) -> None:
    """Refuse an edit that introduces a new lint error.

    Args:
        before: The world before the edit.
        after: The world after it.

    Raises:
        RuleViolation: With the new errors.
    """
    errors = [(lint_rule, finding) for lint_rule, finding in all_found(after) if lint_rule.severity == "error"]
    if not errors:
        return
    # an error is identified by rule and place; its message may change with other edits
    old_errors = {
        (lint_rule.id, finding[1:]) for lint_rule, finding in all_found(before) if lint_rule.severity == "error"
    }
    new_errors = [
        (lint_rule, finding) for lint_rule, finding in errors if (lint_rule.id, finding[1:]) not in old_errors
    ]
    if new_errors:
        by_rule = groupby(new_errors, key=lambda error: error[0])
        diagnostics = (
            item for lint_rule, group in by_rule for item in lint_rule.listed(finding for _, finding in group)
        )
        raise RuleViolation(Diagnostics(diagnostics, after))


def _items_of(lint_rule: Rule[Index], index: Index, diagnostics: Iterable[Diagnostic]) -> list[Item]:
    """Return the items of some findings of a rule; of all its findings if one stands for several."""
    items = list(diagnostics)
    if any(item.count > 1 for item in items):
        return list(dict.fromkeys(Item(kind, id, field) for _, kind, id, field in lint_rule.check(index)))
    return list(dict.fromkeys(item.item for item in items))


__all__ = [
    "MOST",
    "RULES",
    "Found",
    "Index",
    "Rule",
    "all_found",
    "diagnosed",
    "fix_ops",
    "fixed",
    "lint",
    "refuse_new_errors",
    "rule",
]
