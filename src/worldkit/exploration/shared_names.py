"""Moves of a state that share a name: which one firing the name makes, as conditions of the moves themselves.

A name stands for the first event of it that is available (``machine.named``). So a later one can be pressed
where every earlier one lacks a flag or is used up. Those conditions are split into moves that need some bits
and bar others, at most one of which can be made in any position.
"""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.exploration.moves import Move

MOST = 256
"""A move is split into no more moves than this; one that would need more is left out, and the answer says so."""

Condition = tuple[int, int]
"""Bits that must be held, and bits that must not be."""


def as_named(
    moves: Sequence[Move], names: Sequence[str], self_firing: Sequence[bool], start: int
) -> tuple[list[Move], list[str]]:
    """Return the moves of a state as firing their names makes them, and the names of those left out in part.

    Left out is what there are too many conditions for, and what only a timer, a waypoint or a zone can fire: when
    those come to fire is a matter of time, which positions say nothing about.

    Args:
        moves: The moves, in the order in which they stand for their name.
        names: Their names.
        self_firing: Whether a timer, a waypoint or a zone can fire them.
        start: The bits held where play begins: they are never lost.
    """
    found: list[Move] = []
    omitted: list[str] = []
    earlier: dict[str, list[Condition]] = {}
    for move, name, fires_itself in zip(moves, names, self_firing, strict=True):
        others = earlier.setdefault(name, [])
        conditions = split((move.need, move.bar), others, start) if others else [(move.need, move.bar)]
        if conditions is None:
            omitted.append(name)
        else:
            found += [move._replace(need=need, bar=bar) for need, bar in conditions]
            if fires_itself and conditions != [(move.need, move.bar)]:
                omitted.append(name)
        others.append((move.need, move.bar))
    return found, omitted


def split(condition: Condition, others: Sequence[Condition], start: int) -> list[Condition] | None:
    """Return when a condition holds and none of some others does, as conditions that exclude each other.

    Args:
        condition: The condition.
        others: The others; each bars one bit at most.
        start: Bits that are always held.

    Returns:
        The conditions, or None when there are more than ``MOST``.
    """
    found = [condition]
    for other_need, other_bar in others:
        made: list[Condition] = []
        for need, bar in found:
            if bar & other_need or need & other_bar:
                made.append((need, bar))
                continue
            lacking = other_need & ~need & ~start
            while lacking:
                bit = lacking & -lacking
                lacking ^= bit
                made.append((need, bar | bit))
                need |= bit
            if other_bar and not other_bar & bar:
                made.append((need | other_bar, bar))
        if len(made) > MOST:
            return None
        found = made
    return found
