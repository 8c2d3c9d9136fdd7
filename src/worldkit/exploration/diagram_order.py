"""The orders that keep decision diagrams small: of the bits they test, and of the moves whose effects are added."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from worldkit.exploration.bits import single_bits
from worldkit.exploration.fixpoint_core import Transition
from worldkit.exploration.quotient import QuotientSystem

ORDERING_ROUNDS = 30


def order_bits(world: QuotientSystem) -> list[int]:
    """Return the bits, as masks, in the order they are tested: bits that decide about one another side by side.

    The bits of every move that gains some are drawn to their middle, over and over (the FORCE heuristic, Aloul,
    Markov and Sakallah 2003), from the order in which they are named and from one that follows each move to those
    that need what it gains. The tightest order on the way is taken. What is gained first is tested last.
    """
    names: dict[int, None] = {}
    groups: list[list[int]] = []
    for edges in world.edges:
        for _, requires, sets, forbids in edges:
            if sets:
                bits = single_bits(requires | sets | forbids)
                names.update(dict.fromkeys(bits))
                if len(bits) > 1:
                    groups.append(bits)
    names.update(dict.fromkeys(1 << level for level in range(world.system.width)))
    orders = [list(names)[::-1], depth_first(names, groups)[::-1]]
    return min((_draw_together(order, groups) for order in orders), key=lambda found: found[0])[1][::-1]


def depth_first(names: Iterable[int], groups: list[list[int]]) -> list[int]:
    """Return bits in depth-first order, each followed by those it shares a group with."""
    neighbours: dict[int, dict[int, None]] = {name: {} for name in names}
    for bits in groups:
        for bit, other in pairwise(bits):  # a chain is enough to find all of them, and grows with the group only
            neighbours[bit][other] = neighbours[other][bit] = None
    order: dict[int, None] = {}
    for name in neighbours:
        stack = [name]
        while stack:
            bit = stack.pop()
            if bit not in order:
                order[bit] = None
                stack += reversed(neighbours[bit])
    return list(order)


def _draw_together(order: list[int], groups: list[list[int]]) -> tuple[float, list[int]]:
    """Return the tightest order that drawing the bits of each group together comes to, after how tight it is."""
    at = {bit: float(place) for place, bit in enumerate(order)}
    best, least = order, _total_span(groups, at)
    for _ in range(ORDERING_ROUNDS if groups else 0):
        sums = dict.fromkeys(order, 0.0)
        counts = dict.fromkeys(order, 0)
        for bits in groups:
            middle = sum([at[bit] for bit in bits]) / len(bits)
            for bit in bits:
                sums[bit] += middle
                counts[bit] += 1
        centers = {bit: sums[bit] / counts[bit] if counts[bit] else at[bit] for bit in order}
        order = sorted(order, key=centers.__getitem__)
        at = {bit: float(place) for place, bit in enumerate(order)}
        total_span = _total_span(groups, at)
        if total_span < least:
            best, least = order, total_span
    return least, best


def first_rounds(kinds: Collection[Transition], mask: int) -> dict[Transition, int]:
    """Return the round in which each kind of move can first be made, if all that can are made in every round.

    Where moves are made and what forbids them is not looked at. Made in this order, each move finds what those before
    it gain; a ladder of flags is climbed in one pass, however its steps are listed.

    Args:
        kinds: What the moves require, set and are forbidden by.
        mask: What is held at the start.
    """
    missing_bits = {kind: (kind[0] & ~mask).bit_count() for kind in kinds}
    waiting: dict[int, list[Transition]] = {}
    for kind in kinds:
        for bit in single_bits(kind[0] & ~mask):
            waiting.setdefault(bit, []).append(kind)
    rounds = dict.fromkeys(kinds, len(missing_bits))
    possible = [kind for kind, count in missing_bits.items() if not count]
    number = 0
    while possible:
        gained = 0
        for kind in possible:
            rounds[kind] = number
            gained |= kind[1]
        possible = []
        for bit in single_bits(gained & ~mask):
            for kind in waiting.get(bit, ()):
                missing_bits[kind] -= 1
                if not missing_bits[kind]:
                    possible.append(kind)
        mask |= gained
        number += 1
    return rounds


def _total_span(groups: list[list[int]], at: dict[int, float]) -> float:
    total = 0.0
    for bits in groups:
        places = [at[bit] for bit in bits]
        total += max(places) - min(places)
    return total
