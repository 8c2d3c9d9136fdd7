"""How the new parts of an edited world are reached in play, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.json_values import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from worldkit.comparison import Diff
    from worldkit.playing.trace import Trace

MOST = 8
"""New states and events that get a sentence each."""


def reach(changes: Diff) -> tuple[str, ...]:
    """Return a sentence for every new state and event: how a run gets there; none without ``changes.play``."""
    world_after = changes.play.after if changes.play is not None else None
    if world_after is None:
        return ()
    names = [name for name in changes.events.added if name in world_after.world.events_by_name]
    new_parts: list[tuple[str, Callable[[str], Trace | None], int]] = [
        *((id, world_after.route_to, 0) for id in changes.states.added),
        *((name, world_after.route_to_event, 1) for name in names),
    ]
    sentences = [_sentence(name, find(name), own_steps) for name, find, own_steps in new_parts[:MOST]]
    if len(new_parts) > MOST:
        sentences.append(f"{len(new_parts) - MOST} more are new.")
    return tuple(sentences)


def _sentence(name: str, route: Trace | None, own_steps: int) -> str:
    if route is None:
        return f"{quote(name)} is new; no run to it was found in time."
    steps = [str(step.event) for step in route.steps][: len(route.steps) - own_steps]
    if not steps:
        return f"{quote(name)} is new, and possible at once."
    return f"{quote(name)} is new, and reached by {', '.join(steps)}."
