"""A shortest run to where something has become impossible, looked for forwards."""

from __future__ import annotations

from collections import deque

from worldkit.exploration.engine_answer import EngineAnswer
from worldkit.exploration.moves import labels_to
from worldkit.exploration.transition_system import TransitionSystem

SEARCHED_FORWARDS = 50_000
"""So many positions are looked at for the nearest one from which something is impossible."""


def nearest_stuck(system: TransitionSystem, answer: EngineAnswer, exempt_states: frozenset[int]) -> list[int] | None:
    """Return a shortest run to where something is impossible, without some states; None when it is too far."""
    first = system.start, system.mask
    parents: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {first: None}
    queue = deque([first])
    while queue and len(parents) < SEARCHED_FORWARDS:
        place = queue.popleft()
        state, mask = place
        if state not in exempt_states and answer.is_stuck(state, mask):
            return labels_to(parents, place)
        for move in system.out[state]:
            after = move.target, mask | move.sets
            if not (move.requires & ~mask or move.forbids & mask) and after not in parents:
                parents[after] = place, move.label
                queue.append(after)
    return None
