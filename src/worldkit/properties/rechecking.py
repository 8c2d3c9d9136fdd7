"""``PropertyChecker``: checks the properties of a world again and again while both are edited.

Only what an edit can have changed is checked again: nothing after an edit of texts, and after an edit of events only
the properties of moments that come after them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from worldkit.core.document import json_of
from worldkit.core.errors import NotAvailable
from worldkit.exploration.budget import Budget, Watch
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.properties.conditions import And, Available, Condition, PropertyError, negation, parts_of
from worldkit.properties.files import Properties
from worldkit.properties.moments import premises_of
from worldkit.properties.names import Names
from worldkit.properties.play_changes import EditImpact, play_changes
from worldkit.properties.results import PropertyResult
from worldkit.properties.statements import (
    Always,
    AtMost,
    Before,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    conditions_of,
)
from worldkit.properties.verification import check_resolved

if TYPE_CHECKING:
    from worldkit.world import World

NO_STATES_REASON = "the world has no scene yet, so there is no run to ask about"


@dataclass(frozen=True)
class _Checked:
    """What was checked last.

    Attributes:
        tags: The states of the tags.
        results: The result of each property, by the property with its names looked up.
    """

    world: World
    tags: dict[str, tuple[str, ...]]
    results: dict[Property, PropertyResult]


class PropertyChecker:
    """Checks properties again and again.

    Attributes:
        checked_names: The names of the properties that were checked anew at the last call.
    """

    def __init__(self) -> None:
        self.checked_names: tuple[str, ...] = ()
        self._previous_check: _Checked | None = None

    def check(
        self, world: World, properties: Properties, *, budget: Budget | None = None, watch: Watch | None = None
    ) -> dict[str, PropertyResult | PropertyError]:
        """Check properties of a world.

        Args:
            watch: Called now and then; may raise ``Cancelled``.

        Returns:
            By name the result, or what is wrong with a property: its names cannot be looked up, or it is too complex.

        Raises:
            Cancelled: The watcher said so.
        """
        try:
            names = Names(world, properties.tags)
        except PropertyError as error:
            return dict.fromkeys(properties, error)
        outcomes: dict[str, PropertyResult | PropertyError] = {}
        statements: dict[str, Property] = {}
        for name, statement in properties.items():
            try:
                statements[name] = names.resolve_property(statement)
            except PropertyError as error:
                outcomes[name] = error
        if not json_of(world)["scene"]["states"]:
            return outcomes | dict.fromkeys(statements, PropertyError(NO_STATES_REASON))
        old_results = self._results_that_hold(world, names, statements)
        outcomes |= {name: replace(result, name=name) for name, result in old_results.items()}
        self.checked_names = tuple(name for name in statements if name not in old_results)
        if self.checked_names:
            statements_to_check = [(name, statements[name]) for name in self.checked_names]
            outcomes |= zip(
                self.checked_names, check_resolved(world, names, statements_to_check, budget, watch), strict=True
            )
        results = {result.statement: result for result in outcomes.values() if isinstance(result, PropertyResult)}
        self._previous_check = _Checked(world, names.tags, results)
        return {name: outcomes[name] for name in properties}

    def _results_that_hold(
        self, world: World, names: Names, statements: dict[str, Property]
    ) -> dict[str, PropertyResult]:
        """Return the results that still hold after what was edited since, by name."""
        previous = self._previous_check
        if previous is None or previous.tags != names.tags:
            return {}
        results = {name: previous.results[value] for name, value in statements.items() if value in previous.results}
        if not results:
            return {}
        changes = play_changes(previous.world, world, names)
        if changes is None:
            return {}
        try:
            return {
                name: _replay_runs(result, world) for name, result in results.items() if still_holds(result, changes)
            }
        except NotAvailable:  # what plays by itself is not fired alone
            return {}


def still_holds(result: PropertyResult, changes: EditImpact) -> bool:
    """Say whether a property has the same result after an edit, because of what the edit cannot have changed.

    Args:
        result: The property's result before the edit.
        changes: What the edit can have changed.
    """
    if result.holds is None:
        return False
    if changes.same_steps == inf:
        return True
    statement, touches = result.statement, changes.touches
    run = result.counterexample or result.witness
    match statement:
        case Never(condition, _) | Possible(condition):
            decisive: tuple[Condition, ...] = (condition,)
        case Always(condition):
            decisive = (negation(condition),)
        case Before(_, second) | NeverAfter(_, second):
            decisive = (second,)
        case Until(first, second):
            decisive = (And((negation(first), negation(second))),)
        case AtMost(_, conditions):
            decisive = conditions
        case _:  # what stays possible depends on all that comes after
            return False
    if any(_asks_whether_available(condition, changes.events) for condition in conditions_of(statement)):
        return False  # that differs before the event is fired
    if run is not None and len(run) <= changes.same_steps:
        return True  # no shorter run was added, and this one is the same
    premises = premises_of(statement) if result.holds else ()
    return not any(map(touches, (*decisive, *premises)))


def _asks_whether_available(condition: Condition, events: frozenset[str]) -> bool:
    if isinstance(condition, Available):
        return condition.name in events
    return any(_asks_whether_available(part, events) for part in parts_of(condition))


def _replay_runs(result: PropertyResult, world: World) -> PropertyResult:
    """Return a result whose runs are played in a world, since an edit of words changes how long events play."""

    def replay(run: Trace | None) -> Trace | None:
        if run is None:
            return None
        session = Session(world)
        for event in run.events:
            session.fire(event)
        return session.trace

    return replace(result, counterexample=replay(result.counterexample), witness=replay(result.witness))
