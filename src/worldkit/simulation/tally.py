"""``Tally``: what was counted over a number of runs, as plain numbers; tallies of runs in a row add up.

A tally counts the edges of a ``SimGraph``; several of them can belong to one event, and pass one state.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

from worldkit.simulation.pacing import ChoiceShare
from worldkit.simulation.sim_graph import SimGraph

ENDED, STUCK, OUT_OF_STEPS, STOPPED, REFUSED = range(5)
OUTCOMES = ("ended", "stuck", "out of steps", "stopped", "refused")
MAX_CLOCK_MS = 2**63 - 1


@dataclass(slots=True, eq=False)
class Tally:
    """What was counted over runs ``0 .. runs - 1``.

    Attributes:
        take_counts: How often each edge was taken.
        offer_counts: How often it could have been.
        first: The first run that took an edge, by edge.
        steps: How many steps each run took.
        waits: How many of those fired by themselves.
        clocks: The stepper's clock at the end of each run, in ms.
        ends: The index of the state each run ended in.
        outcomes: How it ended, as an index into ``OUTCOMES``.
        refusals: How often a script was refused: state, and why.
    """

    take_counts: list[int]
    offer_counts: list[int]
    first: dict[int, int] = field(default_factory=dict)
    steps: array[int] = field(default_factory=lambda: array("I"))
    waits: array[int] = field(default_factory=lambda: array("I"))
    clocks: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("I"))
    outcomes: array[int] = field(default_factory=lambda: array("B"))
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def runs(self) -> int:
        """How many runs were counted."""
        return len(self.steps)

    def add(self, later: Tally) -> None:
        """Add the runs that come after these."""
        self.take_counts = [a + b for a, b in zip(self.take_counts, later.take_counts, strict=True)]
        self.offer_counts = [a + b for a, b in zip(self.offer_counts, later.offer_counts, strict=True)]
        self.first = later.first | self.first
        for mine, theirs in (
            (self.steps, later.steps),
            (self.waits, later.waits),
            (self.clocks, later.clocks),
            (self.ends, later.ends),
            (self.outcomes, later.outcomes),
        ):
            mine.extend(theirs)
        self.refusals.update(later.refusals)

    # ---- by the names of a world ----------------------------------------------------------------

    def event_hits(self, graph: SimGraph) -> dict[str, int]:
        """Return how often each event was fired, in world order."""
        hits = dict.fromkeys(graph.table.by_name, 0)
        for edge, count in zip(graph.edges, self.take_counts, strict=True):
            if edge.kind != "sequence":
                hits[edge.name] += count
        return hits

    def sequence_hits(self, graph: SimGraph) -> dict[str, int]:
        """Return how often each sequence was started, by ``sequence:<id>``."""
        hits = {walk.name: 0 for walks in graph.table.sequences.values() for walk in walks}
        for edge, count in zip(graph.edges, self.take_counts, strict=True):
            if edge.kind == "sequence":
                hits[edge.name] += count
        return hits

    def state_hits(self, graph: SimGraph) -> dict[str, int]:
        """Return how often each state was entered, the start of every run included."""
        hits = [0] * len(graph.states)
        hits[graph.start.number] += self.runs
        for edge, count in zip(graph.edges, self.take_counts, strict=True):
            for state in edge.through:
                hits[state] += count
        return dict(zip(graph.states, hits, strict=True))

    def choice_shares(self, graph: SimGraph, place: int) -> list[ChoiceShare]:
        """Return how often each choice in a state, by its number, was taken, of the times when it was offered."""
        shares = []
        for number in graph.edges_of(place):
            edge, take_count, offer_count = graph.edges[number], self.take_counts[number], self.offer_counts[number]
            if offer_count or edge.pressable or edge.by != "player":
                share = take_count / offer_count if offer_count else 0.0
                shares.append(
                    ChoiceShare(graph.states[place], edge.name, edge.label, edge.by, offer_count, take_count, share)
                )
        return shares

    def first_runs_by_name(self, graph: SimGraph) -> dict[str, int]:
        """Return the first run that fired each event or started each sequence, of those that some run did."""
        first_runs: dict[str, int] = {}
        for edge, run in self.first.items():
            name = graph.edges[edge].name
            first_runs[name] = min(run, first_runs.get(name, run))
        return first_runs

    def first_runs_by_state(self, graph: SimGraph) -> dict[str, int]:
        """Return the first run that came to each state, of those that some run was in."""
        first_runs = {graph.states[graph.start.number]: 0} if self.runs else {}
        for edge, run in self.first.items():
            for number in graph.edges[edge].through:
                id = graph.states[number]
                first_runs[id] = min(run, first_runs.get(id, run))
        return first_runs
