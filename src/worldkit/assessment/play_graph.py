"""Every position of a world one by one, with the endings that can still be reached from each.

Exhaustive play answers what can happen without listing positions. Some questions are about each of them: what a choice
changes, and which flags are held wherever a text is read. This lists them, up to a limit.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.exploration.components import strong_components
from worldkit.exploration.transition_system import TransitionSystem, build_system

if TYPE_CHECKING:
    from worldkit.world import World

MAX_POSITIONS = 50_000
"""Positions that are listed."""
MAX_MOVES = 500_000
"""Moves that are listed: a state may offer thousands."""


@dataclass(frozen=True, eq=False)
class PlayGraph:
    """The positions of a world, up to what exploration takes together: see ``Exploration.classes``.

    Attributes:
        system: The world as a transition system.
        positions: Each as a state's index and a mask of the system; the first is where play begins.
        moves: What can be done in each, as pairs of a label of the system and the position it leads to.
        is_complete: Whether these are all.
    """

    system: TransitionSystem
    positions: tuple[tuple[int, int], ...]
    moves: tuple[tuple[tuple[int, int], ...], ...]
    is_complete: bool

    @cached_property
    def endings(self) -> tuple[int, ...]:
        """The endings that can be reached from each position, as the bits of an integer, by the states' indices."""
        targets = [[target for _, target in moves] for moves in self.moves]
        component = strong_components(targets)
        reach = [0] * (max(component, default=-1) + 1)
        # an edge never leads to a higher number: what a component leads to is known before it is met
        for position in sorted(range(len(component)), key=component.__getitem__):
            state = self.positions[position][0]
            number = component[position]
            if state in self.system.endings:
                reach[number] |= 1 << state
            for target in targets[position]:
                reach[number] |= reach[component[target]]
        return tuple(reach[number] for number in component)

    @cached_property
    def masks_in(self) -> dict[str, tuple[int, int]]:
        """The bits of the system held in every position of a state, and in one at least, by the state's id."""
        masks: dict[int, tuple[int, int]] = {}
        for state, mask in self.positions:
            always_mask, ever_mask = masks.get(state, (-1, 0))
            masks[state] = always_mask & mask, ever_mask | mask
        return {self.system.states[state]: state_masks for state, state_masks in masks.items()}

    def options(self, position: int) -> dict[int, list[int]]:
        """Return the positions that can be chosen from a position, each with the labels that lead there."""
        options: dict[int, list[int]] = {}
        for label, target in self.moves[position]:
            if target != position:
                options.setdefault(target, []).append(label)
        return options


def list_positions(world: World) -> PlayGraph:
    """Return the positions of a world, breadth first.

    Args:
        world: The world; it has at least one state.
    """
    system = build_system(world)
    start = (system.start, system.mask)
    numbers = {start: 0}
    moves: list[tuple[tuple[int, int], ...]] = []
    queue = deque([start])
    is_complete = not system.omitted_events
    budget = MAX_MOVES
    while queue:
        if budget < 0:
            is_complete = False
            break
        state, mask = queue.popleft()
        options: list[tuple[int, int]] = []
        budget -= len(system.moves[state])
        for move in system.moves[state]:
            if mask & move.requires != move.requires or mask & move.forbids:
                continue
            target = (move.target, mask | move.sets)
            number = numbers.get(target)
            if number is None:
                if len(numbers) >= MAX_POSITIONS:
                    is_complete = False
                    continue
                number = numbers[target] = len(numbers)
                queue.append(target)
            options.append((move.label, number))
        moves.append(tuple(options))
    unexplored_count = len(numbers) - len(moves)
    return PlayGraph(system, tuple(numbers), (*moves, *((),) * unexplored_count), is_complete)
