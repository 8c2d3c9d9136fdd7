"""``CheckedWorld``: the findings of a world, kept so that after an edit only what it can have changed is checked again.

The result is always what ``lint`` gives. Each part of a rule says what its findings depend on (``rules.Scope``):
findings about single items are checked again for the items of an ``EditScope``, groups of events where the change
concerns one of them, and what takes little time every time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain

from worldkit.core.diagnostics import Diagnostic, Diagnostics
from worldkit.core.document import Document, event_index
from worldkit.core.profile import HOSTED, Profile
from worldkit.core.time_limit import check_time
from worldkit.ruleset import RULES
from worldkit.ruleset.change import EditScope, change_between
from worldkit.ruleset.index import Index, Slice
from worldkit.ruleset.kernel import allowances
from worldkit.ruleset.reachability import ranks_after
from worldkit.ruleset.rules import Allowances, Found, Rule, RulePart

Group = Mapping[str, tuple[Found, ...]] | tuple[Found, ...]
"""The findings of a part, by item where they are about single items."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """The findings of a rule, and the diagnostics that list them."""

    groups: tuple[Group, ...]
    diagnostics: tuple[Diagnostic, ...]


class CheckedWorld:
    """A world with all its findings.

    Args:
        profile: Whose rules look at it.
    """

    _index: Index
    _rules: Mapping[str, _Listed]
    diagnostics: Diagnostics

    def __init__(self, world: Document, profile: Profile = HOSTED) -> None:
        index = Index(world, profile)
        world_allowances = allowances(world)
        rules = {}
        for rule in _rules_of(profile):
            check_time()
            groups = tuple(_grouped(part, index) for part in rule.parts)
            rules[rule.id] = _list_findings(rule, groups, index, world_allowances)
        self._finish(index, rules)

    def after(self, world: Document) -> CheckedWorld:
        """Return the findings of the world that an edit made of this one.

        Args:
            world: The world after the edit; what it shares with this one is not checked again.
        """
        before, index = self._index, Index(world, self._index.profile)
        change = change_between(before, index)
        if change is None:
            return CheckedWorld(world, index.profile)
        is_same_graph = _keep_graph(before, index, change)
        events = Slice(index, {}, change.events)
        states = Slice(
            index, {id: index.states[id] for id in change.states if id in index.states}, change.offered_events
        )
        world_allowances = allowances(world)
        rules = {}
        for rule in _rules_of(index.profile):
            check_time()
            old_list = self._rules[rule.id]
            groups = tuple(
                _rechecked(part, group, index, states if part.kind == "state" else events, change, is_same_graph)
                for part, group in zip(rule.parts, old_list.groups, strict=True)
            )
            is_same = all(new is old for new, old in zip(groups, old_list.groups, strict=True))
            rules[rule.id] = old_list if is_same else _list_findings(rule, groups, index, world_allowances)
        result = object.__new__(CheckedWorld)
        result._finish(index, rules)
        return result

    def _finish(self, index: Index, rules: Mapping[str, _Listed]) -> None:
        self._index, self._rules = index, rules
        diagnostics = chain.from_iterable(rule_list.diagnostics for rule_list in rules.values())
        self.diagnostics = Diagnostics(diagnostics, index.world, index.profile)


def _rules_of(profile: Profile) -> list[Rule[Index]]:
    return [rule for rule in RULES.values() if rule.level(profile) != "off"]


def _grouped(part: RulePart[Index], index: Index) -> Group:
    # events that share a name cannot be matched one to one, so such a world is always checked as a whole
    if part.scope != "item" or (part.kind == "event" and not index.has_unique_names):
        return tuple(part.check(index))
    by_item: dict[str, list[Found]] = {}
    for finding in part.check(index):
        by_item.setdefault(finding.id, []).append(finding)
    return {id: tuple(group) for id, group in by_item.items()}


def _rechecked(
    part: RulePart[Index], group: Group, index: Index, items: Slice, change: EditScope, is_same_graph: bool
) -> Group:
    """Return the findings of a part after a change: the same object when they are the same."""
    if isinstance(group, Mapping):
        new_group = _grouped(part, items)
        assert isinstance(new_group, Mapping)
        ids = (
            change.states
            if part.kind == "state"
            else {event.name for event in chain(change.events, change.removed_events)}
        )
        old = {id: group[id] for id in ids if id in group}
        return group if old == new_group else _merge_group(part, group, new_group, ids, index)
    if part.scope == "graph" and is_same_graph:
        return group
    if part.scope == "group" and not any(map(part.concerns, chain(change.events, change.removed_events))):
        return group
    findings = tuple(part.check(index))
    return group if findings == group else findings


def _merge_group(
    part: RulePart[Index],
    group: Mapping[str, tuple[Found, ...]],
    new_items: Mapping[str, tuple[Found, ...]],
    ids: Collection[str],
    index: Index,
) -> Group:
    """Return the findings of all items in world order, with those of some ids replaced."""
    new_group = dict(group)
    for key in ids:
        if key not in new_items:
            new_group.pop(key, None)
    is_known = new_items.keys() <= new_group.keys()
    new_group |= new_items
    if is_known:
        return new_group
    if part.kind == "state":
        return {key: new_group[key] for key in filter(new_group.__contains__, index.states)}
    # looked up by identity, since reading the name of every event takes several times as long
    names = {id(index.named(name)): name for name in new_group}
    in_order = filter(names.__contains__, event_index(index.world).order)
    return {name: new_group[name] for name in map(names.__getitem__, in_order)}


def _list_findings(rule: Rule[Index], groups: tuple[Group, ...], index: Index, world_allowances: Allowances) -> _Listed:
    findings = chain.from_iterable(
        chain.from_iterable(group.values()) if isinstance(group, Mapping) else group for group in groups
    )
    return _Listed(groups, tuple(rule.listed(findings, index.profile, world_allowances)))


def _keep_graph(before: Index, after: Index, change: EditScope) -> bool:
    """Carry over which states a state's events lead to, and what is reachable; return whether that is the same."""
    old_exits = before.exits
    graph = Slice(after, {}, change.offered_events)
    own_exits = {id: targets for id, targets in graph.exits.items() if id in change.states}
    has_same_start = (
        before.world.start == after.world.start and not before.world.sequences and not after.world.sequences
    )
    is_same = (
        all(old_exits.get(id) == own_exits.get(id) for id in change.states)
        and before.endings == after.endings
        and has_same_start
    )
    if is_same:
        after.exits, after.moves, after.ranks = old_exits, before.moves, before.ranks
    else:
        exits = dict(old_exits)
        for id in change.states:
            exits.pop(id, None)
        exits.update(own_exits)
        after.exits = exits
        if has_same_start:
            ranks = ranks_after(before.ranks, before.moves, after.moves, change.states, after.sources_of)
            if ranks is not None:
                after.ranks = ranks
    return is_same and list(before.states) == list(after.states)
