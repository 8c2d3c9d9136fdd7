"""Exact answers for any number of positions: one decision diagram of masks for every group of states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heapify, heappop, heappush

from worldkit.exploration.bdd import ALL, EMPTY, Diagrams, Effect, deep
from worldkit.exploration.budget import Meter
from worldkit.exploration.fixpoint_core import Kind, kernel
from worldkit.exploration.quotient import Contracted, Guard

Moves = list[list[tuple[int, Effect]]]
"""What can be done in each group: the group entered, and what it does to the masks."""

ROUNDS = 30


class DiagramSets:
    """The masks of every group as decision diagrams.

    Args:
        diagrams: Where the sets are.
        names: The bit of every level, as a mask.
        found: The masks every group is reached with.
        won: The masks with which an ending can be reached from a group, whether or not they can be had there.
    """

    def __init__(self, diagrams: Diagrams, names: list[int], found: list[int], won: list[int]) -> None:
        self._diagrams = diagrams
        self._names = names
        self._levels = {name: level for level, name in enumerate(names)}
        self._found = found
        self._lost = [diagrams.difference(a, b) for a, b in zip(found, won, strict=True)]
        self._counts: dict[int, int] = {}
        self._tops: dict[int, int] = {}

    def renamed(self, mask: int) -> int:
        """Return a mask with its bits at the places of their levels."""
        return _renamed(mask, self._levels)

    def settle(self) -> None:
        """Free what only the search needed."""
        self._diagrams.settle()

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return self._diagrams.has(self._found[group], self.renamed(mask))

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return self._diagrams.has(self._lost[group], self.renamed(mask))

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self._diagrams.count(self._found[group], self._counts)

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self._diagrams.count(self._lost[group], self._counts)

    def counts(self, shares: Mapping[int, int]) -> tuple[Callable[[int], int], Callable[[int], int]]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        places = [0]
        for name in self._names:
            places.append(places[-1] + shares.get(name, 1))
        known: dict[int, int] = {}
        diagrams = self._diagrams
        return (
            lambda group: diagrams.count(self._found[group], known, places),
            lambda group: diagrams.count(self._lost[group], known, places),
        )

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        with deep(self._diagrams.width):
            return self._diagrams.fewest(self._lost[group], self._names)

    def fewest_idle(self, group: int, guards: list[Guard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        with deep(self._diagrams.width):
            return self._diagrams.fewest(self._idle(group, guards), self._names)

    def is_idle(self, group: int, guards: list[Guard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        with deep(self._diagrams.width):
            return self._idle(group, guards) != EMPTY

    def _idle(self, group: int, guards: list[Guard]) -> int:
        diagrams, left = self._diagrams, self._found[group]
        for need, bar, lack in guards:
            doable = diagrams.within(self.renamed(need), self.renamed(bar))
            if lack:
                doable = diagrams.difference(doable, diagrams.within(self.renamed(lack), 0))
            left = diagrams.difference(left, doable)
        return left

    def fires(self, group: int, need: int, bar: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``need`` and nothing of ``bar``."""
        need, bar = self.renamed(need), self.renamed(bar)
        found = self._found[group]
        top = self._tops.get(found)
        if top is None:
            top = self._tops[found] = self._diagrams.top(found)
        if top & need == need and not top & bar:
            return True  # most of what can be done at all can be done with nearly everything
        return self._diagrams.meets(found, need, bar)


def solve(world: Contracted, most: int, meter: Meter) -> DiagramSets:
    """Return the masks every group is reached with, and those it can be won with.

    Args:
        world: The contracted world.
        most: Most nodes to make.
        meter: The clock.

    Raises:
        Spent: The nodes or the time are.
    """
    core = kernel(world, meter)
    names = ordered(world)
    levels = {name: level for level, name in enumerate(names)}
    diagrams = Diagrams(len(names), most, meter.tick)
    effects: dict[Kind, Effect] = {}

    def effect(kind: Kind) -> Effect:
        made = effects.get(kind)
        if made is None:
            need, gain, bar = (_renamed(mask, levels) for mask in kind)
            made = effects[kind] = Effect(diagrams, need, gain, bar)
        return made

    moves: Moves = [[(target, effect(kind)) for target, kind in here] for here in core.edges]
    found = _forward(world.start, diagrams, moves, _renamed(world.system.mask, levels), meter)
    won = _backward(world.endings, diagrams, moves, meter)
    for number, ins, outs in reversed(core.left_out):
        meter.tick()
        for before, kind in ins:
            found[number] = diagrams.union(found[number], effect(kind).after(found[before]))
        for after, kind in outs:
            won[number] = diagrams.union(won[number], effect(kind).before(won[after]))
    return DiagramSets(diagrams, names, found, won)


