"""Where a key may be laid so that every run can find it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from worldkit.exploration import build_system
from worldkit.exploration.components import strong_components
from worldkit.exploration.step_bounds import earliest_bounds
from worldkit.world import World

MOST_PLACES = 6
"""In so many places a key is laid, in thought, until one is found from which no run gets stuck."""


def places_to_try(locked: World, sources: Collection[str]) -> list[str]:
    """Return the places where a key may be laid, the likeliest first.

    Likely are those that every run can come back to. Where the ways are one way there is none; the entrance is left
    then, and the place of the lock itself.

    Args:
        locked: The world with the lock, without a key.
        sources: Ids of the states in which what is locked is offered.
    """
    system = build_system(locked)
    bounds = earliest_bounds(system.out, system.start, system.mask)
    reachable_states = [state for state, entries in enumerate(bounds) if entries and state not in system.endings]
    free_ways = [
        [move.target for move in moves if not (move.requires or move.forbids or move.target in system.endings)]
        for moves in system.out
    ]
    lasting = _always_within_reach(free_ways, reachable_states)
    ids = system.states
    likely = sorted(
        reachable_states, key=lambda state: (state not in lasting, ids[state] in sources, state == system.start)
    )
    last = [system.start, *(state for state in reachable_states if len(sources) == 1 and ids[state] in sources)]
    return [ids[state] for state in dict.fromkeys([*likely[: MOST_PLACES - len(last)], *last])]


def _always_within_reach(ways: Sequence[Sequence[int]], nodes: Collection[int]) -> set[int]:
    """Return the nodes that ways lead to from each of some nodes: the one component that no way leads out of."""
    component = strong_components(ways, nodes)
    open_components = {component[node] for node in nodes for to in ways[node] if component[to] != component[node]}
    last = {component[node] for node in nodes} - open_components
    return {node for node in nodes if component[node] in last} if len(last) == 1 else set()
