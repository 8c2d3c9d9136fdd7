"""``replay``: a recorded run played again, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked
from worldkit.playing.evidence import Source
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.playing.trace_replay import replay_in

if TYPE_CHECKING:
    from worldkit.world import World


@checked
def replay(world: World, trace: Trace | Mapping[str, Any] | str, *, evidence: Source | None = None) -> Session:
    """Replay a run, and return the session that stands where it ended.

    The recorded time between two steps is waited; the duration of an event may have changed. Recorded samples of the
    picture are seen again at the same time after the press or the landing.

    Args:
        world: The world; another version of it will do, as long as every step still holds.
        trace: A trace, its JSON values, or its JSON text.
        evidence: Who looks at the picture once the run is replayed.

    Returns:
        A session at the end of the run; it can be undone step by step.

    Raises:
        TraceError: The trace cannot be read, or names the first step that no longer holds, and why.
        InvalidWorld: The world has no states.

    Example:
        >>> session = wk.Session(world)
        >>> step = session.fire("walk_up_the_lane")
        >>> wk.replay(world, session.trace).state
        'bench'
    """
    return replay_in(Session, world, trace, evidence)
