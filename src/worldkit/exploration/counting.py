"""Counts positions as the specification does: with the uses of one-shots that make no difference, too.

Engines leave out the use of one-shots that can change nothing (``TransitionSystem.one_shots``), so what they
count are classes of positions. Here those uses have bits again, and the same decision diagrams count. Three things
keep them small: a use that follows from a flag needs no bit; one-shots that do the same wherever they are offered
share one bit, which says that some of them were used; and no move requires such a bit, as firing the one-shot again
changes nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from worldkit.exploration.bdd import recursion_limit_for
from worldkit.exploration.budget import Budget, BudgetSpent, Meter
from worldkit.exploration.mask_sets import count_positions_in
from worldkit.exploration.moves import SearchMove
from worldkit.exploration.portfolio import Portfolio
from worldkit.exploration.quotient import QuotientSystem, quotient_of
from worldkit.exploration.transition_system import TransitionSystem

MAX_SECONDS = 5.0
"""Counting takes no longer than this, or than the budget."""

MAX_SHARED_BITS = 8
"""Where more bits than this stand for several one-shots each, tables are not used:
they have a weight for each choice of such bits."""

STEPS_PER_GROUP = 100
"""About how many small steps counting the masks of a group takes."""


class Count(NamedTuple):
    """How many positions can be reached, and from how many of them no ending can be; None when that is not known."""

    positions: int
    stuck: int | None


def untracked_one_shots(system: TransitionSystem) -> dict[int, str]:
    """Return the one-shots that some move fires and whose use is no bit of the mask, as names by label."""
    if len(system.one_shots) == len({action.name for action in system.table.actions if action.one_shot}):
        return {}
    names_by_label: dict[int, str] = {}
    for moves in system.moves:
        for move in moves:
            if move.label >= 0 and not move.forbids:
                action = system.table.actions[move.label]
                if action.one_shot and not action.opens_console:
                    names_by_label[move.label] = action.name
    return names_by_label


def count_positions(system: TransitionSystem, budget: Budget) -> Count | None:
    """Return how many positions can be reached, or None when the budget is not enough to count them.

    Args:
        system: The system; nothing is left out of it.
    """
    deadline = time.perf_counter() + min(budget.seconds, MAX_SECONDS)
    try:
        extended_system, shares = with_one_shot_bits(system, quotient_of(system))
        world = quotient_of(extended_system)
        with recursion_limit_for(extended_system.width):
            with_tables = sum(share > 1 for share in shares.values()) <= MAX_SHARED_BITS
            position_sets = Portfolio(
                world, budget, lambda stage, _: Meter(stage, deadline), [], None, 1.0, with_tables=with_tables
            ).reach()
            if position_sets is None:
                return None
            sizes = [len(states) for states in world.members]
            count_reached, count_lost = position_sets.counts(shares)
            meter = Meter("count", deadline)
            counts, lost_counts = [], []
            for group in range(len(sizes)):
                meter.work(STEPS_PER_GROUP)
                counts.append(count_reached(group))
                lost_counts.append(count_lost(group))
            return Count(count_positions_in(counts, sizes), count_positions_in(lost_counts, sizes))
    except BudgetSpent:
        return None


def with_one_shot_bits(system: TransitionSystem, world: QuotientSystem) -> tuple[TransitionSystem, dict[int, int]]:
    """Return a system with bits for the uses that it leaves out, and how many one-shots share each of them.

    Args:
        world: Its quotient.
    """
    untracked_names = untracked_one_shots(system)
    grant_counts = Counter(
        flag for action in system.table.actions if not action.opens_console for flag in action.grants
    )
    start_flags = system.flags_of(system.mask)
    moves: dict[int, list[tuple[int, SearchMove]]] = {}
    for state, state_moves in enumerate(system.moves):
        for move in state_moves:
            if move.label in untracked_names and world.group[state] >= 0:
                moves.setdefault(move.label, []).append((world.group[state], move))
    equivalent: dict[object, list[int]] = {}
    for label, group_moves in moves.items():
        if any(grant_counts[flag] == 1 and flag not in start_flags for flag in system.table.actions[label].grants):
            continue  # the flag is held exactly when it was used
        stays = all(world.group[move.target] == group for group, move in group_moves)
        options = frozenset((group, move.requires) for group, move in group_moves)
        equivalent.setdefault((options, group_moves[0][1].sets) if stays else label, []).append(label)
    bits = {label: 1 << (system.width + i) for i, labels in enumerate(equivalent.values()) for label in labels}
    names = tuple(untracked_names[labels[0]] for labels in equivalent.values())
    out = tuple(tuple(_with_gain(move, bits) for move in state_moves) for state_moves in system.moves)
    shares = {1 << (system.width + i): len(labels) for i, labels in enumerate(equivalent.values())}
    return replace(system, one_shots=system.one_shots + names, moves=out), shares


def _with_gain(move: SearchMove, bits: dict[int, int]) -> SearchMove:
    bit = bits.get(move.label, 0)
    return move._replace(sets=move.sets | bit) if bit else move


__all__ = ["Count", "count_positions", "untracked_one_shots", "with_one_shot_bits"]
