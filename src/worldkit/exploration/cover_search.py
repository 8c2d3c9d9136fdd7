"""The search for runs that fire what was not fired yet, and the graph by which it knows what is ahead."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worldkit.exploration.components import strong_components
from worldkit.exploration.min_flow import fewest_paths
from worldkit.exploration.moves import SearchMove, labels_to
from worldkit.exploration.routes import Pathfinder

CACHED_MASKS = 100
"""For how many masks it is remembered where they lead."""


@dataclass(frozen=True, eq=False)
class ComponentGraph:
    """The components of what can be done, with the events that lead from one to another and those that do not.

    Attributes:
        component: Of every state; -1 where no run comes. A run never goes to a higher one.
        count: How many there are.
        start: The start's.
        edges: From one component to another, and how many events have this as their only way to be fired.
        components_with_events: The components that have an event of their own, which is fired nowhere else.
    """

    component: list[int]
    count: int
    start: int
    edges: dict[tuple[int, int], int]
    components_with_events: frozenset[int]

    @classmethod
    def of(cls, finder: Pathfinder, fired_labels: frozenset[int]) -> ComponentGraph:
        """Return the graph of a world's events that can be fired, and of its sequences."""
        out = [[move for move in moves if move.label < 0 or move.label in fired_labels] for moves in finder.moves_of]
        reachable = {finder.system.start}
        todo = list(reachable)
        while todo:
            for move in out[todo.pop()]:
                if move.target not in reachable:
                    reachable.add(move.target)
                    todo.append(move.target)
        number = strong_components(
            [[move.target for move in moves] if s in reachable else [] for s, moves in enumerate(out)]
        )
        new_numbers = {group: i for i, group in enumerate(sorted({number[state] for state in reachable}))}
        component = [new_numbers[group] if state in reachable else -1 for state, group in enumerate(number)]
        edges: dict[tuple[int, int], int] = {}
        edges_by_label: dict[int, set[tuple[int, int]]] = {}
        for state in reachable:
            for move in out[state]:
                edge = component[state], component[move.target]
                if edge[0] != edge[1]:
                    edges.setdefault(edge, 0)
                if move.label >= 0:
                    edges_by_label.setdefault(move.label, set()).add(edge)
        inner: set[int] = set()
        for edge_of_label in (
            next(iter(edges_of_label)) for edges_of_label in edges_by_label.values() if len(edges_of_label) == 1
        ):
            if edge_of_label[0] == edge_of_label[1]:
                inner.add(edge_of_label[0])
            else:
                edges[edge_of_label] += 1
        return cls(component, len(new_numbers), component[finder.system.start], edges, frozenset(inner))

    def bound(self) -> int:
        """Return how many runs are needed at least to fire every event."""
        path_count = fewest_paths(self.count, self.start, self.edges, dict.fromkeys(self.components_with_events, 1))
        if path_count is not None:
            return path_count
        events_out = [0] * self.count
        for (before, _), events in self.edges.items():
            events_out[before] += events
        return max([1, *events_out])  # of those that leave one component a run fires one


class _MaskView:
    """What can be made of one mask: where one can go and come back, and what lies beside.

    Args:
        finder: The pathfinder.
        mask: The mask.

    Attributes:
        open_moves: The moves of every state.
        component: The component of every state among those moves.
        ways: One move from every state to each other state of its component.
        gaining_moves: The first move of every state that gains something and can be come back from.
        leaving_moves: The moves of every state that cannot be come back from.
    """

    def __init__(self, finder: Pathfinder, mask: int) -> None:
        self.open_moves = [list(finder.moves(state, mask)) for state in range(len(finder.moves_of))]
        self.component = strong_components([[move.target for move in moves] for moves in self.open_moves])
        self.ways: list[list[SearchMove]] = []
        self.gaining_moves: list[SearchMove | None] = []
        self.leaving_moves: list[list[SearchMove]] = []
        for state, moves in enumerate(self.open_moves):
            component = self.component[state]
            inside = [move for move in moves if self.component[move.target] == component]
            self.ways.append(list({move.target: move for move in reversed(inside) if move.target != state}.values()))
            self.gaining_moves.append(next((move for move in inside if move.sets & ~mask), None))
            self.leaving_moves.append([move for move in moves if self.component[move.target] != component])


