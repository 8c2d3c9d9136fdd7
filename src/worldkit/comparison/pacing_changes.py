"""What an edit does to the pacing of a story, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.exploration.budget import Budget
from worldkit.simulation.story_pacing import pacing

if TYPE_CHECKING:
    from worldkit.world import World

SECONDS = 1.0
"""What the pacing of each version may take."""


def pacing_changes(before: World, after: World) -> tuple[str, ...]:
    """Return in sentences what an edit does to the pacing of a story; none where there is nothing to play.

    Args:
        before: The world before.
        after: The world after.
    """
    if not before.states or not after.states:
        return ()
    budget = Budget(seconds=SECONDS)
    return pacing(before, budget=budget).changes(pacing(after, budget=budget))
