"""What an edit changes between the groups of a world, where endings and bits stay and no groups are joined or split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worldkit.exploration.flat_rows import grouped
from worldkit.exploration.quotient import Edge, QuotientSystem

GroupEdge = tuple[int, Edge]
"""A group, and something that can be done there."""


@dataclass(frozen=True)
class EdgeChanges:
    """The edges that differ between a world and an edited one.

    Attributes:
        earlier_numbers: The number of every group before the edit; -1 for a group that no way led to.
        new_numbers: The number after the edit of every group there was; -1 where no way leads any more.
        removed: The edges that are gone: with their group's number before the edit, and the target's after it.
        added: The edges that are new, those of new groups among them.
    """

    earlier_numbers: list[int]
    new_numbers: list[int]
    removed: list[GroupEdge]
    added: list[GroupEdge]


def edge_changes(world: QuotientSystem, earlier: QuotientSystem) -> EdgeChanges | None:
    """Return what an edit has changed; None when more differs than edges.

    Args:
        world: The edited world.
        earlier: The world before the edit.
    """
    numbers = _group_numbers(world, earlier)
    if numbers is None:
        return None
    earlier_numbers, new_numbers = numbers
    removed: list[GroupEdge] = []
    new_groups = (group for group, number in enumerate(earlier_numbers) if number < 0)
    added = [(group, edge) for group in new_groups for edge in world.edges[group]]
    is_renumbered = any(group != number for group, number in enumerate(new_numbers))
    for earlier_number, edges_before in enumerate(earlier.edges):
        group = new_numbers[earlier_number]
        edges = world.edges[group] if group >= 0 else ()
        if is_renumbered:
            edges_before = tuple((new_numbers[edge[0]], *edge[1:]) for edge in edges_before)
        if edges != edges_before:
            removed += ((earlier_number, edge) for edge in set(edges_before).difference(edges))
            added += ((group, edge) for edge in set(edges).difference(edges_before))
    return EdgeChanges(earlier_numbers, new_numbers, removed, added)


def edges_into(world: QuotientSystem) -> Callable[[int], list[GroupEdge]]:
    """Return what returns the edges that lead to a group, each with the group that it starts from."""
    edges = [(group, edge) for group, edges_here in enumerate(world.edges) for edge in edges_here]
    first, order = grouped([edge[0] for _, edge in edges], len(world.edges))
    return lambda group: [edges[place] for place in order[first[group] : first[group + 1]]]


def _group_numbers(world: QuotientSystem, earlier: QuotientSystem) -> tuple[list[int], list[int]] | None:
    """Return the earlier number of every group, and the number of every earlier group; -1 where there is none."""
    before, after = earlier.system, world.system
    earlier_states = _earlier_states(after.states, before.states)
    endings = {earlier_states[state] for state in after.endings}
    kept_endings = before.endings.intersection(earlier_states)
    if (after.width, after.mask, earlier_states[after.start]) != (before.width, before.mask, before.start):
        return None
    if endings - {-1} != kept_endings:
        return None
    earlier_groups = [earlier.group[state] if state >= 0 else -1 for state in earlier_states]
    earlier_numbers, new_numbers = [-1] * len(world.members), [-1] * len(earlier.members)
    for group, states in enumerate(world.members):
        numbers = {earlier_groups[state] for state in states} - {-1}
        if not numbers:
            continue
        number = numbers.pop()
        if numbers or new_numbers[number] >= 0:
            return None  # groups were joined, or one was split
        earlier_numbers[group], new_numbers[number] = number, group
    return earlier_numbers, new_numbers


def _earlier_states(states: Sequence[str], earlier_states: Sequence[str]) -> list[int]:
    """Return which state every state was before; -1 for a new one.

    Where there are as many as before they are taken to be the same, whatever their names are now.
    """
    if len(states) == len(earlier_states):
        return list(range(len(states)))
    indices = {name: index for index, name in enumerate(earlier_states)}
    return [indices.get(name, -1) for name in states]
