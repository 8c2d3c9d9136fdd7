"""The reachable masks of every group, as an engine returns them, and the answer read from them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import prod
from typing import Protocol

from worldkit.exploration.budget import Meter
from worldkit.exploration.quotient import QuotientGuard, QuotientSystem

INTEGER_BITS = 63
"""Bits of an integer in compiled code, without the sign bit."""


Counts = Callable[[int], int]
"""With how many masks a group is reached."""


class PositionSets(Protocol):
    """The masks of every group: those it is reached with, and the lost ones, from which no ending can be reached.

    "The least" of several masks is the one with the fewest bits, and of those the least number.
    """

    @property
    def size(self) -> int:
        """About how many bytes they take."""

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a mask a group is reached with is lost."""

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""

    def count_lost(self, group: int) -> int:
        """Return how many of them are lost."""

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """

    def fewest_lost(self, group: int) -> int | None:
        """Return the least of them that is lost."""

    def fewest_idle(self, group: int, guards: list[QuotientGuard]) -> int | None:
        """Return the least of them with which no guard holds."""

    def is_idle(self, group: int, guards: list[QuotientGuard]) -> bool:
        """Say whether there is one of them with which no guard holds."""

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether one of them holds all of ``requires`` and nothing of ``forbids``."""


@dataclass(frozen=True, eq=False)
class EngineAnswer:
    """What an engine found about a transition system; states and events are indices, masks are the system's.

    Attributes:
        world: The quotient system that was searched.
        mask_sets: The masks of every group.
        engine: The engine's name, one of ``engine.ENGINES``.
        reached_states: The states that can be reached, those a sequence only passes through among them.
        fireable_events: The events that can be fired.
        coverage_exact: Whether ``reached_states`` and ``fireable_events`` are complete.
        classes: How many positions of the system can be reached: classes of real ones; None when not counted.
        classes_seen: How many of them (at least) were found, for an answer that is not complete.
        stuck_classes: From how many of them no ending can be reached; None when they were not counted.
        stuck: The states that have such a position, as far as they are known.
        idle_states: The states with a position, not over, in which nothing can be done, as far as they are known. A
            one-shot that stays and whose use is no bit of the mask counts as used up once its grants are held.
        undecided_reasons: What was not decided and why, one sentence each; empty when everything was.
        stuck_undecided: The other states of which it is not known whether they are ``stuck``.
        idle_undecided: The other states of which it is not known whether they are ``idle_states``.
    """

    world: QuotientSystem
    mask_sets: PositionSets
    engine: str
    reached_states: frozenset[int]
    fireable_events: frozenset[int]
    coverage_exact: bool
    classes: int | None
    classes_seen: int
    stuck_classes: int | None
    stuck: frozenset[int]
    idle_states: frozenset[int]
    undecided_reasons: tuple[str, ...]
    stuck_undecided: frozenset[int] = frozenset()
    idle_undecided: frozenset[int] = frozenset()

    def is_reached(self, state: int, mask: int) -> bool:
        """Say whether a position can be reached (was seen, when the answer is not complete)."""
        group = self.world.group[state]
        return group >= 0 and self.mask_sets.has(group, mask)

    def is_stuck(self, state: int, mask: int) -> bool:
        """Say whether a reached position is known to be one from which no ending can be reached."""
        return state in self.stuck and self.mask_sets.is_lost(self.world.group[state], mask)

    def fewest_stuck(self, state: int) -> int | None:
        """Return the mask of a soft-locked position of a state with the fewest bits; None when none is known."""
        group = self.world.group[state]
        return None if group < 0 else self.mask_sets.fewest_lost(group)

    def fewest_idle(self, state: int) -> int | None:
        """Return the mask of a position of a state in which nothing can be done, with the fewest bits, or None."""
        group = self.world.group[state]
        guards = self.world.quiet_groups.get(group)
        return None if guards is None else self.mask_sets.fewest_idle(group, guards)


def complete_answer(world: QuotientSystem, mask_sets: PositionSets, engine: str, meter: Meter) -> EngineAnswer:
    """Return the answer of sets that are complete.

    Raises:
        BudgetSpent: The time is up.
    """
    sizes = [len(states) for states in world.members]
    counts = [mask_sets.count(group) for group in range(len(sizes))]
    lost_counts = [mask_sets.count_lost(group) for group in range(len(sizes))]
    classes = count_positions_in(counts, sizes)
    labels = fireable_by_masks(world, mask_sets, counts, meter)
    return EngineAnswer(
        world=world,
        mask_sets=mask_sets,
        engine=engine,
        reached_states=world.reached(frozenset(group for group, count in enumerate(counts) if count), labels),
        fireable_events=event_labels(labels),
        coverage_exact=True,
        classes=classes,
        classes_seen=classes,
        stuck_classes=count_positions_in(lost_counts, sizes),
        stuck=world.states(frozenset(group for group, count in enumerate(lost_counts) if count)),
        idle_states=idle_states(world, mask_sets),
        undecided_reasons=(),
    )


def partial_answer(answer: EngineAnswer) -> EngineAnswer:
    """Return what an answer says when moves were left out of its system: what was found is, the rest is not known."""
    system = answer.world.system
    open_states = frozenset(range(len(system.states))) - system.endings
    return replace(
        answer,
        coverage_exact=False,
        classes=None,
        stuck_classes=None,
        stuck=frozenset(),
        idle_states=frozenset(),
        stuck_undecided=open_states,
        idle_undecided=open_states,
        undecided_reasons=(
            f"What lies behind events named {system.omitted_names}: several events of one state share that name, so "
            "that some of them fire by time, waypoint or zone alone, or cannot be told apart; give each a name of its "
            "own.",
        ),
    )


def fireable_by_masks(
    world: QuotientSystem, mask_sets: PositionSets, counts: Sequence[int], meter: Meter | None = None
) -> frozenset[int]:
    """Return what can be fired with one of the masks of a group, of ``QuotientSystem.labels``."""
    labels: set[int] = set()
    moves = world.moves
    guards = zip(moves.requires, moves.forbids, moves.labels, strict=True)
    for group, count in enumerate(counts):
        guards_here = islice(guards, moves.first[group + 1] - moves.first[group])
        if not count:
            deque(guards_here, maxlen=0)
            continue
        holds: dict[tuple[int, int], bool] = {}
        for requires, forbids, label in guards_here:
            if not (requires or forbids):
                if label >= 0:
                    labels.add(label)
            elif label not in labels:
                guard = requires, forbids
                if guard not in holds:
                    holds[guard] = mask_sets.fires(group, requires, forbids)
                    if meter is not None:
                        meter.work(100)
                if holds[guard]:
                    labels.add(label)
        if meter is not None:
            meter.work(100)
    return frozenset(labels)


def event_labels(labels: frozenset[int]) -> frozenset[int]:
    """Return the labels that are events."""
    return frozenset(label for label in labels if label >= 0)


def idle_states(world: QuotientSystem, mask_sets: PositionSets) -> frozenset[int]:
    """Return the states in which, with one of their masks, nothing can be done."""
    quiet = (group for group, guards in world.quiet_groups.items() if mask_sets.is_idle(group, guards))
    return world.states(frozenset(quiet))


def count_positions_in(counts: Sequence[int], sizes: Sequence[int]) -> int:
    """Return how many positions so many masks of groups of so many states are."""
    return sum(count * size for count, size in zip(counts, sizes, strict=True))


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
        for group, count in enumerate(count_bits(groups_of_masks, width)):
            totals[group] += weight * count
    return totals.__getitem__


def count_bits(rows: Iterable[int], width: int) -> list[int]:
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
