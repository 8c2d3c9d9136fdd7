"""Decides from the graph of moves alone whether something stays possible, where that is enough.

From a state from which moves without any condition lead there it is possible, and from one from which no way leads
there it is not. Where that settles all positions up to the first in which it is not possible, no set of all positions
has to be computed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import Terms, holds
from worldkit.properties.search import SearchVerdict

MAX_POSITIONS = 1_000
"""So many positions are looked at, nearest first."""

NEARBY_POSITIONS = 200
"""So many positions are looked at to find a run from one of them."""


def stays_possible(
    system: TransitionSystem, arrivals: Sequence[Terms], exempt_states: AbstractSet[int], reached: Iterable[int] | None
) -> SearchVerdict | None:
    """Return whether a condition stays possible, and else a shortest run to where it is not; None: it is not settled.

    Args:
        system: The system; all its moves are there.
        arrivals: When the condition holds in each state.
        exempt_states: The states in which it need not be possible.
        reached: The states that runs come to, when they are known.
    """
    sources: list[list[int]] = [[] for _ in arrivals]
    free_sources: list[list[int]] = [[] for _ in arrivals]
    for state, moves in enumerate(system.out):
        for move in moves:
            sources[move.target].append(state)
            if not (move.requires or move.forbids):
                free_sources[move.target].append(state)
    surely = _with_ways_to([state for state, terms in enumerate(arrivals) if (0, 0) in terms], free_sources)
    if reached is not None and all(state in surely or state in exempt_states for state in reached):
        return SearchVerdict(True)
    perhaps = _with_ways_to([state for state, terms in enumerate(arrivals) if terms], sources)
    first = system.start, system.mask
    runs: dict[tuple[int, int], tuple[int, ...]] = {first: ()}
    queue = deque([first])
    while queue and len(runs) < MAX_POSITIONS:
        place = queue.popleft()
        state, mask = place
        if state not in exempt_states and state not in surely:
            comes = state in perhaps and _comes_to(system, place, arrivals, surely)
            if comes is False:
                return SearchVerdict(False, list(runs[place]))
            if comes is None:
                return None
        for move in system.out[state]:
            after = move.target, mask | move.sets
            if not (move.requires & ~mask or move.forbids & mask) and after not in runs:
                runs[after] = (*runs[place], move.label)
                queue.append(after)
    return None if queue else SearchVerdict(True)


def _comes_to(
    system: TransitionSystem, place: tuple[int, int], arrivals: Sequence[Terms], surely: AbstractSet[int]
) -> bool | None:
    """Say whether a run leads from a position to where a condition holds; None when that takes too long to say."""
    reached_positions = {place}
    queue = deque([place])
    while queue:
        state, mask = queue.popleft()
        if state in surely or holds(arrivals[state], mask):
            return True
        if len(reached_positions) > NEARBY_POSITIONS:
            return None
        for move in system.out[state]:
            after = move.target, mask | move.sets
            if not (move.requires & ~mask or move.forbids & mask) and after not in reached_positions:
                reached_positions.add(after)
                queue.append(after)
    return False


def _with_ways_to(goals: Iterable[int], sources: Sequence[Sequence[int]]) -> set[int]:
    """Return goals and every state from which a way leads to one."""
    states = set(goals)
    stack = list(states)
    while stack:
        for state in sources[stack.pop()]:
            if state not in states:
                states.add(state)
                stack.append(state)
    return states