def _forward(start: int, diagrams: Diagrams, moves: Moves, mask: int, meter: Meter) -> list[int]:
    found = [EMPTY] * len(moves)
    found[start] = diagrams.one(mask)
    loops = [[effect for target, effect in here if target == number] for number, here in enumerate(moves)]
    leave = [[(target, effect) for target, effect in here if target != number] for number, here in enumerate(moves)]
    queue, waiting = [start], {start}
    union = diagrams.union
    while queue:
        number = heappop(queue)
        waiting.discard(number)
        meter.tick()
        here = found[number] = _saturated(diagrams, found[number], loops[number], meter)
        for target, effect in leave[number]:
            was = found[target]
            now = union(was, effect.after(here))
            if now != was:
                found[target] = now
                if target not in waiting:
                    waiting.add(target)
                    heappush(queue, target)
    return found


def _saturated(diagrams: Diagrams, a: int, loops: list[Effect], meter: Meter) -> int:
    while True:
        before = a
        for effect in loops:
            a = diagrams.union(a, effect.after(a))
            meter.work(50)
        if a == before:
            return a


def _backward(endings: frozenset[int], diagrams: Diagrams, moves: Moves, meter: Meter) -> list[int]:
    into: Moves = [[] for _ in moves]
    loops: list[list[Effect]] = [[] for _ in moves]
    for number, here in enumerate(moves):
        for target, effect in here:
            if target == number:
                loops[number].append(effect)
            else:
                into[target].append((number, effect))
    won = [EMPTY] * len(moves)
    for number in endings:
        won[number] = ALL
    queue = [-number for number in endings]
    heapify(queue)
    waiting = set(endings)
    union = diagrams.union
    while queue:
        number = -heappop(queue)
        waiting.discard(number)
        meter.tick()
        there = won[number]
        while there != ALL:  # loops first, each on all that is won by then
            was = there
            for effect in loops[number]:
                there = union(there, effect.before(there))
                meter.work(50)
            if there == was:
                break
        won[number] = there
        for before, effect in into[number]:
            was = won[before]
            if was == ALL:
                continue
            now = union(was, effect.before(there))
            if now != was:
                won[before] = now
                if before not in waiting:
                    waiting.add(before)
                    heappush(queue, -before)
    return won


def ordered(world: Contracted) -> list[int]:
    """Return the bits, as masks, in the order they are tested: bits that decide about one another side by side.

    The bits of every move that gains some are drawn to their middle, over and over (the FORCE heuristic, Aloul,
    Markov and Sakallah 2003), and the tightest order on the way is taken. What is gained first is tested last.
    """
    names: dict[int, None] = {}
    groups: list[list[int]] = []
    for edges in world.edges:
        for _, need, gain, bar in edges:
            if gain:
                bits = _bits(need | gain | bar)
                names.update(dict.fromkeys(bits))
                if len(bits) > 1:
                    groups.append(bits)
    names.update(dict.fromkeys(1 << level for level in range(world.system.width)))
    order = list(names)[::-1]
    at = {bit: float(place) for place, bit in enumerate(order)}
    best, least = order, _spread(groups, at)
    for _ in range(ROUNDS if groups else 0):
        sums = dict.fromkeys(order, 0.0)
        counts = dict.fromkeys(order, 0)
        for bits in groups:
            middle = sum([at[bit] for bit in bits]) / len(bits)
            for bit in bits:
                sums[bit] += middle
                counts[bit] += 1
        drawn = {bit: sums[bit] / counts[bit] if counts[bit] else at[bit] for bit in order}
        order = sorted(order, key=drawn.__getitem__)
        at = {bit: float(place) for place, bit in enumerate(order)}
        spread = _spread(groups, at)
        if spread < least:
            best, least = order, spread
    return best[::-1]


def _spread(groups: list[list[int]], at: dict[int, float]) -> float:
    total = 0.0
    for bits in groups:
        places = [at[bit] for bit in bits]
        total += max(places) - min(places)
    return total


def _bits(mask: int) -> list[int]:
    bits = []
    while mask:
        low = mask & -mask
        bits.append(low)
        mask ^= low
    return bits


def _renamed(mask: int, levels: dict[int, int]) -> int:
    return sum([1 << levels[bit] for bit in _bits(mask)])
