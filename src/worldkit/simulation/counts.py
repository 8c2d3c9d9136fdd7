"""What a tally counted, by the names of a world: how often events, states and choices came, and in which run first.

A tally counts the edges of a ``SimGraph``; several of them can belong to one event, and pass one state.
"""

from __future__ import annotations

from worldkit.playing.transition_table import TransitionTable
from worldkit.simulation.pacing import ChoiceShare
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.tally import Tally


def event_hits(table: TransitionTable, graph: SimGraph, tally: Tally) -> dict[str, int]:
    """Return how often each event was fired, in world order."""
    hits = dict.fromkeys(table.by_name, 0)
    for edge, count in zip(graph.edges, tally.taken, strict=True):
        if edge.kind != "sequence":
            hits[edge.name] += count
    return hits


def sequence_hits(table: TransitionTable, graph: SimGraph, tally: Tally) -> dict[str, int]:
    """Return how often each sequence was started, by ``sequence:<id>``."""
    hits = {walk.name: 0 for walks in table.sequences.values() for walk in walks}
    for edge, count in zip(graph.edges, tally.taken, strict=True):
        if edge.kind == "sequence":
            hits[edge.name] += count
    return hits


def state_hits(graph: SimGraph, tally: Tally) -> dict[str, int]:
    """Return how often each state was entered, the start of every run included."""
    hits = [0] * len(graph.states)
    hits[graph.start.number] += tally.runs
    for edge, count in zip(graph.edges, tally.taken, strict=True):
        for state in edge.through:
            hits[state] += count
    return dict(zip(graph.states, hits, strict=True))


def choice_shares(graph: SimGraph, tally: Tally, place: int) -> list[ChoiceShare]:
    """Return how often each choice in a state was taken, of the times when it was offered.

    Args:
        graph: The graph.
        tally: What was counted.
        place: The number of the state.
    """
    shares = []
    for number in graph.edges_of(place):
        edge, take_count, offer_count = graph.edges[number], tally.taken[number], tally.offered[number]
        if offer_count or edge.pressable or edge.by != "player":
            share = take_count / offer_count if offer_count else 0.0
            shares.append(
                ChoiceShare(graph.states[place], edge.name, edge.label, edge.by, offer_count, take_count, share)
            )
    return shares


def first_runs_by_name(graph: SimGraph, tally: Tally) -> dict[str, int]:
    """Return the first run that fired each event or started each sequence, of those that some run did."""
    first_runs: dict[str, int] = {}
    for edge, run in tally.first.items():
        name = graph.edges[edge].name
        first_runs[name] = min(run, first_runs.get(name, run))
    return first_runs


def first_runs_by_state(graph: SimGraph, tally: Tally, start: str) -> dict[str, int]:
    """Return the first run that came to each state, of those that some run was in.

    Args:
        graph: The graph.
        tally: What was counted.
        start: The state in which every run began.
    """
    first_runs = {start: 0} if tally.runs else {}
    for edge, run in tally.first.items():
        for number in graph.edges[edge].through:
            id = graph.states[number]
            first_runs[id] = min(run, first_runs.get(id, run))
    return first_runs
