"""``pacing``: how long a story is and how hard, proven: shortest ways, choices that decide, what can be skipped."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked
from worldkit.core.model import Ending
from worldkit.exploration import Exploration, explore
from worldkit.exploration.budget import Budget, BudgetSpent, Cancelled, Meter
from worldkit.exploration.progress import Cancel, cancel_check, watch_cancel
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.exploration.witness import witness_trace
from worldkit.playing.transition_table import check_has_states
from worldkit.simulation.chain_odds import odds
from worldkit.simulation.chance import Chance
from worldkit.simulation.decisions import MAX_POSITIONS, StoryGraph, story_graph
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
    if system.omitted:
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
