"""The masks of every group, as an explicit search reached them: questions to what the search holds."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from functools import cached_property

from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import Meter
from worldkit.exploration.explicit_search import BYTES_PER_MASK, ExplicitSearch, Layers
from worldkit.exploration.mask_sets import Counts, count_bits, weighted_counts
from worldkit.exploration.quotient import QuotientGuard


def solve(search: ExplicitSearch, most_pairs: int, memory: int, meter: Meter) -> Generator[None, None, ExplicitSets]:
    """Yield now and then, and return the masks every group is reached with and those it can be won with.

    Args:
        search: The search; what it has reached when it is given up stays there.
        most_pairs: Give up after so many groups of masks.
        memory: Give up when they take more bytes.

    Raises:
        BudgetSpent: The time is up, or there are too many.
    """
    yield from search.forwards(most_pairs, memory, meter)
    winning_layers = yield from search.backwards(meter)
    return ExplicitSets(search, winning_layers)


class ExplicitSets:
    """The masks of every group, as an explicit search reached them.

    Args:
        search: The search.
        winning_layers: From which of what it reached an ending can be reached.
    """

    def __init__(self, search: ExplicitSearch, winning_layers: Layers) -> None:
        self._search = search
        self._reached_layers = search.reached_layers
        self._winning_layers = winning_layers

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return BYTES_PER_MASK * sum(map(len, self._reached_layers))

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return bool(_groups(self._reached_layers, mask) >> group & 1)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return self.has(group, mask) and not _groups(self._winning_layers, mask) >> group & 1

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
        reached_layers = ((mask, groups) for layer in self._reached_layers for mask, groups in layer.items())
        return weighted_counts(reached_layers, shares, width), weighted_counts(self._lost_masks(), shares, width)

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
            for layer in self._reached_layers
            for mask, groups in layer.items()
        )

    @cached_property
    def _counts(self) -> list[int]:
        groups = len(self._search.world.members)
        return count_bits((groups for layer in self._reached_layers for groups in layer.values()), groups)

    @cached_property
    def _lost_counts(self) -> list[int]:
        if not any(any(layer.values()) for layer in self._winning_layers):
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
        idle, candidates = 0, sum(1 << group for group in world.quiet_groups)
        for mask, groups in self._lost_masks():
            for group in bit_places(groups & candidates):
                if not any(guard.holds(mask) for guard in world.quiet_groups[group]):
                    idle |= 1 << group
            candidates &= ~idle
            if not candidates:
                break
        return idle

    @cached_property
    def _fewest_idle(self) -> dict[int, int]:
        # where nothing can be done no ending can be reached
        world = self._search.world
        quiet = sum(1 << group for group in world.quiet_groups)
        fewest: dict[int, int] = {}
        for mask, groups in self._lost_masks():
            for group in bit_places(groups & quiet):
                if not any(guard.holds(mask) for guard in world.quiet_groups[group]):
                    _note(fewest, mask, 1 << group)
        return fewest

    def _lost_masks(self) -> Iterator[tuple[int, int]]:
        """Yield the masks that are lost somewhere, those with the fewest bits first, and where."""
        for layer, winning_layer in zip(self._reached_layers, self._winning_layers, strict=True):
            for mask, groups in layer.items():
                lost_groups = groups & ~winning_layer[mask]
                if lost_groups:
                    yield mask, lost_groups


def _groups(layers: Layers, mask: int) -> int:
    size = mask.bit_count()
    return layers[size].get(mask, 0) if size < len(layers) else 0


def _note(fewest: dict[int, int], mask: int, groups: int) -> None:
    for group in bit_places(groups):
        best = fewest.get(group)
        if best is None or (best.bit_count() == mask.bit_count() and mask < best):
            fewest[group] = mask
