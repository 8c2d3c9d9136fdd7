"""Whether something stays possible, and where not, without a set of all positions: the nearest ones one by one.

From a state from which moves without any condition lead there it is possible, and from one from which no way leads
there it is not. Where that settles all positions up to the first in which it is not possible, that is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from worldkit.exploration.components import nodes_reaching
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.moves import Position, Predecessors, labels_to, nearest_first
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import Terms, holds
from worldkit.properties.search import SearchVerdict

MAX_POSITIONS = 1_000
"""So many positions are looked at, nearest first."""

NEARBY_POSITIONS = 200
"""So many positions are looked at to find a run from one of them."""

MAX_FORWARD_POSITIONS = 50_000
"""So many positions are looked at for the nearest one from which something is impossible."""


def stays_possible(
    system: TransitionSystem,
    arrivals: Sequence[Terms],
    exempt_states: AbstractSet[int],
    reached_nodes: Iterable[int] | None,
) -> SearchVerdict | None:
    """Return whether a condition stays possible, and else a shortest run to where it is not; None: it is not settled.

    Args:
        system: The system; all its moves are there.
        arrivals: When the condition holds in each state.
        exempt_states: The states in which it need not be possible.
        reached_nodes: The states that runs come to, when they are known.
    """
    sources: list[list[int]] = [[] for _ in arrivals]
    free_sources: list[list[int]] = [[] for _ in arrivals]
    for state, moves in enumerate(system.moves):
        for move in moves:
            sources[move.target].append(state)
            if not (move.requires or move.forbids):
                free_sources[move.target].append(state)
    surely = nodes_reaching([state for state, terms in enumerate(arrivals) if (0, 0) in terms], free_sources)
    if reached_nodes is not None and all(state in surely or state in exempt_states for state in reached_nodes):
        return SearchVerdict(True)
    perhaps = nodes_reaching([state for state, terms in enumerate(arrivals) if terms], sources)
    predecessors: Predecessors = {}
    for position in nearest_first(system.moves, (system.start, system.mask), predecessors):
        if len(predecessors) >= MAX_POSITIONS:
            return None
        state, _ = position
        if state not in exempt_states and state not in surely:
            comes = state in perhaps and _comes_to(system, position, arrivals, surely)
            if comes is False:
                return SearchVerdict(False, labels_to(predecessors, position))
            if comes is None:
                return None
    return SearchVerdict(True)


def _comes_to(
    system: TransitionSystem, position: Position, arrivals: Sequence[Terms], surely: AbstractSet[int]
) -> bool | None:
    """Say whether a run leads from a position to where a condition holds; None when that takes too long to say."""
    reached_positions: Predecessors = {}
    for state, mask in nearest_first(system.moves, position, reached_positions):
        if state in surely or holds(arrivals[state], mask):
            return True
        if len(reached_positions) > NEARBY_POSITIONS:
            return None
    return False


def nearest_stuck(system: TransitionSystem, answer: EngineAnswer, exempt_states: frozenset[int]) -> list[int] | None:
    """Return a shortest run to where something is impossible, without some states; None when it is too far."""
    predecessors: Predecessors = {}
    for position in nearest_first(system.moves, (system.start, system.mask), predecessors):
        if len(predecessors) >= MAX_FORWARD_POSITIONS:
            return None
        state, mask = position
        if state not in exempt_states and answer.is_stuck(state, mask):
            return labels_to(predecessors, position)
    return None
