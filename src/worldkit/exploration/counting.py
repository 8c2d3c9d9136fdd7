"""How many positions there are as the contract counts them: with the uses of one-shots that cannot matter, too.

Engines leave out the use of one-shots that can change nothing (``System.ones``), so what they count are classes of
positions. Here those uses have bits again, and the same decision diagrams count. Three things keep them small: a
use that a flag gives away needs no bit; one-shots that do the same wherever they are offered share one bit, which
says that some of them were used; and no bit is ever asked for, as firing such a one-shot again changes nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from worldkit.exploration.bdd import deep
from worldkit.exploration.budget import Budget, Meter, Spent
from worldkit.exploration.moves import Move
from worldkit.exploration.quotient import Contracted, contract
from worldkit.exploration.sets import total
from worldkit.exploration.symbolic import solve
from worldkit.exploration.transition_system import System

SECONDS = 5.0
"""Counting takes no longer than this, or than the budget."""


class Count(NamedTuple):
    """How many positions can be reached, and from how many of them no ending can be; None when that is not known."""

    positions: int
    stuck: int | None


def uncounted(system: System) -> dict[int, str]:
    """Return the one-shots that some move fires and whose use is no bit of the mask, as names by label."""
    if len(system.ones) == len({action.name for action in system.table.actions if action.one_shot}):
        return {}
    found: dict[int, str] = {}
    for moves in system.out:
        for move in moves:
            if move.label >= 0 and not move.bar:
                action = system.table.actions[move.label]
                if action.one_shot and not action.opens_console:
                    found[move.label] = action.name
    return found


def count(system: System, budget: Budget) -> Count | None:
    """Return how many positions can be reached, or None when the budget is not enough to count them.

    Args:
        system: The system; nothing is left out of it.
        budget: What it may cost.
    """
    meter = Meter("count", time.perf_counter() + min(budget.seconds, SECONDS))
    try:
        made, shares = with_uses(system, contract(system))
        world = contract(made)
        with deep(made.width):
            sets = solve(world, budget.nodes, meter)
            sizes = [len(states) for states in world.members]
            groups = range(len(sizes))
            found, lost = sets.counts(shares)
            return Count(total([found(g) for g in groups], sizes), total([lost(g) for g in groups], sizes))
    except Spent:
        return None


def with_uses(system: System, world: Contracted) -> tuple[System, dict[int, int]]:
    """Return a system with bits for the uses that it leaves out, and how many one-shots share each of them.

    Args:
        system: The system.
        world: The same, contracted.
    """
    left = uncounted(system)
    granted = Counter(flag for action in system.table.actions if not action.opens_console for flag in action.grants)
    held = system.flags_of(system.mask)
    moves: dict[int, list[tuple[int, Move]]] = {}
    for state, here in enumerate(system.out):
        for move in here:
            if move.label in left and world.group[state] >= 0:
                moves.setdefault(move.label, []).append((world.group[state], move))
    alike: dict[object, list[int]] = {}
    for label, found in moves.items():
        if any(granted[flag] == 1 and flag not in held for flag in system.table.actions[label].grants):
            continue  # the flag is held exactly when it was used
        stays = all(world.group[move.target] == group for group, move in found)
        offered = frozenset((group, move.need) for group, move in found)
        alike.setdefault((offered, found[0][1].gain) if stays else label, []).append(label)
    bits = {label: 1 << (system.width + i) for i, labels in enumerate(alike.values()) for label in labels}
    names = tuple(left[labels[0]] for labels in alike.values())
    out = tuple(tuple(_gaining(move, bits) for move in here) for here in system.out)
    shares = {1 << (system.width + i): len(labels) for i, labels in enumerate(alike.values())}
    return replace(system, ones=system.ones + names, out=out), shares


def _gaining(move: Move, bits: dict[int, int]) -> Move:
    bit = bits.get(move.label, 0)
    return move._replace(gain=move.gain | bit) if bit else move


__all__ = ["Count", "count", "uncounted", "with_uses"]
