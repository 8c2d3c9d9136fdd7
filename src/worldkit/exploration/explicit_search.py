"""Explicit search: for every mask the groups it is reached in, as the bits of one integer.

Masks only grow along a run. So the masks are gone through in the order of how many bits they have, each once, with all
its groups together; and in the other order for what an ending can be reached from. Tangled worlds have few masks and
many groups, and what a mask allows in a group is looked up (``guarded_tables``).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import cached_property
from math import prod

from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.guarded_tables import GuardedTable, Row, group_tables
from worldkit.exploration.mask_sets import Counts
from worldkit.exploration.quotient import QuotientGuard, QuotientSystem

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
        reached: The masks and groups reached so far.
        groups: All groups reached so far, as bits.
        pairs: How many groups of masks were gone through.
        is_complete: Whether that is all.
    """

    def __init__(self, world: QuotientSystem) -> None:
        self.world = world
        self.reached: Layers = [{} for _ in range(world.system.width + 1)]
        self.reached[world.system.mask.bit_count()][world.system.mask] = 1 << world.start
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
            meter: The clock.

        Raises:
            BudgetSpent: The time is up, or there are too many.
        """
        reached, lookups_by_group = self.reached, self._lookups
        bytes_per_mask = BYTES_PER_MASK + len(self.world.members) // 4 + self.world.system.width // 8
        most_masks = max(1, memory // bytes_per_mask)
        pause, masks = min(PAIRS_PER_PAUSE, most_pairs), 1
        work = 0
        for size, layer in enumerate(reached):
            for mask, waiting in layer.items():
                visited = waiting
                gains: dict[int, int] = {}
                while waiting:
                    group_bit = waiting & -waiting
                    waiting ^= group_bit
                    group = group_bit.bit_length() - 1
                    for bits, rows, table in lookups_by_group[group] or self.lookups(group):
                        held_bits = mask & bits
                        stays, leaves = rows.get(held_bits) or table.add_row(held_bits)
                        if stays:
                            new_groups = stays & ~visited
                            if new_groups:
                                visited |= new_groups
                                waiting |= new_groups
                        for gained_bits, targets in leaves:
                            if gained_bits in gains:
                                gains[gained_bits] |= targets
                            else:
                                gains[gained_bits] = targets
                layer[mask] = visited
                self.groups |= visited
                for gained_bits, targets in gains.items():
                    successor = mask | gained_bits
                    later_layer = reached[size + gained_bits.bit_count()]
                    if successor in later_layer:
                        later_layer[successor] |= targets
                    else:
                        later_layer[successor] = targets
                        masks += 1
                groups_here = visited.bit_count()
                self.pairs += groups_here
                work += groups_here + len(gains)
                if work > pause:
                    work = 0
                    meter.tick(0.5 * size / len(reached))
                    if self.pairs > most_pairs or masks > most_masks:
                        raise BudgetSpent(f"search stopped after {masks:,} flag sets")
                    yield
        self.is_complete = True

    def backwards(self, meter: Meter) -> Generator[None, None, Layers]:
        """Yield now and then, and return from which of all that is reached an ending can be reached.

        Args:
            meter: The clock.

        Raises:
            BudgetSpent: The time is up.
        """
        endings = sum(1 << group for group in self.world.endings)
        if not endings & self.groups:
            return [dict.fromkeys(layer, 0) for layer in self.reached]
        winning: Layers = [{} for _ in self.reached]
        pairs = 0
        for size in range(len(self.reached) - 1, -1, -1):
            layer = winning[size]
            for mask, reached in self.reached[size].items():
                winners = reached & endings
                undecided = reached ^ winners
                successors: dict[int, int] = {}
                waiting: list[tuple[int, int]] = []
                while undecided:  # later groups first: most moves lead to them
                    group = undecided.bit_length() - 1
                    group_bit = 1 << group
                    undecided ^= group_bit
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
                                later_winners = winning[size + gained_bits.bit_count()][mask | gained_bits]
                                successors[gained_bits] = later_winners
                            if later_winners & targets:
                                winners |= group_bit
                                break
                        if winners & group_bit:
                            break
                    else:
                        if all_stays:
                            waiting.append((group_bit, all_stays))
                winners_before, rounds = -1, 0
                while waiting and winners_before != winners:
                    if rounds == MAX_ROUNDS:
                        winners = _all_winners(waiting, winners)
                        break
                    winners_before, rounds = winners, rounds + 1
                    still_waiting: list[tuple[int, int]] = []
                    for group_bit, stays in waiting:
                        if stays & winners:
                            winners |= group_bit
                        else:
                            still_waiting.append((group_bit, stays))
                    waiting = still_waiting[::-1]  # so that a chain takes two rounds in either direction
                layer[mask] = winners
                pairs += reached.bit_count()
                if pairs > PAIRS_PER_PAUSE:
                    pairs = 0
                    meter.tick(1.0 - 0.5 * size / len(winning))
                    yield
        return winning


def solve(search: ExplicitSearch, most_pairs: int, memory: int, meter: Meter) -> Generator[None, None, ExplicitSets]:
    """Yield now and then, and return the masks every group is reached with and those it can be won with.

    Args:
        search: The search; what it has reached when it is given up stays there.
        most_pairs: Give up after so many groups of masks.
        memory: Give up when they take more bytes.
        meter: The clock.

    Raises:
        BudgetSpent: The time is up, or there are too many.
    """
    yield from search.forwards(most_pairs, memory, meter)
    winning = yield from search.backwards(meter)
    return ExplicitSets(search, winning)


class ExplicitSets:
    """The masks of every group, as an explicit search reached them.

    Args:
        search: The search.
        winning: From which of what it reached an ending can be reached.
    """

    def __init__(self, search: ExplicitSearch, winning: Layers) -> None:
        self._search = search
        self._reached = search.reached
        self._winning = winning

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return BYTES_PER_MASK * sum(map(len, self._reached))

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return bool(_groups(self._reached, mask) >> group & 1)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return self.has(group, mask) and not _groups(self._winning, mask) >> group & 1

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self._counts[group]

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self._lost_counts[group]

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        width = len(self._search.world.members)
        reached = ((mask, groups) for layer in self._reached for mask, groups in layer.items())
        return weighted_counts(reached, shares, width), weighted_counts(self._lost_masks(), shares, width)

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return self._fewest_lost.get(group)

    def fewest_idle(self, group: int, guards: list[QuotientGuard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        return self._fewest_idle.get(group)

    def is_idle(self, group: int, guards: list[QuotientGuard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        return bool(self._idle_groups >> group & 1)

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group was gone through with all of ``requires`` and nothing of ``forbids``."""
        if (requires, forbids) in self._search.world.labels[group]:
            return (group, requires, forbids) in self._search.fired_guards
        return any(
            groups >> group & 1 and mask & requires == requires and not mask & forbids
            for layer in self._reached
            for mask, groups in layer.items()
        )

    @cached_property
    def _counts(self) -> list[int]:
        groups = len(self._search.world.members)
        return count_bits((groups for layer in self._reached for groups in layer.values()), groups)

    @cached_property
    def _lost_counts(self) -> list[int]:
        if not any(any(layer.values()) for layer in self._winning):
            return self._counts
        return count_bits((groups for _, groups in self._lost_masks()), len(self._search.world.members))

    @cached_property
    def _fewest_lost(self) -> dict[int, int]:
        fewest: dict[int, int] = {}
        for mask, groups in self._lost_masks():
            _note(fewest, mask, groups)
        return fewest

    @cached_property
    def _idle_groups(self) -> int:
        """The groups that are reached with a mask with which no guard holds, as bits."""
        world = self._search.world
        idle, candidates = 0, sum(1 << group for group in world.quiet)
        for mask, groups in self._lost_masks():
            for group in bit_places(groups & candidates):
                if not any(guard.holds(mask) for guard in world.quiet[group]):
                    idle |= 1 << group
            candidates &= ~idle
            if not candidates:
                break
        return idle

    @cached_property
    def _fewest_idle(self) -> dict[int, int]:
        # where nothing can be done no ending can be reached
        world = self._search.world
        quiet = sum(1 << group for group in world.quiet)
        fewest: dict[int, int] = {}
        for mask, groups in self._lost_masks():
            for group in bit_places(groups & quiet):
                if not any(guard.holds(mask) for guard in world.quiet[group]):
                    _note(fewest, mask, 1 << group)
        return fewest

    def _lost_masks(self) -> Iterator[tuple[int, int]]:
        """Yield the masks that are lost somewhere, those with the fewest bits first, and where."""
        for layer, winning in zip(self._reached, self._winning, strict=True):
            for mask, groups in layer.items():
                lost_groups = groups & ~winning[mask]
                if lost_groups:
                    yield mask, lost_groups


