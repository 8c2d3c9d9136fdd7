"""Lint: what is wrong with a world, and the fixes that are safe to make (docs/spec/rules.md).

Every rule is one function in a module by theme: ``graph``, ``flags``, ``prose``, ``evidence``, ``keys``,
``missions``, ``records``, ``urls``. ``RULES`` holds them in the order they report in. What only
exhaustive play can see is in ``worldkit.exploration.deep_rules``.
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
    # our own from here on; what comes before is the specification's table, in its order
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

    A rule lists at most its first ``MOST`` findings; one more says how many there are besides. ``total`` and
    ``counts`` of the result count them all.

    Args:
        world: The world.
    """
    return diagnosed(Index(world))


def diagnosed(index: Index) -> Diagnostics:
    """Return what the rules find in a world that is indexed already."""
    return Diagnostics(_each_finding(index), index.world)


def _each_finding(index: Index) -> Iterator[Diagnostic]:
    for known in _ORDER:
        check_time()
        for found in known.diagnose(index):
            check_time()
            yield found


def all_found(world: Document) -> Iterator[tuple[Rule[Index], Found]]:
    """Yield everything that the rules find in a world, each with its rule: what ``lint`` lists the first of."""
    index = Index(world)
    for known in _ORDER:
        for found in known.check(index):
            yield known, found


def fix_ops(world: Document, found: Diagnostic) -> list[Json] | None:
    """Return the operations of a finding's safe fix.

    Args:
        world: The world it was found in.
        found: The finding; one that stands for several settles everything its rule finds.

    Returns:
        The operations, none when nothing is left to fix; None when its rule has no safe fix.
    """
    known = RULES.get(found.lint)
    if known is None or known.fix is None:
        return None
    index = Index(world)
    return known.fix(index, _items(known, index, [found]))


def fixed(world: D, diagnostics: Iterable[Diagnostic]) -> D:
    """Return a world with the safe fix of every finding that has one applied.

    Args:
        world: The world they were found in.
        diagnostics: The findings; one that stands for several settles everything its rule finds.

    Returns:
        A new world; the same one when nothing could be fixed.
    """
    given: dict[str, list[Diagnostic]] = {}
    for found in diagnostics:
        given.setdefault(found.lint, []).append(found)
    # names are mended last: the other findings know their events by the names that are still shared
    for known in sorted(_ORDER, key=lambda known: known is graph.duplicate_event):
        if known.fix is not None and known.id in given:
            index = Index(world)
            ops = known.fix(index, _items(known, index, given[known.id]))
            if ops:
                world = apply(world, ops).world
    return world


def refuse_new_errors(before: Document, after: Document) -> None:
    """Refuse an edit that brings in an error of the rules that was not there before.

    Args:
        before: The world before the edit.
        after: The world after it.

    Raises:
        RuleViolation: With the new errors.
    """
    errors = [(rule, found) for rule, found in all_found(after) if rule.severity == "error"]
    if not errors:
        return
    # a place and a rule say which error it is; the words may change with what else changed
    known = {(rule.id, found[1:]) for rule, found in all_found(before) if rule.severity == "error"}
    new = [(rule, found) for rule, found in errors if (rule.id, found[1:]) not in known]
    if new:
        by_rule = groupby(new, key=lambda error: error[0])
        listed = (one for rule, group in by_rule for one in rule.listed(found for _, found in group))
        raise RuleViolation(Diagnostics(listed, after))


def _items(known: Rule[Index], index: Index, given: Iterable[Diagnostic]) -> list[Item]:
    """Return the items of some findings of a rule, those of all its findings if one stands for more than itself."""
    listed = list(given)
    if any(found.count > 1 for found in listed):
        return list(dict.fromkeys(Item(kind, id, field) for _, kind, id, field in known.check(index)))
    return list(dict.fromkeys(found.item for found in listed))


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
