"""Which choices decide how a story ends, and what lies on its shortest ways: proven on the graph of all positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from worldkit.exploration.budget import Meter
from worldkit.exploration.components import strong_components
from worldkit.exploration.transition_system import TransitionSystem

MAX_POSITIONS = 100_000
"""A world with more positions is not gone through one by one."""


@dataclass(frozen=True, eq=False)
class StoryGraph:
    """Every position that runs get into, breadth first; position 0 is the beginning.

    Attributes:
        system: The world as a transition system.
        states: The state of every position.
        steps: How many steps a shortest run to every position has.
        parents: From which position that run comes; -1 for the beginning.
        labels: By which move it comes.
        successors: The positions one step further, each with the move that leads there.
    """

    system: TransitionSystem
    states: list[int]
    steps: list[int]
    parents: list[int]
    labels: list[int]
    successors: list[list[tuple[int, int]]]

    @cached_property
    def predecessors(self) -> list[list[tuple[int, int]]]:
        """The positions one step before, each with the move that leads from there."""
        before: list[list[tuple[int, int]]] = [[] for _ in self.states]
        for position, moves in enumerate(self.successors):
            for successor, label in moves:
                before[successor].append((position, label))
        return before

    @cached_property
    def futures(self) -> list[int]:
        """Which endings can still be reached from every position: a bit for each, in the order of the states."""
        bits = {ending: 1 << number for number, ending in enumerate(sorted(self.system.endings))}
        component = strong_components([[successor for successor, _ in moves] for moves in self.successors])
        futures = [0] * (max(component, default=-1) + 1)
        for position in sorted(range(len(component)), key=component.__getitem__):  # those that can be reached first
            future = futures[component[position]] | bits.get(self.states[position], 0)
            for successor, _ in self.successors[position]:
                future |= futures[component[successor]]
            futures[component[position]] = future
        return [futures[number] for number in component]

    def decides(self, position: int) -> bool:
        """Say whether what is chosen in a position decides which endings can still be reached."""
        futures = self.futures
        return len({futures[successor] for successor, _ in self.successors[position]}) > 1

    @cached_property
    def nearest(self) -> dict[int, int]:
        """The nearest position in every state that runs get into."""
        nearest: dict[int, int] = {}
        for position, state in enumerate(self.states):
            nearest.setdefault(state, position)
        return nearest

    def run_to(self, position: int) -> list[int]:
        """Return the positions of a shortest run to a position, from the beginning on."""
        run = [position]
        while self.parents[run[-1]] >= 0:
            run.append(self.parents[run[-1]])
        return run[::-1]

    def moves_on_shortest_runs(self, endings: Iterable[int]) -> set[int]:
        """Return the moves that some shortest run to one of some endings makes."""
        steps = self.steps
        least_steps = {ending: steps[self.nearest[ending]] for ending in endings if ending in self.nearest}
        todo = [at for at, state in enumerate(self.states) if least_steps.get(state) == steps[at]]
        on_way = set(todo)
        labels: set[int] = set()
        while todo:
            position = todo.pop()
            for before, label in self.predecessors[position]:
                if steps[before] == steps[position] - 1:
                    labels.add(label)
                    if before not in on_way:
                        on_way.add(before)
                        todo.append(before)
        return labels


def story_graph(system: TransitionSystem, meter: Meter, most: int) -> StoryGraph | None:
    """Return every position of a world; None when there are too many.

    Args:
        system: The world as a transition system.
        meter: The clock.
        most: How many positions at most.

    Raises:
        BudgetSpent: The time is up.
    """
    count = len(system.states)
    numbers = {system.mask * count + system.start: 0}
    states, masks = [system.start], [system.mask]
    steps, parents, labels = [0], [-1], [0]
    successors: list[list[tuple[int, int]]] = []
    position = 0
    while position < len(states):
        mask = masks[position]
        moves: list[tuple[int, int]] = []
        for target, requires, sets, forbids, label in system.out[states[position]]:
            if mask & requires != requires or mask & forbids:
                continue
            after = mask | sets
            number = numbers.setdefault(after * count + target, len(states))
            if number == len(states):
                states.append(target)
                masks.append(after)
                steps.append(steps[position] + 1)
                parents.append(position)
                labels.append(label)
            moves.append((number, label))
        successors.append(moves)
        position += 1
        if len(states) > most:
            return None
        if not position & 1023:
            meter.tick()
    return StoryGraph(system, states, steps, parents, labels, successors)