def _all_winners(waiting: list[tuple[int, int]], winners: int) -> int:
    """Return the groups from which one that wins can be entered with the same mask; each move is followed once.

    Args:
        waiting: Groups, and the groups entered from each, as bits.
        winners: The groups that win, as bits.
    """
    waiting_groups = sum(group_bit for group_bit, _ in waiting)
    sources: dict[int, int] = {}
    queue = 0
    for group_bit, stays in waiting:
        if stays & winners:
            queue |= group_bit
        for target in bit_places(stays & waiting_groups):
            sources[target] = sources.get(target, 0) | group_bit
    new_winners = queue
    while queue:
        group_bit = queue & -queue
        queue ^= group_bit
        source_groups = sources.get(group_bit.bit_length() - 1, 0) & ~new_winners
        new_winners |= source_groups
        queue |= source_groups
    return winners | new_winners


def _groups(layers: Layers, mask: int) -> int:
    size = mask.bit_count()
    return layers[size].get(mask, 0) if size < len(layers) else 0


def _note(fewest: dict[int, int], mask: int, groups: int) -> None:
    for group in bit_places(groups):
        best = fewest.get(group)
        if best is None or (best.bit_count() == mask.bit_count() and mask < best):
            fewest[group] = mask


def weighted_counts(rows: Iterable[tuple[int, int]], shares: Mapping[int, int], width: int) -> Counts:
    """Return what counts the masks of a group, each as often as its bits stand for others.

    Args:
        rows: Masks, and groups as bits.
        shares: How many bits each stands for, one of which at least is held where it is held.
        width: How many groups there are.
    """
    weights = {bit: (1 << share) - 1 for bit, share in shares.items() if share > 1}
    filter_mask = sum(weights)
    by_bits: dict[int, list[int]] = {}
    for mask, groups in rows:
        by_bits.setdefault(mask & filter_mask, []).append(groups)
    totals = [0] * width
    for weighted_bits, groups_of_masks in by_bits.items():
        weight = prod(times for bit, times in weights.items() if weighted_bits & bit)
        for group, count in enumerate(count_bits(iter(groups_of_masks), width)):
            totals[group] += weight * count
    return totals.__getitem__


def count_bits(rows: Iterator[int], width: int) -> list[int]:
    """Return for every bit in how many integers it is set.

    The counts are kept upright, the n-th digits of all of them in one integer, so that adding a row takes two steps
    on average, however many bits it has.
    """
    digits: list[int] = []
    for row in rows:
        for place, digit in enumerate(digits):
            digits[place], row = digit ^ row, digit & row
            if not row:
                break
        else:
            if row:
                digits.append(row)
    return [sum((digit >> bit & 1) << place for place, digit in enumerate(digits)) for bit in range(width)]
