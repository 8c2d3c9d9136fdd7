"""Lower bounds: how many steps a run takes at least until it is in a state and holds some bits there.

Both are relaxations: whatever a real run does can be done in them, no later. So they never overestimate,
and going back over a move lowers them by at most one, which is what A* asks for (Hart, Nilsson, Raphael 1968).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from worldkit.exploration.bits import single_bits
from worldkit.exploration.moves import SearchMove

Moves = Sequence[Sequence[SearchMove]]
Bound = list[list[tuple[int, int]]]
"""For every state ``(steps, bits)`` by steps: so many at least until one can be there with these bits."""


def earliest_bounds(out: Moves, start: int, mask: int) -> Bound:
    """Return when every bit can be held in every state, each as if the others could be had as well.

    Args:
        out: What can be done in each state.
        start: Where runs begin.
        mask: What is held there.
    """
    bits_by_state: dict[int, int] = {start: mask}
    bounds: Bound = [[] for _ in out]
    bounds[start].append((0, mask))
    free: dict[int, list[int]] = {}
    others: dict[int, list[SearchMove]] = {}
    fresh, steps = [start], 0
    while fresh:
        steps += 1
        bits_after: dict[int, int] = {}
        for state in fresh:
            bits = bits_by_state[state]
            if state not in free:
                moves = out[state]
                free[state] = [move.target for move in moves if not (move.requires or move.sets or move.forbids)]
                others[state] = [move for move in moves if move.requires or move.sets or move.forbids]
            for target in free[state]:
                bits_after[target] = bits_after.get(target, 0) | bits
            for target, requires, sets, forbids, _ in others[state]:
                if not (requires & ~bits or forbids & mask):
                    bits_after[target] = bits_after.get(target, 0) | bits | sets
        fresh = []
        for state, state_bits in bits_after.items():
            before = bits_by_state.get(state)
            if before is None or state_bits & ~before:
                bits_by_state[state] = state_bits | (before or 0)
                bounds[state].append((steps, bits_by_state[state]))
                fresh.append(state)
    return bounds


def min_steps(entries: list[tuple[int, int]], requires: int) -> int:
    """Return the steps of the first entry that has all needed bits, or -1: no run has them there."""
    for steps, bits in entries:
        if not requires & ~bits:
            return steps
    return -1


def bounds_with_mark(out: Moves, single: Bound, marked_from: Mapping[int, int], bit: int) -> Bound:
    """Return lower bounds with one more bit, which is set on arrival in some states and not lost again.

    Args:
        out: What can be done in each state; the bit stands in no way.
        single: What ``earliest_bounds`` returns for the other bits.
        marked_from: The steps until the bit is set in a state at the earliest, for every state in which it can be set.
    """
    marked_at: dict[int, int] = {}
    queue: dict[int, list[int]] = defaultdict(list)
    for state, steps in marked_from.items():
        queue[steps].append(state)
    while queue:
        steps = min(queue)
        for state in queue.pop(steps):
            if state in marked_at:
                continue
            marked_at[state] = steps
            for target, requires, _, _, _ in out[state]:
                if target in marked_at:
                    continue
                open_at = min_steps(single[state], requires) if requires else 0
                if open_at >= 0:
                    queue[max(open_at, steps) + 1].append(target)
    return [
        entries if state not in marked_at else _with_bit(entries, marked_at[state], bit)
        for state, entries in enumerate(single)
    ]


def _with_bit(entries: list[tuple[int, int]], since: int, bit: int) -> list[tuple[int, int]]:
    before = [entry for entry in entries if entry[0] <= since]
    after = [(steps, bits | bit) for steps, bits in entries if steps > since]
    return [*before, *([(since, before[-1][1] | bit)] if before else ()), *after]


class JointBound:
    """When several of a few bits can be held together in every state, as a lower bound; of other bits each by itself.

    A search of all positions, with only the chosen bits kept (a pattern database, Culberson and Schaeffer 1998), as far
    as somebody asks. The sets of chosen bits that can be held in a state are one integer with a bit for each set, so
    that a move goes through all of them at once.

    Args:
        out: What can be done in each state.
        start: Where runs begin.
        mask: What is held there.
        bits: The bits to keep together; the integers become twice as long with each.
        single: What ``earliest_bounds`` returns.

    Attributes:
        bits: The bits kept together.
        work: How many moves were gone through so far.
    """

    def __init__(self, out: Moves, start: int, mask: int, bits: int, single: Bound) -> None:
        self.bits = bits
        self._places = _places_of(bits)
        self._free_targets: list[list[int]] = [[] for _ in out]
        self._guarded_moves: list[list[tuple[int, Shifts, Shifts]]] = [[] for _ in out]
        self._opening = _moves_by_opening(out, mask, self._places, single)
        self._sets = [0] * len(out)
        self._sets[start] = _moved(1, (), _shifts(mask & bits, self._places))
        self._layers: list[list[tuple[int, int]]] = [[] for _ in out]
        self._layers[start].append((0, self._sets[start]))
        self._frontier = [start]
        self._steps = 0
        self.work = sum(map(len, out))

    def min_steps(self, state: int, requires: int) -> int:
        """Return the least number of steps until a state is reached with some bits, or -1: no run does that.

        What takes longer than the search has gone so far takes one step more than that at least.
        """
        number = _number_of(requires & self.bits, self._places)
        for steps, sets in self._layers[state]:
            if sets >> number & 1:
                return steps
        return self._steps + 1 if self._frontier or self._opening else -1

    def extend(self, steps: int) -> None:
        """Search on, so that everything that takes so many steps is known."""
        while self._steps < steps and (self._frontier or self._opening):
            self._extend()

    def _extend(self) -> None:
        all_sets = self._sets
        sets_after: dict[int, int] = defaultdict(int)
        for state in self._frontier:
            sets = all_sets[state]
            self.work += len(self._free_targets[state]) + len(self._guarded_moves[state])
            for target in self._free_targets[state]:
                sets_after[target] |= sets
            for target, requires, gains in self._guarded_moves[state]:
                sets_after[target] |= _moved(sets, requires, gains)
        for state, target, requires, gains in self._opening.pop(self._steps, ()):
            sets_after[target] |= _moved(all_sets[state], requires, gains)
            if requires or gains:
                self._guarded_moves[state].append((target, requires, gains))
            elif target != state:
                self._free_targets[state].append(target)
        self._steps += 1
        self._frontier = []
        for state, sets in sets_after.items():
            if sets & ~all_sets[state]:
                all_sets[state] |= sets
                self._layers[state].append((self._steps, all_sets[state]))
                self._frontier.append(state)


Shifts = tuple[tuple[int, int], ...]
"""For each of some bits: the sets without it, as the bits of an integer, and how far from them those with it are."""


def _moves_by_opening(
    out: Moves, mask: int, places: dict[int, int], single: Bound
) -> dict[int, list[tuple[int, int, Shifts, Shifts]]]:
    """Return the moves, with where they are made, by the steps until what they need beside the chosen bits can be held.

    Args:
        out: What can be done in each state.
        mask: What is held at the start.
        places: The chosen bits, numbered.
        single: What ``earliest_bounds`` returns.
    """
    chosen_bits = sum(places)
    shifts_of_bits: dict[int, Shifts] = {}
    opening: dict[int, list[tuple[int, int, Shifts, Shifts]]] = defaultdict(list)
    for state, moves in enumerate(out):
        kinds = dict.fromkeys(
            (target, requires, sets & chosen_bits) for target, requires, sets, forbids, _ in moves if not forbids & mask
        )
        for target, requires, gains in kinds:
            open_at = min_steps(single[state], requires & ~chosen_bits)
            if open_at >= 0:
                for bits in (requires & chosen_bits, gains):
                    if bits not in shifts_of_bits:
                        shifts_of_bits[bits] = _shifts(bits, places)
                opening[open_at].append((state, target, shifts_of_bits[requires & chosen_bits], shifts_of_bits[gains]))
    return opening


def _places_of(chosen_bits: int) -> dict[int, int]:
    return {bit: place for place, bit in enumerate(single_bits(chosen_bits))}


def _number_of(bits: int, places: dict[int, int]) -> int:
    number = 0
    while bits:
        number |= 1 << places[bits & -bits]
        bits &= bits - 1
    return number


def _shifts(bits: int, places: dict[int, int]) -> Shifts:
    every_set = (1 << (1 << len(places))) - 1
    shifts = []
    for bit in single_bits(bits):
        distance = 1 << places[bit]
        without = every_set // ((1 << 2 * distance) - 1) * ((1 << distance) - 1)
        shifts.append((without, distance))
    return tuple(shifts)


def _moved(sets: int, requires: Shifts, gains: Shifts) -> int:
    """Return what a move makes of sets, with all their subsets: those that have some bits, with others added."""
    for without, distance in requires:
        sets = sets >> distance & without
        sets |= sets << distance
    for without, distance in gains:
        sets |= (sets & without) << distance
    return sets
