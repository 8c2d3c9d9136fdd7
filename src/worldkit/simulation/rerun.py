"""One run of a playtest again: its steps played once more from the seed, and the session that makes them a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.errors import WorldError
from worldkit.playing.session import Session
from worldkit.simulation.walker import Taken, Walker

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest


def steps_of(played: Playtest, run: int) -> list[Taken]:
    """Return the steps of a run, played once more.

    Raises:
        WorldError: A script chose differently this time.
    """
    taken = Walker(played._board, played._player, played.seed, played.steps).again(run)
    edges, states = played._board.edges, played._board.states
    last = played.at.state
    for step in taken:
        if edges[step.edge].through:
            last = states[edges[step.edge].through[-1]]
    if len(taken) != played._tally.steps[run] or last != states[played._tally.ends[run]]:
        raise WorldError(
            f"run {run} came out differently this time: the script keeps something from run to run, or draws "
            "random numbers of its own; let it choose by the view alone and draw from view.rng"
        )
    return taken


def session(played: Playtest, taken: list[Taken]) -> Session:
    """Return a session after some steps: what is pressed is fired, the rest waited for."""
    made = Session(played.world, seed=played.seed, at=played.at)
    for step in taken:
        edge = played._board.edges[step.edge]
        if edge.by == "player":
            made.fire(edge.name)
        else:
            made._spend(step.idle, step.forward, max_firings=1)
    return made
