"""A plain answer: every position enumerated, one by one, over the same system; what cleverer ways must agree with."""

from __future__ import annotations

from collections import deque
from functools import cached_property

from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.transition_system import SearchMove, TransitionSystem

Place = tuple[int, int]


class Plain(EngineAnswer):
    """Every reachable position and how far from the start it is."""

    system: TransitionSystem
    depth: dict[Place, int]

    def __init__(self, system: TransitionSystem, depth: dict[Place, int]) -> None:
        vars(self).update(system=system, depth=depth, engine="plain", coverage_exact=True, undecided_reasons=())

    @cached_property
    def winning(self) -> set[Place]:
        back: dict[Place, list[Place]] = {}
        for place in self.depth:
            for move in open_moves(self.system, *place):
                back.setdefault((move.target, place[1] | move.sets), []).append(place)
        winning = {place for place in self.depth if place[0] in self.system.endings}
        todo = list(winning)
        while todo:
            for before in back.get(todo.pop(), ()):
                if before not in winning:
                    winning.add(before)
                    todo.append(before)
        return winning

    @cached_property
    def lost(self) -> set[Place]:
        return self.depth.keys() - self.winning

    @cached_property
    def bare(self) -> set[Place]:
        return {
            (state, mask)
            for state, mask in self.depth
            if state not in self.system.endings and not open_moves(self.system, state, mask)
        }

    @cached_property
    def reached_states(self) -> frozenset[int]:
        states = {state for state, _ in self.depth}
        for state in list(states):
            for move in self.system.moves[state]:
                if move.label < 0:
                    states.update(self.system.sequences[-1 - move.label])
        return frozenset(states)

    @cached_property
    def fireable_events(self) -> frozenset[int]:
        return frozenset(
            move.label for place in self.depth for move in open_moves(self.system, *place) if move.label >= 0
        )

    @property
    def classes(self) -> int:
        return len(self.depth)

    @property
    def classes_seen(self) -> int:
        return len(self.depth)

    @property
    def stuck_classes(self) -> int:
        return len(self.lost)

    @cached_property
    def stuck(self) -> frozenset[int]:
        return frozenset(state for state, _ in self.lost)

    @cached_property
    def idle_states(self) -> frozenset[int]:
        return frozenset(state for state, _ in self.bare)

    def is_reached(self, state: int, mask: int) -> bool:
        return (state, mask) in self.depth

    def is_stuck(self, state: int, mask: int) -> bool:
        return (state, mask) in self.lost

    def fewest_stuck(self, state: int) -> int | None:
        return min((mask for at, mask in self.lost if at == state), key=fewest, default=None)

    def fewest_idle(self, state: int) -> int | None:
        return min((mask for at, mask in self.bare if at == state), key=fewest, default=None)


def fewest(mask: int) -> tuple[int, int]:
    """Order masks by how many bits they have."""
    return mask.bit_count(), mask


def open_moves(system: TransitionSystem, state: int, mask: int) -> list[SearchMove]:
    """Return what can be done in a position."""
    return [move for move in system.moves[state] if move.requires & ~mask == 0 and not move.forbids & mask]


def plain(system: TransitionSystem) -> Plain:
    """Enumerate every position, breadth first."""
    depth = {(system.start, system.mask): 0}
    todo = deque(depth)
    while todo:
        place = todo.popleft()
        for move in open_moves(system, *place):
            after = move.target, place[1] | move.sets
            if after not in depth:
                depth[after] = depth[place] + 1
                todo.append(after)
    return Plain(system, depth)
