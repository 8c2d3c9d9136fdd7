"""Lower bounds: how many steps a run takes at least until it is in a state and holds some bits there.

Both are relaxations: whatever a real run does can be done in them, no later. So they never overestimate,
and going back over a move lowers them by at most one, which is what A* asks for (Hart, Nilsson, Raphael 1968).
"""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.exploration.moves import Move

Moves = Sequence[Sequence[Move]]
Bound = list[list[tuple[int, int]]]
"""For every state ``(steps, bits)`` by steps: so many at least until one can be there with these bits."""


def earliest_bounds(out: Moves, start: int, mask: int) -> Bound:
    """Return when every bit can be held in every state, each as if the others could be had as well.

    Args:
        out: What can be done in each state.
        start: Where runs begin.
        mask: What is held there.
    """
    bits_by_state: dict[int, int] = {start: mask}
    bounds: Bound = [[] for _ in out]
    bounds[start].append((0, mask))
    fresh, steps = [start], 0
    while fresh:
        steps += 1
        gained: dict[int, int] = {}
        for state in fresh:
            bits = bits_by_state[state]
            for target, requires, sets, forbids, _ in out[state]:
                if not requires & ~bits and not forbids & mask:
                    gained[target] = gained.get(target, 0) | bits | sets
        fresh = []
        for state, more in gained.items():
            before = bits_by_state.get(state)
            if before is None or more & ~before:
                bits_by_state[state] = more | (before or 0)
                bounds[state].append((steps, bits_by_state[state]))
                fresh.append(state)
    return bounds


def projected_bounds(out: Moves, start: int, mask: int, chosen_mask: int, single: Bound) -> Bound:
    """Return when sets of a few bits can be held in every state; of the other bits each is taken for itself.

    A search of all positions, with only the chosen bits kept (a pattern database, Culberson and Schaeffer 1998).

    Args:
        out: What can be done in each state.
        start: Where runs begin.
        mask: What is held there.
        chosen_mask: The bits to keep together; the work grows twofold with each.
        single: What ``earliest_bounds`` returns.
    """
    growing: dict[int, list[int]] = {}
    for state, entries in enumerate(single):
        for steps, _ in entries:
            growing.setdefault(steps, []).append(state)
    single_bits = [0] * len(out)
    bounds: Bound = [[] for _ in out]
    bounds[start].append((0, mask & chosen_mask))
    fresh, steps = [(start, mask & chosen_mask)], 0
    last = max(growing)
    while fresh or steps <= last:
        for state in growing.get(steps, ()):
            single_bits[state] = next(bits for at, bits in single[state] if at == steps)
            fresh += [(state, bits) for at, bits in bounds[state] if at < steps]
        steps += 1
        after: list[tuple[int, int]] = []
        for state, old_mask in fresh:
            available = old_mask | single_bits[state] & ~chosen_mask
            for target, requires, sets, forbids, _ in out[state]:
                if requires & ~available or forbids & mask:
                    continue
                successor = old_mask | sets & chosen_mask
                target_bounds = bounds[target]
                for _, bits_before in target_bounds:
                    if not successor & ~bits_before:
                        break
                else:
                    target_bounds.append((steps, successor))
                    after.append((target, successor))
        fresh = after
    return bounds


def min_steps(entries: list[tuple[int, int]], requires: int) -> int:
    """Return the steps of the first entry that has all needed bits, or -1: no run has them there."""
    for steps, bits in entries:
        if not requires & ~bits:
            return steps
    return -1
