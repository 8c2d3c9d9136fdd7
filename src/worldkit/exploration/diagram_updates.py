"""The masks of every group after an edit, where they are decision diagrams: only what can have changed is worked out.

What an edge that is gone led to is doubted, as far as no edge leads there from a smaller mask, and so is what depends
on it through edges that gain nothing. The doubted masks that other edges still lead to are put back. What is gone for
good is followed along edges that gain bits, in rounds, each of larger masks. Then the new edges are followed. See
Gupta, Mumick and Subrahmanian, "Maintaining views incrementally" (SIGMOD 1993), on deleting and deriving again.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.edge_changes import EdgeChanges
from worldkit.exploration.edge_images import EdgeImage, EdgeImages, MaskSet
from worldkit.exploration.quotient import QuotientSystem
from worldkit.exploration.symbolic_search import AnyDiagrams, DiagramSets, working_on

SetsByGroup = dict[int, MaskSet]
"""A set of masks for some of the groups."""

MOST_GROWTH = 3
"""With so many times the nodes of the search it is time for a new one: nodes of earlier worlds are never freed."""

LEAST_NODES = 10_000
"""So many nodes are never too many."""

IMAGE_WORK = 50
"""Small steps that following an edge counts for."""


class DiagramUpdate:
    """A set of masks for every group under an edit: the least ones that hold some and all that follow from those.

    Args:
        diagrams: Where the sets are.
        sets: The masks of every group: changed in place.
        base: The masks of groups that follow from no others.
        images_from: Returns what follows from the masks of a group.
        images_into: Returns what the masks of a group follow from.
        direction: 1 to go through the groups from the first on, -1 from the last on.
        meter: The clock.
    """

    def __init__(
        self,
        diagrams: AnyDiagrams,
        sets: list[MaskSet],
        base: SetsByGroup,
        images_from: Callable[[int], list[EdgeImage]],
        images_into: Callable[[int], list[EdgeImage]],
        direction: int,
        meter: Meter,
    ) -> None:
        self.sets = sets
        self._diagrams = diagrams
        self._base = base
        self._images_from = images_from
        self._images_into = images_into
        self._direction = direction
        self._meter = meter

    def remove(self, doubted: SetsByGroup) -> None:
        """Take out what is doubted and nothing supports, and all that depends on it.

        Raises:
            BudgetSpent: The time is up.
        """
        while doubted:
            doubtful = self._doubtful(doubted)
            for group, masks in doubtful.items():
                self.sets[group] = self._diagrams.difference(self.sets[group], masks)
            self._put_back(doubtful)
            doubted = {}
            for group, removed_masks in doubtful.items():
                if removed_masks != self._diagrams.empty:
                    for image in self._images_from(group):
                        include(self._diagrams, doubted, image.target, image.from_other_masks(removed_masks))

    def add(self, proposed: SetsByGroup) -> None:
        """Add masks, and all that follows from those that are new.

        Raises:
            BudgetSpent: The time is up.
        """

        def accept(group: int, masks: MaskSet) -> MaskSet:
            new_masks = self._diagrams.difference(masks, self.sets[group])
            self.sets[group] = self._diagrams.union(self.sets[group], new_masks)
            return new_masks

        self._spread(proposed, accept, EdgeImage.image)

    def _doubtful(self, doubted: SetsByGroup) -> SetsByGroup:
        """Return what is doubted and follows from no other mask, and what follows from it with the same mask."""
        diagrams = self._diagrams
        doubtful: SetsByGroup = {}
        certain: SetsByGroup = {}

        def accept(group: int, masks: MaskSet) -> MaskSet:
            if group not in certain:
                certain[group] = self._base.get(group, diagrams.empty)
                for image in self._images_into(group):
                    self._meter.work(IMAGE_WORK)
                    certain[group] = diagrams.union(certain[group], image.from_other_masks(self.sets[image.source]))
            masks = self._within(masks, self.sets[group])
            masks = diagrams.difference(masks, certain[group])
            masks = diagrams.difference(masks, doubtful.get(group, diagrams.empty))
            include(diagrams, doubtful, group, masks)
            return masks

        self._spread(doubted, accept, EdgeImage.from_same_masks)
        return doubtful

    def _put_back(self, doubtful: SetsByGroup) -> None:
        """Put back what is doubtful and follows from what is not; it is taken out of ``doubtful``."""
        diagrams = self._diagrams
        supported: SetsByGroup = {}
        for group in doubtful:
            for image in self._images_into(group):
                self._meter.work(IMAGE_WORK)
                include(diagrams, supported, group, image.from_same_masks(self.sets[image.source]))

        def accept(group: int, masks: MaskSet) -> MaskSet:
            masks = self._within(masks, doubtful.get(group, diagrams.empty))
            if masks != diagrams.empty:
                doubtful[group] = diagrams.difference(doubtful[group], masks)
                self.sets[group] = diagrams.union(self.sets[group], masks)
            return masks

        self._spread(supported, accept, EdgeImage.from_same_masks)

    def _spread(
        self,
        masks_at_first: SetsByGroup,
        accept: Callable[[int, MaskSet], MaskSet],
        follow: Callable[[EdgeImage, MaskSet], MaskSet],
    ) -> None:
        """Offer masks to groups, and what follows from those that are accepted to others, until none is accepted."""
        waiting = dict(masks_at_first)
        queue = [self._direction * group for group in waiting]
        heapify(queue)
        while queue:
            group = self._direction * heappop(queue)
            masks = accept(group, waiting.pop(group))
            if masks == self._diagrams.empty:
                continue
            for image in self._images_from(group):
                self._meter.work(IMAGE_WORK)
                is_waiting = image.target in waiting
                include(self._diagrams, waiting, image.target, follow(image, masks))
                if not is_waiting and image.target in waiting:
                    heappush(queue, self._direction * image.target)

    def _within(self, masks: MaskSet, others: MaskSet) -> MaskSet:
        return self._diagrams.difference(masks, self._diagrams.difference(masks, others))


def include(diagrams: AnyDiagrams, sets: SetsByGroup, group: int, masks: MaskSet) -> None:
    """Add masks to those of a group."""
    if masks != diagrams.empty:
        sets[group] = diagrams.union(sets[group], masks) if group in sets else masks


def update_diagrams(world: QuotientSystem, sets: DiagramSets, changes: EdgeChanges, meter: Meter) -> DiagramSets:
    """Return the masks of every group of an edited world.

    Args:
        world: The edited world.
        sets: The masks of every group of the world before the edit.
        changes: What the edit has changed.
        meter: The clock.

    Raises:
        BudgetSpent: The time is up, or the nodes that earlier edits have left behind are too many.
    """
    diagrams = sets.diagrams
    if len(diagrams) > max(LEAST_NODES, MOST_GROWTH * sets.searched_nodes):
        raise BudgetSpent("the diagrams hold too many nodes of earlier worlds")
    with working_on(diagrams):
        diagrams.tick = meter.tick
        try:
            return _update(world, sets, changes, meter)
        finally:
            diagrams.release_limits()


def _update(world: QuotientSystem, sets: DiagramSets, changes: EdgeChanges, meter: Meter) -> DiagramSets:
    diagrams, images = sets.diagrams, EdgeImages(world, sets)

    def in_new_order(earlier_sets: list[MaskSet]) -> list[MaskSet]:
        return [earlier_sets[number] if number >= 0 else diagrams.empty for number in changes.earlier_numbers]

    start = {world.start: diagrams.singleton(sets.level_mask(world.system.mask))}
    reached_update = DiagramUpdate(
        diagrams, in_new_order(sets.masks_of), start, images.forward_from, images.forward_into, 1, meter
    )
    endings: SetsByGroup = dict.fromkeys(world.endings, diagrams.all)
    winning = DiagramUpdate(
        diagrams, in_new_order(sets.winning), endings, images.backward_from, images.backward_into, -1, meter
    )
    no_longer_reached: SetsByGroup = {}
    no_longer_winning: SetsByGroup = {}
    for number, edge in changes.removed:
        target, group = edge[0], changes.new_numbers[number]
        if target >= 0:
            image = images.of(number, edge, is_forward=True).image(sets.masks_of[number])
            include(diagrams, no_longer_reached, target, image)
        if group >= 0:
            winning_after = winning.sets[target] if target >= 0 else diagrams.all
            include(diagrams, no_longer_winning, group, images.of(group, edge, is_forward=False).image(winning_after))
    reached_update.remove(no_longer_reached)
    winning.remove(no_longer_winning)
    newly_reached: SetsByGroup = {}
    newly_winning: SetsByGroup = dict(endings)
    for group, edge in changes.added:
        include(
            diagrams, newly_reached, edge[0], images.of(group, edge, is_forward=True).image(reached_update.sets[group])
        )
        include(diagrams, newly_winning, group, images.of(group, edge, is_forward=False).image(winning.sets[edge[0]]))
    reached_update.add(newly_reached)
    winning.add(newly_winning)
    return DiagramSets(diagrams, sets.names, reached_update.sets, winning.sets, sets.searched_nodes)