class CoverSearch:
    """What is left to fire, and runs that fire it.

    Args:
        finder: The pathfinder.
        graph: Its components.
        fired_labels: The events that can be fired.
        deadline: When to stop, on ``time.perf_counter``: in a large world a single run takes long.
    """

    def __init__(
        self, finder: Pathfinder, graph: ComponentGraph, fired_labels: frozenset[int], deadline: float
    ) -> None:
        self._deadline = deadline
        self.finder = finder
        self.graph = graph
        self.todo: set[int] = set()
        self._todo_counts = [0] * len(finder.moves_of)  # how many events of a state are still to be fired
        self._states_by_label: dict[int, list[int]] = {}
        self._scenes: dict[int, _MaskView] = {}
        self._members: list[list[int]] = [[] for _ in range(graph.count)]
        for state, number in enumerate(graph.component):
            if number >= 0:
                self._members[number].append(state)
                for label in {move.label for move in finder.moves_of[state]} & fired_labels:
                    self._states_by_label.setdefault(label, []).append(state)
        self.add(fired_labels)

    def add(self, labels: Iterable[int]) -> None:
        """Put events on the list."""
        for label in set(labels) - self.todo:
            self.todo.add(label)
            for state in self._states_by_label.get(label, ()):
                self._todo_counts[state] += 1

    def mark_fired(self, label: int) -> bool:
        """Take an event off the list, and say whether it was there."""
        if label not in self.todo:
            return False
        self.todo.discard(label)
        for state in self._states_by_label.get(label, ()):
            self._todo_counts[state] -= 1
        return True

    def run(self, labels: Sequence[int]) -> list[int]:
        """Return a run that begins with some labels, as far as it comes in time, and take what it fires off the list.

        Args:
            labels: What to fire first.
        """
        labels_fired: list[int] = []
        useful = 0
        state, mask = self.finder.system.start, self.finder.system.mask
        most_new_events = self._ahead()
        pending = deque(labels)
        while time.perf_counter() <= self._deadline:
            if not pending:
                pending.extend(self._next(state, mask, most_new_events))
                if not pending:
                    break
            label = pending.popleft()
            move = next((move for move in self.finder.moves(state, mask) if move.label == label), None)
            if move is None:  # a one-shot used up on the way there: look again from here
                pending.clear()
                continue
            labels_fired.append(label)
            if self.mark_fired(label):
                useful = len(labels_fired)
            state, mask = move.target, mask | move.sets
        return labels_fired[:useful]

    def _next(self, state: int, mask: int, most_new_events: list[int]) -> list[int]:
        """Return what to fire next: something new that can be come back from, else a key, else the best way on."""
        scene, todo, component = self._scene(mask), self.todo, self.graph.component
        local_component = scene.component[state]
        predecessors: dict[int, tuple[int, int] | None] = {state: None}
        queue = [state]
        gaining_end: tuple[int, int] | None = None
        for place in queue:
            if self._todo_counts[place]:
                for move in scene.open_moves[place]:
                    if move.label in todo and scene.component[move.target] == local_component:
                        return labels_to(predecessors, place, move.label)
            gaining_move = scene.gaining_moves[place]
            if gaining_end is None and gaining_move is not None:
                gaining_end = place, gaining_move.label
            for move in scene.ways[place]:
                if move.target not in predecessors:
                    predecessors[move.target] = place, move.label
                    queue.append(move.target)
        if gaining_end is not None and most_new_events[component[state]]:
            return labels_to(predecessors, *gaining_end)
        best, best_end = (0, 0), (state, -1)
        for place in queue:
            for move in scene.leaving_moves[place]:
                below = component[move.target]
                if below >= 0:  # an answer that is not complete may not know of it
                    value = most_new_events[below] + (move.label in todo)
                    score = int(below == component[state]), value
                    if value and score > best:
                        best, best_end = score, (place, move.label)
        return labels_to(predecessors, *best_end) if best[1] else []

    def _scene(self, mask: int) -> _MaskView:
        if mask not in self._scenes:
            if len(self._scenes) == CACHED_MASKS:
                self._scenes.clear()
            self._scenes[mask] = _MaskView(self.finder, mask)
        return self._scenes[mask]

    def _ahead(self) -> list[int]:
        """Return for every component how many new events one path down from it fires at most, without flags."""
        component, finder = self.graph.component, self.finder
        most_new_events = [0] * self.graph.count
        for number, members in enumerate(self._members):
            inside: set[int] = set()
            best = 0
            for state in members:
                for move in finder.moves_of[state]:
                    below = component[move.target]
                    if below == number:
                        if move.label in self.todo:
                            inside.add(move.label)
                    elif below >= 0:
                        best = max(best, most_new_events[below] + (move.label in self.todo))
            most_new_events[number] = best + len(inside)
        return most_new_events
