"""Explicit search: for every mask the groups it is reached in, as the bits of one integer.

Masks only grow along a run. So the masks are gone through in the order of how many bits they have, each once, with all
its groups together; and in the other order for what an ending can be reached from. Tangled worlds have few masks and
many groups, and what a mask allows in a group is looked up (``guarded_tables``).
"""

from __future__ import annotations

from collections.abc import Generator

from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.guarded_tables import GuardedTable, Row, group_tables
from worldkit.exploration.quotient import QuotientSystem

PAIRS_PER_PAUSE = 4_000
"""After so many groups of masks others get their turn: a few milliseconds."""

BYTES_PER_MASK = 250
"""About what a mask costs, beside the bits of its groups."""

MAX_ROUNDS = 4
"""So often groups that wait for one another are gone through before the moves between them are listed."""

Layers = list[dict[int, int]]
"""By the number of a mask's bits: the masks, and the groups of each as bits."""

Lookup = tuple[int, dict[int, Row], GuardedTable]
"""The bits a table looks at, its rows, and the table."""


class ExplicitSearch:
    """A search under way: what it has reached so far, and whether that is all.

    Args:
        world: What to search.

    Attributes:
        reached_layers: The masks and groups reached so far.
        groups: All groups reached so far, as bits.
        pairs: How many groups of masks were gone through.
        is_complete: Whether that is all.
    """

    def __init__(self, world: QuotientSystem) -> None:
        self.world = world
        self.reached_layers: Layers = [{} for _ in range(world.system.width + 1)]
        self.reached_layers[world.system.mask.bit_count()][world.system.mask] = 1 << world.start
        self.groups = 0
        self.pairs = 0
        self.is_complete = False
        self.fired_guards: set[tuple[int, int, int]] = set()
        self._lookups: list[list[Lookup] | None] = [None] * len(world.members)

    def lookups(self, group: int) -> list[Lookup]:
        """Return the tables of a group, made when it is first reached."""
        lookups = self._lookups[group]
        if lookups is None:
            tables = group_tables(self.world, group, self.fired_guards)
            lookups = self._lookups[group] = [(table.bits, table.rows, table) for table in tables]
        return lookups

    def forwards(self, most_pairs: int, memory: int, meter: Meter) -> Generator[None, None, None]:
        """Yield now and then until everything is reached.

        Args:
            most_pairs: Give up after so many groups of masks.
            memory: Give up when they take more bytes.

        Raises:
            BudgetSpent: The time is up, or there are too many.
        """
        reached_layers, lookups_by_group = self.reached_layers, self._lookups
        bytes_per_mask = BYTES_PER_MASK + len(self.world.members) // 4 + self.world.system.width // 8
        most_masks = max(1, memory // bytes_per_mask)
        pause, masks = min(PAIRS_PER_PAUSE, most_pairs), 1
        work = 0
        for size, layer in enumerate(reached_layers):
            for mask, waiting_groups in layer.items():
                visited_groups = waiting_groups
                gains: dict[int, int] = {}
                while waiting_groups:
                    group_bit = waiting_groups & -waiting_groups
                    waiting_groups ^= group_bit
                    group = group_bit.bit_length() - 1
                    for bits, rows, table in lookups_by_group[group] or self.lookups(group):
                        held_bits = mask & bits
                        stays, leaves = rows.get(held_bits) or table.add_row(held_bits)
                        if stays:
                            new_groups = stays & ~visited_groups
                            if new_groups:
                                visited_groups |= new_groups
                                waiting_groups |= new_groups
                        for gained_bits, targets in leaves:
                            if gained_bits in gains:
                                gains[gained_bits] |= targets
                            else:
                                gains[gained_bits] = targets
                layer[mask] = visited_groups
                self.groups |= visited_groups
                for gained_bits, targets in gains.items():
                    successor = mask | gained_bits
                    later_layer = reached_layers[size + gained_bits.bit_count()]
                    if successor in later_layer:
                        later_layer[successor] |= targets
                    else:
                        later_layer[successor] = targets
                        masks += 1
                groups_here = visited_groups.bit_count()
                self.pairs += groups_here
                work += groups_here + len(gains)
                if work > pause:
                    work = 0
                    meter.tick(0.5 * size / len(reached_layers))
                    if self.pairs > most_pairs or masks > most_masks:
                        raise BudgetSpent(f"search stopped after {masks:,} flag sets")
                    yield
        self.is_complete = True

    def backwards(self, meter: Meter) -> Generator[None, None, Layers]:
        """Yield now and then, and return from which of all that is reached an ending can be reached.

        Raises:
            BudgetSpent: The time is up.
        """
        endings = sum(1 << group for group in self.world.endings)
        if not endings & self.groups:
            return [dict.fromkeys(layer, 0) for layer in self.reached_layers]
        winning_layers: Layers = [{} for _ in self.reached_layers]
        pairs = 0
        for size in range(len(self.reached_layers) - 1, -1, -1):
            layer = winning_layers[size]
            for mask, groups in self.reached_layers[size].items():
                winners = groups & endings
                undecided_groups = groups ^ winners
                successors: dict[int, int] = {}
                waiting_groups: list[tuple[int, int]] = []
                while undecided_groups:  # later groups first: most moves lead to them
                    group = undecided_groups.bit_length() - 1
                    group_bit = 1 << group
                    undecided_groups ^= group_bit
                    all_stays = 0
                    for bits, rows, table in self.lookups(group):
                        held_bits = mask & bits
                        stays, leaves = rows.get(held_bits) or table.add_row(held_bits)
                        if stays & winners:
                            winners |= group_bit
                            break
                        all_stays |= stays
                        for gained_bits, targets in leaves:
                            later_winners = successors.get(gained_bits)
                            if later_winners is None:
                                later_winners = winning_layers[size + gained_bits.bit_count()][mask | gained_bits]
                                successors[gained_bits] = later_winners
                            if later_winners & targets:
                                winners |= group_bit
                                break
                        if winners & group_bit:
                            break
                    else:
                        if all_stays:
                            waiting_groups.append((group_bit, all_stays))
                winners_before, rounds = -1, 0
                while waiting_groups and winners_before != winners:
                    if rounds == MAX_ROUNDS:
                        winners = _all_winners(waiting_groups, winners)
                        break
                    winners_before, rounds = winners, rounds + 1
                    still_waiting: list[tuple[int, int]] = []
                    for group_bit, stays in waiting_groups:
                        if stays & winners:
                            winners |= group_bit
                        else:
                            still_waiting.append((group_bit, stays))
                    waiting_groups = still_waiting[::-1]  # so that a chain takes two rounds in either direction
                layer[mask] = winners
                pairs += groups.bit_count()
                if pairs > PAIRS_PER_PAUSE:
                    pairs = 0
                    meter.tick(1.0 - 0.5 * size / len(winning_layers))
                    yield
        return winning_layers


def _all_winners(waiting_groups: list[tuple[int, int]], winners: int) -> int:
    """Return the groups from which one that wins can be entered with the same mask; each move is followed once.

    Args:
        waiting_groups: Groups, and the groups entered from each, as bits.
        winners: The groups that win, as bits.
    """
    group_bits = sum(group_bit for group_bit, _ in waiting_groups)
    sources: dict[int, int] = {}
    queue = 0
    for group_bit, stays in waiting_groups:
        if stays & winners:
            queue |= group_bit
        for target in bit_places(stays & group_bits):
            sources[target] = sources.get(target, 0) | group_bit
    new_winners = queue
    while queue:
        group_bit = queue & -queue
        queue ^= group_bit
        source_groups = sources.get(group_bit.bit_length() - 1, 0) & ~new_winners
        new_winners |= source_groups
        queue |= source_groups
    return winners | new_winners
