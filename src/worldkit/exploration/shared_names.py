"""Moves of a state that share a name: which one firing the name makes, as conditions of the moves themselves.

A name stands for the first event of it that is available (``machine.fireable_by_name``). So a later one can be pressed
where every earlier one lacks a flag or is used up. Those conditions are split into moves that need some bits
and bar others, at most one of which can be made in any position.
"""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.exploration.moves import SearchMove

MAX_SPLIT = 256
"""A move is split into no more moves than this; one that would need more is left out, and the answer says so."""

Condition = tuple[int, int]
"""Bits that must be held, and bits that must not be."""


def resolve_shared_names(
    moves: Sequence[SearchMove], names: Sequence[str], self_firing: Sequence[bool], start: int
) -> tuple[list[SearchMove], list[str]]:
    """Return the moves of a state as firing their names makes them, and the names of those left out in part.

    Left out is what there are too many conditions for, and what only a timer, a waypoint or a zone can fire: when
    those come to fire is a matter of time, which positions say nothing about.

    Args:
        moves: The moves, in the order in which they stand for their name.
        self_firing: Whether a timer, a waypoint or a zone can fire them.
        start: The bits held where play begins: they are never lost.
    """
    plain_moves: list[SearchMove] = []
    omitted_names: list[str] = []
    earlier: dict[str, list[Condition]] = {}
    for move, name, fires_itself in zip(moves, names, self_firing, strict=True):
        earlier_conditions = earlier.setdefault(name, [])
        conditions = (
            exclude_conditions((move.requires, move.forbids), earlier_conditions, start)
            if earlier_conditions
            else [(move.requires, move.forbids)]
        )
        if conditions is None:
            omitted_names.append(name)
        else:
            plain_moves += [move._replace(requires=requires, forbids=forbids) for requires, forbids in conditions]
            if fires_itself and conditions != [(move.requires, move.forbids)]:
                omitted_names.append(name)
        earlier_conditions.append((move.requires, move.forbids))
    return plain_moves, omitted_names


def exclude_conditions(
    condition: Condition, excluded_conditions: Sequence[Condition], start: int
) -> list[Condition] | None:
    """Return when a condition holds and none of some others does, as conditions that exclude each other.

    Args:
        excluded_conditions: The others; each bars one bit at most.
        start: Bits that are always held.

    Returns:
        The conditions, or None when there are more than ``MAX_SPLIT``.
    """
    conditions = [condition]
    for other_need, other_bar in excluded_conditions:
        remaining: list[Condition] = []
        for requires, forbids in conditions:
            if forbids & other_need or requires & other_bar:
                remaining.append((requires, forbids))
                continue
            missing_bits = other_need & ~requires & ~start
            while missing_bits:
                bit = missing_bits & -missing_bits
                missing_bits ^= bit
                remaining.append((requires, forbids | bit))
                requires |= bit
            if other_bar and not other_bar & forbids:
                remaining.append((requires | other_bar, forbids))
        if len(remaining) > MAX_SPLIT:
            return None
        conditions = remaining
    return conditions
