"""The orders that keep decision diagrams small: of the bits they test, and of the moves whose effects are added."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise
from math import inf
from operator import itemgetter

from worldkit.exploration.bits import bit_places, single_bits
from worldkit.exploration.budget import Meter
from worldkit.exploration.fixpoint_core import Transition
from worldkit.exploration.quotient import QuotientSystem

ORDERING_ROUNDS = 30

MAX_WORK = 3_000_000
"""Bits of groups that are looked at for one order: a world with very many gets fewer rounds."""


def order_bits(world: QuotientSystem, meter: Meter) -> list[int]:
    """Return the bits, as masks, in the order they are tested: bits that decide about one another side by side.

    The bits of every move that gains some are drawn to their middle, over and over (the FORCE heuristic, Aloul,
    Markov and Sakallah 2003), from the order in which they are named and from one that follows each move to those
    that need what it gains. The tightest order on the way is taken. What is gained first is tested last.

    Raises:
        BudgetSpent: The time is up.
    """
    names: dict[int, None] = {}
    groups: list[list[int]] = []
    for edges in world.edges:
        for _, requires, sets, forbids in edges:
            if sets:
                bits = list(bit_places(requires | sets | forbids))
                meter.work(len(bits))
                names.update(dict.fromkeys(bits))
                if len(bits) > 1:
                    groups.append(bits)
    names.update(dict.fromkeys(range(world.system.width)))
    orders = [list(names)[::-1], depth_first(names, groups)[::-1]]
    _, best = min((_draw_together(order, groups, meter) for order in orders), key=itemgetter(0))
    return [1 << bit for bit in reversed(best)]


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


def _draw_together(order: list[int], groups: list[list[int]], meter: Meter) -> tuple[float, list[int]]:
    """Return how tight the tightest order is that drawing the bits of each group together comes to, and that order."""
    width = len(order)
    round_size = width + sum(map(len, groups))
    best, best_span, places, centers = order, inf, [0.0] * width, [0.0] * width
    for place, bit in enumerate(order):
        centers[bit] = place
    for _ in range(1 + (min(ORDERING_ROUNDS, max(1, MAX_WORK // round_size)) if groups else 0)):
        meter.work(round_size)
        order = sorted(order, key=centers.__getitem__)
        for place, bit in enumerate(order):
            places[bit] = float(place)
        sums, counts, total_span = [0.0] * width, [0] * width, 0.0
        for bits in groups:
            places_here = [places[bit] for bit in bits]
            total_span += max(places_here) - min(places_here)
            middle = sum(places_here) / len(bits)
            for bit in bits:
                sums[bit] += middle
                counts[bit] += 1
        if total_span < best_span:
            best, best_span = order, total_span
        centers = [sums[bit] / counts[bit] if counts[bit] else places[bit] for bit in range(width)]
    return best_span, best


def first_rounds(kinds: Collection[Transition], mask: int) -> dict[Transition, int]:
    """Return the round in which each kind of move can first be made, if all that can are made in every round.

    Where moves are made and what forbids them is not looked at. Made in this order, each move finds what those before
    it gain; a ladder of flags is climbed in one pass, however its steps are listed.

    Args:
        kinds: What the moves require, set and are forbidden by.
        mask: What is held at the start.
    """
    missing_bits = {kind: (kind[0] & ~mask).bit_count() for kind in kinds}
    kinds_by_bit: dict[int, list[Transition]] = {}
    for kind in kinds:
        for bit in single_bits(kind[0] & ~mask):
            kinds_by_bit.setdefault(bit, []).append(kind)
    rounds = dict.fromkeys(kinds, len(missing_bits))
    possible = [kind for kind, count in missing_bits.items() if not count]
    number = 0
    while possible:
        new_bits = 0
        for kind in possible:
            rounds[kind] = number
            new_bits |= kind[1]
        possible = []
        for bit in single_bits(new_bits & ~mask):
            for kind in kinds_by_bit.get(bit, ()):
                missing_bits[kind] -= 1
                if not missing_bits[kind]:
                    possible.append(kind)
        mask |= new_bits
        number += 1
    return rounds
