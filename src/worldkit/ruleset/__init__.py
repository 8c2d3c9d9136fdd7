"""Lint: finds problems of a world, and fixes those that have a safe fix (docs/spec/rules.md).

Every rule is one function in a module by theme: ``graph``, ``endings``, ``flags``, ``prose``, ``budget``, ``evidence``,
``keys``, ``missions``, ``records``, ``urls``, ``kernel``. ``RULES`` holds them in the order they report in. Rules that
need an exploration are in ``worldkit.exploration.deep_rules``. A profile says which rules run, and how severe they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from types import MappingProxyType

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import Document
from worldkit.core.errors import RuleViolation
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED, STUDIO, Profile
from worldkit.core.time_limit import check_time
from worldkit.editing.new_names import new_names
from worldkit.ruleset import budget, endings, evidence, flags, graph, kernel, keys, missions, prose, records, urls
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import MAX_FINDINGS, Found, Rule, rule

_ORDERED_RULES: tuple[Rule[Index], ...] = (
    graph.no_entrance,
    graph.entrance_missing_state,
    graph.dangling_ref,
    graph.transition_needs_to,
    endings.sole_affordance_lose_trap,
    graph.orphan_event,
    flags.unreachable_require,
    prose.lethal_override,
    evidence.auto_needs_pixels,
    evidence.luminance_overlap,
    records.sequence_beat_missing,
    missions.objective_unreachable,
    prose.negation,
    prose.whiteout,
    budget.budget,
    evidence.sliver_evidence,
    evidence.shared_phase_camera,
    graph.unreachable_state,
    endings.no_ending,
    missions.objective_ungrounded,
    graph.duplicate_event,
    endings.ending_not_terminal,
    prose.no_subject_in_base,
    # worldkit's own rules from here on; those before are from the specification, in its order
    records.cutscene_lands_nowhere,
    graph.override_with_to,
    graph.hidden_unfired,
    keys.reserved_hotkey,
    keys.long_hotkey,
    keys.clashing_hotkey,
    flags.ungranted_flag,
    records.stale_ref,
    records.cutscene_hides_state,
    records.terminal_needs_console,
    records.duplicate_id,
    records.duplicate_variant,
    urls.unsafe_url,
    kernel.kernel_fields,
)

RULES: Mapping[str, Rule[Index]] = MappingProxyType({rule.id: rule for rule in _ORDERED_RULES})
"""Every rule by its id, in the order they report in."""


def lint(world: Document, profile: Profile = HOSTED) -> Diagnostics:
    """Return what the rules find in a world: in the order of ``RULES``, and within a rule in world order.

    A rule lists at most its first ``MAX_FINDINGS`` findings; one more diagnostic counts the others. ``total`` and
    ``counts`` of the result count them all.

    Args:
        profile: Whose rules look at it.
    """
    return diagnosed(Index(world, profile))


def diagnosed(index: Index) -> Diagnostics:
    """Return what the rules find in an indexed world."""
    return Diagnostics(_each_finding(index, _ORDERED_RULES), index.world, index.profile)


def errors_of(world: Document, profile: Profile = HOSTED) -> Diagnostics:
    """Return the errors in a world, without looking for anything less; in the hosted profile: what is structural.

    Args:
        profile: Whose rules look at it.
    """
    rules = [lint_rule for lint_rule in _ORDERED_RULES if lint_rule.severity_in(profile) == "error"]
    return Diagnostics(_each_finding(Index(world, profile), rules), world, profile).errors


def _each_finding(index: Index, rules: Iterable[Rule[Index]]) -> Iterator[Diagnostic]:
    world_allowances = kernel.allowances(index.world)
    for lint_rule in rules:
        check_time()
        for item in lint_rule.diagnose(index, index.profile, world_allowances):
            check_time()
            yield item


def all_found(world: Document) -> Iterator[tuple[Rule[Index], Found]]:
    """Yield all findings in a world, each with its rule; ``lint`` lists only the first of each rule."""
    index = Index(world, HOSTED)
    for lint_rule in _ORDERED_RULES:
        if lint_rule.level(HOSTED) != "off":
            for finding in lint_rule.check(index):
                yield lint_rule, finding


def fix_ops(world: Document, diagnostic: Diagnostic, profile: Profile = HOSTED) -> list[Json] | None:
    """Return the operations of a finding's safe fix.

    Args:
        world: The world it was found in.
        diagnostic: The finding; for one that represents several, all findings of its rule are fixed.
        profile: Whose rules found it.

    Returns:
        The operations, none when nothing is left to fix; None when it has no safe fix.
    """
    lint_rule = RULES.get(diagnostic.lint)
    if lint_rule is None or lint_rule.fix is None or not diagnostic.fixable:
        return None
    index = Index(world, profile)
    return lint_rule.fix(index, items_to_fix(lint_rule, index, [diagnostic]))


def fix_of(world: Document, diagnostic: Diagnostic, profile: Profile) -> list[Json]:
    """Return the operations of a fixable finding's safe fix, none when nothing is left to fix."""
    return fix_ops(world, diagnostic, profile) or []


