"""What the edges of a world make of sets of masks that are decision diagrams, forwards and backwards."""

from __future__ import annotations

from typing import Any

from worldkit.exploration.edge_changes import edges_into
from worldkit.exploration.fixpoint_core import Transition
from worldkit.exploration.quotient import Edge, QuotientSystem
from worldkit.exploration.symbolic_search import AnyDiagrams, AnyEffect, DiagramSets

MaskSet = Any
"""A set of masks, as a decision diagram."""


class EdgeImage:
    """What an edge makes of the masks of one group: forwards, or backwards from those of the group it leads to.

    Args:
        diagrams: Where the sets are.
        source: The group whose masks are taken.
        target: The group whose masks follow from them.
        effect: What the edge does.
        gain_cube: The masks that hold what the edge gains.
        is_forward: The direction.
    """

    __slots__ = ("_diagrams", "_effect", "_gain_cube", "_is_forward", "source", "target")

    def __init__(
        self,
        diagrams: AnyDiagrams,
        source: int,
        target: int,
        effect: AnyEffect,
        gain_cube: MaskSet,
        *,
        is_forward: bool,
    ) -> None:
        self.source = source
        self.target = target
        self._diagrams = diagrams
        self._effect = effect
        self._gain_cube = gain_cube
        self._is_forward = is_forward

    def image(self, masks: MaskSet) -> MaskSet:
        """Return the masks that follow."""
        image: MaskSet = self._effect.after(masks) if self._is_forward else self._effect.before(masks)
        return image

    def from_other_masks(self, masks: MaskSet) -> MaskSet:
        """Return the masks that follow from other masks than themselves."""
        difference = self._diagrams.difference
        if self._is_forward:
            return self._effect.after(difference(masks, self._gain_cube))
        return difference(self._effect.before(masks), self._gain_cube)

    def from_same_masks(self, masks: MaskSet) -> MaskSet:
        """Return the masks that follow from themselves: the edge gains nothing that they do not hold."""
        difference = self._diagrams.difference
        if self._is_forward:
            return self._effect.after(difference(masks, difference(masks, self._gain_cube)))
        masks = self._effect.before(masks)
        return difference(masks, difference(masks, self._gain_cube))


class EdgeImages:
    """What the edges of a world make of sets of masks, in either direction.

    Args:
        world: The edited world.
        sets: The masks of every group before the edit.
    """

    def __init__(self, world: QuotientSystem, sets: DiagramSets) -> None:
        self._edges = world.edges
        self._edges_into = edges_into(world)
        self._sets = sets
        self._effects: dict[Transition, tuple[AnyEffect, MaskSet]] = {}

    def of(self, group: int, edge: Edge, *, is_forward: bool) -> EdgeImage:
        """Return what an edge makes of masks; its group and target are numbers of the edited world, or -1."""
        target, requires, gain, forbids = edge
        kind = requires, gain, forbids
        diagrams = self._sets.diagrams
        if kind not in self._effects:
            levels = [self._sets.level_mask(mask) for mask in kind]
            self._effects[kind] = diagrams.effect(*levels), diagrams.cube(levels[1], 0)
        ends = (group, target) if is_forward else (target, group)
        return EdgeImage(diagrams, *ends, *self._effects[kind], is_forward=is_forward)

    def forward_from(self, group: int) -> list[EdgeImage]:
        """Return what can be done in a group."""
        return [self.of(group, edge, is_forward=True) for edge in self._edges[group]]

    def forward_into(self, group: int) -> list[EdgeImage]:
        """Return what leads to a group."""
        return [self.of(*edge, is_forward=True) for edge in self._edges_into(group)]

    def backward_from(self, group: int) -> list[EdgeImage]:
        """Return what leads to a group, from there back."""
        return [self.of(*edge, is_forward=False) for edge in self._edges_into(group)]

    def backward_into(self, group: int) -> list[EdgeImage]:
        """Return what can be done in a group, back to it."""
        return [self.of(group, edge, is_forward=False) for edge in self._edges[group]]
