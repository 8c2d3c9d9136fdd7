"""Deep rules: what only exhaustive play can see (docs/spec/rules.md, our own).

They are given what exhaustive play found, not an index, and never run in a plain lint. What plain rules
say of a world already is not said again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.profile import HOSTED, Profile
from worldkit.exploration import Budget, Exploration, Finding, explore
from worldkit.ruleset import diagnosed
from worldkit.ruleset.flags import unreachable_require
from worldkit.ruleset.graph import orphan_event
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, Rule, rule

if TYPE_CHECKING:
    from worldkit.world import World


@dataclass(frozen=True, eq=False)
class ExploredWorld:
    """A world that was played through, with what the plain rules say of it.

    Attributes:
        exploration: What exhaustive play found.
        index: The world, indexed.
    """

    exploration: Exploration
    index: Index

    def findings(self, kind: str) -> Iterator[Finding]:
        """Yield the findings of one kind."""
        return (finding for finding in self.exploration.findings if finding.kind == kind)

    def dead_events(self, far: bool) -> Iterator[Finding]:
        """Yield the events that can never happen and of which plain lint says nothing.

        Args:
            far: Those offered only where no run gets; otherwise the others.
        """
        for finding in self.findings("dead-event"):
            name, sources = finding.item.id, set(finding.states)
            is_reported = name in self.hopeless or sources <= self.cut_off
            if not is_reported and (self.exploration.why(name).reason == "source unreachable") == far:
                yield finding

    @cached_property
    def cut_off(self) -> frozenset[str]:
        """The states of which plain lint says that no way leads there."""
        return frozenset(self.index.unreachable)

    @cached_property
    def hopeless(self) -> frozenset[str]:
        """The events of which plain lint says that they are offered nowhere, or wait for what nothing grants."""
        plain_rules = (orphan_event, unreachable_require)
        return frozenset(
            finding.id for rule in plain_rules for finding in rule.check(self.index) if finding.kind == "event"
        )


@rule(
    "soft-lock",
    "warning",
    "A run can get stuck for good",
    "After this step play goes on, but no ending can be reached any more, whatever the player does. Let the step "
    "require what is missing then, grant that where the run gets stuck, or open a way from there to an ending. "
    "explore(world).soft_locks has a shortest run into it and the point of no return.",
)
def soft_lock(explored_world: ExploredWorld) -> Iterator[Found]:
    """A position can be reached from which no ending can."""
    yield from map(_found_by_rule, explored_world.findings("soft-lock"))


@rule(
    "dead-end",
    "warning",
    "Nothing may be left to do",
    "In this state a run can come to a point where nothing at all can be done, though the run is not over. Give the "
    "state a way on, or make it an ending.",
)
def dead_end(explored_world: ExploredWorld) -> Iterator[Found]:
    """A position can be reached that is not over and in which nothing can be done."""
    yield from map(_found_by_rule, explored_world.findings("dead-end"))


@rule(
    "unreachable-ending",
    "warning",
    "An ending that no run reaches",
    "Moves lead to this ending, but no order of moves gets there: something on the way is never granted, or is used up "
    "before it is needed. Open a way to it, or drop it.",
)
def unreachable_ending(explored_world: ExploredWorld) -> Iterator[Found]:
    """No run reaches an ending, though moves lead to it."""
    for finding in explored_world.findings("unreachable-ending"):
        if finding.item.id not in explored_world.cut_off:
            yield _found_by_rule(finding)


@rule(
    "dead-event",
    "warning",
    "An event that can never happen",
    "The event is offered somewhere and what it requires is granted somewhere, but no run ever has the two together. "
    "Let the player get there with what it needs, let it require less, or drop it.",
)
def dead_event(explored_world: ExploredWorld) -> Iterator[Found]:
    """No run can fire an event, though some run gets to where it is offered."""
    yield from map(_found_by_rule, explored_world.dead_events(far=False))


@rule(
    "never-offered",
    "info",
    "An event where no run gets",
    "No run gets to where this event is offered, so that it can never happen. It follows from something else: look at "
    "what keeps players from getting there, an event that can never happen or a key that is never found.",
)
def never_offered(explored_world: ExploredWorld) -> Iterator[Found]:
    """No run gets to where an event is offered, though moves lead there."""
    yield from map(_found_by_rule, explored_world.dead_events(far=True))


@rule(
    "not-decided",
    "info",
    "Exhaustive play was not finished",
    "The world has more positions than could be looked at within the limits, so that something was left open. What is "
    "reported holds all the same. Give it more time or memory to have the rest.",
)
def not_decided(explored_world: ExploredWorld) -> Iterator[Found]:
    """Something was not decided within the budget."""
    yield from map(_found_by_rule, explored_world.findings("undecided"))


DEEP_RULES: Mapping[str, Rule[ExploredWorld]] = MappingProxyType(
    {
        deep_rule.id: deep_rule
        for deep_rule in (soft_lock, dead_end, unreachable_ending, dead_event, never_offered, not_decided)
    }
)
"""Every deep rule by its id, in the order they report in."""


def deep_lint(world: World, budget: Budget | None = None, profile: Profile = HOSTED) -> Diagnostics:
    """Return what all rules find in a world: those of a plain lint, then the deep ones, by playing it through.

    Args:
        world: The world. Without states there is no play, and nothing for the deep rules to find.
        budget: What exhaustive play may cost.

    Returns:
        The findings, in the order of ``RULES`` and ``DEEP_RULES``.
    """
    index = Index(world, profile)
    diagnostics = diagnosed(index)
    if not index.states:
        return diagnostics
    return Diagnostics(
        (*diagnostics, *deep_diagnostics(ExploredWorld(explore(world, budget=budget), index))), world, profile
    )


def deep_diagnostics(explored_world: ExploredWorld) -> list[Diagnostic]:
    """Return what the deep rules find in a world that was played through already."""
    profile = explored_world.index.profile
    return [
        diagnostic for deep_rule in DEEP_RULES.values() for diagnostic in deep_rule.diagnose(explored_world, profile)
    ]


def _found_by_rule(finding: Finding) -> Found:
    """Return a finding of exhaustive play as one sentence: what is wrong, and what to do."""
    item: Item = finding.item
    message, fix = finding.message.rstrip("."), finding.fix.rstrip(".")
    return Found(f"{_lower_first(message)}; {_lower_first(fix)}", item.kind, item.id, item.field)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
