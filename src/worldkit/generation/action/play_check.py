"""What an addition does to play, decided by playing every possible run (docs/spec/runtime.md#exhaustive-play)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.json_values import quote
from worldkit.exploration import Budget, Exploration, explore

if TYPE_CHECKING:
    from worldkit.playing.position import Position
    from worldkit.world import World

SECONDS = 5.0
"""The budget for exploring each world; what is not decided by then does not count against an addition."""


def play_problems(before: World, after: World, position: Position, place: str) -> list[str]:
    """Return what an addition did to play that nobody wants, in sentences; empty when it did no harm.

    Every run is played from the entrance, and every run on from where the player stands.

    Args:
        before: The world before.
        after: The world after.
        position: Where the player stands.
        place: The new state.
    """
    budget = Budget(seconds=SECONDS)
    problems: list[str] = []
    for start in (None, position):
        old, new = (explore(world, at=start, budget=budget) for world in (before, after))
        problems += _problems(old, new, position.state, place, is_here=start is not None)
    return list(dict.fromkeys(problems))


def _problems(old: Exploration, new: Exploration, state: str, place: str, *, is_here: bool) -> list[str]:
    problems = []
    if lost_endings := sorted(old.endings & new.unreachable_endings):
        problems.append(f"The ending in {quote(lost_endings[0])} could no longer be reached.")
    if is_here and place in new.unreachable_states:
        problems.append(f"The new place {quote(place)} could not be reached.")
    if new.stuck_classes is None or old.stuck_classes is None:
        return problems
    # a run that was stuck where the action begins is stuck in the new place too; the addition did not cause it
    new_soft_locks = new.soft_lock_states - old.soft_lock_states - ({place} if state in old.soft_lock_states else set())
    problems += [f"A run could get stuck in {quote(id)}." for id in sorted(new_soft_locks)[:3]]
    return problems
