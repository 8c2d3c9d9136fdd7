"""Exact answers for any number of positions: one decision diagram of masks for every group of states."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.exploration.bdd import Diagrams, MoveEffect, recursion_limit_for
from worldkit.exploration.bits import single_bits
from worldkit.exploration.budget import BYTES_PER_NODE, Meter, Paused
from worldkit.exploration.compiled_diagrams import CompiledDiagrams, CompiledEffect
from worldkit.exploration.diagram_order import first_rounds, order_bits
from worldkit.exploration.fixpoint_core import Transition, reduce_to_core
from worldkit.exploration.mask_sets import Counts
from worldkit.exploration.quotient import QuotientGuard, QuotientSystem

AnyDiagrams = Diagrams | CompiledDiagrams
AnyEffect = MoveEffect | CompiledEffect

Moves = list[list[tuple[int, AnyEffect]]]
"""What can be done in each group: the group entered, and what it does to the masks."""


@contextmanager
def working_on(diagrams: AnyDiagrams) -> Iterator[None]:
    """Keep other threads from a store of diagrams, while nodes are made in it.

    Raises:
        WorldError: This process was forked while another thread made some, so that the store may be half written.
    """
    with diagrams.lock:
        if diagrams.lock.was_interrupted:
            raise WorldError(
                "this answer was being worked on by another thread when the process was forked; explore the world again"
            )
        yield


class DiagramSets:
    """The masks of every group as decision diagrams.

    Args:
        diagrams: Where the sets are.
        names: The bit of every level, as a mask.
        masks_of: The masks every group is reached with.
        winning_masks: The masks with which an ending can be reached from a group, whether or not they can be had there.
    """

    def __init__(
        self,
        diagrams: AnyDiagrams,
        names: list[int],
        masks_of: list[Any],
        winning_masks: list[Any],
    ) -> None:
        self.diagrams = diagrams
        self.names = names
        self.masks_of = masks_of
        self.winning_sets = winning_masks
        self._levels = {name: level for level, name in enumerate(names)}
        self._lost_sets = [diagrams.difference(a, b) for a, b in zip(masks_of, winning_masks, strict=True)]
        self._counts: dict[Any, int] = {}
        self._tops: dict[Any, int] = {}

    def level_mask(self, mask: int) -> int:
        """Return a mask with its bits at the places of their levels."""
        return _move_bits(mask, self._levels)

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return BYTES_PER_NODE * len(self.diagrams)

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return self.diagrams.has(self.masks_of[group], self.level_mask(mask))

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return self.diagrams.has(self._lost_sets[group], self.level_mask(mask))

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self.diagrams.count(self.masks_of[group], self._counts)

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self.diagrams.count(self._lost_sets[group], self._counts)

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        places = [0]
        for name in self.names:
            places.append(places[-1] + shares.get(name, 1))
        cache: dict[Any, int] = {}
        diagrams = self.diagrams
        return (
            lambda group: diagrams.count(self.masks_of[group], cache, places),
            lambda group: diagrams.count(self._lost_sets[group], cache, places),
        )

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        with recursion_limit_for(self.diagrams.width):
            return self.diagrams.fewest(self._lost_sets[group], self.names)

    def fewest_idle(self, group: int, guards: list[QuotientGuard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        with working_on(self.diagrams), recursion_limit_for(self.diagrams.width):
            return self.diagrams.fewest(self._idle(group, guards), self.names)

    def is_idle(self, group: int, guards: list[QuotientGuard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        with working_on(self.diagrams), recursion_limit_for(self.diagrams.width):
            return bool(self._idle(group, guards) != self.diagrams.empty)

    def _idle(self, group: int, guards: list[QuotientGuard]) -> Any:
        diagrams, idle = self.diagrams, self.masks_of[group]
        for requires, forbids, unless_all in guards:
            doable = diagrams.cube(self.level_mask(requires), self.level_mask(forbids))
            if unless_all:
                doable = diagrams.difference(doable, diagrams.cube(self.level_mask(unless_all), 0))
            idle = diagrams.difference(idle, doable)
        return idle

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        requires, forbids = self.level_mask(requires), self.level_mask(forbids)
        masks = self.masks_of[group]
        top = self._tops.get(masks)
        if top is None:
            top = self._tops[masks] = self.diagrams.large_mask(masks)
        if top & requires == requires and not top & forbids:
            return True  # most of what can be done at all can be done with nearly everything
        return self.diagrams.meets_cube(masks, requires, forbids)


class SymbolicSearch:
    """A search under way: what it has reached so far can be counted.

    A step that is interrupted is begun again later: what it has come to by then is remembered by the diagrams, and
    takes no time the second time.

    Args:
        world: The quotient system.
        meter: The clock.
        diagrams: Makes the diagrams, of how many bits and the function to call now and then.

    Raises:
        BudgetSpent: The time is up.
    """

    def __init__(
        self, world: QuotientSystem, meter: Meter, diagrams: Callable[[int, Callable[[], None]], AnyDiagrams]
    ) -> None:
        self._meter = meter
        self._core = reduce_to_core(world, meter)
        self._names = order_bits(world, meter)
        levels = {name: level for level, name in enumerate(self._names)}
        self.diagrams = diagrams(len(self._names), meter.pause)
        self._effects: dict[Transition, AnyEffect] = {}
        self._levels = levels
        self._start = world.start
        self._endings = world.endings
        rounds = first_rounds({kind for edges in self._core.edges for _, kind in edges}, world.system.mask)
        self._moves: Moves = [
            [(target, self._effect(kind)) for target, kind in sorted(edges, key=lambda edge: rounds[edge[1]])]
            for edges in self._core.edges
        ]
        self.masks_of: list[Any] = [self.diagrams.empty] * len(self._moves)
        self.masks_of[self._start] = self.diagrams.singleton(_move_bits(world.system.mask, levels))

    @property
    def core_share(self) -> float:
        """The share of the groups in which masks are reached one after the other; the others follow at the end."""
        return len(self._core.remaining_groups) / len(self._moves)

    def pairs(self) -> int:
        """Return how many groups of masks are reached so far."""
        counts: dict[Any, int] = {}
        return sum(self.diagrams.count(masks, counts) for masks in self.masks_of)

    def solve(self) -> Generator[None, None, DiagramSets]:
        """Yield now and then, and return the masks every group is reached with, and those it can be won with.

        Raises:
            BudgetSpent: The nodes or the time are.
        """
        diagrams, masks_of = self.diagrams, self.masks_of
        yield from self._reach_forward()
        winning_masks = yield from self._reach_backward()
        for number, ins, outs in reversed(self._core.eliminated_groups):
            self._meter.tick()
            for before, kind in ins:
                yield from self._add(masks_of, number, self._effect(kind).after, before)
            for after, kind in outs:
                yield from self._add(winning_masks, number, self._effect(kind).before, after)
        self._meter.pause_at = float("inf")  # what is left is short
        return DiagramSets(diagrams, self._names, masks_of, winning_masks)

    def _effect(self, kind: Transition) -> AnyEffect:
        operation = self._effects.get(kind)
        if operation is None:
            requires, sets, forbids = (_move_bits(mask, self._levels) for mask in kind)
            operation = self._effects[kind] = self.diagrams.effect(requires, sets, forbids)
        return operation

    def _reach_forward(self) -> Generator[None, None, None]:
        masks_of, moves, start = self.masks_of, self._moves, self._start
        loops = [[effect for target, effect in row if target == number] for number, row in enumerate(moves)]
        moves_out = [
            [(target, effect) for target, effect in row if target != number] for number, row in enumerate(moves)
        ]
        queue, queued_groups = [start], {start}
        while queue:
            number = heappop(queue)
            queued_groups.discard(number)
            self._meter.tick()
            before = None
            while before != masks_of[number]:
                before = masks_of[number]
                for effect in loops[number]:
                    yield from self._add(masks_of, number, effect.after, number)
                    self._meter.work(50)
            for target, effect in moves_out[number]:
                before = masks_of[target]
                yield from self._add(masks_of, target, effect.after, number)
                if masks_of[target] != before and target not in queued_groups:
                    queued_groups.add(target)
                    heappush(queue, target)

    def _reach_backward(self) -> Generator[None, None, list[Any]]:
        moves = self._moves
        moves_into: Moves = [[] for _ in moves]
        loops: list[list[AnyEffect]] = [[] for _ in moves]
        for number, row in enumerate(moves):
            for target, effect in row:
                if target == number:
                    loops[number].append(effect)
                else:
                    moves_into[target].append((number, effect))
        empty, all_masks = self.diagrams.empty, self.diagrams.all
        winning_masks: list[Any] = [empty] * len(moves)
        for number in self._endings:
            winning_masks[number] = all_masks
        queue = [-number for number in self._endings]
        heapify(queue)
        queued_groups = set(self._endings)
        while queue:
            number = -heappop(queue)
            queued_groups.discard(number)
            self._meter.tick()
            before = None
            while winning_masks[number] not in (before, all_masks):  # loops first, each on all that is won by then
                before = winning_masks[number]
                for effect in reversed(loops[number]):  # the last step of a ladder first, so that one pass is enough
                    yield from self._add(winning_masks, number, effect.before, number)
                    self._meter.work(50)
            for source, effect in moves_into[number]:
                before = winning_masks[source]
                if before != all_masks:
                    yield from self._add(winning_masks, source, effect.before, number)
                    if winning_masks[source] != before and source not in queued_groups:
                        queued_groups.add(source)
                        heappush(queue, -source)
        return winning_masks

    def _add(
        self, sets: list[Any], number: int, effect: Callable[[Any], Any], other: int
    ) -> Generator[None, None, None]:
        """Add to one of some sets what an effect makes of another; begin again after every pause."""
        while True:
            try:
                sets[number] = self.diagrams.union(sets[number], effect(sets[other]))
                return
            except Paused:
                yield


def _move_bits(mask: int, levels: dict[int, int]) -> int:
    return sum([1 << levels[bit] for bit in single_bits(mask)])
