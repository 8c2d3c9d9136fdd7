"""``pacing``: how long a story is and how hard, proven: shortest ways, choices that decide, what can be skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked
from worldkit.core.model import Ending
from worldkit.exploration import Exploration, explore
from worldkit.exploration.budget import Budget, BudgetSpent, Cancelled, Meter
from worldkit.exploration.components import strong_components
from worldkit.exploration.progress import Cancel, cancel_check, watch_cancel
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.exploration.witness import witness_trace
from worldkit.playing.transition_table import check_has_states
from worldkit.simulation.chain_odds import odds
from worldkit.simulation.chance import Chance
from worldkit.simulation.pacing_result import EndingPace, Pacing

if TYPE_CHECKING:
    from worldkit.world import World


@checked
def pacing(world: World, *, budget: Budget | None = None, cancel: Cancel = None) -> Pacing:
    """Return the length and the difficulty of a story: proven, not measured on players.

    For each ending: a shortest run, how often that decides something, and how many random plays see it. For the whole:
    the choices that decide which endings can still be reached, and the events that no shortest run fires.

    Args:
        world: The world.
        budget: What each part of it may cost; what is not known within it is None.
        cancel: Something with ``is_set()``, such as ``threading.Event``, or a callable: once true, what is not known
            by then is None.

    Returns:
        The pacing: a chart in a notebook.

    Raises:
        InvalidWorld: The world has no states.

    Example:
        >>> pacing = wk.pacing(wk.samples.load("lighthouse"))
        >>> pacing.shortest, pacing.longest_necessary, len(pacing.choices)
        (7, 17, 4)
    """
    check_has_states(world)
    limits = budget or Budget()
    is_cancelled = cancel_check(cancel)
    chances = odds(world, budget=limits, cancel=is_cancelled)
    system = build_system(world)
    graph = _graph_of(system, limits, is_cancelled)
    endings = {id: state.ending for id, state in world.states.items() if state.ending is not None}
    if graph is None:
        exploration = explore(world, budget=limits, cancel=is_cancelled)
        paces = [_pace_in_large_world(exploration, id, one, chances.endings[id]) for id, one in endings.items()]
    else:
        deadline = time.perf_counter() + limits.seconds
        paces = []
        for id, one in endings.items():
            is_late = is_cancelled() or time.perf_counter() > deadline
            paces.append(_pace(world, graph, id, one, chances.endings[id], is_late=is_late))
    paces.sort(key=lambda pace: (pace.steps is None, pace.steps or 0))
    if graph is None:
        return Pacing(world, tuple(paces), None, None, None, chances.exact)
    deciding_states = {graph.states[position] for position in range(len(graph.states)) if graph.decides(position)}
    labels = {label for moves in graph.successors for _, label in moves}
    shortest_labels = graph.moves_on_shortest_runs(system.endings)
    names, shortest_names = ({system.name(label) for label in some} for some in (labels, shortest_labels))
    events = [name for name in dict.fromkeys(event.name for event in world.events) if name in names]
    return Pacing(
        world,
        tuple(paces),
        tuple(system.states[state] for state in sorted(deciding_states)),
        len(events),
        tuple(name for name in events if name not in shortest_names),
        chances.exact,
    )


def _graph_of(system: TransitionSystem, limits: Budget, is_cancelled: Callable[[], bool]) -> StoryGraph | None:
    """Return all positions of a world; None when there are too many, or when not every move of it is known."""
    if system.omitted_events:
        return None
    try:
        meter = Meter("pacing", time.perf_counter() + limits.seconds, watch_cancel(is_cancelled))
        return story_graph(system, meter, MAX_POSITIONS)
    except (BudgetSpent, Cancelled):
        return None


def _pace_in_large_world(exploration: Exploration, id: str, ending: Ending, chance: Chance) -> EndingPace:
    """Return how far away an ending is in a world with too many positions."""
    run = exploration.route_to(id)
    reachable: bool | None = False if exploration.exact else None
    if run is not None or id in exploration.endings or chance.value:
        reachable = True
    return EndingPace(id, ending.title, ending.kind, run, None, chance, reachable)


def _pace(world: World, graph: StoryGraph, id: str, ending: Ending, chance: Chance, *, is_late: bool) -> EndingPace:
    """Return how far away an ending is, by the graph of all positions; without the run when the time is up.

    The runs to all endings together can be as long as the square of the size of the world.
    """
    position = graph.nearest.get(graph.system.index[id])
    if position is None:
        return EndingPace(id, ending.title, ending.kind, None, (), chance, False)
    if is_late:
        return EndingPace(id, ending.title, ending.kind, None, None, chance, True)
    positions = graph.run_to(position)
    run = witness_trace(world, None, graph.system, [graph.labels[place] for place in positions[1:]])
    decisions = tuple(number for number, place in enumerate(positions[:-1], 1) if graph.decides(place))
    return EndingPace(id, ending.title, ending.kind, run, decisions, chance, True)


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


def story_graph(system: TransitionSystem, meter: Meter, max_positions: int) -> StoryGraph | None:
    """Return every position of a world; None when there are too many.

    Args:
        system: The world as a transition system.
        max_positions: How many positions at most.

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
        for target, requires, sets, forbids, label in system.moves[states[position]]:
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
        if len(states) > max_positions:
            return None
        if not position & 1023:
            meter.tick()
    return StoryGraph(system, states, steps, parents, labels, successors)
