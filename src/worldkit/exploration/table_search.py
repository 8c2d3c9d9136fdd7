"""Search of worlds with few flags by truth tables: for every group one bit for each mask there could be.

An edge takes all masks of a group at once, in a few steps on long integers: those that pass its guard, moved by the
bits that it gains. That is many times as fast as going through the masks that are reached one by one, and takes as long
however few are reached.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush

from worldkit.exploration.budget import Meter
from worldkit.exploration.group_sets import AllMasks, GroupSets
from worldkit.exploration.quotient import QuotientSystem

MAX_BITS = 20
"""A table of more bits takes so long and so much room that other engines are better, as a rule."""

MAX_WORK = 1 << 28
"""With more bits than this, in one table for each edge, other engines are as fast."""

MAX_WORK_BESIDE_COMPILED = 1 << 25
"""The same where compiled search can begin at once."""

BITS_PER_STEP = 4_096
"""So many bits of a table are gone through in about the time of a small step."""

STEPS_PER_PAUSE = 20_000
"""After so many small steps others get their turn: a few milliseconds."""

EDGE_STEPS = 4
"""Small steps that an edge counts for, beside those for the bits of tables."""

TABLES_PER_GROUP = 4
"""Of each group there are the masks not reached, those reached, those lost and those that wait."""

BYTES_PER_EDGE = 200
"""About what an edge takes in both directions, without tables."""

TableEdge = tuple[int, int | None, list[tuple[int, int]]]
"""The group where masks arrive, those that may pass (None: all), and for each bit gained its holders and its shift."""


def reason_unfit(world: QuotientSystem, memory: int) -> str | None:
    """Return why a world cannot be searched so, or None when it can.

    Args:
        memory: Most bytes, about, for all tables.
    """
    width = world.system.width
    if width > MAX_BITS:
        return f"{width} bits are too many for a table"
    guards = {(requires, forbids) for edges in world.edges for _, requires, _, forbids in edges}
    tables = TABLES_PER_GROUP * len(world.members) + len(guards) + 2 * width
    bytes_per_table = (1 << width) * 2 // 15 + 30  # Python keeps 30 bits in 4 bytes
    if tables * bytes_per_table + BYTES_PER_EDGE * sum(map(len, world.edges)) > memory:
        return f"{tables:,} tables of {width} bits take too much memory"
    return None


def suits(world: QuotientSystem, *, beside_compiled: bool) -> bool:
    """Say whether tables are likely to be done as soon as other engines: there are few bits, and not too many edges.

    Args:
        beside_compiled: Whether compiled search could begin at once.
    """
    most_work = MAX_WORK_BESIDE_COMPILED if beside_compiled else MAX_WORK
    width = world.system.width
    return width <= MAX_BITS and sum(map(len, world.edges)) << width <= most_work


class TableSearch:
    """A search under way.

    Args:
        world: What to search.
    """

    def __init__(self, world: QuotientSystem) -> None:
        self.world = world
        self._masks = AllMasks(world.system.width)
        self._unreached_sets = [self._masks.all] * len(world.edges)

    @property
    def pairs(self) -> int:
        """How many groups of masks are reached so far."""
        return len(self._unreached_sets) * len(self._masks) - sum(masks.bit_count() for masks in self._unreached_sets)

    def solve(self, meter: Meter) -> Generator[None, None, GroupSets]:
        """Yield now and then, and return the masks every group is reached with and those that are lost.

        Raises:
            BudgetSpent: The time is up.
        """
        meter.tick()
        masks = self._masks
        edges = yield from self._edges(meter)
        start = {self.world.start: 1 << self.world.system.mask}
        yield from _spread(start, edges[0], self._unreached_sets, len(masks), meter, forward=True)
        reached_sets = [masks.all ^ rest for rest in self._unreached_sets]
        lost_sets = list(reached_sets)
        ending_sets = {group: reached_sets[group] for group in self.world.endings if reached_sets[group]}
        yield from _spread(ending_sets, edges[1], lost_sets, len(masks), meter, forward=False)
        return GroupSets(masks, reached_sets, lost_sets)

    def _edges(self, meter: Meter) -> Generator[None, None, tuple[list[list[TableEdge]], list[list[TableEdge]]]]:
        """Yield now and then, and return the edges from every group, and those into it."""
        edges: list[list[TableEdge]] = []
        edges_into: list[list[TableEdge]] = [[] for _ in self.world.edges]
        passing_masks: dict[tuple[int, int], int | None] = {(0, 0): None}
        gains_by_bits: dict[int, list[tuple[int, int]]] = {}
        steps = 0
        for source, edges_here in enumerate(self.world.edges):
            edges.append([])
            for target, requires, sets, forbids in edges_here:
                guard = requires, forbids
                if guard not in passing_masks:
                    passing_masks[guard] = self._masks.holding(self._masks.all, requires, forbids)
                    steps += len(self._masks) // BITS_PER_STEP
                if sets not in gains_by_bits:
                    gains_by_bits[sets] = self._masks.gains(sets)
                passing_table, gains = passing_masks[guard], gains_by_bits[sets]
                edges[source].append((target, passing_table, gains))
                edges_into[target].append((source, passing_table, gains))
            steps += EDGE_STEPS * (1 + len(edges_here))
            if steps > STEPS_PER_PAUSE:
                steps = 0
                meter.tick()
                yield
        return edges, edges_into


def _spread(
    masks_at_first: dict[int, int],
    edges: list[list[TableEdge]],
    missing: list[int],
    size: int,
    meter: Meter,
    *,
    forward: bool,
) -> Generator[None, None, None]:
    """Take masks wherever edges lead, and yield now and then until none is new.

    Args:
        masks_at_first: Masks that come to groups.
        edges: The edges of every group, in the direction in which masks are taken.
        missing: The masks that may come to every group and have not: those that come are taken out.
        size: How many bits a table has.
        forward: The direction: whether masks gain bits as they go, or lose them.

    Raises:
        BudgetSpent: The time is up.
    """
    waiting_masks = [0] * len(missing)
    for group, masks in masks_at_first.items():
        waiting_masks[group] = masks
        missing[group] &= ~masks
    # in rounds, each through the groups along the run: most edges lead on, so that most masks arrive in one piece
    sign = 1 if forward else -1
    queue, next_round = sorted(sign * group for group in masks_at_first), list[int]()
    steps_per_table = 1 + size // BITS_PER_STEP
    steps = 0
    while queue:
        group = sign * heappop(queue)
        masks, waiting_masks[group] = waiting_masks[group], 0
        for neighbor, passing_table, gains in edges[group]:
            steps += EDGE_STEPS + steps_per_table * (1 + len(gains))
            if steps > STEPS_PER_PAUSE:
                steps = 0
                meter.tick()
                yield
            if forward:
                new_masks = masks if passing_table is None else masks & passing_table
                for holders, shift in gains:
                    holding_masks = new_masks & holders
                    new_masks = holding_masks | (new_masks ^ holding_masks) << shift
            else:
                new_masks = masks
                for holders, shift in gains:
                    holding_masks = new_masks & holders
                    new_masks = holding_masks | holding_masks >> shift
                if passing_table is not None:
                    new_masks &= passing_table
            new_masks &= missing[neighbor]
            if new_masks:
                missing[neighbor] ^= new_masks
                if waiting_masks[neighbor]:
                    waiting_masks[neighbor] |= new_masks
                    continue
                waiting_masks[neighbor] = new_masks
                if sign * neighbor > sign * group:
                    heappush(queue, sign * neighbor)
                else:
                    next_round.append(sign * neighbor)
        if not queue:
            queue, next_round = sorted(next_round), []
