"""Whether and how often a passage was visited, as variables that arriving there changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from worldkit.interop.stories.expressions import TRUE, Constant, Expression, Operation, Variable, names_in
from worldkit.interop.stories.machine import MachineNode, MachineTransition, Part, VariableEffect, expressions_of
from worldkit.interop.stories.operations import Value

_VISITED_PREFIX, _VISITS_PREFIX = "visited ", "visits of "


def has_visited(passage: str) -> Variable:
    """Return the condition that a passage was visited, this time included."""
    return Variable(_VISITED_PREFIX + passage)


def visit_count(passage: str) -> Variable:
    """Return how often a passage, or another place of a story, was visited, this time included."""
    return Variable(_VISITS_PREFIX + passage)


def counted_visit(place: str, guard: Expression, where: str) -> VariableEffect:
    """Return what counts a visit to a passage or to another place, if a condition holds."""
    count = visit_count(place)
    return VariableEffect(count.name, Operation("+", (count, Constant(1))), guard, where)


def count_visits(
    nodes: Sequence[MachineNode], transitions: Sequence[MachineTransition], variables: dict[str, Value]
) -> list[MachineNode]:
    """Return the nodes, those that anything asks about with effects that note visits.

    Args:
        variables: The variables of the machine; those of visits are added.
    """
    parts: list[Part] = [*nodes, *transitions]
    names = (name for part in parts for expression in expressions_of(part) for name in names_in(expression))
    asked_for = dict.fromkeys(names)
    for name in asked_for:
        if name.startswith((_VISITED_PREFIX, _VISITS_PREFIX)):
            variables[name] = False if name.startswith(_VISITED_PREFIX) else 0
    result = []
    for node in nodes:
        flag, count = _VISITED_PREFIX + node.id, _VISITS_PREFIX + node.id
        notes = [VariableEffect(flag, TRUE, where=node.where)] if flag in asked_for else []
        if count in asked_for:
            notes.append(counted_visit(node.id, TRUE, node.where))
        result.append(dataclasses.replace(node, effects=(*notes, *node.effects)) if notes else node)
    return result