def refuse_new_errors(before: Document, after: Document, ops: Sequence[Json] = (), profile: Profile = HOSTED) -> None:
    """Refuse an edit that introduces a new lint error.

    Args:
        before: The world before the edit.
        after: The world after it.
        ops: The edit in canonical spelling: an error of what it renames is not new under the new name.
        profile: Whose rules say what an error is.

    Raises:
        RuleViolation: With the new errors.
    """
    errors = list(_errors(after, profile))
    if not errors:
        return
    # an error is identified by rule and place; its message may change with other edits
    places_after = _OldPlaces(before, ops)
    old_errors = {
        (lint_rule.id, place) for lint_rule, finding in _errors(before, profile) for place in places_after.of(finding)
    }
    new_errors = [
        (lint_rule, finding) for lint_rule, finding in errors if (lint_rule.id, finding.place) not in old_errors
    ]
    if new_errors:
        by_rule = groupby(new_errors, key=lambda error: error[0])
        diagnostics = (
            item
            for lint_rule, group in by_rule
            for item in lint_rule.listed((finding for _, finding in group), profile)
        )
        raise RuleViolation(Diagnostics(diagnostics, after, profile))


class _OldPlaces:
    """Where the findings in a world are once a batch was applied to it.

    Args:
        before: The world before the batch.
        ops: The batch in canonical spelling.
    """

    def __init__(self, before: Document, ops: Sequence[Json]) -> None:
        states, events, _ = new_names(ops)
        self._new_ids: dict[str, dict[str, set[str]]] = {
            kind: {old: {new} for old, new in names.items()} for kind, names in (("state", states), ("event", events))
        }
        # what had a name that something else has now is gone
        self._given_away = {"state": set(states.values()), "event": set(events.values())}
        event_names = self._new_ids["event"]
        for op in ops:
            match op:
                case {"op": "put_event", "event": {"name": str(new)}, "was": {"name": str(old)}} if old != new:
                    event_names.setdefault(old, set()).add(new)
        if event_names:  # of several events with one name only one is renamed by an operation
            counts = Counter(event.name for event in before.events)
            for old, names in event_names.items():
                if counts[old] > 1:
                    names.add(old)

    def of(self, finding: Found) -> Iterator[tuple[str, str, str, str]]:
        """Yield the places that a finding has after the batch."""
        kind, id, field, label = finding.place
        unchanged_ids = set() if id in self._given_away.get(kind, ()) else {id}
        for new_id in self._new_ids.get(kind, {}).get(id, unchanged_ids):
            yield kind, new_id, field, label


refuse_new_errors_strictly = partial(refuse_new_errors, profile=STUDIO)
"""The same by the studio profile, whose rules are stricter: for generated prose."""


def _errors(world: Document, profile: Profile) -> Iterator[tuple[Rule[Index], Found]]:
    """Yield the findings of severity error; those that the world allows are none."""
    index = Index(world, profile)
    world_allowances = kernel.allowances(world)
    for lint_rule in _ORDERED_RULES:
        if lint_rule.severity_in(profile) == "error":
            is_lowered = world_allowances.lowers(lint_rule.id, lint_rule.level(profile))
            for finding in lint_rule.check(index):
                if not is_lowered(finding):
                    yield lint_rule, finding


def items_to_fix(lint_rule: Rule[Index], index: Index, diagnostics: Iterable[Diagnostic]) -> list[Item]:
    """Return what some findings of a rule are about.

    Args:
        index: Its world.
        diagnostics: Findings of that rule.

    Returns:
        Their items, each once; those of all fixable findings of the rule if one of them represents several.
    """
    items = list(diagnostics)
    if any(item.count > 1 for item in items):
        return list(dict.fromkeys(finding.item for finding in lint_rule.check(index) if finding.remedy))
    return list(dict.fromkeys(item.item for item in items))


__all__ = [
    "MAX_FINDINGS",
    "RULES",
    "Found",
    "Index",
    "Rule",
    "all_found",
    "diagnosed",
    "errors_of",
    "fix_of",
    "fix_ops",
    "items_to_fix",
    "lint",
    "refuse_new_errors",
    "refuse_new_errors_strictly",
    "rule",
]
