"""Rerunning one run of a playtest from its seed, and turning its steps into a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.errors import WorldError
from worldkit.playing.session import Session
from worldkit.playing.session_view import run_of
from worldkit.simulation.policies import SimPlayer
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.walker import StepRecord, Walker

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest


def rerun_steps(playtest: Playtest, graph: SimGraph, player: SimPlayer, run: int) -> list[StepRecord]:
    """Return the steps of a run, played once more.

    Raises:
        WorldError: A script chose differently this time.
    """
    steps = Walker(graph, player, playtest.seed, playtest.steps).rerun(run)
    edges, states = graph.edges, graph.states
    last = playtest.at.state
    for step in steps:
        if edges[step.edge].through:
            last = states[edges[step.edge].through[-1]]
    if len(steps) != playtest.tally.steps[run] or last != states[playtest.tally.ends[run]]:
        raise WorldError(
            f"run {run} came out differently this time: the script keeps something from run to run, or draws "
            "random numbers of its own; let it choose by the view alone and draw from view.rng"
        )
    return steps


def session_after(playtest: Playtest, graph: SimGraph, steps: list[StepRecord]) -> Session:
    """Return a session after some steps: what is pressed is fired, the rest waited for."""
    session = Session(playtest.world, seed=playtest.seed, at=playtest.at)
    for step in steps:
        edge = graph.edges[step.edge]
        if edge.by == "player":
            session.fire(edge.name)
        else:
            run_of(session).pass_time(step.idle, step.forward, max_firings=1)
    return session
