"""How the new parts of an edited world are reached in play, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.json_values import quote

if TYPE_CHECKING:
    from worldkit.comparison import Diff
    from worldkit.playing.trace import Trace

MOST = 8
"""New states and events that get a sentence each."""


def reach(changes: Diff) -> tuple[str, ...]:
    """Return a sentence for every new state and event: how a run gets there.

    Args:
        changes: The difference, with ``play``.
    """
    after = changes.play.after if changes.play is not None else None
    if after is None:
        return ()
    names = [name for name in changes.events.added if name in after.world.events_by_name]
    routes = [(id, after.route_to(id), 0) for id in changes.states.added]
    routes += [(name, after.route_to_event(name), 1) for name in names]
    told = [_sentence(name, route, own) for name, route, own in routes[:MOST]]
    if len(routes) > MOST:
        told.append(f"{len(routes) - MOST} more are new.")
    return tuple(told)


def _sentence(name: str, route: Trace | None, own: int) -> str:
    if route is None:
        return f"{quote(name)} is new; no run to it was found in time."
    steps = [str(step.event) for step in route.steps][: len(route.steps) - own]
    if not steps:
        return f"{quote(name)} is new, and possible at once."
    return f"{quote(name)} is new, and reached by {', '.join(steps)}."
