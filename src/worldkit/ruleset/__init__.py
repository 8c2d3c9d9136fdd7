"""Lint: what is wrong with a world, and the fixes that are safe to make (contract/rules.md).

Every rule is one function in a module by theme: ``graph``, ``flags``, ``prose``, ``evidence``, ``keys``,
``missions``, ``records``, ``urls``. ``RULES`` holds them in the order they report in. What only
exhaustive play can see is in ``deep``, with its own ``DEEP_RULES``; a plain lint does not run them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.json_values import Json
from worldkit.core.time_limit import check_time
from worldkit.ruleset import evidence, flags, graph, keys, missions, prose, records, urls
from worldkit.ruleset.deep import DEEP_RULES
from worldkit.ruleset.deep import deep as _deep
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import MOST, Found, Rule, rule
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget

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
    # our own from here on; what comes before is the contract's table, in its order
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


def lint(world: World, *, deep: bool = False, budget: Budget | None = None) -> Diagnostics:
    """Return what the rules find in a world: in the order of ``RULES``, and within a rule in world order.

    A rule lists at most its first ``MOST`` findings; one more says how many there are besides. ``total`` and
    ``counts`` of the result count them all.

    Args:
        world: The world.
        deep: Play it through exhaustively as well, and add what the rules of ``DEEP_RULES`` find.
        budget: What exhaustive play may cost; see ``worldkit.explore``.
    """
    index = Index(world)
    plain = diagnosed(index)
    return Diagnostics((*plain, *_deep(index, budget)), world) if deep else plain


def diagnosed(index: Index) -> Diagnostics:
    """Return what the rules find in a world that is indexed already."""
    return Diagnostics(_each_finding(index), index.world)


def _each_finding(index: Index) -> Iterator[Diagnostic]:
    for known in _ORDER:
        check_time()
        for found in known.diagnose(index):
            check_time()
            yield found


def all_found(world: World) -> Iterator[tuple[Rule[Index], Found]]:
    """Yield everything that the rules find in a world, each with its rule: what ``lint`` lists the first of."""
    index = Index(world)
    for known in _ORDER:
        for found in known.check(index):
            yield known, found


def fix_ops(world: World, found: Diagnostic) -> list[Json] | None:
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


def fixed(world: World, diagnostics: Iterable[Diagnostic]) -> World:
    """Return a world with the safe fix of every finding that has one applied.

    Args:
        world: The world they were found in.
        diagnostics: The findings; one that stands for several settles everything its rule finds.

    Returns:
        A new world; the same one when nothing could be fixed.
    """
    from worldkit.editing import apply

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


def _items(known: Rule[Index], index: Index, given: Iterable[Diagnostic]) -> list[Item]:
    """Return the items of some findings of a rule, those of all its findings if one stands for more than itself."""
    listed = list(given)
    if any(found.count > 1 for found in listed):
        return list(dict.fromkeys(Item(kind, id, field) for _, kind, id, field in known.check(index)))
    return list(dict.fromkeys(found.item for found in listed))


__all__ = [
    "DEEP_RULES",
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
    "rule",
]
