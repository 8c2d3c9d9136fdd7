"""Whether and how often a passage was visited, as variables that arriving there changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from worldkit.interop.stories.expressions import TRUE, Constant, Expression, Operation, Value, Variable, names_in
from worldkit.interop.stories.machine import Effect, MachineNode, MachineTransition

_VISITED, _VISITS = "visited ", "visits of "


def has_visited(passage: str) -> Expression:
    """Return the condition that a passage was visited, this time included."""
    return Variable(_VISITED + passage)


def visit_count(passage: str) -> Expression:
    """Return how often a passage was visited, this time included."""
    return Variable(_VISITS + passage)


def count_visits(
    nodes: Sequence[MachineNode], transitions: Sequence[MachineTransition], variables: dict[str, Value]
) -> list[MachineNode]:
    """Return the nodes, those that anything asks about with effects that note visits.

    Args:
        nodes: The nodes.
        transitions: The transitions.
        variables: The variables of the machine; those of visits are added.
    """
    asked_for = {name for expression in _expressions(nodes, transitions) for name in names_in(expression)}
    for name in asked_for:
        if name.startswith((_VISITED, _VISITS)):
            variables[name] = False if name.startswith(_VISITED) else 0
    result = []
    for node in nodes:
        visited, visits = _VISITED + node.id, _VISITS + node.id
        notes = [Effect(visited, TRUE, where=node.where)] if visited in asked_for else []
        if visits in asked_for:
            notes.append(Effect(visits, Operation("+", (Variable(visits), Constant(1))), where=node.where))
        result.append(dataclasses.replace(node, effects=(*notes, *node.effects)) if notes else node)
    return result


def _expressions(nodes: Sequence[MachineNode], transitions: Sequence[MachineTransition]) -> Iterator[Expression]:
    for node in nodes:
        yield from (text.guard for text in node.texts)
        yield from (forward.guard for forward in node.forwards)
        yield from (part for effect in node.effects for part in (effect.guard, effect.value))
    for transition in transitions:
        yield transition.guard
        yield from (part for effect in transition.effects for part in (effect.guard, effect.value))
