"""Semantic check of a merge: problems that the merged world has and neither side has, in lint and in play."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from worldkit.comparison.fields import field_changes
from worldkit.comparison.merging import blame
from worldkit.comparison.merging.core import SideNames
from worldkit.comparison.merging.merge_warning import Branch, MergeWarning
from worldkit.comparison.merging.play_check import play_warnings
from worldkit.comparison.merging.values import join_names
from worldkit.core.diagnostics import Diagnostic, Item
from worldkit.core.document import json_of
from worldkit.core.json_values import Json, escape_unprintable, quote
from worldkit.ruleset import all_found
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget
    from worldkit.ruleset import Found

_RANKS = {"error": 0, "warning": 1, "info": 2}


def find_warnings(
    base: World, ours: Branch, theirs: Branch, merged_world: World, budget: Budget | None = None
) -> tuple[MergeWarning, ...]:
    """Return the problems of a merged world that neither side has, most harmful first.

    Args:
        budget: What each exploration may cost; see ``worldkit.explore``.
    """
    in_play = play_warnings(ours, theirs, merged_world, budget)
    # a lint warning about an item that a play warning already covers adds nothing
    play_text = " ".join(warning.message for warning in in_play)
    items = {(warning.item.kind, warning.item.id) for warning in in_play}
    in_lint = [
        warning
        for warning in lint_warnings(base, ours, theirs, merged_world)
        if (warning.item.kind, warning.item.id) not in items
        and (not warning.item.id or quote(warning.item.id) not in play_text)
    ]
    return tuple(sorted([*in_play, *in_lint], key=lambda warning: _RANKS[warning.severity]))


def lint_warnings(base: World, ours: Branch, theirs: Branch, merged_world: World) -> Iterator[MergeWarning]:
    """Yield what rules find in a merged world and in neither side."""
    known_findings = set()
    for side in (ours, theirs):
        for rule, finding in all_found(side.world):
            names = {"state": side.names.states, "event": side.names.events}.get(finding.kind, {})
            known_findings.add((rule.id, finding.kind, names.get(finding.id, finding.id), finding.field))
    new_findings = (
        (rule, finding)
        for rule, finding in all_found(merged_world)
        if rule.severity != "info" and (rule.id, finding.kind, finding.id, finding.field) not in known_findings
    )
    causes = _CauseFinder(base, ours, theirs)
    for rule, group in groupby(new_findings, key=lambda pair: pair[0]):
        first_by_item: dict[tuple[str, str], Found] = {}
        for _, finding in group:
            first_by_item.setdefault((finding.kind, finding.id), finding)
        for diagnostic in rule.listed(first_by_item.values()):
            yield causes.warning(diagnostic)


class _CauseFinder:
    """Finds the side that caused a lint warning of a merged world."""

    def __init__(self, base: World, ours: Branch, theirs: Branch) -> None:
        self._base = _BodyIndex(base)
        self._sides = [(side, blame.invert_names(side.names), _BodyIndex(side.world)) for side in (ours, theirs)]

    def warning(self, diagnostic: Diagnostic) -> MergeWarning:
        text = escape_unprintable(f"{diagnostic.path}: {diagnostic.message}".rstrip("."))
        by_ours, by_theirs = (self._describe_change(*side, diagnostic.item) for side in self._sides)
        causes = "; ".join(cause for cause in (by_ours, by_theirs) if cause)
        message = f"{text}{' (' if causes else ''}{causes}{')' if causes else ''}"
        return MergeWarning(diagnostic.lint, diagnostic.severity, message, diagnostic.item, by_ours, by_theirs)

    def _describe_change(self, side: Branch, side_names: SideNames, bodies: _BodyIndex, item: Item) -> str:
        """Describe how a side changed an item of the merged world; empty if it did not."""
        if item.kind not in ("state", "event"):
            return ""
        id = (side_names.states if item.kind == "state" else side_names.events).get(item.id, item.id)
        base_body, side_body = (index.get(item.kind, id) for index in (self._base, bodies))
        if side_body is None:
            return ""
        if base_body is None:
            return f"{side.who} added {quote(item.id)}" if id == item.id else f"{side.who} renamed or added {quote(id)}"
        fields = list(dict.fromkeys(change.path for change in field_changes(base_body, side_body)))
        return f"{side.who} changed its {join_names(fields)}" if fields else ""


class _BodyIndex:
    """The states and events of a world as JSON, by kind and by id; of events with the same name, the first."""

    def __init__(self, world: World) -> None:
        scene = json_of(world)["scene"]
        events = {event["name"]: event for event in reversed(scene["events"])}
        self._bodies: dict[str, Json] = {"state": scene["states"], "event": events}

    def get(self, kind: str, id: str) -> Json | None:
        return self._bodies[kind].get(id)
