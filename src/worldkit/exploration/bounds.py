"""Lower bounds: how many steps a run takes at least until it is in a state and holds some bits there.

Both are relaxations: whatever a real run does can be done in them, no later. So they never overestimate,
and going back over a move lowers them by at most one, which is what A* asks for (Hart, Nilsson, Raphael 1968).
"""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.exploration.moves import Move

Out = Sequence[Sequence[Move]]
Bound = list[list[tuple[int, int]]]
"""For every state ``(steps, bits)`` by steps: so many at least until one can be there with these bits."""


def earliest(out: Out, start: int, mask: int) -> Bound:
    """Return when every bit can be held in every state, each as if the others could be had as well.

    Args:
        out: What can be done in each state.
        start: Where runs begin.
        mask: What is held there.
    """
    held: dict[int, int] = {start: mask}
    found: Bound = [[] for _ in out]
    found[start].append((0, mask))
    fresh, steps = [start], 0
    while fresh:
        steps += 1
        gained: dict[int, int] = {}
        for state in fresh:
            here = held[state]
            for target, need, gain, bar, _ in out[state]:
                if not need & ~here and not bar & mask:
                    gained[target] = gained.get(target, 0) | here | gain
        fresh = []
        for state, more in gained.items():
            before = held.get(state)
            if before is None or more & ~before:
                held[state] = more | (before or 0)
                found[state].append((steps, held[state]))
                fresh.append(state)
    return found


def projected(out: Out, start: int, mask: int, chosen: int, single: Bound) -> Bound:
    """Return when sets of a few bits can be held in every state; of the other bits each is taken for itself.

    A search of all positions, with only the chosen bits kept (a pattern database, Culberson and Schaeffer 1998).

    Args:
        out: What can be done in each state.
        start: Where runs begin.
        mask: What is held there.
        chosen: The bits to keep together; the work grows twofold with each.
        single: What ``earliest`` returns.
    """
    growing: dict[int, list[int]] = {}
    for state, entries in enumerate(single):
        for steps, _ in entries:
            growing.setdefault(steps, []).append(state)
    held = [0] * len(out)
    found: Bound = [[] for _ in out]
    found[start].append((0, mask & chosen))
    fresh, steps = [(start, mask & chosen)], 0
    last = max(growing)
    while fresh or steps <= last:
        for state in growing.get(steps, ()):
            held[state] = next(bits for at, bits in single[state] if at == steps)
            fresh += [(state, bits) for at, bits in found[state] if at < steps]
        steps += 1
        after: list[tuple[int, int]] = []
        for state, here in fresh:
            can = here | held[state] & ~chosen
            for target, need, gain, bar, _ in out[state]:
                if need & ~can or bar & mask:
                    continue
                made = here | gain & chosen
                there = found[target]
                for _, other in there:
                    if not made & ~other:
                        break
                else:
                    there.append((steps, made))
                    after.append((target, made))
        fresh = after
    return found


def ahead(entries: list[tuple[int, int]], need: int) -> int:
    """Return the steps of the first entry that has all needed bits, or -1: no run has them there."""
    for steps, bits in entries:
        if not need & ~bits:
            return steps
    return -1
